"""`function-name`: the script's function has the recommended name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from dbconn_tui.action_scripts.kinds import KINDS
from dbconn_tui.action_scripts.source import ScriptFunction
from dbconn_tui.lint.edits import Edit
from dbconn_tui.lint.expressions import Nodes
from dbconn_tui.lint.rule import Example, Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity

TEMPLATE_NAMES: Final[Mapping[str, frozenset[str]]] = {
    "login": frozenset({"loginByEmail", "loginAsync"}),
    "get_user": frozenset({"getByEmail", "getUserAsync", "loginByEmail"}),
    "delete": frozenset({"remove"}),
}
"""Kind → names that the platform's own templates use (rules.md `function-name`); only `strict` minds them."""

_FUNCTIONS: Final = frozenset(kind.function for kind in KINDS if kind.documented)


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding at a name that is not the recommended one of the script's kind."""
    function = subject.parsed.function
    kind = subject.known_kind
    if function is None or kind is None or function.name is None or function.name == kind.function:
        return
    if function.name in _FUNCTIONS and function.name not in TEMPLATE_NAMES.get(kind.name, ()):
        return  # `script-kind-mismatch` speaks of it
    yield Finding(
        f"the function of {kind.name} is named `{function.name}`; the usual name is `{kind.function}`",
        function.name_span,
        f"Rename it to `{kind.function}`.",
        pedantic=function.name in TEMPLATE_NAMES.get(kind.name, ()),
        edits=_renamed(subject, function, kind.function),
    )


def _renamed(subject: ScriptSubject, function: ScriptFunction, name: str) -> tuple[Edit, ...]:
    """The new name at the declaration and at every use; () where something else has that name already."""
    nodes = subject.shared(Nodes)
    names = nodes.of("identifier", "shorthand_property_identifier", "shorthand_property_identifier_pattern")
    declared = function.node.field("name")
    binding = subject.parsed.scopes.binding(declared) if declared is not None else None
    if binding is None or declared is None or any(node.text == name for node in names):
        return ()
    if any(reference.type != "identifier" for reference in binding.references):
        return ()
    return tuple(Edit(node.start, node.end, name) for node in (declared, *binding.references))


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
