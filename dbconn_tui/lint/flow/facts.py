"""Facts: what something known is filed under, and what names and conditions say by their shape alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dbconn_tui.action_scripts.scopes import Binding, Scopes
from dbconn_tui.action_scripts.tree import FUNCTIONS, Node
from dbconn_tui.lint.flow.paths import Fact
from dbconn_tui.lint.flow.tables import CLEARING, EVENT_METHODS

LOOPS: Final = frozenset({"for_statement", "for_in_statement", "while_statement", "do_statement"})
CALLS: Final = frozenset({"call_expression", "new_expression"})


def fact_of(node: Node, scopes: Scopes) -> Fact | None:
    """What a fact about this expression is filed under: a binding, a name, or one with a path of members."""
    node = node.without_parentheses()
    path = ""
    while node.type in ("member_expression", "subscript_expression"):
        inner = node.field("property") or node.field("index")
        outer = node.field("object")
        if inner is None or outer is None or (node.type == "subscript_expression" and inner.type != "number"):
            return None
        path = f".{inner.text}{path}"
        node = outer.without_parentheses()
    if node.type not in ("identifier", "this", "shorthand_property_identifier"):
        return None
    root: Fact = scopes.binding(node) or node.text
    return (root, path) if path else root


def root_of(fact: Fact) -> Fact:
    """The binding or name that a fact is about."""
    return fact[0] if isinstance(fact, tuple) else fact


def tested_terms(condition: Node | None) -> Iterator[Node]:
    """The expressions whose truth or value a condition depends on."""
    pending = [condition] if condition is not None else []
    while pending:
        node = pending.pop().without_parentheses()
        if node.type in ("binary_expression", "unary_expression", "sequence_expression"):
            pending.extend(child for child in node.named_children if child.type != "comment")
        elif node.type == "ternary_expression" or node.type == "update_expression":
            pending.extend(node.named_children)
        elif node.type in ("identifier", "member_expression", "subscript_expression"):
            yield node


def function_around(node: Node) -> Node | None:
    """The innermost function that a node is inside of; a function is not inside itself."""
    around = node.parent
    while around is not None and around.type not in FUNCTIONS:
        around = around.parent
    return around


def is_loop_variable(binding: Binding) -> bool:
    return binding.node.parent is not None and binding.node.parent.type == "for_in_statement"


def asks_who(reference: Node) -> bool:
    """Whether a use of a name asks which promise, emitter or timer it is."""
    parent = reference.parent
    if parent is None:
        return False
    if parent.type == "member_expression" and reference.field_name == "object":
        name = parent.field("property")
        return name is not None and (name.text in EVENT_METHODS or name.text in ("then", "catch", "finally"))
    if parent.type == "arguments" and (call := parent.parent) is not None:
        callee = call.field("function")
        return callee is not None and callee.text in CLEARING
    return parent.type in ("await_expression", "array")


def is_flag(fact: Fact) -> bool:
    """Whether a variable starts with a literal."""
    declarator = fact.declarator if isinstance(fact, Binding) else None
    value = declarator.field("value") if declarator is not None else None
    return value is not None and value.type in ("true", "false", "null", "number", "string", "undefined")
