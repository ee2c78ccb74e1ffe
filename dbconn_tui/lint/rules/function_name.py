"""`function-name`: the script's function has the recommended name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from dbconn_tui.lint.rule import Example, Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity

TEMPLATE_NAMES: Final[Mapping[str, frozenset[str]]] = {
    "login": frozenset({"loginByEmail", "loginAsync"}),
    "get_user": frozenset({"getByEmail", "getUserAsync", "loginByEmail"}),
    "delete": frozenset({"remove"}),
}
"""Kind → names that the platform's own templates use (rules.md `function-name`); only `strict` minds them."""


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding at a name that is not the recommended one of the script's kind."""
    function = subject.parsed.function
    kind = subject.known_kind
    if function is None or kind is None or function.name is None or function.name == kind.function:
        return
    yield Finding(
        f"the function of {kind.name} is named `{function.name}`; the usual name is `{kind.function}`",
        function.name_span,
        f"Rename it to `{kind.function}`.",
        pedantic=function.name in TEMPLATE_NAMES.get(kind.name, ()),
    )


RULE = Rule(
    id="function-name",
    severity=Severity.INFO,
    title="The script's function has the recommended name of its kind.",
    why="One name for one kind makes log lines and stack traces readable across connections. "
    "(`delete` is a reserved word, hence `deleteUser`.)",
    source="Auth0 docs, the template page of each script",
    bad=(
        Example({"create": "function addUser(user, callback) {\n  return callback(null);\n}\n"}),
        Example({"delete": "function remove(id, callback) {\n  return callback(null);\n}\n"}, preset="strict"),
    ),
    good=(
        Example({"delete": "function deleteUser(id, callback) {\n  return callback(null);\n}\n"}),
        Example({"get_user": "function getByEmail(email, callback) {\n  return callback(null);\n}\n"}),
    ),
    script=check,
)
