"""`promise-not-awaited`: a promise is awaited before its result is used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dbconn_tui.action_scripts.tree import FUNCTIONS, Node
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import (
    ACCESSES,
    Nodes,
    arguments,
    callee,
    is_tested,
    is_written,
    method_of,
    path_of,
    property_of,
    receiver_of,
)
from dbconn_tui.lint.flow.reachability import DeadCode
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity

_HASHING: Final = {"compare": 2, "hash": 2, "verify": 2}
"""Methods of bcrypt and argon2 that give a promise with so many arguments, and take a callback as one more."""
_HASHERS: Final = re.compile(r"\b(bcrypt(js)?|argon2)\b")
_BODIES: Final = frozenset({"json", "text", "formData", "blob", "arrayBuffer"})
_PROMISING: Final = _HASHING.keys() | _BODIES | {"fetch", "jwtVerify"}
_HANDLED: Final = frozenset({"then", "catch", "finally"})


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding at each call that is known to give a promise and whose promise is tested or asked for members."""
    dead = subject.shared(DeadCode)
    for call in subject.shared(Nodes).of("call_expression"):
        what = _promise(subject, call)
        if what is None or dead.holds(call):
            continue
        use = _wrong_use(subject, call)
        if use is None:
            continue
        opens = use == "tested" and method_of(call) in ("compare", "verify")
        yield Finding(
            f"`{what}` gives a promise, which is always truthy: whoever comes gets in"
            if opens
            else f"`{what}` gives a promise, and this uses it as if it were the result",
            subject.parsed.span(call),
            "Write `await` before it.",
        )


def _promise(subject: ScriptSubject, call: Node) -> str | None:
    """How to name a call that is known to give a promise; None for others."""
    method = method_of(call)
    if method not in _PROMISING:
        return None
    given = arguments(call)
    if any(one.type in FUNCTIONS for one in given[-1:]):
        return None
    path = path_of(callee(call))
    if path in (("fetch",), ("jwtVerify",)) and subject.parsed.scopes.binding(_callee(call)) is None:
        return f"{path[-1]}(…)"
    receiver = receiver_of(call)
    if receiver is None:
        return None
    if method in _HASHING and len(given) == _HASHING[method] and _is_hasher(subject, receiver):
        return f"{receiver.text[:20]}.{method}(…)"
    if method in _BODIES and not given and _is_response(subject, receiver):
        return f"{receiver.text[:20]}.{method}()"
    return None


def _callee(call: Node) -> Node:
    found = callee(call)
    assert found is not None
    return found


def _is_hasher(subject: ScriptSubject, receiver: Node) -> bool:
    """Whether a receiver is bcrypt or argon2, by its name or by what it was required from."""
    if receiver.type == "call_expression":
        return _HASHERS.search(receiver.text) is not None
    binding = subject.parsed.scopes.binding(receiver) if receiver.type == "identifier" else None
    value = binding.declarator.field("value") if binding is not None and binding.declarator is not None else None
    return value is not None and value.text.startswith("require(") and _HASHERS.search(value.text) is not None


def _is_response(subject: ScriptSubject, receiver: Node) -> bool:
    """Whether a receiver is a response of fetch: awaited from it, or what the `.then` behind it gets."""
    binding = subject.parsed.scopes.binding(receiver) if receiver.type == "identifier" else None
    if binding is None:
        return False
    value = binding.declarator.field("value") if binding.declarator is not None else None
    if value is not None and value.type == "await_expression":
        return path_of(callee(value.named_children[-1])) == ("fetch",)
    function = binding.node.parent
    while function is not None and function.type not in FUNCTIONS:
        function = function.parent
    around = function.parent if function is not None and binding.kind == "parameter" else None
    call = around.parent if around is not None and around.type == "arguments" else None
    target = receiver_of(call) if call is not None and method_of(call) == "then" else None
    return target is not None and path_of(callee(target)) == ("fetch",)


def _wrong_use(subject: ScriptSubject, call: Node) -> str | None:
    """ "tested" or "member" when the promise itself is used so; None when it is awaited or handed on."""
    value, parent = call, call.parent
    while parent is not None and parent.type == "parenthesized_expression":
        value, parent = parent, parent.parent
    use = _use(value)
    if use is not None or parent is None:
        return use
    if parent.type != "variable_declarator" or value.field_name != "value":
        return None
    name = parent.field("name")
    if name is not None and name.type == "object_pattern":
        return "member"
    binding = subject.parsed.scopes.binding(name) if name is not None and name.type == "identifier" else None
    uses = [_use(reference) for reference in binding.references if not is_written(reference)] if binding else []
    # Handed on, awaited or returned somewhere: then the uses before may be of another kind.
    return uses[0] if uses and all(one is not None for one in uses) else None


def _use(node: Node) -> str | None:
    parent = node.parent
    if parent is not None and parent.type in ACCESSES and node.field_name == "object":
        return None if property_of(parent) in _HANDLED else "member"
    return "tested" if is_tested(node) else None


RULE = Rule(
    id="promise-not-awaited",
    severity=Severity.ERROR,
    title="A promise is awaited before its result is used.",
    why="A promise is an object: every test of it holds, every field of it is undefined. `if (bcrypt.compare(…))` lets "
    "everybody in with any password.",
    source="dbconn, seen in a published example of an async script",
    bad=(
        example(
            "login",
            """
            const bcrypt = require('bcrypt@5.1.1');
            const user = JSON.parse(configuration.USERS)[identifier];
            if (!bcrypt.compare(password, user.hash)) {
              return callback(new WrongUsernameOrPasswordError(identifier, 'Wrong'));
            }
            return callback(null, { user_id: user.id, email: user.email });
            """,
            is_async=True,
        ),
        example(
            "get_user",
            """
            fetch(configuration.URL)
              .then((response) => {
                const user = response.json();
                return { user_id: user.id, email: user.email };
              })
              .then((profile) => callback(null, profile), callback);
            """,
        ),
        example("verify", "return callback(null, fetch(configuration.URL).ok === true);"),
    ),
    good=(
        example(
            "login",
            """
            const bcrypt = require('bcrypt@5.1.1');
            const user = JSON.parse(configuration.USERS)[identifier];
            bcrypt.compare(password, user.hash, (err, matches) => {
              if (err) return callback(err);
              if (!matches) return callback(new WrongUsernameOrPasswordError(identifier, 'Wrong'));
              return callback(null, { user_id: user.id, email: user.email });
            });
            """,
        ),
        example(
            "get_user",
            """
            fetch(configuration.URL)
              .then((response) => {
                const body = response.json();
                return body;
              })
              .then((user) => callback(null, { user_id: user.id, email }), callback);
            """,
        ),
        example(
            "verify",
            """
            const answer = fetch(configuration.URL);
            answer.then((response) => callback(null, response.ok), callback);
            """,
        ),
    ),
    script=check,
)
