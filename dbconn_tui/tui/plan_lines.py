"""The plan as entries of a list and as lines of text: what the plan screen and the details show. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from dbconn_tui.deploy.diff import DiffLine, LineKind, diff_texts
from dbconn_tui.deploy.values import Blocker, Change, ConnectionPlan, ConnectionState, ItemState, Plan
from dbconn_tui.tui.widgets.line_view import Line
from dbconn_tui.tui.wording import (
    CONNECTION_SYMBOLS,
    CONNECTION_WORDS,
    ITEM_SHORT_WORDS,
    ITEM_SYMBOLS,
    ITEM_WORDS,
    item_title,
    plan_words,
    plural,
)

NOT_SHOWN: Final = "values are never shown"
LEAST_CONTEXT: Final = 0
"""Unchanged lines around a difference."""


@dataclass(frozen=True, slots=True)
class PlanEntry:
    """One row of the plan's list: a connection, or (with `change`) one of its items.

    `look` is a look of LineView.
    """

    plan: ConnectionPlan
    change: Change | None
    symbol: str
    name: str
    words: str
    look: str = ""

    @property
    def id(self) -> str:
        """Stable while the plan names the same things."""
        return f"{self.plan.key}\n{self.change.item if self.change else ''}"


def plan_entries(plan: Plan, skipped: frozenset[str]) -> tuple[PlanEntry, ...]:
    """Every connection in the plan's order with its changes below it; unchanged ones are a single row."""
    return tuple(entry for one in plan.connections for entry in _connection_entries(one, one.key in skipped))


def _connection_entries(one: ConnectionPlan, skipped: bool) -> Iterator[PlanEntry]:
    words = f"skipped ({CONNECTION_WORDS[one.state]})" if skipped else plan_words(one, short=True)
    symbol = "○" if skipped else CONNECTION_SYMBOLS[one.state]
    look = "muted" if skipped else _LOOKS.get(one.state, "")
    yield PlanEntry(one, None, symbol, one.key, words, look)
    for change in one.changes:
        words = ITEM_SHORT_WORDS[change.state]
        if change.item.startswith("script:") and (change.state.writes or change.state.refuses):
            diff = diff_texts(change.before, change.after)
            words = f"+{diff.added} -{diff.removed}  {words}"
        look = "muted" if skipped else "bad" if change.state.refuses else "" if change.state.writes else "muted"
        yield PlanEntry(one, change, ITEM_SYMBOLS[change.state], item_title(change.item), words, look)


_LOOKS: Final = {
    ConnectionState.CREATE: "good",
    ConnectionState.CHANGE: "caution",
    ConnectionState.UNDECIDED: "bad",
    ConnectionState.DRIFT: "bad",
    ConnectionState.CONFLICT: "bad",
    ConnectionState.BLOCKED: "bad",
    ConnectionState.UNCHANGED: "muted",
    ConnectionState.ONLY_ON_TENANT: "muted",
}


def entry_title(entry: PlanEntry) -> str:
    """The heading over an entry's text."""
    if entry.change is None:
        return entry.plan.key
    return f"{entry.plan.key} / {item_title(entry.change.item)}   tenant → files"


def entry_lines(entry: PlanEntry, *, context: int) -> tuple[Line, ...]:
    """What the right side shows for an entry."""
    if entry.change is None:
        return tuple(connection_lines(entry.plan))
    blockers = [one for one in entry.plan.blocked if one.item == entry.change.item]
    return (*_blocker_lines(blockers), *change_lines(entry.change, context=context))


