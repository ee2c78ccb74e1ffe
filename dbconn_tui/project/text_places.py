"""Places in a YAML text that its parsed tree does not name: lines, comments, where a node's own text ends."""

from __future__ import annotations

import re

from dbconn_tui.project.document import Document
from dbconn_tui.project.nodes import ListNode, MapNode, Node, Pair, ScalarNode
from dbconn_tui.project.scalars import ScalarKind, read_plain

_COMMENT = re.compile("(?:(?<=[ \t\n\r\x85\u2028\u2029])|\\A)#[^\n\r\x85\u2028\u2029]*")
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


def comments_of(document: Document) -> list[str]:
    """Every comment of a text, in order."""
    text, found, position = document.text, [], 0
    for node in sorted(document.scalars, key=lambda scalar: scalar.start.index):
        found += _COMMENT.findall(text, position, node.start.index)
        position = node.end.index
        if node.style in ("|", ">"):
            header = line_end(text, node.start.index)
            found += _COMMENT.findall(text, node.start.index, header)
    return found + _COMMENT.findall(text, position)


def line_end(text: str, index: int) -> int:
    match = _BREAK.search(text, index)
    return match.start() if match else len(text)


def line_start(text: str, index: int) -> int:
    last = 0
    for match in _BREAK.finditer(text, max(0, text.rfind("\n", 0, index)), index):
        last = match.end()
    return last


def content_end(node: Node) -> int:
    """Where a node's own text ends; a block map or list ends with its last part."""
    if isinstance(node, MapNode) and not node.flow and not node.alias:
        return max(max(key.end.index, content_end(value)) for key, value in [*node.pairs, *node.merges])
    if isinstance(node, ListNode) and not node.flow and not node.alias and node.items:
        return content_end(node.items[-1])
    return node.end.index


def is_block(node: Node) -> bool:
    return isinstance(node, MapNode | ListNode) and not node.flow and not node.alias


def is_nothing(node: Node) -> bool:
    plain = isinstance(node, ScalarNode) and not node.style and not node.alias
    return plain and isinstance(node, ScalarNode) and read_plain(node.text)[0] in (ScalarKind.EMPTY, ScalarKind.NULL)


def is_empty(node: Node) -> bool:
    """Whether nothing at all is written where a value could be."""
    return is_nothing(node) and node.start.index == node.end.index


def own_pair(node: MapNode, key: str) -> Pair | None:
    return next((pair for pair in node.pairs if pair[0].text == key), None)


def is_line_start(text: str, index: int) -> bool:
    return index == 0 or text[index - 1] in "\n\r\x85\u2028\u2029"


def before_break(text: str, index: int) -> int:
    """The offset before the line end that stands right before `index`."""
    if text[index - 2 : index] == "\r\n":
        return index - 2
    return index - 1 if index and is_line_start(text, index) else index
