"""`script-noop-success`: a script that reports success has done something."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import callee, is_nothing, path_of
from dbconn_tui.lint.flow.analysis import callback_flow
from dbconn_tui.lint.flow.wording import callback_name
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity

_DOING: Final = frozenset({"create", "verify", "change_password", "delete", "change_email"})
_SUCCESS: Final = frozenset({"true"})


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding at the only call of a script whose whole body, console aside, is that call with a success."""
    if subject.kind not in _DOING:
        return
    flow = subject.shared(callback_flow)
    body = flow.function.field("body") if flow.function is not None else None
    if body is None or len(flow.sites) != 1 or not _succeeds(subject.kind, flow.sites[0].arguments):
        return
    statements = [child for child in body.named_children if child.type != "comment"]
    if body.type == "statement_block" and any(
        not _is_nothing(statement, flow.sites[0].node) for statement in statements
    ):
        return
    if body.type != "statement_block" and body.without_parentheses() is not flow.sites[0].node:
        return
    name = callback_name(flow)
    yield Finding(
        f"{subject.kind} reports success without doing anything",
        subject.parsed.span(flow.sites[0].node),
        f"Do the work, say `{name}(new Error('…'))`, or leave the script out.",
    )


def _succeeds(kind: str, arguments: tuple[Node, ...]) -> bool:
    if arguments and not is_nothing(arguments[0]):
        return False
    if kind in ("create", "delete"):
        return True
    return len(arguments) > 1 and arguments[1].type in _SUCCESS


def _is_nothing(statement: Node, site: Node) -> bool:
    """Whether a statement is the call itself, or a line for the log."""
    inside = statement.named_children[0] if statement.named_children else None
    if statement.type not in ("expression_statement", "return_statement") or inside is None:
        return False
    return inside is site or (inside.type == "call_expression" and path_of(callee(inside))[:1] == ("console",))


RULE = Rule(
    id="script-noop-success",
    severity=Severity.WARNING,
    title="A script that reports success has done something.",
    why="Auth0 believes the answer: a password that was “changed” by an empty script still is the old one, a user who "
    "was “deleted” can still log in. Silence the rule where a store is read-only on purpose.",
    source="Auth0 docs, Custom database templates (change email: a real update is needed)",
    bad=(
        example("change_password", "return callback(null, true);"),
        example("delete", "console.error('delete is not supported');\ncallback(null);"),
    ),
    good=(
        example("change_password", "return callback(new Error('Passwords are changed in the staff portal'));"),
        example("verify", "return callback(null, false);"),
        example("delete", "require('store').remove(id, (err) => callback(err || null));"),
        example("verify", "return callback(null, email === configuration.KNOWN);"),
    ),
    script=check,
)
