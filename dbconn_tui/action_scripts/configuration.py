"""Which keys of the platform's `configuration` a script reads (reference rules.md `configuration-undefined`).

Followed: `configuration.KEY`, `configuration['KEY']`, destructuring, aliases (`const c = configuration`)
and names that shadow it. Everything else that can be done with the object counts as dynamic access:
after it, nobody can say which keys are read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from dbconn_tui.action_scripts.positions import Lines, Span
from dbconn_tui.action_scripts.scopes import Binding, Scopes
from dbconn_tui.action_scripts.tree import Node

CONFIGURATION: Final = "configuration"


class ReadUse(StrEnum):
    """What the script does when the key is not there."""

    REQUIRED = "required"
    """It uses the value as it comes."""
    TESTED = "tested"
    """It looks whether there is a value, e.g. `if (configuration.X)`, `configuration.X === 'on'`."""
    DEFAULT = "default"
    """It has a value of its own, e.g. `configuration.X || 'y'`, `const { X = 'y' } = configuration`."""


@dataclass(frozen=True, slots=True)
class ConfigurationRead:
    """One read of one key; `span` covers the access or the destructured name."""

    key: str
    span: Span
    use: ReadUse

    @property
    def optional(self) -> bool:
        """Whether the script has a default for it."""
        return self.use is ReadUse.DEFAULT


@dataclass(frozen=True, slots=True)
class ConfigurationUse:
    """All that a script does with `configuration`. `dynamic` are the places where keys cannot be told."""

    reads: tuple[ConfigurationRead, ...] = ()
    written: frozenset[str] = frozenset()
    dynamic: tuple[Span, ...] = ()

    @property
    def keys(self) -> frozenset[str]:
        """Every key that is read."""
        return frozenset(read.key for read in self.reads)


def configuration_use(scopes: Scopes, lines: Lines) -> ConfigurationUse:
    """What the script of these scopes does with `configuration`; reads and places in text order."""
    search = _Search(scopes, lines)
    search.follow(scopes.free.get(CONFIGURATION, []))
    return ConfigurationUse(
        tuple(sorted(search.reads, key=lambda read: (read.span, read.key))),
        frozenset(search.written),
        tuple(sorted(search.dynamic)),
    )


_DEFAULTING: Final = frozenset({"||", "??"})
_COMPARING: Final = frozenset({"===", "!==", "==", "!="})
_CONDITIONS: Final = frozenset({"if_statement", "while_statement", "do_statement", "ternary_expression"})
_ACCESSES: Final = frozenset({"member_expression", "subscript_expression"})
_STRENGTH: Final = {ReadUse.REQUIRED: 0, ReadUse.TESTED: 1, ReadUse.DEFAULT: 2}


@dataclass(slots=True)
class _Search:
    scopes: Scopes
    lines: Lines
    reads: list[ConfigurationRead] = field(default_factory=list)
    written: set[str] = field(default_factory=set)
    dynamic: list[Span] = field(default_factory=list)
    followed: set[int] = field(default_factory=set)

    def follow(self, references: list[Node]) -> None:
        pending = list(references)
        while pending:
            reference = pending.pop()
            if reference.start not in self.followed:
                self.followed.add(reference.start)
                pending.extend(self._see(reference))

    def _see(self, reference: Node) -> list[Node]:
        """Record what happens to one reference; the references of the alias it makes, if it makes one."""
        value = _carrier(reference)
        parent = value.parent
        role = value.field_name
        if parent is not None and parent.type in _ACCESSES and role == "object":
            self._access(parent)
            return []
        if parent is None or parent.type == "expression_statement" or _is_test(value):
            return []
        if parent.type == "variable_declarator" and role == "value":
            return self._receive(parent.field("name"), value)
        if parent.type in ("assignment_expression", "assignment_pattern"):
            if role == "left":
                return []
            return self._receive(parent.field("left"), value)
        if parent.type == "binary_expression" and role == "right" and parent.has_keyword("in"):
            key = _literal(parent.field("left"))
            if key is not None:
                self._read(key, parent, ReadUse.TESTED)
                return []
        self.dynamic.append(self.lines.span(reference.start, reference.end))
        return []

    def _receive(self, pattern: Node | None, value: Node) -> list[Node]:
        if pattern is not None and pattern.type == "object_pattern":
            self._destructure(pattern)
            return []
        binding = self.scopes.binding(pattern) if pattern is not None and pattern.type == "identifier" else None
        if binding is not None:
            return binding.references
        self.dynamic.append(self.lines.span(value.start, value.end))
        return []

    def _destructure(self, pattern: Node) -> None:
        for part in pattern.named_children:
            name: Node | None = part
            use = ReadUse.REQUIRED
            if part.type == "rest_pattern":
                self.dynamic.append(self.lines.span(part.start, part.end))
                continue
            if part.type == "object_assignment_pattern":
                name, use = part.field("left"), ReadUse.DEFAULT
            key = name.text if name is not None else None
            if part.type == "pair_pattern":
                key = _property_name(part.field("key"))
                name = part.field("value")
                if name is not None and name.type == "assignment_pattern":
                    name, use = name.field("left"), ReadUse.DEFAULT
            if part.type == "comment":
                continue
            if key is None:
                self.dynamic.append(self.lines.span(part.start, part.end))
                continue
            binding = self.scopes.binding(name) if name is not None else None
            self._read(key, part, max(use, self._later_use(binding), key=_STRENGTH.__getitem__))

    def _access(self, access: Node) -> None:
        key = _literal(access.field("index"))
        member = access.field("property")
        if access.type == "member_expression" and member is not None:
            key = member.text
        if key is None:
            self.dynamic.append(self.lines.span(access.start, access.end))
            return
        outer = access.parent
        if outer is not None:
            if outer.type == "assignment_expression" and access.field_name == "left":
                self.written.add(key)
                return
            if outer.type == "unary_expression" and outer.has_keyword("delete"):
                self.written.add(key)
                return
            if outer.type in ("augmented_assignment_expression", "update_expression"):
                self.written.add(key)
        self._read(key, access, self._use_of(access))

    def _use_of(self, access: Node) -> ReadUse:
        if _has_default(access):
            return ReadUse.DEFAULT
        if _is_test(access):
            return ReadUse.TESTED
        value = _outermost_parentheses(access)
        parent = value.parent
        if parent is not None and parent.type == "variable_declarator" and value.field_name == "value":
            name = parent.field("name")
            if name is not None and name.type == "identifier":
                return self._later_use(self.scopes.binding(name))
        return ReadUse.REQUIRED

    def _later_use(self, binding: Binding | None) -> ReadUse:
        """How a variable that holds the value is used: with a default everywhere, tested somewhere, or neither."""
        if binding is None or not binding.references:
            return ReadUse.REQUIRED
        if all(_has_default(reference) for reference in binding.references):
            return ReadUse.DEFAULT
        if any(_has_default(reference) or _is_test(reference) for reference in binding.references):
            return ReadUse.TESTED
        return ReadUse.REQUIRED

    def _read(self, key: str, node: Node, use: ReadUse) -> None:
        self.reads.append(ConfigurationRead(key, self.lines.span(node.start, node.end), use))


def _outermost_parentheses(node: Node) -> Node:
    while node.parent is not None and node.parent.type == "parenthesized_expression":
        if node.parent.parent is not None and node.parent.parent.type in _CONDITIONS:
            break
        node = node.parent
    return node


def _carrier(reference: Node) -> Node:
    """The largest expression around a reference that still is the configuration: `(configuration || {})`."""
    value = _outermost_parentheses(reference)
    while (parent := value.parent) is not None and parent.type == "binary_expression":
        operator = parent.field("operator")
        if operator is None or operator.type not in _DEFAULTING or value.field_name != "left":
            break
        value = _outermost_parentheses(parent)
    return value


def _surroundings(node: Node) -> tuple[Node | None, str, str]:
    """What stands around a node, seen through parentheses; the node's role there; and the operator there."""
    inner, outer = node, node.parent
    while outer is not None and outer.type == "parenthesized_expression":
        inner, outer = outer, outer.parent
    role = inner.field_name
    operator = outer.field("operator") if outer is not None else None
    return outer, role, operator.type if operator is not None else ""


