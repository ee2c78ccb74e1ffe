"""Scopes: which declaration each name in a script means.

`var` and parameters belong to their function, everything else to its block. What is declared
nowhere in the script (`configuration`, `require`, a misspelt name) is free.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from dbconn_tui.action_scripts.tree import FUNCTIONS, Node

_BLOCKS: Final = frozenset(
    {
        "statement_block",
        "for_statement",
        "for_in_statement",
        "catch_clause",
        "switch_body",
        "class_static_block",
        "class",
    },
)
_NAMED_DECLARATIONS: Final = {
    "function_declaration": "function",
    "generator_function_declaration": "function",
    "class_declaration": "class",
}
_NAMED_EXPRESSIONS: Final = frozenset({"function_expression", "generator_function", "class"})
_REFERENCES: Final = frozenset(
    {"identifier", "shorthand_property_identifier", "shorthand_property_identifier_pattern"},
)
_VARIABLES: Final = frozenset({"lexical_declaration", "variable_declaration"})
_IMPORTS: Final = frozenset({"import_clause", "namespace_import", "import_specifier"})
_DECLARING: Final = FUNCTIONS | _BLOCKS | _NAMED_DECLARATIONS.keys() | _VARIABLES | _IMPORTS


@dataclass(slots=True, eq=False)
class Binding:
    """One declared name. `kind` is parameter, var, let, const, function, class, catch, import or name.

    `declarator` is the node that gives it its first value: a variable_declarator, a function or
    class declaration; None for parameters and the like. `references` are all uses, writes included.
    """

    name: str
    kind: str
    node: Node
    declarator: Node | None = None
    references: list[Node] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class _Scope:
    outer: _Scope | None
    function: _Scope | None
    names: dict[str, Binding] = field(default_factory=dict)

    def find(self, name: str) -> Binding | None:
        scope: _Scope | None = self
        while scope is not None:
            found = scope.names.get(name)
            if found is not None:
                return found
            scope = scope.outer
        return None


class Scopes:
    """The bindings of one tree. `free` holds the uses of undeclared names, by name, in text order."""

    __slots__ = ("_bindings", "free")

    def __init__(self, root: Node) -> None:
        self._bindings: dict[int, Binding] = {}
        self.free: dict[str, list[Node]] = {}
        uses: list[tuple[Node, _Scope]] = []
        declared: set[int] = set()
        top = _Scope(None, None)
        pending: list[tuple[Node, _Scope]] = [(root, top)]
        while pending:
            node, scope = pending.pop()
            inner = self._enter(node, scope, declared) if node.type in _DECLARING else scope
            for child in node.children:
                if child.children:
                    pending.append((child, inner))
                elif child.type in _REFERENCES:
                    uses.append((child, inner))
        uses.sort(key=lambda use: use[0].start)
        for node, scope in uses:
            if node.start in declared:
                continue
            binding = scope.find(node.text)
            if binding is None:
                self.free.setdefault(node.text, []).append(node)
            else:
                self._bindings[node.start] = binding
                binding.references.append(node)

    def binding(self, identifier: Node) -> Binding | None:
        """The declaration an identifier belongs to (also its own); None for a free name."""
        return self._bindings.get(identifier.start)

    def _enter(self, node: Node, scope: _Scope, declared: set[int]) -> _Scope:
        """Declare what `node` declares; the scope of its children."""

        def declare(identifier: Node, into: _Scope, kind: str, declarator: Node | None = None) -> None:
            known = into.names.get(identifier.text)
            if known is None:
                known = into.names[identifier.text] = Binding(identifier.text, kind, identifier, declarator)
            declared.add(identifier.start)
            self._bindings[identifier.start] = known

        type = node.type
        name = node.field("name")
        if type in _NAMED_DECLARATIONS and name is not None:
            declare(name, scope, _NAMED_DECLARATIONS[type], node)
        inner = scope
        if type in FUNCTIONS:
            inner = _Scope(scope, None)
            for parameter in parameters_of(node):
                for identifier in pattern_names(parameter):
                    declare(identifier, inner, "parameter")
        elif type in _BLOCKS and not (type == "statement_block" and _is_function_body(node)):
            inner = _Scope(scope, scope.function or scope)
        if type in _NAMED_EXPRESSIONS and name is not None:
            declare(name, inner, "name", node)
        if type in _VARIABLES:
            kind = node.children[0].type if node.children else "var"
            into = scope if kind != "var" else scope.function or scope
            for declarator in node.named_children:
                for identifier in pattern_names(declarator.field("name")):
                    declare(identifier, into, kind, declarator)
        elif type == "for_in_statement" and (keyword := node.field("kind")) is not None:
            into = inner if keyword.type != "var" else scope.function or scope
            for identifier in pattern_names(node.field("left")):
                declare(identifier, into, keyword.type)
        elif type == "catch_clause":
            for identifier in pattern_names(node.field("parameter")):
                declare(identifier, inner, "catch")
        elif type in _IMPORTS:
            named = node.field("alias") or name
            for identifier in [named] if named else [child for child in node.children if child.type == "identifier"]:
                declare(identifier, scope, "import")
        return inner


def parameters_of(function: Node) -> list[Node]:
    """The parameter patterns of a function node, in order; comments left out."""
    alone = function.field("parameter")
    if alone is not None:
        return [alone]
    formal = function.field("parameters")
    return [child for child in formal.named_children if child.type != "comment"] if formal is not None else []


def pattern_names(pattern: Node | None) -> Iterator[Node]:
    """The identifiers that a binding pattern declares; default values are not looked into."""
    pending = [pattern] if pattern is not None else []
    while pending:
        node = pending.pop()
        if node.type in ("identifier", "shorthand_property_identifier_pattern"):
            yield node
        elif node.type in ("assignment_pattern", "object_assignment_pattern"):
            pending.extend(child for child in [node.field("left")] if child is not None)
        elif node.type == "pair_pattern":
            pending.extend(child for child in [node.field("value")] if child is not None)
        elif node.type in ("object_pattern", "array_pattern", "rest_pattern"):
            pending.extend(reversed(node.named_children))


def _is_function_body(block: Node) -> bool:
    return block.parent is not None and block.parent.type in FUNCTIONS
