"""Analysis: what a name stands for. Follows variables, helper functions and their arguments inside one script."""

from __future__ import annotations

from typing import Final

from dbconn_tui.action_scripts.scopes import Binding, parameters_of
from dbconn_tui.action_scripts.tree import FUNCTIONS, Node
from dbconn_tui.lint.expressions import arguments, branches, function_around, is_assigned, is_inside, without_await
from dbconn_tui.lint.subject import ScriptSubject

_DEEPEST: Final = 12
_NAMES: Final = frozenset({"identifier", "shorthand_property_identifier"})


class Variables:
    """Names of one script and the expressions they get."""

    __slots__ = ("_scopes", "_undeclared", "_values")

    def __init__(self, subject: ScriptSubject) -> None:
        self._scopes = subject.parsed.scopes
        self._values: dict[int, tuple[Node, ...] | None] = {}
        self._undeclared: dict[str, tuple[Node, ...] | None] = {}

    def binding(self, node: Node) -> Binding | None:
        """The declaration a name belongs to; None for a free name or what is no name."""
        return self._scopes.binding(node) if node.type in _NAMES or not node.children else None

    def values(self, node: Node) -> tuple[Node, ...] | None:
        """Every expression a name can have got; None when there are others nobody can follow.

        Parameters of the script's own helpers have the arguments of their calls.
        """
        binding = self.binding(node)
        if binding is None:
            if node.text not in self._undeclared:
                self._undeclared[node.text] = self._of_undeclared(node.text)
            return self._undeclared[node.text]
        key = binding.node.start
        if key not in self._values:
            self._values[key] = None  # what refers to itself cannot be followed
            self._values[key] = self._find(binding)
        return self._values[key]

    def resolve(self, node: Node) -> Node:
        """The expression behind a name that has exactly one value; else `node` itself, without `await` and `()`."""
        node = without_await(node)
        for _ in range(_DEEPEST):
            if node.type not in _NAMES:
                break
            values = self.values(node)
            if values is None or len(values) != 1:
                break
            node = without_await(values[0])
        return node

    def leaves(self, node: Node) -> list[Node]:
        """What an expression can come to: through names, `?:`, `||` and what the script's own functions return.

        A name or call that cannot be followed stands for itself.
        """
        found: list[Node] = []
        seen: set[int] = set()
        pending = [node]
        while pending and len(seen) < 200:
            for one in branches(pending.pop()):
                if one.start in seen and one.type in _NAMES:
                    continue
                seen.add(one.start)
                inner = self._behind(one)
                if inner is None:
                    found.append(one)
                else:
                    pending.extend(reversed(inner))
        return found

    def function(self, node: Node | None) -> Node | None:
        """The function that an expression is or names."""
        if node is None:
            return None
        node = node.without_parentheses()
        if node.type in FUNCTIONS:
            return node
        binding = self.binding(node) if node.type in _NAMES else None
        if binding is not None and binding.kind in ("function", "name"):
            return binding.declarator
        resolved = self.resolve(node)
        return resolved if resolved.type in FUNCTIONS else None

    def returned(self, function: Node) -> list[Node]:
        """The expressions that a function returns."""
        body = function.field("body")
        if body is None:
            return []
        if body.type != "statement_block":
            return [body]
        found = []
        pending = [body]
        while pending:
            node = pending.pop()
            if node.type == "return_statement":
                found += node.named_children[:1]
            elif node.type not in FUNCTIONS:
                pending.extend(reversed(node.children))
        return found

    def _behind(self, node: Node) -> tuple[Node, ...] | list[Node] | None:
        if node.type in _NAMES:
            values = self.values(node)
            return values if values else None
        if node.type == "call_expression":
            called = self.function(node.field("function"))
            if called is not None:
                return self.returned(called) or None
        return None

    def _of_undeclared(self, name: str) -> tuple[Node, ...] | None:
        """What the script gives to a name that it never declares; None when it gives it nothing."""
        values = []
        for reference in self._scopes.free.get(name, []):
            outer = reference.parent
            if outer is not None and is_assigned(reference):
                right = outer.field("right")
                if outer.type != "assignment_expression" or right is None:
                    return None
                values.append(right)
        return tuple(values) or None

    def _find(self, binding: Binding) -> tuple[Node, ...] | None:
        if binding.kind == "parameter":
            return self._arguments(binding)
        if binding.kind not in ("const", "let", "var") or binding.declarator is None:
            return None
        declarator = binding.declarator
        values = []
        name = declarator.field("name")
        if name is None or name.start != binding.node.start or name.type != "identifier":
            return None
        first = declarator.field("value")
        if first is not None:
            values.append(first)
        for reference in binding.references:
            outer = reference.parent
            if outer is None:
                continue
            if outer.type == "assignment_expression" and reference.field_name == "left":
                right = outer.field("right")
                if right is not None:
                    values.append(right)
            elif (
                outer.type
                in ("update_expression", "array_pattern", "object_pattern", "pair_pattern", "assignment_pattern")
                or (
                    outer.type in ("augmented_assignment_expression", "for_in_statement")
                    and reference.field_name == "left"
                )
                or reference.type == "shorthand_property_identifier_pattern"
            ):
                return None
        return tuple(values)

    def _arguments(self, binding: Binding) -> tuple[Node, ...] | None:
        """What the script passes for a parameter of one of its own functions that it only ever calls by name."""
        function = function_around(binding.node)
        if function is None:
            return None
        index = next(
            (n for n, parameter in enumerate(parameters_of(function)) if is_inside(binding.node, parameter)),
            None,
        )
        if index is None or parameters_of(function)[index].type != "identifier":
            return None
        named = self._named(function)
        if named is None or not named.references:
            return None
        values = []
        for reference in named.references:
            outer = reference.parent
            if outer is None or outer.type != "call_expression" or reference.field_name != "function":
                return None
            given = arguments(outer)
            if index < len(given):
                values.append(given[index])
        return tuple(values)

    def _named(self, function: Node) -> Binding | None:
        name = function.field("name")
        if function.type in ("function_declaration", "generator_function_declaration") and name is not None:
            return self._scopes.binding(name)
        outer = function.parent
        if outer is not None and outer.type == "variable_declarator":
            holder = outer.field("name")
            return self._scopes.binding(holder) if holder is not None and holder.type == "identifier" else None
        return None
