"""`err-unchecked`: the error of every Node-style callback is looked at and handed on."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.action_scripts.tree import FUNCTIONS, Node
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import Nodes, callee, path_of
from dbconn_tui.lint.flow.reachability import DeadCode
from dbconn_tui.lint.flow.situations import error_parameter, is_node_style
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding at each error parameter that is never read, or only logged. A leading `_` means on purpose."""
    dead = subject.shared(DeadCode)
    for function in subject.shared(Nodes).of("arrow_function", "function_expression"):
        parameter = error_parameter(function)
        body = function.field("body")
        if parameter is None or body is None or not is_node_style(function) or dead.holds(function):
            continue
        if body.type == "statement_block" and not body.named_children:
            continue
        binding = subject.parsed.scopes.binding(parameter)
        uses = binding.references if binding is not None else []
        if not uses:
            message = f"`{parameter.text}` is never looked at"
        elif all(_only_logs(use) for use in uses):
            message = f"`{parameter.text}` is only logged, and the script goes on as if there were none"
        else:
            continue
        yield Finding(
            message,
            subject.parsed.span(parameter),
            f"Begin with `if ({parameter.text}) return callback({parameter.text});`.",
        )


def _only_logs(use: Node) -> bool:
    """Whether a use is an argument of console, or the condition of an `if` that only logs."""
    node: Node | None = use
    while node is not None and node.type not in FUNCTIONS:
        if node.type == "call_expression":
            return path_of(callee(node))[:1] == ("console",)
        if node.type == "if_statement":
            consequence = node.field("consequence")
            return consequence is not None and node.field("alternative") is None and _is_logging(consequence)
        node = node.parent
    return False


def _is_logging(statement: Node) -> bool:
    if statement.type == "statement_block":
        inside = [child for child in statement.named_children if child.type != "comment"]
        return bool(inside) and all(_is_logging(child) for child in inside)
    call = statement.named_children[0] if statement.type == "expression_statement" else None
    return call is not None and call.type == "call_expression" and path_of(callee(call))[:1] == ("console",)


RULE = Rule(
    id="err-unchecked",
    severity=Severity.ERROR,
    title="The error of every Node-style callback is looked at and handed on.",
    why="With an error there is no result: what comes next throws, reports an outage as “no such user”, or worse, "
    "as success. Writing the error to the log is not handling it.",
    source="Auth0 docs, Error handling; Action script best practices",
    bad=(
        example(
            "change_password",
            """
            require('bcrypt@5.1.1').hash(newPassword, 10, (err, hash) => {
              require('store').save(email, hash, callback);
            });
            """,
        ),
        example(
            "get_user",
            """
            require('store').find(email, (err, user) => {
              if (err) console.error('find failed', err.code);
              return callback(null, user ? { user_id: user.id, email } : undefined);
            });
            """,
        ),
    ),
    good=(
        example(
            "change_password",
            """
            require('bcrypt@5.1.1').hash(newPassword, 10, (err, hash) => {
              if (err) return callback(err);
              return require('store').save(email, hash, callback);
            });
            """,
        ),
        example(
            "verify",
            """
            const client = require('client').open(configuration.URL);
            client.check(email, (err, ok) => {
              client.end((e) => {});
              client.close((error) => console.error('closed'));
              return callback(err, ok);
            });
            """,
        ),
        example("verify", "require('store').touch(email, (_err) => callback(null, true));"),
        example("verify", "require('store').list((err, all) => callback(err, all && all.map((e) => 1).length > 0));"),
    ),
    script=check,
)
