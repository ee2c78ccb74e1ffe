"""Analysis: texts that the script builds by `+`, templates and `join`, as constant parts and holes between them."""

from __future__ import annotations

from dataclasses import dataclass

from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.expressions import (
    Nodes,
    added,
    arguments,
    is_assigned,
    method_of,
    operator,
    outside_parentheses,
    receiver_of,
    text_value,
    unescaped,
)
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.lint.variables import Variables

HOLE = "\x00"
"""Stands for one hole in `Text.shape`; no literal of a script holds it."""
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Text:
    """A built text: constant strings and, where something is put in, the expression."""

    node: Node
    parts: tuple[str | Node, ...]

    @property
    def holes(self) -> tuple[Node, ...]:
        """The expressions put in, in order."""
        return tuple(part for part in self.parts if isinstance(part, Node))

    @property
    def shape(self) -> str:
        """The text with HOLE for each hole."""
        return "".join(part if isinstance(part, str) else HOLE for part in self.parts)

    @property
    def constant(self) -> str:
        """The constant parts alone."""
        return "".join(part for part in self.parts if isinstance(part, str))


class Texts:
    """The texts of one script."""

    __slots__ = ("_variables", "built")

    def __init__(self, subject: ScriptSubject) -> None:
        self._variables = subject.shared(Variables)
        self.built = tuple(
            self.read(node)
            for node in subject.shared(Nodes).of("template_string", "binary_expression")
            if _is_outermost(node)
        )
        """The texts that the script puts together, each at its outermost expression."""

    def read(self, node: Node) -> Text:
        """How an expression's text is made; one that is no text is a single hole."""
        return Text(node, tuple(_joined(self._parts(node, _DEEPEST))))

    def _parts(self, node: Node, depth: int) -> list[str | Node]:
        node = node.without_parentheses()
        plain = text_value(node)
        if plain is not None:
            return [plain]
        if depth == 0:
            return [node]
        if node.type == "template_string":
            return self._template(node, depth)
        if node.type == "binary_expression" and operator(node) == "+":
            return [part for operand in added(node) for part in self._parts(operand, depth - 1)]
        if node.type == "call_expression" and method_of(node) in ("join", "concat"):
            built = self._joined_array(node, depth)
            if built is not None:
                return built
        if node.type in ("identifier", "shorthand_property_identifier"):
            built = self._variable(node, depth)
            if built is not None:
                return built
        return [node]

    def _template(self, node: Node, depth: int) -> list[str | Node]:
        parts: list[str | Node] = []
        for child in node.children:
            if child.type == "template_substitution":
                inside = [part for part in child.named_children if part.type != "comment"]
                parts += self._parts(inside[0], depth - 1) if len(inside) == 1 else [child]
            else:
                parts.append(unescaped(child.text))
        return parts

    def _joined_array(self, call: Node, depth: int) -> list[str | Node] | None:
        receiver = receiver_of(call)
        if receiver is None:
            return None
        if method_of(call) == "concat":
            if text_value(receiver) is None:
                return None
            return [part for piece in (receiver, *arguments(call)) for part in self._parts(piece, depth - 1)]
        array = self._variables.resolve(receiver)
        given = arguments(call)
        between = text_value(given[0]) if given else ","
        if array.type != "array" or between is None:
            return None
        parts: list[str | Node] = []
        for number, piece in enumerate(array.named_children):
            if number:
                parts.append(between)
            parts += self._parts(piece, depth - 1)
        return parts

    def _variable(self, node: Node, depth: int) -> list[str | Node] | None:
        """A variable's text: its only value, with what `+=` adds in the order of the script."""
        binding = self._variables.binding(node)
        if binding is None or binding.kind not in ("const", "let", "var"):
            return None
        first = binding.declarator.field("value") if binding.declarator is not None else None
        name = binding.declarator.field("name") if binding.declarator is not None else None
        if first is None or name is None or name.type != "identifier":
            return None
        parts = self._parts(first, depth - 1)
        if not any(isinstance(part, str) for part in parts):
            return None
        for reference in binding.references:
            outer = reference.parent
            if outer is None or not is_assigned(reference):
                continue
            right = outer.field("right")
            if right is None or outer.type != "augmented_assignment_expression" or operator(outer) != "+=":
                return None
            parts += self._parts(right, depth - 1)
        return parts


def _is_outermost(node: Node) -> bool:
    """Whether a template or `+` chain is no part of a larger one, and no tagged template, whose tag sees the parts."""
    outer = outside_parentheses(node)
    if node.type == "binary_expression" and operator(node) != "+":
        return False
    if outer is None or (outer.type == "call_expression" and node.field_name == "arguments"):
        return False
    return outer.type != "binary_expression" or operator(outer) != "+"


def _joined(parts: list[str | Node]) -> list[str | Node]:
    """The same parts with neighbouring strings made one."""
    joined: list[str | Node] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        else:
            joined.append(part)
    return joined
