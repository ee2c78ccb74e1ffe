"""`change-password-lookup`: get_user and change_password find the same user."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.connection_facts import lookup_columns, whole_script
from dbconn_tui.lint.examples import connection_example
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ConnectionSubject
from dbconn_tui.problems import Certainty, Severity


def check(subject: ConnectionSubject) -> Iterator[Finding]:
    """One possible finding where the two look for users in different columns."""
    get_user, change = whole_script(subject, "get_user"), whole_script(subject, "change_password")
    if get_user is None or change is None or change.parsed.function is None:
        return
    first, second = lookup_columns(get_user), lookup_columns(change)
    if first and second and not first & second:
        yield Finding(
            f"get_user looks for `{min(first)}` and change_password for `{min(second)}`",
            change.parsed.function.head,
            "Both get the same identifier: look for it in the same columns.",
            certainty=Certainty.POSSIBLE,
            script="change_password",
        )


RULE = Rule(
    id="change-password-lookup",
    severity=Severity.INFO,
    title="get_user and change_password find users the same way.",
    why="The platform calls get_user first and change_password with the same identifier. Found by one and not by the "
    "other, the password is never changed.",
    source="Auth0 docs, Get user template; Change password template",
    bad=(
        connection_example(
            {
                "get_user": "db.query('SELECT id FROM u WHERE username = ?', [identifier], callback);",
                "change_password": "db.query('UPDATE u SET pw = ? WHERE email = ?', [hash, identifier], callback);",
            },
        ),
    ),
    good=(
        connection_example(
            {
                "get_user": "db.query('SELECT id FROM u WHERE email = ?', [identifier], callback);",
                "change_password": "db.query('UPDATE u SET pw = ? WHERE email = ?', [hash, identifier], callback);",
            },
        ),
    ),
    connection=check,
)