def _has_default(node: Node) -> bool:
    """Whether `node` stands left of `||`, `??`, `||=` or `??=`."""
    _, role, operator = _surroundings(node)
    return role == "left" and operator.removesuffix("=") in _DEFAULTING


def _is_test(node: Node) -> bool:
    """Whether the program only looks whether, or which, value `node` has."""
    outer, role, operator = _surroundings(node)
    while outer is not None and operator == "&&" and role == "right":
        outer, role, operator = _surroundings(outer)
    if outer is None:
        return False
    if role == "condition":
        return outer.type in _CONDITIONS
    if outer.type == "unary_expression":
        return operator in ("!", "typeof")
    if outer.type == "binary_expression":
        return (
            operator in _COMPARING
            or (operator == "&&" and role == "left")
            or (operator in _DEFAULTING and role == "right")
        )
    return outer.type == "member_expression" and role == "object" and outer.field("optional_chain") is not None


def _property_name(key: Node | None) -> str | None:
    if key is None:
        return None
    if key.type == "computed_property_name":
        return _literal(key.named_children[0]) if len(key.named_children) == 1 else None
    return _literal(key) if key.type == "string" else key.text


def _literal(node: Node | None) -> str | None:
    """The text of a string literal without escapes or substitutions; None for anything else."""
    if node is None:
        return None
    node = node.without_parentheses()
    is_plain = node.type == "string" or (
        node.type == "template_string" and not any(child.type == "template_substitution" for child in node.children)
    )
    return node.text[1:-1] if is_plain and "\\" not in node.text else None
