"""`verify-email-flow`: what verify marks, login and get_user return."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.connection_facts import whole_script
from dbconn_tui.lint.examples import connection_example
from dbconn_tui.lint.profiles import profiles
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ConnectionSubject
from dbconn_tui.problems import Severity


def check(subject: ConnectionSubject) -> Iterator[Finding]:
    """One finding a profile without email_verified where there is a verify script."""
    if "verify" not in subject.scripts or subject.connection.import_mode:
        return
    for kind in ("login", "get_user"):
        script = whole_script(subject, kind)
        found = script.shared(profiles) if script is not None else None
        if script is not None and found is not None and found.complete and "email_verified" not in found.names:
            yield Finding(
                f"verify marks addresses as verified, and {kind} does not say so",
                script.parsed.span(found.literals[0].node),
                "Return `email_verified` from the store.",
                script=kind,
            )


RULE = Rule(
    id="verify-email-flow",
    severity=Severity.INFO,
    title="What verify marks in the store, login and get_user return.",
    why="verify only tells the store. The platform learns it from email_verified in the next profile.",
    source="Auth0 docs, Verify template (callout)",
    bad=(
        connection_example(
            {
                "get_user": "return callback(null, { user_id: row.id, email: row.email });",
                "verify": "mark(email, callback);",
            },
        ),
    ),
    good=(
        connection_example(
            {
                "get_user": "return callback(null, { user_id: row.id, email_verified: row.verified === true });",
                "verify": "mark(email, callback);",
            },
        ),
        connection_example({"get_user": "return callback(null, { user_id: row.id });"}),
    ),
    connection=check,
)
