"""`guideline-backdoor`: no password and no user is special."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.callback_calls import callback_calls
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import Nodes, is_inside, is_nothing, operator, text_value
from dbconn_tui.lint.inputs import Inputs, Role
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity

_EQUAL: Final = frozenset({"===", "=="})


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a comparison of login's password or identifier with a written value that leads to a profile."""
    if subject.kind != "login":
        return
    inputs = subject.shared(Inputs)
    for node in subject.shared(Nodes).of("binary_expression"):
        left, right = node.field("left"), node.field("right")
        if operator(node) not in _EQUAL or left is None or right is None:
            continue
        for one, other in ((left, right), (right, left)):
            roles = inputs.roles(one)
            if text_value(other) and roles & {Role.PASSWORD, Role.IDENTIFIER} and _opens(node, subject):
                what = "password" if Role.PASSWORD in roles else "identifier"
                yield Finding(
                    f"one {what} that is written here gets in without the check",
                    subject.parsed.span(node),
                    "Take it out.",
                )


def _opens(comparison: Node, subject: ScriptSubject) -> bool:
    """Whether a profile is handed over right where the comparison holds."""
    inner: Node = comparison
    for outer in comparison.ancestors():
        if outer.type in ("if_statement", "ternary_expression"):
            if inner.field_name != "condition":
                return False
            then = outer.field("consequence")
            return then is not None and any(
                is_inside(call.node, then) and call.succeeds and not is_nothing(call.result)
                for call in subject.shared(callback_calls)
            )
        if outer.type not in ("binary_expression", "parenthesized_expression"):
            return False
        inner = outer
    return False


RULE = Rule(
    id="guideline-backdoor",
    severity=Severity.ERROR,
    title="No password and no user is special.",
    why="A password that opens every account, or an account that needs none, is found by those who look for it.",
    source="Auth0 docs, Action coding guidelines (cannot be bypassed)",
    bad=(example("login", "if (password === 'letmein') return callback(null, profile);"),),
    good=(
        example("login", "if (password === '') return callback(new WrongUsernameOrPasswordError(identifier));"),
        example("login", "if (row.type === 'admin') return callback(null, profile);"),
    ),
    script=check,
)
