"""Analysis: which npm module every `require` asks for, and which module an expression comes from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from dbconn_tui.action_scripts.scopes import parameters_of
from dbconn_tui.action_scripts.tree import FUNCTIONS, Node
from dbconn_tui.lint.expressions import (
    ACCESSES,
    Nodes,
    argument,
    arguments,
    branches,
    callee,
    method_of,
    path_of,
    property_name,
    property_of,
    receiver_of,
    text_value,
    without_await,
)
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.lint.variables import Variables

CALLED: Final = "()"
"""In an origin's path: the result of calling or constructing what stands before it."""
_SPECIFICATION: Final = re.compile(r"(?P<name>(?:@[^/@]+/)?[^@/]+)(?:@(?P<version>[^/]*))?(?P<path>/.*)?\Z")
_EXACT: Final = re.compile(r"\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?\Z")
_DEEPEST: Final = 16
_CHAINING: Final = frozenset({"then", "catch", "finally"})
"""Methods of a promise that give another promise."""


@dataclass(frozen=True, slots=True)
class Version:
    """A version as written after `@`; "" when none is given."""

    text: str

    @property
    def exact(self) -> bool:
        """Whether it names one release."""
        return _EXACT.match(self.text) is not None

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of its front, e.g. (8, 0, 3); () when it has none."""
        found = re.match(r"[\^~v=]*(\d+(?:\.\d+)*)", self.text)
        return tuple(int(part[:9]) for part in found[1].split(".")) if found else ()

    def below(self, *numbers: int) -> bool | None:
        """Whether it is older than the given release; None when nobody can tell."""
        return self.numbers < numbers if self.numbers else None


@dataclass(frozen=True, slots=True)
class Require:
    """One `require(…)`. `specification` is its text, None when only a run can tell; `name` is "" then."""

    node: Node
    place: Node
    """The argument."""
    specification: str | None
    name: str
    version: Version
    file: str
    """What follows the name, e.g. "/promise" of "mysql2/promise"."""

    @property
    def module(self) -> str:
        """Name with the file inside it, without `node:`."""
        return self.name + self.file


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value comes from: `path` leads from the module to it, CALLED for each call on the way."""

    require: Require
    path: tuple[str, ...]

    @property
    def module(self) -> str:
        """The module's name with the file inside it."""
        return self.require.module


