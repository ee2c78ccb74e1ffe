"""The syntax tree of a script as plain values: the only module that knows tree-sitter.

Node types and field names are those of the tree-sitter-javascript grammar, version 0.25. Brackets,
commas, semicolons, colons and quotes are left out, and string, regex and comment nodes are leaves;
operators and keywords stay, as unnamed nodes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tree_sitter import Parser

_PUNCTUATION: Final = frozenset("(){}[],;:.\"'`") | {"${"}
_LEAVES: Final = frozenset({"string", "regex", "comment", "html_comment"})

FUNCTIONS: Final = frozenset(
    {
        "function_declaration",
        "generator_function_declaration",
        "function_expression",
        "generator_function",
        "arrow_function",
        "method_definition",
    },
)
"""The node types that hold a function's own parameters and body."""


class Node:
    """One node of the tree. Offsets are in characters of the script; the end is exclusive.

    `field_name` is the role the node plays in its parent ("" when it has none); `named` is False
    for keywords and operators. Nodes compare by identity.
    """

    __slots__ = ("_source", "children", "end", "field_name", "named", "parent", "start", "type")

    def __init__(
        self,
        source: str,
        type: str,
        start: int,
        end: int,
        named: bool,
        field_name: str,
        parent: Node | None,
    ) -> None:
        self._source = source
        self.type = type
        self.start = start
        self.end = end
        self.named = named
        self.field_name = field_name
        self.parent = parent
        self.children: list[Node] = []

    @property
    def text(self) -> str:
        """The script's text from start to end."""
        return self._source[self.start : self.end]

    @property
    def named_children(self) -> list[Node]:
        """The children without keywords and operators; comments count as named."""
        return [child for child in self.children if child.named]

    def field(self, name: str) -> Node | None:
        """The first child with this role."""
        for child in self.children:
            if child.field_name == name:
                return child
        return None

    def has_keyword(self, word: str) -> bool:
        """Whether a keyword or operator stands directly in this node, e.g. `async`."""
        return any(not child.named and child.type == word for child in self.children)

    def walk(self) -> Iterator[Node]:
        """This node and all below it, in the order of the text."""
        pending = [self]
        while pending:
            node = pending.pop()
            yield node
            pending.extend(reversed(node.children))

    def ancestors(self) -> Iterator[Node]:
        """The nodes around this one, from the inside outwards."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    def at(self, offset: int) -> Node:
        """The innermost node that holds the character at `offset`; this node when none below does."""
        node = self
        while True:
            inner = next((child for child in node.children if child.start <= offset < child.end), None)
            if inner is None:
                return node
            node = inner

    def without_parentheses(self) -> Node:
        """The expression inside any parentheses around it."""
        node = self
        while node.type == "parenthesized_expression":
            inside = [child for child in node.children if child.type != "comment"]
            if len(inside) != 1:
                break
            node = inside[0]
        return node

    def __repr__(self) -> str:
        return f"Node({self.type}, {self.start}, {self.end})"


def build_tree(text: str, shown: str) -> tuple[Node, bool]:
    """The tree of `text`, and whether the grammar had to skip or invent something.

    `shown` has the same length as `text` and is what nodes return as their text; it differs where
    the caller covered something that is not JavaScript. `text` must be free of surrogates.
    """
    tree = _parser().parse(text.encode())
    offset_of = _character_offsets(text)
    cursor = tree.walk()
    top = tree.root_node
    root = Node(shown, top.type, 0, len(text), True, "", None)
    parent = root
    inside = cursor.goto_first_child()
    while inside:
        found = cursor.node
        if found is None:
            break
        type = found.type
        is_named = found.is_named
        if is_named or type not in _PUNCTUATION:
            node = Node(
                shown,
                type,
                offset_of(found.start_byte),
                offset_of(found.end_byte),
                is_named,
                cursor.field_name or "",
                parent,
            )
            parent.children.append(node)
            if type not in _LEAVES and cursor.goto_first_child():
                parent = node
                continue
        while not cursor.goto_next_sibling():
            inside = cursor.goto_parent() and parent.parent is not None
            if not inside:
                break
            parent = parent.parent or root
    return root, top.has_error


def _character_offsets(text: str) -> Callable[[int], int]:
    """A function from UTF-8 byte offsets to character offsets of `text`."""
    if text.isascii():
        return int
    wide = [index for index, character in enumerate(text) if character > "\x7f"]
    extra = list(accumulate(len(text[index].encode()) - 1 for index in wide))
    # Byte offset just behind each wide character, so that bisect counts the wide ones before an offset.
    behind = [index + 1 + sum_ for index, sum_ in zip(wide, extra, strict=True)]

    def offset_of(byte: int) -> int:
        before = bisect_right(behind, byte)
        return byte - extra[before - 1] if before else byte

    return offset_of


@cache
def _parser() -> Parser:
    # Imported at the first parse: it costs 10 ms, which `dbconn --help` must not pay.
    import tree_sitter_javascript
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_javascript.language()))
