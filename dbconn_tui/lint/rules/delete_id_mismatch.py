"""`delete-id-mismatch`: delete looks for the id that login and get_user return."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.examples import connection_example
from dbconn_tui.lint.expressions import Nodes, argument, path_of, properties, receiver_of, without_await
from dbconn_tui.lint.inputs import Inputs, Role
from dbconn_tui.lint.modules import Modules
from dbconn_tui.lint.profiles import profiles
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ConnectionSubject, ScriptSubject
from dbconn_tui.lint.texts import Texts
from dbconn_tui.problems import Certainty, Severity

_STRIPPING: Final = frozenset({"slice", "substring", "substr", "split", "replace", "startsWith"})


def check(subject: ConnectionSubject) -> Iterator[Finding]:
    """A finding when delete compares its id with another field than the one that became user_id, or keeps a prefix."""
    script = subject.scripts.get("delete")
    if script is None or not script.is_whole:
        return
    returned = next(
        (value for kind in ("login", "get_user") if (value := _user_id(subject, kind)) is not None),
        None,
    )
    if returned is None:
        return
    source, node = returned
    prefix = _prefix(node, source)
    binding = script.shared(Inputs).parameters.get("id")
    if (
        prefix
        and binding is not None
        and prefix not in script.text
        and not any(f".{name}(" in script.text for name in _STRIPPING)
    ):
        yield Finding(
            f'login returns a user_id that begins with "{prefix}", and delete does not take that away again',
            script.parsed.span(binding.node),
            "The id arrives as login returned it: cut the prefix off before the lookup.",
            certainty=Certainty.POSSIBLE,
            script="delete",
        )
    field = _field(node)
    for literal in script.shared(Nodes).of("object"):
        for name, sought in properties(literal).values.items():
            if Role.ID not in script.shared(Inputs).roles(sought) or sought.type == "object" or literal.parent is None:
                continue
            if name == "_id" and field == "_id" and _is_filter(literal, script):
                yield Finding(
                    "`_id` is compared with a text: an ObjectId never equals one, so nobody is deleted",
                    script.parsed.span(sought),
                    "Write `new ObjectId(id)`.",
                    certainty=Certainty.POSSIBLE,
                    script="delete",
                )
            elif (
                name.lower() in ("email", "username", "mail")
                and field is not None
                and field.lower() not in ("email", "username", "mail")
            ):
                yield Finding(
                    f"delete looks for its id in `{name}`, but login returns `{field}` as user_id",
                    script.parsed.span(sought),
                    f"Look for it in `{field}`.",
                    certainty=Certainty.POSSIBLE,
                    script="delete",
                )


def _user_id(subject: ConnectionSubject, kind: str) -> tuple[ScriptSubject, Node] | None:
    script = subject.scripts.get(kind)
    if script is None or not script.is_whole:
        return None
    for profile in script.shared(profiles).literals:
        value = profile.values.get("user_id") or profile.values.get("id")
        if value is not None:
            return script, value
    return None


def _prefix(node: Node, script: ScriptSubject) -> str:
    parts = script.shared(Texts).read(node).parts
    return parts[0] if len(parts) > 1 and isinstance(parts[0], str) else ""


def _field(node: Node) -> str | None:
    """The last name of the record's field that became the id: `_id` of `user._id.toString()`."""
    node = without_await(node)
    while node.type == "call_expression":
        receiver = receiver_of(node)
        inner = receiver if receiver is not None and path_of(receiver) else argument(node, 0)
        if inner is None:
            return None
        node = inner
    path = path_of(node)
    return path[-1] if len(path) > 1 else None


def _is_filter(literal: Node, script: ScriptSubject) -> bool:
    return (
        bool(script.shared(Modules).named("mongodb"))
        and literal.parent is not None
        and literal.parent.type == "arguments"
    )


RULE = Rule(
    id="delete-id-mismatch",
    severity=Severity.WARNING,
    title="delete looks for the id that login and get_user return.",
    why="delete gets the user_id of the profile, without `auth0|`. Compared with another field, another type or with "
    "its prefix still on, it finds nobody, and the user stays in the store.",
    source="Auth0 docs, Delete template",
    bad=(
        connection_example(
            {
                "login": "check(identifier, password, (e, user) => callback(e, { user_id: user._id.toString() }));\n"
                "return callback(null, { user_id: row._id.toString() });",
                "delete": "const { MongoClient } = require('mongodb@6.12.0');\n"
                "users.deleteOne({ _id: id }).then(() => callback(null));",
            },
        ),
        connection_example(
            {
                "get_user": "return callback(null, { user_id: `shop|${row.id}` });",
                "delete": "remove({ key: id }, callback);",
            },
        ),
    ),
    good=(
        connection_example(
            {
                "login": "return callback(null, { user_id: row._id.toString() });",
                "delete": "const { ObjectId } = require('mongodb@6.12.0');\n"
                "users.deleteOne({ _id: new ObjectId(id) });\ncallback(null);",
            },
        ),
        connection_example(
            {
                "get_user": "return callback(null, { user_id: `shop|${row.id}` });",
                "delete": "remove({ key: id.replace('shop|', '') }, callback);",
            },
        ),
    ),
    connection=check,
)
