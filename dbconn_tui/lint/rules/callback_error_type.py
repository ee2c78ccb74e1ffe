"""`callback-error-type`: the first argument of the callback is null or an Error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.edits import Edit
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import added, branches, path_of
from dbconn_tui.lint.flow.analysis import callback_flow
from dbconn_tui.lint.flow.wording import callback_name
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity

_LITERALS: Final = {
    "string": "a text",
    "template_string": "a text",
    "number": "a number",
    "true": "a boolean",
    "false": "a boolean",
    "object": "a plain object",
    "array": "an array",
}
_TEXTS: Final = frozenset({"message", "statusMessage", "error_description", "stack"})
_NUMBERS: Final = frozenset({"statusCode", "status"})


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding at each first argument that is plainly something else; names such as `err` are believed."""
    flow = subject.shared(callback_flow)
    name = callback_name(flow)
    for site in flow.sites:
        if not site.arguments:
            continue
        for value in branches(site.arguments[0]):
            kind = _kind(value)
            if kind is None:
                continue
            is_text = kind == "a text"
            yield Finding(
                f"`{name}` gets {kind} as its error, where an Error or null is expected",
                subject.parsed.span(value),
                "Write `new Error(…)` around it." if is_text else f"Write `{name}(new Error('…'))` or `{name}(null)`.",
                edits=(Edit(value.start, value.end, f"new Error({value.text})"),) if is_text else (),
            )


def _kind(value: Node) -> str | None:
    literal = _LITERALS.get(value.type)
    if literal is not None:
        return literal
    if value.type == "binary_expression":
        operands = added(value)
        is_text = len(operands) > 1 and any(one.type in ("string", "template_string") for one in operands)
        return "a text" if is_text else None
    path = path_of(value)
    if len(path) > 1 and path[-1] in _TEXTS:
        return "a text"
    return "a number" if len(path) > 1 and path[-1] in _NUMBERS else None


RULE = Rule(
    id="callback-error-type",
    severity=Severity.WARNING,
    title="The first argument of the callback is null or an Error.",
    why="The tenant's log shows name, message and stack of an Error. Of a text only the message arrives, of a number "
    "or an object hardly anything.",
    source="Auth0 docs, Custom database connections: callback; Error handling",
    bad=(
        example("get_user", "return callback('The user store is not available');"),
        example(
            "get_user",
            """
            require('store').find(email, (err, user) => {
              if (err) return callback(err.message);
              return callback(null, user ? { user_id: user.id, email } : undefined);
            });
            """,
        ),
        example("get_user", "return callback({ message: 'no' });"),
    ),
    good=(
        example("get_user", "return callback(new Error('The user store is not available'));"),
        example(
            "get_user",
            """
            require('store').find(email, (err, user) => {
              if (err) return callback(err);
              return callback(null, user ? { user_id: user.id, email } : undefined);
            });
            """,
        ),
        example(
            "get_user",
            """
            function load(key, callback) {
              callback('not ours');
            }
            load(email, (text) => callback(text ? new Error(text) : null));
            """,
        ),
    ),
    script=check,
)
