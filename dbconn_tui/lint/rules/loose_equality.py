"""`loose-equality`: values are compared with `===`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.edits import Edit
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import Nodes, is_nothing, number_value, operator, property_of, text_value
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity

_NUMBERS: Final = frozenset(
    {"length", "statusCode", "status", "rowCount", "affectedRows", "modifiedCount", "matchedCount"}
)


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a `==` or `!=`, except against null. The edit is offered where both sides surely have one type."""
    for node in subject.shared(Nodes).of("binary_expression"):
        sign = operator(node)
        left, right = node.field("left"), node.field("right")
        if sign not in ("==", "!=") or left is None or right is None or is_nothing(left) or is_nothing(right):
            continue
        found = node.field("operator")
        same_type = _is_safe(left, right) or _is_safe(right, left)
        yield Finding(
            f"`{sign}` converts before it compares",
            subject.parsed.span(node),
            f"Write `{sign}=`.",
            edits=(Edit(found.start, found.end, f"{sign}="),) if found is not None and same_type else (),
        )


def _is_safe(literal: Node, other: Node) -> bool:
    """Whether `===` gives the same answer: text that is no number, or a number against what always is one."""
    if literal.type == "unary_expression" and operator(literal) == "typeof":
        return True
    text = text_value(literal)
    if text is not None:
        return bool(text.strip()) and not any(character.isdigit() for character in text) and text != "Infinity"
    return number_value(literal) is not None and property_of(other) in _NUMBERS


RULE = Rule(
    id="loose-equality",
    severity=Severity.WARNING,
    title="Values are compared with `===`.",
    why="`==` finds '' equal to 0 and '0' equal to false. In a check of who may log in, that is one surprise too many.",
    source="Auth0 docs, Action coding guidelines (check for strict equals)",
    bad=(
        example("login", "if (response.statusCode == 200) return callback(null, response.id);"),
        example("login", "if (row.id != identifier) return callback(null);"),
    ),
    good=(
        example("login", "if (response.statusCode === 200) return callback(null, response.id);"),
        example("login", "if (row == null || row.id != undefined) return callback(null);"),
    ),
    script=check,
)
