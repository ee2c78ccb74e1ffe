"""`import-mode-off-after-migration`: scripts that do nothing need import_mode."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.connection_facts import does_nothing, whole_script
from dbconn_tui.lint.examples import connection_example
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ConnectionSubject
from dbconn_tui.problems import Severity


def check(subject: ConnectionSubject) -> Iterator[Finding]:
    """One finding a login or get_user that does nothing while import_mode is off; a note for get_user alone."""
    if subject.connection.import_mode is not False:
        return
    login = whole_script(subject, "login")
    if login is not None and does_nothing(login):
        yield Finding(
            "login does nothing and import_mode is off: nobody can log in",
            login.parsed.function.head if login.parsed.function is not None else None,
            "Set `import_mode: true`, so that users are looked for in the platform's own store first.",
            script="login",
        )


RULE = Rule(
    id="import-mode-off-after-migration",
    severity=Severity.ERROR,
    title="Scripts that do nothing stand under import_mode.",
    why="When all users have moved, login and get_user may do nothing, but import_mode must stay on: without it every "
    "login asks the script again, and nobody gets in.",
    source="Auth0 docs, Configure automatic migration (warning)",
    bad=(connection_example({"login": "return callback(null, null);"}, import_mode=False),),
    good=(
        connection_example(
            {"login": "return callback(null, null);", "get_user": "return callback(null);"}, import_mode=True
        ),
        connection_example({"login": "check(password, callback);"}, import_mode=False),
    ),
    connection=check,
)