class Modules:
    """The modules of one script."""

    __slots__ = ("_origins", "_scopes", "globals", "requires", "variables")

    def __init__(self, subject: ScriptSubject) -> None:
        nodes = subject.shared(Nodes)
        self.variables = subject.shared(Variables)
        self._scopes = subject.parsed.scopes
        self._origins: dict[int, Origin | None] = {}
        self.requires = tuple(
            _require(call)
            for reference in self._scopes.free.get("require", [])
            if (call := reference.parent) is not None
            and call.type == "call_expression"
            and reference.field_name == "function"
            and argument(call, 0) is not None
        )
        """Every call of `require`, in the order of the text."""
        self.globals: dict[str, list[Node]] = {}
        """Values that the script gives to `global.NAME`, by name."""
        for assignment in nodes.of("assignment_expression", "augmented_assignment_expression"):
            path = path_of(assignment.field("left"))
            right = assignment.field("right")
            if right is not None and path[:1] in (("global",), ("globalThis",)) and len(path) == 2:
                self.globals.setdefault(path[1], []).append(right)

    def origin(self, node: Node | None) -> Origin | None:
        """Where an expression's value comes from; None when it is no module's, or nobody can tell."""
        return self._origin(node, _DEEPEST) if node is not None and self.requires else None

    def named(self, *names: str) -> tuple[Require, ...]:
        """The requires of modules with one of these names."""
        return tuple(require for require in self.requires if require.name in names)

    def _origin(self, node: Node, depth: int) -> Origin | None:
        for one in branches(node):
            key = one.start * 31 + one.end
            if key not in self._origins:
                self._origins[key] = None
                self._origins[key] = self._find(one, depth - 1) if depth > 0 else None
            found = self._origins[key]
            if found is not None:
                return found
        return None

    def _find(self, node: Node, depth: int) -> Origin | None:
        if node.type in ("call_expression", "new_expression"):
            required = next((require for require in self.requires if require.node is node), None)
            if required is not None:
                return Origin(required, ())
            target = callee(node)
            called = self._origin(target, depth) if target is not None else None
            return _step(called, CALLED)
        if node.type in ACCESSES:
            path = path_of(node)
            if path[:1] in (("global",), ("globalThis",)) and len(path) == 2:
                return self._first(self.globals.get(path[1], []), depth)
            inner, name = node.field("object"), property_of(node)
            if inner is None or name is None:
                return None
            return _step(self._origin(inner, depth), name)
        if node.type in ("identifier", "shorthand_property_identifier"):
            return self._of_name(node, depth)
        return None

    def _of_name(self, node: Node, depth: int) -> Origin | None:
        binding = self.variables.binding(node)
        if binding is None:
            return None
        values = self.variables.values(node)
        if values:
            return self._first(list(values), depth)
        declarator = binding.declarator
        if declarator is not None and declarator.type == "variable_declarator":
            pattern, value = declarator.field("name"), declarator.field("value")
            if pattern is not None and value is not None and pattern.type == "object_pattern":
                keys = _keys_to(pattern, binding.node)
                origin = self._origin(value, depth)
                for key in keys or ():
                    origin = _step(origin, key)
                return origin if keys is not None else None
        if binding.kind == "parameter":
            return self._handed(binding.node, depth)
        return None

    def _handed(self, parameter: Node, depth: int) -> Origin | None:
        """What a call hands to the function literal among its arguments: `(err, client) =>`, `.then((client) =>`."""
        function = next((outer for outer in parameter.ancestors() if outer.type in FUNCTIONS), None)
        call = function.parent.parent if function is not None and function.parent is not None else None
        if function is None or call is None or call.type not in ("call_expression", "new_expression"):
            return None
        if not any(given is function for given in arguments(call)):
            return None
        index = next(
            (n for n, one in enumerate(parameters_of(function)) if one.start <= parameter.start < one.end),
            0,
        )
        target = callee(call)
        if target is None:
            return None
        if target.type in ACCESSES and property_of(target) == "then":
            promise = target.field("object")
            return self._settled(promise, depth) if promise is not None and index == 0 else None
        return _step(self._origin(target, depth), CALLED) if index > 0 else None

    def _settled(self, promise: Node, depth: int) -> Origin | None:
        """What a promise fulfils with: behind `.then(f)` it is what `f` returns."""
        promise = promise.without_parentheses()
        method = method_of(promise) if promise.type == "call_expression" else ""
        inner = receiver_of(promise) if method in _CHAINING else None
        if inner is None or depth <= 0:
            return self._origin(promise, depth)
        if method != "then":
            return self._settled(inner, depth - 1)
        handler = self.variables.function(argument(promise, 0))
        return self._first(self.variables.returned(handler), depth - 1) if handler is not None else None

    def _first(self, values: list[Node], depth: int) -> Origin | None:
        for value in values:
            found = self._origin(without_await(value), depth)
            if found is not None:
                return found
        return None


def _step(origin: Origin | None, name: str) -> Origin | None:
    if origin is None or len(origin.path) > _DEEPEST:
        return None
    return Origin(origin.require, (*origin.path, name))


def _keys_to(pattern: Node, name: Node) -> list[str] | None:
    """The property names that lead to `name` inside an object pattern; None through rest or computed keys."""
    for part in pattern.named_children:
        if not part.start <= name.start < part.end:
            continue
        if part.type == "shorthand_property_identifier_pattern":
            return [part.text]
        if part.type == "object_assignment_pattern":
            left = part.field("left")
            return [left.text] if left is not None and left.start == name.start else None
        if part.type == "pair_pattern":
            key, value = property_name(part.field("key")), part.field("value")
            if key is None or value is None:
                return None
            if value.type == "assignment_pattern":
                value = value.field("left") or value
            if value.type == "object_pattern":
                inner = _keys_to(value, name)
                return [key, *inner] if inner is not None else None
            return [key] if value.start == name.start else None
    return None


def _require(call: Node) -> Require:
    place = arguments(call)[0]
    text = text_value(place)
    if text is None:
        return Require(call, place, None, "", Version(""), "")
    found = _SPECIFICATION.match(text.removeprefix("node:"))
    if found is None or text.startswith((".", "/")):
        return Require(call, place, text, "", Version(""), "")
    return Require(call, place, text, found["name"], Version(found["version"] or ""), found["path"] or "")
