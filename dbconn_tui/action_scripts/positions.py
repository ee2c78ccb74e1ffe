"""Positions in a script: lines and columns that count characters from 1, as editors show them."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of text: lines and columns count from 1, columns in characters; the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


class Lines:
    """Turns character offsets of one text into lines and columns. A line ends at its line feed."""

    __slots__ = ("_length", "_starts")

    def __init__(self, text: str) -> None:
        self._length = len(text)
        starts = [0]
        found = text.find("\n")
        while found >= 0:
            starts.append(found + 1)
            found = text.find("\n", found + 1)
        self._starts = starts

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset; one outside the text counts as its nearest end."""
        inside = min(max(offset, 0), self._length)
        line = bisect_right(self._starts, inside)
        return line, inside - self._starts[line - 1] + 1

    def span(self, start: int, end: int) -> Span:
        """The span from `start` up to and without `end`."""
        return Span(*self.position(start), *self.position(max(start, end)))