def connection_lines(one: ConnectionPlan) -> Iterator[Line]:
    """A connection in words: what blocks it first, then what would happen, then what stays."""
    yield from _blocker_lines(one.blocked)
    for brake in one.brakes:
        yield Line(f"brake {brake.brake} lifted: {brake.reason}", "caution", "! ")
    yield Line(_sentence(one), "title")
    if one.name != one.key:
        yield Line(f"Its name on the tenant is {one.name}.", "muted")
    yield Line()
    for change in one.changes:
        look = "bad" if change.state.refuses else "" if change.state.writes else "muted"
        note = f" ({change.note})" if change.note else ""
        yield Line(
            f"{item_title(change.item)}: {ITEM_WORDS[change.state]}{note}", look, f"{ITEM_SYMBOLS[change.state]} "
        )
    if one.in_sync:
        yield Line(f"{plural(one.in_sync, 'item')} in sync", "muted", "✓ ")
    if one.kept:
        yield Line(f"{plural(one.kept, 'option')} that the files do not manage, kept as received", "muted", "· ")
    for note in one.notes:
        yield Line(note, "", "i ")


def _sentence(one: ConnectionPlan) -> str:
    match one.state:
        case ConnectionState.CREATE:
            return "Will be created."
        case ConnectionState.CHANGE:
            return "Will be changed; all its scripts are saved together in one write."
        case ConnectionState.UNCHANGED:
            return "In sync: nothing to do."
        case ConnectionState.ONLY_ON_TENANT:
            return "Only on the tenant: the files do not name it, dbconn leaves it alone."
        case ConnectionState.UNDECIDED:
            return "There before dbconn: which side counts is undecided."
        case ConnectionState.DRIFT:
            return "Drift: changed on the tenant since the last deploy."
        case ConnectionState.CONFLICT:
            return "Conflict: changed on both sides since the last deploy."
        case ConnectionState.BLOCKED:
            return "Blocked: a deploy would be refused."


def _blocker_lines(blockers: list[Blocker] | tuple[Blocker, ...]) -> Iterator[Line]:
    for blocker in blockers:
        yield Line(blocker.reason, "bad", "✗ ")
        if blocker.hint:
            yield Line(blocker.hint, "", "  → ")
    if blockers:
        yield Line()


def change_lines(change: Change, *, context: int) -> Iterator[Line]:
    """One item's difference: a script or option as a diff, a configuration value by its name only."""
    word = item_title(change.item)
    note = f" ({change.note})" if change.note else ""
    yield Line(f"{ITEM_SYMBOLS[change.state]} {word}: {ITEM_WORDS[change.state]}{note}", "title")
    yield Line()
    if change.item.startswith("configuration:"):
        yield Line(_VALUE_SENTENCES.get(change.state, f"{NOT_SHOWN.capitalize()}."))
        return
    if change.state is ItemState.FOREIGN:
        yield Line("The files do not have it; it goes back to the tenant as it was received.", "muted")
        yield Line()
    diff = diff_texts(change.before, change.after, context=context)
    numbers = len(str(max((line.number for line in diff.lines), default=0)))
    for line in diff.lines:
        yield _diff_line(line, max(3, numbers))
    if not diff.lines:
        yield Line("The same text.", "muted")


_VALUE_SENTENCES: Final = {
    ItemState.NEW: "A value will be set. Values are never shown.",
    ItemState.YOUR_CHANGE: "The value differs from the one deployed last and will be sent. Values are never shown.",
    ItemState.REMOVED: "The files no longer give it; the deploy removes the key.",
    ItemState.NOT_COMPARED: "The value is not available on this machine, so it was not compared.",
    ItemState.FOREIGN: "The tenant has this key and the files do not give it. Its value cannot be read back.",
}


def _diff_line(line: DiffLine, digits: int) -> Line:
    match line.kind:
        case LineKind.GAP:
            return Line(f"⋯ {plural(line.number, 'line')} the same", "muted", " " * (digits + 3))
        case LineKind.ADDED:
            return Line(line.text, "added", f"{line.number:>{digits}} + ", line.changed, "added-word")
        case LineKind.REMOVED:
            return Line(line.text, "removed", f"{line.number:>{digits}} - ", line.changed, "removed-word")
        case LineKind.SAME:
            return Line(line.text, "", f"{line.number:>{digits}}   ")
