"""`configuration-value-type`: configuration values are texts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import Nodes, number_value, operator, path_of
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.lint.variables import Variables
from dbconn_tui.problems import Severity

_STRICT: Final = frozenset({"===", "!=="})
_EQUAL: Final = frozenset({"===", "!==", "==", "!="})


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a comparison of a configuration value that no text can pass."""
    variables = subject.shared(Variables)
    free = subject.parsed.scopes.free.get("configuration")
    if not free:
        return
    for node in subject.shared(Nodes).of("binary_expression"):
        sign, left, right = operator(node), node.field("left"), node.field("right")
        if sign not in _EQUAL or left is None or right is None:
            continue
        for value, other in ((left, right), (right, left)):
            if (
                path_of(variables.resolve(value))[:1] != ("configuration",)
                or len(path_of(variables.resolve(value))) != 2
            ):
                continue
            is_boolean = other.type in ("true", "false")
            if is_boolean or (sign in _STRICT and number_value(other) is not None):
                yield Finding(
                    f"`{value.text}` is a text and never equals {other.text}",
                    subject.parsed.span(node),
                    f"Compare with '{other.text}', or convert it first.",
                )


RULE = Rule(
    id="configuration-value-type",
    severity=Severity.ERROR,
    title="Configuration values are treated as texts.",
    why='Every value of `configuration` is a text, also `"true"` and `"5000"`. Compared with true or 5000 it '
    "is never "
    "equal.",
    source="Management API schema (configuration values are strings)",
    bad=(
        example("login", "if (configuration.DEBUG === true) trace();\nreturn callback(null);"),
        example("login", "const limit = configuration.LIMIT;\nif (limit !== 5) trace();\nreturn callback(null);"),
    ),
    good=(
        example("login", "if (configuration.DEBUG === 'true') trace();\nreturn callback(null);"),
        example("login", "if (Number(configuration.LIMIT) === 5) trace();\nreturn callback(null);"),
    ),
    script=check,
)
