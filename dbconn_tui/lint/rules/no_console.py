"""`no-console`: nothing is printed that was printed to find a fault."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import Nodes, callee, path_of
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity

_DEBUGGING: Final = frozenset({"log", "info", "debug", "trace", "dir", "table", "time", "timeEnd"})


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a console call; console.error and console.warn count under `strict` only."""
    if "console" not in subject.text:
        return
    for call in subject.shared(Nodes).of("call_expression"):
        path = path_of(callee(call))
        if len(path) == 2 and path[0] == "console" and subject.parsed.scopes.free.get("console"):
            yield Finding(
                f"`console.{path[1]}` is left in the script",
                subject.parsed.span(callee(call) or call),
                "Take it out before production.",
                pedantic=path[1] not in _DEBUGGING,
            )


RULE = Rule(
    id="no-console",
    severity=Severity.INFO,
    title="No `console.log` is left.",
    why="What helped to find a fault fills the logs afterwards, often with data that should not be there.",
    source="Auth0 docs, Pre-launch tips (remove console.log); Error handling allows it while testing",
    bad=(
        example("login", "console.log('connected');\nreturn callback(null);"),
        example("login", "console.error('connected');\nreturn callback(null);", preset="strict"),
    ),
    good=(
        example("login", "// console.log('connected');\nreturn callback(null);"),
        example("login", "console.error('the store answered 503');\nreturn callback(null);"),
    ),
    script=check,
)
