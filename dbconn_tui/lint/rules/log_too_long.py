"""`log-too-long`: log lines are short."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import Nodes, arguments, callee, path_of
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """Under `strict`: one finding a console call that prints a whole object as text."""
    if "console" not in subject.text:
        return
    for call in subject.shared(Nodes).of("call_expression"):
        if path_of(callee(call))[:1] != ("console",):
            continue
        for given in arguments(call):
            if given.type == "call_expression" and path_of(callee(given)) == ("JSON", "stringify"):
                yield Finding(
                    "a whole object is logged as text, which can be long",
                    subject.parsed.span(given),
                    "Log the one field that matters.",
                    pedantic=True,
                )


RULE = Rule(
    id="log-too-long",
    severity=Severity.INFO,
    title="Log lines are short.",
    why="The platform keeps 256 characters a run for Actions, and nothing says that it keeps more for database "
    "scripts.",
    source="Auth0 docs, Action coding guidelines; Actions limitations",
    bad=(example("login", "console.error(JSON.stringify(answer, null, 2));\nreturn callback(null);", preset="strict"),),
    good=(
        example(
            "login", "console.error('the store answered', answer.status);\nreturn callback(null);", preset="strict"
        ),
    ),
    script=check,
)
