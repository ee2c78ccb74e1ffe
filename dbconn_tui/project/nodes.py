"""Nodes: the tree of a YAML text, in which every value, key and alias has its own place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from dbconn_tui.problems import Place
from dbconn_tui.project.scalars import ScalarKind, read_plain
from dbconn_tui.project.values import Json


class Mark(Protocol):
    """A position as PyYAML gives it: all three count from 0, in characters."""

    @property
    def index(self) -> int: ...
    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...


# Not frozen: making a frozen one takes four times as long, and a large file has thousands.
@dataclass(slots=True, eq=False)
class ScalarNode:
    """A word or a text. `style` is "" for a plain one, else `'`, `"`, `|` or `>`."""

    text: str
    style: str
    start: Mark
    end: Mark
    anchor: str = ""
    alias: str = ""
    """The alias's name where this place only points to the scalar."""


@dataclass(slots=True, eq=False)
class ListNode:
    """A list. `end` is its true end in flow style only; a block list ends with its last item."""

    items: list[Node]
    flow: bool
    start: Mark
    end: Mark
    anchor: str = ""
    alias: str = ""


@dataclass(slots=True, eq=False)
class MapNode:
    """A map. `pairs` are its own, `merges` its `<<` keys, `merged` what those bring in and nothing overrides."""

    pairs: list[Pair]
    merges: list[Pair]
    merged: list[Pair]
    flow: bool
    start: Mark
    end: Mark
    anchor: str = ""
    alias: str = ""

    def every_pair(self) -> list[Pair]:
        """All pairs that hold, merged ones last."""
        return [*self.pairs, *self.merged] if self.merged else self.pairs


@dataclass(slots=True, eq=False)
class BrokenNode:
    """Stands for a value that a problem was reported about; whoever checks values passes over it."""

    start: Mark
    end: Mark
    anchor: str = ""
    alias: str = ""


Node = ScalarNode | ListNode | MapNode | BrokenNode
Pair = tuple[ScalarNode, Node]


def place_of(node: Node, file: str) -> Place:
    """Where a node is, counted from 1."""
    start, end = node.start, node.end
    return Place(file, start.line + 1, start.column + 1, end.line + 1, end.column + 1)


def plain_value(node: Node) -> Json:
    """The values of a tree without places. Words that YAML's versions disagree about stay text."""
    if isinstance(node, ScalarNode):
        if node.style:
            return node.text
        kind, value = read_plain(node.text)
        return node.text if kind in (ScalarKind.SURPRISE, ScalarKind.SWITCH) else value
    if isinstance(node, MapNode):
        return {key.text: plain_value(value) for key, value in node.every_pair()}
    if isinstance(node, ListNode):
        return [plain_value(item) for item in node.items]
    return None


def brief(text: str) -> str:
    """A text short enough to quote in a message."""
    return text if len(text) <= 60 else f"{text[:57]}…"


def is_merge(key: ScalarNode) -> bool:
    """Whether a key is YAML's merge key `<<`, unquoted."""
    return key.text == "<<" and not key.style
