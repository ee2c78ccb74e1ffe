"""Texts before and after as lines with the changed words marked; for the plan on paper and on screen. Pure."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from enum import StrEnum


class LineKind(StrEnum):
    """What happened to a line."""

    SAME = " "
    REMOVED = "-"
    ADDED = "+"
    GAP = "…"
    """Unchanged lines left out."""


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line of a diff: its number on the side it belongs to, and the character spans that changed within it."""

    kind: LineKind
    text: str
    number: int = 0
    changed: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Diff:
    """A diff's lines and how many were added and removed."""

    lines: tuple[DiffLine, ...]
    added: int
    removed: int


def diff_texts(before: str, after: str, *, context: int = 3) -> Diff:
    """Line diff of two texts with word-level marks inside replaced lines; `context` unchanged lines around each."""
    old, new = before.splitlines(), after.splitlines()
    lines: list[DiffLine] = []
    last_old = 0
    for group in difflib.SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(context):
        if group[0][1] > last_old:
            lines.append(DiffLine(LineKind.GAP, "", group[0][1] - last_old))
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                lines += [DiffLine(LineKind.SAME, text, j1 + offset + 1) for offset, text in enumerate(new[j1:j2])]
            else:
                lines += _replaced(old, new, (i1, i2), (j1, j2))
        last_old = group[-1][2]
    if lines and last_old < len(old):
        lines.append(DiffLine(LineKind.GAP, "", len(old) - last_old))
    added = sum(line.kind is LineKind.ADDED for line in lines)
    removed = sum(line.kind is LineKind.REMOVED for line in lines)
    return Diff(tuple(lines), added, removed)


def _replaced(old: list[str], new: list[str], olds: tuple[int, int], news: tuple[int, int]) -> list[DiffLine]:
    removed: list[DiffLine] = []
    added: list[DiffLine] = []
    paired = min(olds[1] - olds[0], news[1] - news[0])
    for offset in range(paired):
        before, after = old[olds[0] + offset], new[news[0] + offset]
        before_spans, after_spans = _word_spans(before, after)
        removed.append(DiffLine(LineKind.REMOVED, before, olds[0] + offset + 1, before_spans))
        added.append(DiffLine(LineKind.ADDED, after, news[0] + offset + 1, after_spans))
    for index in range(olds[0] + paired, olds[1]):
        removed.append(DiffLine(LineKind.REMOVED, old[index], index + 1))
    for index in range(news[0] + paired, news[1]):
        added.append(DiffLine(LineKind.ADDED, new[index], index + 1))
    return removed + added


_WORDS = re.compile(r"\w+|\s+|[^\w\s]")

Spans = tuple[tuple[int, int], ...]


def _word_spans(before: str, after: str) -> tuple[Spans, Spans]:
    """The character spans that differ; none when the lines share so little that marks would only be noise."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < 0.4:
        return (), ()
    old_at, new_at = _offsets(old), _offsets(new)
    old_spans: list[tuple[int, int]] = []
    new_spans: list[tuple[int, int]] = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            continue
        if i2 > i1:
            old_spans.append((old_at[i1], old_at[i2]))
        if j2 > j1:
            new_spans.append((new_at[j1], new_at[j2]))
    return tuple(old_spans), tuple(new_spans)


def _offsets(words: list[str]) -> list[int]:
    offsets = [0]
    for word in words:
        offsets.append(offsets[-1] + len(word))
    return offsets
