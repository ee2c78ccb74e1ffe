"""`error-rewrapped`: an error is passed on as it is, or as the cause of a new one."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.action_scripts.tree import FUNCTIONS, Node
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import Nodes, arguments, callee
from dbconn_tui.lint.flow.reachability import DeadCode
from dbconn_tui.lint.flow.situations import error_parameter, is_node_style, is_rejection_handler
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding at each `new Error(err)` whose only argument is, or only embeds, a caught or handed error."""
    dead = subject.shared(DeadCode)
    for node in subject.shared(Nodes).of("new_expression", "call_expression"):
        target = callee(node)
        if target is None or target.text != "Error":
            continue
        given = arguments(node)
        if len(given) != 1 or dead.holds(node):
            continue
        name = _only_name(given[0])
        if name is not None and _is_error(subject, name):
            yield Finding(
                f"the new error keeps neither stack nor code of `{name.text}`",
                subject.parsed.span(node),
                f"Pass `{name.text}` on, or say what failed: `new Error('…', {{ cause: {name.text} }})`.",
            )


def _only_name(value: Node) -> Node | None:
    value = value.without_parentheses()
    if value.type == "template_string":
        parts = value.named_children
        inside = parts[0].named_children if len(parts) == 1 and parts[0].type == "template_substitution" else []
        return inside[0] if len(inside) == 1 and inside[0].type == "identifier" else None
    return value if value.type == "identifier" else None


def _is_error(subject: ScriptSubject, name: Node) -> bool:
    """Whether a name is what a catch clause, a rejection handler or a Node-style callback was given."""
    binding = subject.parsed.scopes.binding(name)
    if binding is None:
        return False
    if binding.kind == "catch":
        return True
    function = next((outer for outer in binding.node.ancestors() if outer.type in FUNCTIONS), None)
    if binding.kind != "parameter" or function is None:
        return False
    is_handler = is_rejection_handler(function) or is_node_style(function)
    return is_handler and error_parameter(function) is binding.node


RULE = Rule(
    id="error-rewrapped",
    severity=Severity.INFO,
    title="An error is passed on as it is, or as the cause of a new one.",
    why="`new Error(err)` makes a text of the error: its stack, code and status are lost, and the message reads "
    "“Error: Error: …”.",
    source="Auth0 docs, Error handling",
    bad=(
        example(
            "get_user",
            """
            require('store').find(email, (err, user) => {
              if (err) return callback(new Error(err));
              return callback(null, user ? { user_id: user.id, email } : undefined);
            });
            """,
        ),
        example(
            "verify",
            "fetch(configuration.URL).then((r) => callback(null, r.ok), (e) => callback(new Error(`${e}`)));",
        ),
    ),
    good=(
        example(
            "get_user",
            """
            require('store').find(email, (err, user) => {
              if (err) return callback(new Error('The user store is not available', { cause: err }));
              return callback(null, user ? { user_id: user.id, email } : undefined);
            });
            """,
        ),
        example("verify", "const text = 'closed';\nreturn callback(new Error(text));"),
    ),
    script=check,
)
