"""Coverage: which lines of a script ran, from V8's counts of its blocks. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from typing import Final

from dbconn_tui.action_scripts.source import parse
from dbconn_tui.action_scripts.tree import FUNCTIONS, Node

Ranges = Sequence[tuple[int, int, int]]
"""V8's blocks of one run: start, end (UTF-16 units of the script's text, nested) and how often each ran."""

_WORDS: Final = frozenset({"return", "throw", "break", "continue"})
"""Keywords that may be all there is of a statement."""
_NO_CODE: Final = frozenset({"comment", "html_comment", "statement_block", "empty_statement", "arguments"})
"""Leaves that do nothing."""


@dataclass(frozen=True, slots=True)
class LineCoverage:
    """The lines of a script that hold code: those that ran, those of which a part never ran, those that never ran."""

    run: tuple[int, ...]
    partly: tuple[int, ...]
    missed: tuple[int, ...]

    @property
    def total(self) -> int:
        """How many lines hold code."""
        return len(self.run) + len(self.partly) + len(self.missed)


def line_coverage(text: str, runs: Iterable[Ranges]) -> LineCoverage:
    """What of a script ran in any of the runs. A line counts as run when every part of it ran in one or another."""
    code = _Code.of(text)
    ran = [False] * len(code.offsets)
    for ranges in runs:
        for index, count in enumerate(code.counts(ranges)):
            ran[index] = ran[index] or count > 0
    sorts: tuple[list[int], list[int], list[int]] = ([], [], [])
    for line, parts in groupby(zip(code.lines, ran, strict=True), key=lambda pair: pair[0]):
        states = [done for _, done in parts]
        sorts[0 if all(states) else 1 if any(states) else 2].append(line)
    return LineCoverage(*map(tuple, sorts))


def spans(lines: Sequence[int]) -> str:
    """Lines as people write them: `3, 7–9`."""
    words = []
    for _, group in groupby(enumerate(lines), key=lambda pair: pair[1] - pair[0]):
        numbers = [line for _, line in group]
        words.append(str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]}–{numbers[-1]}")
    return ", ".join(words)


@dataclass(frozen=True, slots=True)
class _Code:
    """The leaves of a script that do something, in order: their UTF-16 offsets and lines.

    `blocks` are its lists of statements, outer ones first; a statement is its leaves, from an index to another.
    """

    offsets: tuple[int, ...]
    lines: tuple[int, ...]
    blocks: tuple[tuple[tuple[int, int], ...], ...]

    @classmethod
    def of(cls, text: str) -> _Code:
        parsed = parse(text)
        heads = {id(one) for node in parsed.root.walk() if node.type in FUNCTIONS for one in _head(node)}
        nodes = [*_leaves(parsed.root, heads)]
        starts = [node.start for node in nodes]
        blocks = [
            tuple((bisect_left(starts, one.start), bisect_left(starts, one.end)) for one in _statements(node))
            for node in parsed.root.walk()
            if node.type == "statement_block"
        ]
        ends = [*accumulate(len(line) + 1 for line in text.split("\n"))]
        lines = tuple(bisect_right(ends, start) + 1 for start in starts)
        return cls(tuple(_utf16_offsets(text, starts)), lines, tuple(blocks))

    def counts(self, ranges: Ranges) -> list[int]:
        """How often each leaf ran."""
        found = [*_counts(ranges, self.offsets)]
        for block in self.blocks:
            reached = True
            for begin, end in block:
                # V8 loses count behind `a ? b : c`; what follows a statement that never began never ran either.
                reached = reached and (begin == end or found[begin] > 0)
                if not reached:
                    found[begin:end] = [0] * (end - begin)
        return found


def _leaves(node: Node, heads: Container[int]) -> Iterator[Node]:
    if id(node) in heads:
        return
    if node.children:
        for child in node.children:
            yield from _leaves(child, heads)
    elif node.type in _WORDS or (node.named and node.type not in _NO_CODE):
        yield node


def _head(function: Node) -> Iterator[Node]:
    """Name and parameters of a function: they stand there whether it runs or not."""
    for role in ("name", "parameters", "parameter"):
        part = function.field(role)
        if part is not None:
            yield part


def _statements(block: Node) -> Iterator[Node]:
    """What runs one after the other; functions are there from the beginning."""
    return (child for child in block.named_children if child.type not in FUNCTIONS)


def _utf16_offsets(text: str, offsets: Sequence[int]) -> list[int]:
    if text.isascii():
        return list(offsets)
    converted, at, units = [], 0, 0
    for offset in offsets:
        units += len(text[at:offset].encode("utf-16-le", "surrogatepass")) // 2
        at = offset
        converted.append(units)
    return converted


def _counts(ranges: Ranges, offsets: Sequence[int]) -> Iterator[int]:
    """For each offset, in order, how often the innermost block around it ran; 0 outside of all."""
    ordered = sorted(ranges, key=lambda block: (block[0], -block[1]))
    around: list[tuple[int, int, int]] = []
    following = 0
    for offset in offsets:
        while following < len(ordered) and ordered[following][0] <= offset:
            around.append(ordered[following])
            following += 1
        while around and around[-1][1] <= offset:
            around.pop()
        # An earlier, longer block may have ended below a later one that has not been reached.
        around = [block for block in around if block[1] > offset]
        yield around[-1][2] if around else 0
