"""Reading expressions of the syntax tree: calls, names, literals, objects; and the nodes of a script by type."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from dbconn_tui.action_scripts.tree import FUNCTIONS, Node
from dbconn_tui.lint.subject import ScriptSubject

ACCESSES: Final = frozenset({"member_expression", "subscript_expression"})
CALLS: Final = frozenset({"call_expression", "new_expression"})
LOOPS: Final = frozenset({"for_statement", "for_in_statement", "while_statement", "do_statement"})
_AROUND_TEXT: Final = frozenset({"binary_expression", "parenthesized_expression", "template_substitution"})
_REPEATING: Final = frozenset({"forEach", "map", "filter", "reduce", "some", "every", "flatMap"})
_COMMENTS: Final = frozenset({"comment", "html_comment"})
_TESTS: Final = frozenset({"if_statement", "while_statement", "do_statement", "ternary_expression", "for_statement"})
_ESCAPE: Final = re.compile(r"\\(?:u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([\s\S]))")
_SHORT: Final[Mapping[str, str]] = {
    "n": "\n",
    "t": "\t",
    "r": "\r",
    "b": "\b",
    "f": "\f",
    "v": "\v",
    "0": "\0",
    "\n": "",
}


class Nodes:
    """The nodes of a script by their type, each list in the order of the text."""

    __slots__ = ("_by_type", "_by_types")

    def __init__(self, subject: ScriptSubject) -> None:
        self._by_type: dict[str, list[Node]] = {}
        self._by_types: dict[tuple[str, ...], list[Node]] = {}
        by_type = self._by_type
        pending = [subject.parsed.root]
        while pending:
            node = pending.pop()
            if node.named:
                if node.type in by_type:
                    by_type[node.type].append(node)
                else:
                    by_type[node.type] = [node]
            if node.children:
                pending.extend(reversed(node.children))

    def of(self, *types: str) -> list[Node]:
        """All nodes of these types, in the order of the text. Not to be changed."""
        if len(types) == 1:
            return self._by_type.get(types[0], [])
        known = self._by_types.get(types)
        if known is None:
            found = [node for type in types for node in self._by_type.get(type, ())]
            known = self._by_types[types] = sorted(found, key=lambda node: node.start)
        return known


def text_value(node: Node | None) -> str | None:
    """The value of a string literal, or of a template without substitutions; None for anything else."""
    if node is None:
        return None
    node = node.without_parentheses()
    if node.type == "string" or (
        node.type == "template_string" and not any(child.type == "template_substitution" for child in node.children)
    ):
        return unescaped(node.text[1:-1])
    return None


def unescaped(text: str) -> str:
    """The text that a string literal's inside stands for."""
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def _character(escape: re.Match[str]) -> str:
    code = escape[1] or escape[2] or escape[3]
    if code is None:
        return _SHORT.get(escape[4], escape[4])
    return chr(min(int(code[:8], 16), 0x10FFFF))


def number_value(node: Node | None, factors: int = 4) -> float | None:
    """The value of a number literal, also of `10 * 1000` with at most so many factors; None for anything else."""
    if node is None:
        return None
    node = node.without_parentheses()
    if node.type == "binary_expression" and operator(node) == "*" and factors > 1:
        left, right = number_value(node.field("left"), factors - 1), number_value(node.field("right"), 1)
        return left * right if left is not None and right is not None else None
    if node.type != "number":
        return None
    text = node.text.replace("_", "").lower()
    try:
        return float(int(text, 0)) if text[:2] in ("0x", "0b", "0o") else float(text)
    except ValueError:
        return None


def is_nothing(node: Node | None) -> bool:
    """Whether an expression is `null`, `undefined`, or not there."""
    return node is None or node.without_parentheses().type in ("null", "undefined")


def operator(node: Node) -> str:
    """The operator of a binary, unary or assignment expression; "" when there is none."""
    found = node.field("operator")
    return found.type if found is not None else ""


