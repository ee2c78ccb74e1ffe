"""`profile-user-id-mutable`: an id is made of what never changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import argument, callee, path_of, receiver_of, without_await
from dbconn_tui.lint.inputs import Inputs, Role
from dbconn_tui.lint.profiles import profiles
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.lint.texts import Texts
from dbconn_tui.problems import Severity

_CHANGEABLE: Final = frozenset(
    {
        "email",
        "mail",
        "emailaddress",
        "email_address",
        "username",
        "user_name",
        "phone",
        "phone_number",
        "name",
        "nickname",
    },
)


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a user_id made of an address, a name or what the user typed."""
    inputs, texts = subject.shared(Inputs), subject.shared(Texts)
    for profile in subject.shared(profiles).literals:
        value = profile.values.get("user_id") or profile.values.get("id")
        if value is None:
            continue
        for hole in texts.read(value).holes:
            inner = _unwrapped(hole)
            path = path_of(inner)
            if (len(path) > 1 and path[-1].lower() in _CHANGEABLE) or Role.IDENTIFIER in inputs.roles(inner):
                yield Finding(
                    f"the user_id is made of `{inner.text}`, which can change",
                    subject.parsed.span(value),
                    "Use the store's primary key: when a user_id changes, the platform sees a new user.",
                )
                break


def _unwrapped(node: Node) -> Node:
    """What a conversion to text is given: `row.email` of `String(row.email.toLowerCase())`."""
    node = without_await(node)
    while node.type == "call_expression":
        receiver = receiver_of(node)
        inner = argument(node, 0) if path_of(callee(node)) == ("String",) else receiver
        if inner is None:
            break
        node = without_await(inner)
    return node


RULE = Rule(
    id="profile-user-id-mutable",
    severity=Severity.WARNING,
    title="A user_id is made of what never changes.",
    why="Addresses, names and numbers change. With them the user_id changes, and the user starts again as a new one.",
    source="Auth0 docs, Get user template (permanent, the primary key); Identify users",
    bad=(
        example("get_user", "return callback(null, { user_id: row.email, email: row.email });"),
        example("get_user", "return callback(null, { user_id: `shop|${identifier.toLowerCase()}` });"),
    ),
    good=(
        example("get_user", "return callback(null, { user_id: String(row.id), email: row.email });"),
        example("get_user", "return callback(null, { user_id: row.user_id, name: row.name });"),
    ),
    script=check,
)
