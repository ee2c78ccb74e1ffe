"""Which expression a script gives as the user's id: what makes the platform see the same user again.

Followed: object literals handed to the callback, variables that hold them, functions of the script that
return them, and simple constants inside the expression. Anything else is undecidable, and says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

from dbconn_tui.action_scripts.scopes import Binding, Scopes, parameters_of
from dbconn_tui.action_scripts.source import ParsedScript
from dbconn_tui.action_scripts.tree import FUNCTIONS, Node

ID_KEYS: Final = ("user_id", "id")
"""Profile keys that carry the id, the stronger one first (rules.md §0: `user_id`; older scripts say `id`)."""

_NOTHING: Final = frozenset({"null", "undefined", "false"})
_COMMENTS: Final = frozenset({"comment", "html_comment"})
_VERBATIM: Final = frozenset({"string", "regex", "string_fragment", "escape_sequence"})
_NOT_SIMPLE: Final = FUNCTIONS | {"await_expression", "new_expression", "yield_expression", "object", "class"}
_VARIABLES: Final = frozenset({"const", "let", "var"})
_DEEPEST: Final = 8

Found = TypeVar("Found")


def user_id_expressions(script: ParsedScript) -> frozenset[str] | None:
    """The expressions that `user_id` has in the profiles a script hands to its callback; None when undecidable.

    Spelled without spaces and comments and with simple constants put in, so that equal ones are equal texts.
    """
    function = script.function
    if function is None or script.syntax_error is not None or not script.tree_is_whole:
        return None
    parameters = parameters_of(function.node)
    callback = script.scopes.binding(parameters[-1]) if parameters else None
    if callback is None or parameters[-1].type != "identifier":
        return None
    search = _Search(script.scopes)
    try:
        for use in callback.references:
            search.follow_answer(use)
    except _UndecidableError:
        return None
    return frozenset(search.found) or None


class _UndecidableError(Exception):
    """The profile, or its id, comes from where the text does not tell."""


@dataclass(slots=True)
class _Search:
    scopes: Scopes
    found: set[str] = field(default_factory=set)
    seen: set[int] = field(default_factory=set)

    def follow_answer(self, use: Node) -> None:
        """One use of the callback: only a call tells what it gets."""
        call = use.parent
        if use.field_name != "function" or call is None or call.type != "call_expression":
            raise _UndecidableError
        arguments = _without_comments(call.field("arguments"))
        if any(argument.type == "spread_element" for argument in arguments):
            raise _UndecidableError
        if len(arguments) > 1:
            self.follow(arguments[1])

    def follow(self, value: Node) -> None:
        """Add the ids of the profiles that an expression may be."""
        node = value.without_parentheses()
        if node.type in _NOTHING or node.text == "undefined":
            return
        if node.type == "object":
            self._read_object(node)
        elif node.type == "await_expression" and node.named_children:
            self.follow(node.named_children[-1])
        elif node.type == "ternary_expression":
            for role in ("consequence", "alternative"):
                self.follow(_present(node.field(role)))
        elif node.type == "identifier":
            self._follow_variable(_present(self.scopes.binding(node)))
        elif node.type == "call_expression":
            self._follow_function(_present(node.field("function")))
        else:
            raise _UndecidableError

    def _read_object(self, node: Node, *, completed: bool = False) -> None:
        """An object literal; `completed` when its id may be assigned afterwards."""
        ids: dict[str, Node] = {}
        unknown = False
        for child in _without_comments(node):
            key = _key(child)
            if key is None:
                # What is spread or computed may hide an id given before it.
                unknown, ids = True, {}
            elif key in ID_KEYS:
                if child.type == "method_definition":
                    raise _UndecidableError
                ids[key] = child if child.type == "shorthand_property_identifier" else _present(child.field("value"))
        given = next((ids[key] for key in ID_KEYS if key in ids), None)
        if given is not None and (not unknown or ID_KEYS[0] in ids):
            self.found.add(self._spell(given))
        elif unknown or not completed:
            raise _UndecidableError

    def _follow_variable(self, binding: Binding) -> None:
        if binding.kind not in _VARIABLES or id(binding) in self.seen:
            if id(binding) in self.seen:
                return
            raise _UndecidableError
        self.seen.add(id(binding))
        values = list(_values(binding))
        assigned = list(_assigned_ids(binding))
        for value in values:
            inner = value.without_parentheses()
            if inner.type == "object":
                self._read_object(inner, completed=bool(assigned))
            else:
                self.follow(inner)
        self.found.update(self._spell(value) for value in assigned)

    def _follow_function(self, callee: Node) -> None:
        binding = self.scopes.binding(callee) if callee.type == "identifier" else None
        function = _function_of(_present(binding))
        if function is None or function.type.startswith("generator"):
            raise _UndecidableError
        if function.start in self.seen:
            return
        self.seen.add(function.start)
        body = _present(function.field("body"))
        if body.type != "statement_block":
            self.follow(body)
            return
        for statement in _returns(body):
            for value in _without_comments(statement):
                self.follow(value)

    def _spell(self, node: Node, depth: int = 0) -> str:
        """An expression's text without spaces and comments, simple constants put in."""
        if node.type in _COMMENTS:
            return ""
        if node.type in _VERBATIM:
            text = node.text
            return f'"{text[1:-1]}"' if node.type == "string" and '"' not in text[1:-1] else text
        if node.type in ("identifier", "shorthand_property_identifier"):
            constant = self._constant(node) if depth < _DEEPEST else None
            return node.text if constant is None else f"({self._spell(constant, depth + 1)})"
        if not node.children:
            return "".join(node.text.split())
        pieces, at = [], node.start
        for child in node.children:
            pieces.append(_between(node, at, child.start))
            pieces.append(self._spell(child, depth))
            at = child.end
        return "".join([*pieces, _between(node, at, node.end)])

    def _constant(self, identifier: Node) -> Node | None:
        """The simple expression that a variable always is; None for anything read, awaited or built elsewhere."""
        binding = self.scopes.binding(identifier)
        if binding is None or binding.kind not in _VARIABLES or binding.declarator is None:
            return None
        name, value = binding.declarator.field("name"), binding.declarator.field("value")
        if (
            name is None
            or value is None
            or name.type != "identifier"
            or any(_writes(use) for use in binding.references)
        ):
            return None
        return None if any(node.type in _NOT_SIMPLE for node in value.walk()) else value