def added(node: Node) -> list[Node]:
    """The operands of a chain of `+`, in order; the expression alone when it is none."""
    operands: list[Node] = []
    pending = [node]
    while pending:
        one = pending.pop().without_parentheses()
        left, right = one.field("left"), one.field("right")
        if one.type == "binary_expression" and operator(one) == "+" and left is not None and right is not None:
            pending += [right, left]
        else:
            operands.append(one)
    return operands


def arguments(call: Node) -> list[Node]:
    """The arguments of a call or `new`, comments left out; none for a tagged template."""
    found = call.field("arguments")
    if found is None or found.type != "arguments":
        return []
    return [child for child in found.named_children if child.type not in _COMMENTS]


def argument(call: Node, index: int) -> Node | None:
    """The argument at `index`; None when the call has fewer."""
    given = arguments(call)
    return given[index] if index < len(given) else None


def callee(call: Node) -> Node | None:
    """What a call calls or `new` constructs."""
    found = call.field("function") or call.field("constructor")
    return found.without_parentheses() if found is not None else None


def property_of(access: Node) -> str | None:
    """The name after the dot, or a literal one in brackets."""
    member = access.field("property")
    return member.text if member is not None else text_value(access.field("index"))


def path_of(node: Node | None) -> tuple[str, ...]:
    """`a.b['c']` as ("a", "b", "c"); () for what is not a plain chain of names."""
    names: list[str] = []
    while node is not None:
        node = node.without_parentheses()
        if node.type in ACCESSES:
            name = property_of(node)
            if name is None:
                return ()
            names.append(name)
            node = node.field("object")
        elif node.type in ("identifier", "this", "shorthand_property_identifier"):
            return (node.text, *reversed(names))
        else:
            return ()
    return ()


def method_of(call: Node) -> str:
    """The last name of what is called: "end" for `a.b.end()`, "f" for `f()`; "" when it has none."""
    target = callee(call)
    if target is None:
        return ""
    if target.type in ACCESSES:
        return property_of(target) or ""
    return target.text if target.type == "identifier" else ""


def receiver_of(call: Node) -> Node | None:
    """What a method is called on: `a.b` for `a.b.end()`; None for a plain function."""
    target = callee(call)
    return target.field("object") if target is not None and target.type in ACCESSES else None


def outside_parentheses(node: Node) -> Node | None:
    """What an expression is part of, any parentheses around it left out."""
    outer = node.parent
    while outer is not None and outer.type == "parenthesized_expression":
        outer = outer.parent
    return outer


def without_await(node: Node) -> Node:
    """The expression inside parentheses and `await`."""
    node = node.without_parentheses()
    while node.type == "await_expression" and node.named_children:
        node = node.named_children[0].without_parentheses()
    return node


@dataclass(frozen=True, slots=True)
class Properties:
    """The properties of an object literal. `open`: spread or computed names may add others."""

    values: Mapping[str, Node]
    keys: Mapping[str, Node]
    spreads: tuple[Node, ...]
    open: bool


def properties(literal: Node) -> Properties:
    """The properties of an `object` node; a shorthand's value is its own identifier."""
    values: dict[str, Node] = {}
    keys: dict[str, Node] = {}
    spreads: list[Node] = []
    is_open = False
    for part in literal.named_children:
        if part.type == "pair":
            key, value = part.field("key"), part.field("value")
            name = property_name(key)
            if name is None or key is None or value is None:
                is_open = True
                continue
            values[name], keys[name] = value, key
        elif part.type == "shorthand_property_identifier":
            values[part.text] = keys[part.text] = part
        elif part.type == "method_definition":
            key = part.field("name")
            name = property_name(key)
            if name is None or key is None:
                is_open = True
                continue
            values[name], keys[name] = part, key
        elif part.type == "spread_element":
            is_open = True
            spreads += part.named_children[:1]
    return Properties(values, keys, tuple(spreads), is_open)


