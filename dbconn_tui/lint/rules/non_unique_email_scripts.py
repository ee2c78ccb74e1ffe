"""`non-unique-email-scripts`: a shared address finds nobody in particular."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dbconn_tui.lint.connection_facts import lookup_columns, option, whole_script
from dbconn_tui.lint.examples import connection_example
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ConnectionSubject
from dbconn_tui.problems import Severity

_KINDS: Final = ("login", "get_user", "change_password")


def check(subject: ConnectionSubject) -> Iterator[Finding]:
    """One finding a script that looks for users by their address only, where several may share one."""
    if option(subject, "attributes", "email", "unique") is not False:
        return
    for kind in _KINDS:
        script = whole_script(subject, kind)
        columns = lookup_columns(script) if script is not None else frozenset()
        if script is not None and columns and columns <= {"email", "mail", "email_address"} and script.parsed.function:
            yield Finding(
                f"{kind} looks for users by their address, which several may share",
                script.parsed.function.head,
                "Look for the identifier that is theirs alone.",
                script=kind,
            )


RULE = Rule(
    id="non-unique-email-scripts",
    severity=Severity.WARNING,
    title="Where addresses are shared, scripts look for another identifier.",
    why="With two users behind one address, a lookup by the address finds the wrong one half of the time.",
    source="Auth0 docs, Non-unique emails",
    bad=(
        connection_example(
            {"get_user": "db.query('SELECT id FROM users WHERE email = ?', [identifier], callback);"},
            options={"attributes": {"email": {"unique": False}, "username": {"identifier": {"active": True}}}},
        ),
    ),
    good=(
        connection_example(
            {"get_user": "db.query('SELECT id FROM users WHERE username = ?', [identifier], callback);"},
            options={"attributes": {"email": {"unique": False}, "username": {"identifier": {"active": True}}}},
        ),
    ),
    connection=check,
)
