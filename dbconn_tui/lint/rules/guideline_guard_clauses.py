"""`guideline-guard-clauses`: a script returns early instead of nesting."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import LOOPS, Nodes
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity

_DEEP: Final = 5


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """Under `strict`: one finding at the first `if` that stands in five others."""
    for node in subject.shared(Nodes).of("if_statement"):
        if node.field_name == "alternative" or (node.parent is not None and node.parent.type == "else_clause"):
            continue
        around = sum(1 for outer in node.ancestors() if outer.type == "if_statement" or outer.type in LOOPS)
        if around >= _DEEP - 1:
            yield Finding(
                f"this is the {_DEEP}th level of `if` and loops",
                subject.parsed.span(node.children[0]),
                "Answer and return where a condition is not met, instead of nesting what follows.",
                pedantic=True,
            )
            return


RULE = Rule(
    id="guideline-guard-clauses",
    severity=Severity.INFO,
    title="A script returns early instead of nesting.",
    why="Each level of nesting hides a path on which the callback may be missing.",
    source="Auth0 docs, Action coding guidelines (guard clauses)",
    bad=(example("login", "if (a) { if (b) { if (c) { if (d) { if (e) { go(); } } } } }", preset="strict"),),
    good=(
        example("login", "if (!a) return callback(null);\nif (!b) return callback(null);\ngo();", preset="strict"),
        example(
            "login",
            "if (a) go();\nelse if (b) go();\nelse if (c) go();\nelse if (d) go();\nelse if (e) go();",
            preset="strict",
        ),
    ),
    script=check,
)