def property_name(key: Node | None) -> str | None:
    """The name that an object literal's key stands for; None when only a run can tell."""
    if key is None:
        return None
    if key.type == "computed_property_name":
        return text_value(key.named_children[0]) if len(key.named_children) == 1 else None
    return text_value(key) if key.type == "string" else key.text


def function_around(node: Node) -> Node | None:
    """The innermost function that holds a node."""
    return next((outer for outer in node.ancestors() if outer.type in FUNCTIONS), None)


def is_inside(node: Node, outer: Node) -> bool:
    """Whether `node` is `outer` or below it."""
    return outer.start <= node.start and node.end <= outer.end


def is_tested(node: Node) -> bool:
    """Whether the program looks whether, or which, value `node` has: a condition, `!x`, `x &&`, `x?.`, `typeof x`."""
    inner, outer = node, node.parent
    while outer is not None:
        if outer.type in ("parenthesized_expression", "binary_expression"):
            if (
                outer.type == "binary_expression"
                and inner.field_name == "left"
                and operator(outer) in ("&&", "||", "??")
            ):
                return True
        elif outer.type == "unary_expression":
            if operator(outer) in ("!", "typeof"):
                return True
        elif outer.type in ACCESSES:
            return inner.field_name == "object" and outer.field("optional_chain") is not None
        else:
            return outer.type in _TESTS and inner.field_name == "condition"
        inner, outer = outer, outer.parent
    return False


def is_written(node: Node) -> bool:
    """Whether `node` is the target of an assignment, `++`, `--` or `delete`."""
    outer = node.parent
    if outer is None:
        return False
    if outer.type in ("assignment_expression", "augmented_assignment_expression"):
        return node.field_name == "left"
    return outer.type == "update_expression" or (outer.type == "unary_expression" and operator(outer) == "delete")


def branches(node: Node) -> Iterator[Node]:
    """The expressions whose value `node` can have: both sides of `?:`, `||`, `??`; the right one of `&&` and `,`."""
    pending = [node]
    while pending:
        one = without_await(pending.pop())
        sides: list[Node | None] = []
        if one.type == "ternary_expression":
            sides = [one.field("consequence"), one.field("alternative")]
        elif one.type == "binary_expression" and operator(one) in ("||", "??"):
            sides = [one.field("left"), one.field("right")]
        elif one.type == "binary_expression" and operator(one) == "&&":
            sides = [one.field("right")]
        elif one.type == "sequence_expression":
            sides = [one.named_children[-1]]
        elif one.type == "assignment_expression":
            sides = [one.field("right")]
        if sides:
            pending.extend(side for side in reversed(sides) if side is not None)
        else:
            yield one


def is_message(node: Node) -> bool:
    """Whether a text is for people: an argument of an error class or of console."""
    outer = node.parent
    while outer is not None and outer.type in _AROUND_TEXT:
        outer = outer.parent
    call = outer.parent if outer is not None and outer.type == "arguments" else None
    path = path_of(callee(call)) if call is not None else ()
    return path[:1] == ("console",) or (bool(path) and path[-1].endswith("Error"))


def is_assigned(name: Node) -> bool:
    """Whether a name is given a value here, also by a pattern or a loop."""
    outer = name.parent
    if outer is None or is_written(name):
        return outer is not None
    if outer.type == "for_in_statement":
        return name.field_name == "left"
    return name.type == "shorthand_property_identifier_pattern" or outer.type == "array_pattern"


def is_in_loop(node: Node) -> bool:
    """Whether a node runs again and again: in a loop, or in a function handed to `forEach`, `map` and the like."""
    for outer in node.ancestors():
        if outer.type in LOOPS:
            return True
        if outer.type in FUNCTIONS:
            call = outer.parent.parent if outer.parent is not None and outer.parent.type == "arguments" else None
            if call is None or method_of(call) not in _REPEATING:
                return False
    return False
