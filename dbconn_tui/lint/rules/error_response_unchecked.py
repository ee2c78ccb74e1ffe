"""`error-response-unchecked`: an error without an answer has no `response`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.edits import Edit
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import (
    ACCESSES,
    Nodes,
    arguments,
    function_around,
    is_tested,
    is_written,
    method_of,
    property_of,
)
from dbconn_tui.lint.modules import Modules
from dbconn_tui.lint.names_tested import plain
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.lint.variables import Variables
from dbconn_tui.problems import Certainty, Severity

_CLIENTS: Final = ("axios", "got", "superagent")


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a read through `error.response` in a handler that never looks whether it is there."""
    if ".response" not in subject.text:
        return
    certain = bool(subject.shared(Modules).named(*_CLIENTS))
    for access in subject.shared(Nodes).of(*ACCESSES):
        response = access.field("object")
        if response is None or property_of(access) == "response" or response.type != "member_expression":
            continue
        error = response.field("object")
        if property_of(response) != "response" or error is None or error.type != "identifier":
            continue
        if (
            access.field("optional_chain") is not None
            or not _is_caught_error(error, subject)
            or _is_guarded(response, subject)
        ):
            continue
        yield Finding(
            f"`{response.text}` is undefined when there was no answer (a timeout, no connection), so this throws again",
            subject.parsed.span(access),
            f"Write `{response.text}?.{property_of(access) or '…'}`.",
            certainty=Certainty.CERTAIN if certain else Certainty.POSSIBLE,
            edits=() if is_written(access) else (_optional(access, response, subject.text),),
        )


def _is_caught_error(name: Node, subject: ScriptSubject) -> bool:
    """Whether a name is what `catch`, `.catch(…)` or the second function of `.then(…)` gets."""
    binding = subject.shared(Variables).binding(name)
    if binding is None:
        return False
    if binding.kind == "catch":
        return True
    function = function_around(binding.node)
    call = (
        function.parent.parent
        if binding.kind == "parameter" and function is not None and function.parent is not None
        else None
    )
    if function is None or call is None or call.type != "call_expression":
        return False
    index = next((n for n, given in enumerate(arguments(call)) if given is function), None)
    return (method_of(call), index) in (("catch", 0), ("then", 1))


def _is_guarded(response: Node, subject: ScriptSubject) -> bool:
    """Whether the error's response, or the error as axios's, is tested in the same function."""
    home = function_around(response)
    return any(
        plain(node) == plain(response) and is_tested(node) and function_around(node) is home
        for node in subject.shared(Nodes).of("member_expression")
        if property_of(node) == "response"
    )


def _optional(access: Node, response: Node, text: str) -> Edit:
    if access.type == "member_expression":
        dot = text.index(".", response.end)
        return Edit(dot, dot, "?")
    bracket = text.index("[", response.end)
    return Edit(bracket, bracket, "?.")


RULE = Rule(
    id="error-response-unchecked",
    severity=Severity.ERROR,
    title="A handler looks whether an error has a response before it reads it.",
    why="HTTP clients set `error.response` only when the server answered. On a timeout, the very case a timeout is set "
    "for, reading its status throws inside the handler and the callback is never called.",
    source="dbconn, by running the published axios templates",
    bad=(
        example(
            "get_user",
            "const axios = require('axios@1.7.9');\n"
            "try {\n  await axios.get(configuration.URL);\n} catch (e) {\n"
            "  if (e.response.status === 404) return callback(null);\n  return callback(e);\n}",
            is_async=True,
        ),
        example("get_user", "load().catch((error) => callback(error.response.data));"),
    ),
    good=(
        example(
            "get_user",
            "try {\n  await load();\n} catch (e) {\n"
            "  if (e.response?.status === 404) return callback(null);\n  return callback(e);\n}",
            is_async=True,
        ),
        example("get_user", "load().catch((e) => callback(e.response && e.response.status === 404 ? null : e));"),
        example("login", "client.on('answer', (message) => callback(message.response.error));"),
    ),
    script=check,
)
