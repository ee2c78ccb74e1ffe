"""Analyses of a whole connection: who identifies users, which scripts do nothing, by what they look users up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from dbconn_tui.lint.callback_calls import callback_calls
from dbconn_tui.lint.databases import databases
from dbconn_tui.lint.expressions import is_nothing, properties
from dbconn_tui.lint.inputs import Inputs, Role
from dbconn_tui.lint.subject import ConnectionSubject, ScriptSubject

IDENTIFIERS: Final = ("email", "username", "phone_number")


def active_identifiers(subject: ConnectionSubject) -> frozenset[str]:
    """What users of the connection can log in with, as far as the files say; e-mail when they say nothing."""
    attributes = option(subject, "attributes")
    if isinstance(attributes, Mapping):
        return frozenset(name for name in IDENTIFIERS if deep(attributes, name, "identifier", "active") is True)
    return frozenset({"email", "username"} if option(subject, "requires_username") is True else {"email"})


def option(subject: ConnectionSubject, *path: str) -> Any:
    """An option that the files give, by its path; None when they do not."""
    return deep(subject.connection.options, *path)


def deep(value: Any, *path: str) -> Any:
    """A value inside nested maps; None when it is not there."""
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def whole_script(subject: ConnectionSubject, kind: str) -> ScriptSubject | None:
    """A script of the connection that has no syntax error."""
    script = subject.scripts.get(kind)
    return script if script is not None and script.is_whole else None


def does_nothing(script: ScriptSubject) -> bool:
    """Whether a script only calls back, without an error and without a result."""
    function = script.parsed.function
    body = function.node.field("body") if function is not None else None
    calls = script.shared(callback_calls)
    if body is None or len(calls) != 1 or not (calls[0].succeeds and is_nothing(calls[0].result)):
        return False
    if body.type != "statement_block":
        return body is calls[0].node
    statements = [child for child in body.named_children if child.type != "comment"]
    return len(statements) == 1 and statements[0].named_children[:1] == [calls[0].node]


def lookup_columns(script: ScriptSubject) -> frozenset[str]:
    """The columns or fields, lower case, that a script compares its identifier with; empty when nobody can tell."""
    found: set[str] = set()
    for statement in script.shared(databases).sql:
        if statement.verb in ("select", "update"):
            found.update(statement.columns)
    inputs = script.shared(Inputs)
    for call in script.shared(databases).statements:
        if call.sql is None and call.method in ("find", "findOne", "updateOne", "findOneAndUpdate") and call.arguments:
            first = call.arguments[0]
            if first.type == "object":
                found.update(
                    name.lower()
                    for name, value in properties(first).values.items()
                    if Role.IDENTIFIER in inputs.roles(value)
                )
    return frozenset(
        found & {"email", "mail", "email_address", "username", "user_name", "login", "phone", "phone_number"}
    )