def _present(found: Found | None) -> Found:
    if found is None:
        raise _UndecidableError
    return found


def _without_comments(node: Node | None) -> Sequence[Node]:
    return [child for child in node.named_children if child.type not in _COMMENTS] if node is not None else ()


def _between(node: Node, start: int, end: int) -> str:
    """The punctuation that the tree leaves out between two children."""
    return "".join(node.text[start - node.start : end - node.start].split())


def _key(child: Node) -> str | None:
    """The name of one member of an object literal; None when it is spread or computed."""
    if child.type == "shorthand_property_identifier":
        return child.text
    key = child.field("key") or child.field("name")
    if key is None or key.type == "computed_property_name":
        return None
    return key.text[1:-1] if key.type == "string" else key.text


def _values(binding: Binding) -> Iterator[Node]:
    """Everything that is ever assigned to a variable as a whole."""
    declarator = binding.declarator
    if declarator is None or _present(declarator.field("name")).type != "identifier":
        raise _UndecidableError
    first = declarator.field("value")
    if first is not None:
        yield first
    for use in binding.references:
        if _writes(use):
            parent = _present(use.parent)
            if parent.type != "assignment_expression":
                raise _UndecidableError
            yield _present(parent.field("right"))


def _assigned_ids(binding: Binding) -> Iterator[Node]:
    """The right sides of `variable.user_id = …`; a computed key is undecidable."""
    for use in binding.references:
        member = use.parent
        if member is None or use.field_name != "object":
            continue
        around = member.parent
        if around is None or around.type != "assignment_expression" or member.field_name != "left":
            continue
        name = member.field("property")
        if name is None:
            raise _UndecidableError
        if name.text in ID_KEYS:
            yield _present(around.field("right"))


def _writes(use: Node) -> bool:
    """Whether a use of a variable gives it a new value."""
    parent = use.parent
    if parent is None:
        return False
    if parent.type in ("assignment_expression", "augmented_assignment_expression", "for_in_statement"):
        return use.field_name == "left"
    return parent.type == "update_expression" or parent.type.endswith("_pattern")


def _function_of(binding: Binding) -> Node | None:
    """The function that a name of the script always means."""
    declarator = binding.declarator
    if declarator is None or any(_writes(use) for use in binding.references):
        return None
    if declarator.type in FUNCTIONS:
        return declarator
    value = declarator.field("value") if binding.kind in _VARIABLES else None
    inner = value.without_parentheses() if value is not None else None
    return inner if inner is not None and inner.type in FUNCTIONS else None


def _returns(body: Node) -> Iterator[Node]:
    """The return statements of a function, without those of functions inside it."""
    pending = list(reversed(body.children))
    while pending:
        node = pending.pop()
        if node.type == "return_statement":
            yield node
        elif node.type not in FUNCTIONS:
            pending.extend(reversed(node.children))
