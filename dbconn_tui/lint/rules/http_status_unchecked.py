"""`http-status-unchecked`: an answer of 400 or above is not taken for success."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dbconn_tui.action_scripts.scopes import Binding, parameters_of
from dbconn_tui.action_scripts.tree import FUNCTIONS, Node
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import ACCESSES, argument, callee, is_tested, property_of
from dbconn_tui.lint.http_clients import HttpCall, http_calls
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.lint.variables import Variables
from dbconn_tui.problems import Severity

_STATUS: Final = frozenset({"ok", "status", "statusCode", "statusText"})


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a request whose client reports no bad status by itself and whose answer's status nobody reads.

    Silent when the answer leaves the place where it arrives: returned, or handed to a function.
    """
    for call in subject.shared(http_calls):
        if call.client.rejects or "validateStatus" in call.values:
            continue
        if call.client.name == "fetch":
            is_unchecked = _fetch_is_unchecked(call, subject)
        else:
            # Node's own client hands over the answer alone, all others an error before it.
            place = 0 if call.client.name == "http" else 1
            is_unchecked = call.handler is not None and _ignores(call.handler, place, subject)
        if is_unchecked:
            yield Finding(
                f"{call.client.name} treats an answer of 400 or 500 as a success, and the script never reads the "
                f"status",
                subject.parsed.span(callee(call.node) or call.node),
                "Check `response.ok`." if call.client.name == "fetch" else "Check `response.statusCode`.",
            )


def _fetch_is_unchecked(call: HttpCall, subject: ScriptSubject) -> bool:
    node = call.node
    outer = node.parent
    while outer is not None and outer.type in ("await_expression", "parenthesized_expression"):
        node, outer = outer, outer.parent
    if outer is None:
        return False
    if outer.type == "variable_declarator":
        name = outer.field("name")
        binding = subject.shared(Variables).binding(name) if name is not None and name.type == "identifier" else None
        return binding is not None and node is not call.node and _unread(binding, subject)
    if outer.type == "expression_statement":
        return node is not call.node
    if outer.type == "member_expression" and node.field_name == "object":
        if node is not call.node:
            return property_of(outer) in ("json", "text", "arrayBuffer")
        then = outer.parent
        if property_of(outer) == "then" and then is not None and then.type == "call_expression":
            handler = argument(then, 0)
            return handler is not None and handler.type in FUNCTIONS and _ignores(handler, 0, subject)
    return False


def _ignores(function: Node, index: int, subject: ScriptSubject) -> bool:
    """Whether a handler never reads the status of the answer it gets as parameter `index`."""
    parameters = parameters_of(function)
    if len(parameters) <= index:
        return not any(node.type == "identifier" and node.text == "arguments" for node in function.walk())
    name = parameters[index]
    binding = subject.shared(Variables).binding(name) if name.type == "identifier" else None
    return binding is not None and _unread(binding, subject)


def _unread(binding: Binding, subject: ScriptSubject) -> bool:
    for reference in binding.references:
        outer = reference.parent
        if outer is None or outer.type not in ACCESSES or reference.field_name != "object":
            if outer is not None and (outer.type in ("unary_expression", "if_statement") or is_tested(reference)):
                continue
            return False
        if property_of(outer) is None or property_of(outer) in _STATUS:
            return False
    return True


RULE = Rule(
    id="http-status-unchecked",
    severity=Severity.WARNING,
    title="The status of an answer is checked before its content is used.",
    why="fetch and request call an answer of 404, 409 or 500 a success. Without a look at the status, a refused "
    "sign-up counts as done and an error page as a profile.",
    source="Auth0 docs, Action script best practices (both examples check the status); Error handling",
    bad=(
        example("create", "request.post(options, (err) => callback(err));"),
        example(
            "get_user",
            "const response = await fetch(configuration.URL);\nconst user = await response.json();\n"
            "return callback(null, { user_id: user.id });",
            is_async=True,
        ),
        example("get_user", "fetch(configuration.URL).then((r) => r.json()).then((user) => callback(null, user));"),
    ),
    good=(
        example(
            "create",
            "request.post(options, (err, res) => callback(err || (res.statusCode === 201 ? null : new "
            "Error('refused'))));",
        ),
        example(
            "get_user",
            "const response = await fetch(configuration.URL);\nif (!response.ok) return callback(new Error('store'));\n"
            "const user = await response.json();\nreturn callback(null, { user_id: user.id });",
            is_async=True,
        ),
        example(
            "get_user", "const response = await fetch(configuration.URL);\nreturn finish(response);", is_async=True
        ),
        example(
            "get_user", "const axios = require('axios@1.7.9');\naxios.get(url).then((r) => callback(null, r.data.id));"
        ),
    ),
    script=check,
)
