"""`migration-noop-shape`: a finished migration says `callback(null, null)`."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.callback_calls import callback_calls
from dbconn_tui.lint.connection_facts import whole_script
from dbconn_tui.lint.examples import connection_example
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ConnectionSubject
from dbconn_tui.problems import Severity


def check(subject: ConnectionSubject) -> Iterator[Finding]:
    """One finding a login that does nothing but in other words than the documented ones."""
    if not subject.connection.import_mode:
        return
    login = whole_script(subject, "login")
    calls = login.shared(callback_calls) if login is not None else ()
    if login is None or len(calls) != 1 or not calls[0].succeeds or calls[0].result is None:
        return
    if calls[0].result.type in ("false", "string", "number"):
        yield Finding(
            f"a login that does nothing says `callback(null, {calls[0].result.text})`",
            login.parsed.span(calls[0].result),
            "Write `return callback(null, null);`, as documented.",
            script="login",
        )


RULE = Rule(
    id="migration-noop-shape",
    severity=Severity.INFO,
    title="A login that does nothing says `callback(null, null)`.",
    why="That is the documented way to say that nobody is left in the old store.",
    source="Auth0 docs, Configure automatic migration",
    bad=(
        connection_example({"login": "return callback(null, false);", "get_user": "callback(null);"}, import_mode=True),
    ),
    good=(
        connection_example({"login": "return callback(null, null);", "get_user": "callback(null);"}, import_mode=True),
    ),
    connection=check,
)
