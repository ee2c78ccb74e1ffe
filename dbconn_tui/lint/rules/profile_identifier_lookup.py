"""`profile-identifier-lookup`: a user is found by whatever identifies users."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.connection_facts import active_identifiers, lookup_columns, whole_script
from dbconn_tui.lint.examples import connection_example
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ConnectionSubject
from dbconn_tui.lint.wording import listed
from dbconn_tui.problems import Certainty, Severity


def check(subject: ConnectionSubject) -> Iterator[Finding]:
    """A finding where users have several identifiers and login or get_user looks for one of them only."""
    identifiers = active_identifiers(subject)
    if len(identifiers) < 2:
        return
    for kind in ("login", "get_user"):
        script = whole_script(subject, kind)
        columns = lookup_columns(script) if script is not None else frozenset()
        if script is not None and script.parsed.function is not None and len(columns) == 1:
            yield Finding(
                f"{kind} looks for `{min(columns)}` only, but users are identified by {listed(sorted(identifiers))}",
                script.parsed.function.head,
                "Compare the identifier with every column that can hold it.",
                certainty=Certainty.POSSIBLE,
                script=kind,
            )


RULE = Rule(
    id="profile-identifier-lookup",
    severity=Severity.WARNING,
    title="login and get_user find users by every identifier they can log in with.",
    why="The first parameter is whatever the user typed: an address, a name or a number. Whoever types the other one "
    "is not found.",
    source="Auth0 docs, Login template (userNameOrEmail); Flexible identifiers",
    bad=(
        connection_example(
            {"get_user": "db.query('SELECT id FROM users WHERE email = ?', [identifier], callback);"},
            options={"requires_username": True},
        ),
    ),
    good=(
        connection_example(
            {
                "get_user": "const where = 'email = ? OR username = ?';\n"
                "db.query('SELECT id FROM users WHERE ' + where, [identifier, identifier], callback);"
            },
            options={"requires_username": True},
        ),
        connection_example({"get_user": "db.query('SELECT id FROM users WHERE email = ?', [identifier], callback);"}),
    ),
    connection=check,
)
