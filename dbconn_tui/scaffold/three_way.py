"""ThreeWay: two texts that grew out of one are brought together line by line; what both changed is marked. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from dbconn_tui.action_scripts.conflict_marks import BETWEEN, OURS, THEIRS


@dataclass(frozen=True, slots=True)
class Merged:
    """The text of both sides, and how many places hold conflict marks."""

    text: str
    conflicts: int


@dataclass(frozen=True, slots=True)
class _Stretch:
    """The same place in the three texts, as lines. An empty `base` with two sides is an insertion."""

    base: Sequence[str]
    ours: Sequence[str]
    theirs: Sequence[str]


def merge(base: str, ours: str, theirs: str, *, our_name: str, their_name: str) -> Merged:
    """What both sides made of `base`. The names stand behind the marks; line ends are those of `ours`.

    A side that left a place alone yields to the other; two sides that made the same of it agree.
    """
    ends = "\r\n" if ours.count("\r\n") * 2 > ours.count("\n") else "\n"
    lines: list[str] = []
    conflicts = 0
    for one in _stretches(_lines(base), _lines(ours), _lines(theirs)):
        if one.ours == one.theirs or one.base == one.theirs:
            lines += one.ours
        elif one.base == one.ours:
            lines += one.theirs
        else:
            conflicts += 1
            lines += _marked(one, our_name, their_name)
    text = "\n".join(lines)
    return Merged(text.replace("\n", ends), conflicts)


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").split("\n")


def _marked(one: _Stretch, our_name: str, their_name: str) -> list[str]:
    """The stretch between marks; what both sides begin and end with alike stays outside."""
    start = 0
    while start < min(len(one.ours), len(one.theirs)) and one.ours[start] == one.theirs[start]:
        start += 1
    end = 0
    while end < min(len(one.ours), len(one.theirs)) - start and one.ours[-1 - end] == one.theirs[-1 - end]:
        end += 1
    stop = len(one.ours) - end
    return [
        *one.ours[:start],
        f"{OURS} {our_name}",
        *one.ours[start:stop],
        BETWEEN,
        *one.theirs[start : len(one.theirs) - end],
        f"{THEIRS} {their_name}",
        *one.ours[stop:],
    ]


def _stretches(base: list[str], ours: list[str], theirs: list[str]) -> Iterator[_Stretch]:
    """The texts cut where all three agree: stretches that somebody changed, and those in between."""
    at = our_at = their_at = 0
    for start, our_start, their_start, size in _agreements(base, ours, theirs):
        changed = _Stretch(base[at:start], ours[our_at:our_start], theirs[their_at:their_start])
        if changed.base or changed.ours or changed.theirs:
            yield changed
        same = base[start : start + size]
        if same:
            yield _Stretch(same, same, same)
        at, our_at, their_at = start + size, our_start + size, their_start + size


def _agreements(base: list[str], ours: list[str], theirs: list[str]) -> Iterator[tuple[int, int, int, int]]:
    """Where the base stands unchanged in both sides: its line, theirs, and how many lines; last, the ends."""
    our_blocks = SequenceMatcher(None, base, ours, autojunk=False).get_matching_blocks()
    their_blocks = SequenceMatcher(None, base, theirs, autojunk=False).get_matching_blocks()
    our_place = their_place = 0
    while our_place < len(our_blocks) and their_place < len(their_blocks):
        mine, yours = our_blocks[our_place], their_blocks[their_place]
        start = max(mine.a, yours.a)
        stop = min(mine.a + mine.size, yours.a + yours.size)
        if start < stop:
            yield start, mine.b + start - mine.a, yours.b + start - yours.a, stop - start
        if mine.a + mine.size < yours.a + yours.size:
            our_place += 1
        else:
            their_place += 1
    yield len(base), len(ours), len(theirs), 0
