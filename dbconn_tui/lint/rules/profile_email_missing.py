"""`profile-email-missing`: a profile has an e-mail address."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.connection_facts import active_identifiers, whole_script
from dbconn_tui.lint.examples import connection_example
from dbconn_tui.lint.profiles import profiles
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ConnectionSubject
from dbconn_tui.problems import Severity


def check(subject: ConnectionSubject) -> Iterator[Finding]:
    """One finding a profile without email, where users are identified by one or nothing else is said."""
    if "email" not in active_identifiers(subject):
        return
    for kind in ("login", "get_user"):
        script = whole_script(subject, kind)
        for profile in script.shared(profiles).literals if script is not None else ():
            if script is not None and not profile.open and "email" not in profile.values:
                yield Finding(
                    f"the profile of {kind} has no email",
                    script.parsed.span(profile.node),
                    "Return the address, also where users log in with a name.",
                    script=kind,
                )


RULE = Rule(
    id="profile-email-missing",
    severity=Severity.WARNING,
    title="A profile has an e-mail address.",
    why="Password resets, verification and account linking need it, also where users log in with a user name.",
    source="Auth0 docs, Action script best practices (login)",
    bad=(
        connection_example(
            {"login": "check(password);\nreturn callback(null, { user_id: row.id, username: row.name });"}
        ),
    ),
    good=(
        connection_example(
            {"login": "check(password);\nreturn callback(null, { user_id: row.id, email: row.email });"}
        ),
        connection_example(
            {"get_user": "return callback(null, { user_id: row.id, phone_number: row.phone });"},
            options={"attributes": {"phone_number": {"identifier": {"active": True}}}},
        ),
    ),
    connection=check,
)
