"""`global-user-data`: nothing about a user is kept in `global`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import ACCESSES, Nodes, arguments, method_of, path_of, receiver_of
from dbconn_tui.lint.inputs import Inputs, Role
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Certainty, Severity

_GLOBALS: Final = (("global",), ("globalThis",))
_BINDING: Final = frozenset({"bind", "login", "authenticate", "signIn"})


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a value in `global` that comes from the script's arguments, or a shared client that logs in."""
    inputs = subject.shared(Inputs)
    for assignment in subject.shared(Nodes).of("assignment_expression"):
        left, right = assignment.field("left"), assignment.field("right")
        if left is None or right is None or not _is_global(left):
            continue
        if inputs.sources(right):
            yield Finding(
                "a value of this user is kept in `global`, which all users of the container share",
                subject.parsed.span(assignment),
                "Keep it in a local variable.",
            )
        elif left.type == "subscript_expression" and inputs.sources(left.field("index")):
            yield Finding(
                "data of single users is kept in `global`, which all users of the container share",
                subject.parsed.span(assignment),
                "Keep it in a local variable.",
                certainty=Certainty.POSSIBLE,
            )
    for call in subject.shared(Nodes).of("call_expression"):
        receiver = receiver_of(call)
        if receiver is None or method_of(call) not in _BINDING or not _is_global(receiver):
            continue
        if any(Role.PASSWORD in inputs.roles(given) for given in arguments(call)):
            yield Finding(
                "a client that all users share is logged in as this user",
                subject.parsed.span(call),
                "Make a client of its own for each login.",
                # A bind lasts; `login` may as well be a question to an API.
                certainty=Certainty.CERTAIN if method_of(call) == "bind" else Certainty.POSSIBLE,
            )


def _is_global(node: Node) -> bool:
    while node.type in ACCESSES:
        inner = node.field("object")
        if inner is None:
            return False
        node = inner
    return path_of(node) in _GLOBALS


RULE = Rule(
    id="global-user-data",
    severity=Severity.ERROR,
    title="Nothing about a user is kept in `global`.",
    why="A container serves many users, also at the same time. What one login leaves in `global` the next one reads.",
    source="Auth0 docs, Custom database connections (the global object)",
    bad=(
        example("login", "global.lastUser = identifier;\nreturn callback(null);"),
        example("login", "global.ldap.bind(dn, password, (err) => callback(err));"),
    ),
    good=(
        example("login", "global.token = { value: await fetchToken(), expiresAt: 1 };", is_async=True),
        example("login", "const user = identifier;\nglobal.calls = (global.calls || 0) + 1;\nuse(user);"),
    ),
    script=check,
)
