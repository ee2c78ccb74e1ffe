"""Analysis: where the script's own arguments flow — the identifier, the password, the new user, the id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from dbconn_tui.action_scripts.scopes import Binding, parameters_of
from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.expressions import (
    ACCESSES,
    added,
    arguments,
    branches,
    method_of,
    operator,
    path_of,
    properties,
    receiver_of,
)
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.lint.variables import Variables


class Role(StrEnum):
    """What an argument of the script holds."""

    IDENTIFIER = "identifier"
    """An e-mail address, user name or phone number."""
    PASSWORD = "password"
    USER = "user"
    """The whole `user` of create, with its plain password."""
    FIELD = "field"
    """Another field of it."""
    ID = "id"
    """The user_id that the platform hands to delete."""


PERSONAL: Final = frozenset({Role.IDENTIFIER, Role.PASSWORD, Role.USER})

_ROLES: Final[Mapping[str, Role]] = {
    "identifier": Role.IDENTIFIER,
    "email": Role.IDENTIFIER,
    "newEmail": Role.IDENTIFIER,
    "password": Role.PASSWORD,
    "newPassword": Role.PASSWORD,
    "user": Role.USER,
    "id": Role.ID,
}
"""Parameter name of `kinds.py` → role."""
_FIELDS: Final[Mapping[str, Role]] = {
    "email": Role.IDENTIFIER,
    "username": Role.IDENTIFIER,
    "phone_number": Role.IDENTIFIER,
    "password": Role.PASSWORD,
}
_KEEPING: Final = frozenset(
    {
        *("trim", "trimStart", "trimEnd", "toLowerCase", "toUpperCase", "toLocaleLowerCase", "toLocaleUpperCase"),
        *("toString", "valueOf", "normalize", "concat", "slice", "substring", "substr", "split", "padEnd", "padStart"),
    },
)
"""String methods whose result still is what they were called on."""
_CARRYING: Final = frozenset({("String",), ("JSON", "stringify"), ("Object", "assign")})
"""Functions whose result holds their arguments."""
_DEEPEST: Final = 12


@dataclass(frozen=True, slots=True)
class Source:
    """One place where an argument of the script enters an expression."""

    role: Role
    node: Node


class Inputs:
    """The arguments of one script and their uses."""

    __slots__ = ("_found", "_roles", "_variables", "callback", "context", "parameters")

    def __init__(self, subject: ScriptSubject) -> None:
        self._variables = subject.shared(Variables)
        self._roles: dict[int, Role] = {}
        self._found: dict[int, tuple[Source, ...]] = {}
        self.parameters: dict[str, Binding] = {}
        """Parameter name of the kind's signature → the script's own parameter."""
        self.callback: Binding | None = None
        self.context: Binding | None = None
        function, kind = subject.parsed.function, subject.known_kind
        if function is None:
            return
        given = [
            self._variables.binding(node) if node.type == "identifier" else None
            for node in parameters_of(function.node)
        ]
        if given:
            self.callback = given[-1]
        if kind is None or not kind.documented:
            return
        for name, binding in zip(kind.parameters, given[:-1], strict=False):
            if binding is None:
                continue
            self.parameters[name] = binding
            role = _ROLES.get(name)
            if role is not None:
                self._roles[binding.node.start] = role
        if len(given) == len(kind.parameters) + 2 and subject.context is not False:
            self.context = given[-2]

    def sources(self, node: Node | None) -> tuple[Source, ...]:
        """The arguments that an expression's value holds as they came, in text order.

        A value that went through any function but a string method is no longer the argument.
        """
        return tuple(self._sources(node, _DEEPEST)) if node is not None and self._roles else ()

    def roles(self, node: Node | None) -> frozenset[Role]:
        """The roles of `sources`."""
        return frozenset(source.role for source in self.sources(node))

    def _sources(self, node: Node, depth: int) -> list[Source]:
        if depth == 0:
            return []
        found: list[Source] = []
        for one in branches(node):
            found += self._of(one, depth - 1)
        return list(dict.fromkeys(found))

    def _of(self, node: Node, depth: int) -> list[Source]:
        type = node.type
        if type in ("identifier", "shorthand_property_identifier"):
            return self._of_name(node, depth)
        if type in ACCESSES:
            return self._of_access(node, depth)
        inside: list[Node] = []
        if type == "binary_expression" and operator(node) == "+":
            inside = added(node)
        elif type == "template_string":
            inside = [
                part
                for child in node.children
                if child.type == "template_substitution"
                for part in child.named_children
            ]
        elif type == "object":
            found = properties(node)
            inside = [*found.values.values(), *found.spreads]
        elif type == "array":
            inside = node.named_children
        elif type in ("spread_element", "pair"):
            inside = node.named_children[-1:]
        elif type == "call_expression":
            receiver = receiver_of(node)
            if path_of(node.field("function")) in _CARRYING:
                inside = arguments(node)
            elif receiver is not None and method_of(node) in _KEEPING:
                inside = [receiver]
        elif type == "new_expression" and node.text.startswith("new URLSearchParams"):
            inside = arguments(node)
        return [source for part in inside for source in self._sources(part, depth)]

    def _of_name(self, node: Node, depth: int) -> list[Source]:
        binding = self._variables.binding(node)
        if binding is None:
            return []
        role = self._roles.get(binding.node.start)
        if role is not None:
            return [Source(role, node)]
        field = self._destructured(binding)
        if field is not None:
            return [Source(field, node)]
        values = self._variables.values(node) or ()
        roles = {source.role for value in values for source in self._sources(value, depth)}
        return [Source(role, node) for role in sorted(roles)]

    def _of_access(self, node: Node, depth: int) -> list[Source]:
        path = path_of(node)
        holder = node.field("object")
        while holder is not None and holder.type in ACCESSES:
            holder = holder.field("object")
        if holder is None:
            return []
        binding = self._variables.binding(holder) if holder.type == "identifier" else None
        role = self._roles.get(binding.node.start) if binding is not None else None
        if role is Role.USER:
            return [Source(_FIELDS.get(path[1], Role.FIELD) if len(path) > 1 else Role.FIELD, node)]
        if role is not None:
            # `email.length` says little, and `email[0]` hardly more.
            return []
        value = self._variables.resolve(holder)
        if value.type == "object" and len(path) == 2:
            inner = properties(value).values.get(path[1])
            return self._sources(inner, depth) if inner is not None else []
        return []

    def _destructured(self, binding: Binding) -> Role | None:
        """The role of a name taken out of create's user: `const { email, password } = user`."""
        declarator = binding.declarator
        if declarator is None or declarator.type != "variable_declarator":
            return None
        pattern, value = declarator.field("name"), declarator.field("value")
        if pattern is None or pattern.type != "object_pattern" or value is None or value.type != "identifier":
            return None
        holder = self._variables.binding(value)
        if holder is None or self._roles.get(holder.node.start) is not Role.USER:
            return None
        for part in pattern.named_children:
            if part.start <= binding.node.start < part.end:
                key = part.field("key") or part.field("left") or part
                return Role.USER if part.type == "rest_pattern" else _FIELDS.get(key.text, Role.FIELD)
        return None
