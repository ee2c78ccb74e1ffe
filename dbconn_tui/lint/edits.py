"""Edit: a change of a script's text that a finding offers; and how edits are applied."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Characters from `start` up to and without `end` become `replacement`.

    `asked`: made only when somebody asks for the rule by name, as it may change what the script does.
    """

    start: int
    end: int
    replacement: str
    rule: str = ""
    asked: bool = False


def without_overlaps(groups: Iterable[tuple[Edit, ...]]) -> tuple[Edit, ...]:
    """The edits of all groups that do not touch an earlier group's, sorted; a group is made whole or not at all."""
    chosen: list[Edit] = []
    for group in groups:
        if not any(_touch(edit, other) for edit in group for other in chosen):
            chosen.extend(edit for edit in group if edit not in chosen)
    return tuple(sorted(chosen))


def apply(text: str, edits: Iterable[Edit]) -> str:
    """The text with the edits made. They must not overlap; raises ValueError when they do."""
    parts: list[str] = []
    at = 0
    for edit in sorted(edits):
        if edit.start < at:
            raise ValueError(f"edits overlap at character {edit.start}")
        parts += [text[at : edit.start], edit.replacement]
        at = edit.end
    return "".join([*parts, text[at:]])


def _touch(one: Edit, other: Edit) -> bool:
    if one == other:
        return True
    return (one.start < other.end and other.start < one.end) or one.start == other.start
