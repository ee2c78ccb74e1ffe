"""`guideline-complexity`: a script is small."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import Nodes
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity

_LINES: Final = 300
_DECISIONS: Final = 60
_DECIDING: Final = (
    "if_statement",
    "ternary_expression",
    "switch_case",
    "catch_clause",
    "for_statement",
    "for_in_statement",
    "while_statement",
)


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """Under `strict`: one finding about a script of many lines or decisions."""
    function = subject.parsed.function
    if function is None:
        return
    lines = function.span.end_line - function.span.line + 1
    decisions = len(subject.shared(Nodes).of(*_DECIDING))
    if lines > _LINES or decisions > _DECISIONS:
        yield Finding(
            f"the script has {lines:,} lines and {decisions:,} decisions",
            function.head,
            "Let the API do the work, and leave the script the call.",
            pedantic=True,
        )


RULE = Rule(
    id="guideline-complexity",
    severity=Severity.INFO,
    title="A script is small enough to be read at once.",
    why="What nobody can follow nobody can check, and a login is no place for surprises.",
    source="Auth0 docs, Action coding guidelines",
    bad=(example("login", "\n".join(f"if (a{n}) go();" for n in range(61)), preset="strict"),),
    good=(example("login", "\n".join(f"if (a{n}) go();" for n in range(9)), preset="strict"),),
    script=check,
)
