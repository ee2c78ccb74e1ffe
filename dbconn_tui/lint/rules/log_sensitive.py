"""`log-sensitive`: nothing personal and nothing secret is logged."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import Nodes, arguments, callee, path_of
from dbconn_tui.lint.inputs import Inputs, Role
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Certainty, Severity

_NAMES: Final = frozenset(
    {
        *("profile", "userProfile", "rows", "row", "record", "body", "token", "accessToken", "access_token", "idToken"),
        *("refreshToken", "secret", "credentials", "passwordHash", "hashedPassword", "configuration"),
    },
)
_PROPERTIES: Final = frozenset({"rows", "body", "data", "access_token", "token", "recordset"})
_ERRORS: Final = re.compile(r"\A(?:e|er|err|error|ex|exception|failure)\Z|Err(?:or)?\Z")


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a console call: certain for arguments of the script, possible by name and for error objects."""
    if "console" not in subject.text:
        return
    inputs = subject.shared(Inputs)
    for call in subject.shared(Nodes).of("call_expression"):
        path = path_of(callee(call))
        if len(path) != 2 or path[0] != "console":
            continue
        whole = [part for given in arguments(call) for part in _logged(given)]
        built = [given for given in arguments(call) if given.type in ("template_string", "binary_expression")]
        found = next((one for one in whole if inputs.sources(one)), None) or next(
            (one for one in built if inputs.roles(one) - {Role.USER}), None
        )
        if found is not None:
            what = "the password" if Role.PASSWORD in inputs.roles(found) else "what the user typed"
            yield _found(subject, call, f"{what} is logged")
            continue
        named = next((one for one in whole if _holds_personal_data(one)), None)
        if named is not None:
            yield _found(
                subject, call, f"`{named.text}` is logged, which can hold personal data or secrets", Certainty.POSSIBLE
            )
        elif any(one.type == "identifier" and _ERRORS.search(one.text) for one in whole):
            yield Finding(
                "a whole error object is logged; some hold the request with the password",
                subject.parsed.span(call),
                "Log a text of your own, or `error.message`.",
                severity=Severity.WARNING,
                certainty=Certainty.POSSIBLE,
                pedantic=path[1] in ("error", "warn"),
            )


def _logged(node: Node) -> list[Node]:
    """The values that a console argument shows whole: itself, or what JSON.stringify gets."""
    node = node.without_parentheses()
    if node.type == "call_expression" and path_of(callee(node)) == ("JSON", "stringify"):
        return arguments(node)[:1]
    return [] if node.type in ("template_string", "binary_expression", "string") else [node]


def _holds_personal_data(node: Node) -> bool:
    path = path_of(node)
    if not path:
        return False
    return path[-1] in _NAMES if len(path) == 1 else path[-1] in _PROPERTIES


def _found(subject: ScriptSubject, call: Node, message: str, certainty: Certainty = Certainty.CERTAIN) -> Finding:
    return Finding(
        message, subject.parsed.span(call), "Log what happened, not whom or what it was about.", certainty=certainty
    )


RULE = Rule(
    id="log-sensitive",
    severity=Severity.ERROR,
    title="Nothing personal and nothing secret is logged.",
    why="Logs are read by more people and kept longer than anything else. A password in a log is a password lost.",
    source="Auth0 docs, Action coding guidelines (never log sensitive data); Pre-launch tips",
    bad=(
        example("login", "console.log('login of', identifier);\nreturn callback(null);"),
        example("create", "console.log(JSON.stringify(user));\nreturn callback(null);"),
        example("login", "console.error(`no ${password}`);\nreturn callback(null);"),
        example("get_user", "query((err, rows) => {\n  console.log(rows);\n});"),
    ),
    good=(
        example("login", "console.error('login: the store answered ' + response.status);\nreturn callback(null);"),
        example("create", "console.log('created ' + user);\nreturn callback(null);"),
        example("login", "console.error('failed', error.code);\nreturn callback(null);"),
    ),
    script=check,
)
