"""The plan as entries of a list and as lines of text: what the plan screen and the details show. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dbconn_tui.deploy.diff import Diff, DiffLine, LineKind, diff_texts
from dbconn_tui.deploy.values import Blocker, Change, ConnectionPlan, ConnectionState, ItemState, Plan
from dbconn_tui.tui.decisions import effect_of, kept_items
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

if TYPE_CHECKING:
    from dbconn_tui.deploy.plan import Choices
    from dbconn_tui.tui.port import Taking

NOT_SHOWN: Final = "values are never shown"
LEAST_CONTEXT: Final = 0
"""Unchanged lines around a difference."""


@dataclass(frozen=True, slots=True)
class PlanEntry:
    """One row of the plan's list: a connection, or (with `change`) one of its items.

    `look` is a look of LineView, `kept` = it was decided that the files' side is written over the tenant's.
    """

    plan: ConnectionPlan
    change: Change | None
    symbol: str
    name: str
    words: str
    look: str = ""
    kept: bool = False

    @property
    def id(self) -> str:
        """Stable while the plan names the same things."""
        return f"{self.plan.key}\n{self.change.item if self.change else ''}"


def plan_entries(
    plan: Plan, skipped: frozenset[str] = frozenset(), choices: Choices | None = None
) -> tuple[PlanEntry, ...]:
    """Every connection in the plan's order with its changes below it; unchanged ones are a single row."""
    return tuple(entry for one in plan.connections for entry in _connection_entries(one, one.key in skipped, choices))


def _connection_entries(one: ConnectionPlan, skipped: bool, choices: Choices | None) -> Iterator[PlanEntry]:
    words = f"skipped ({CONNECTION_WORDS[one.state]})" if skipped else plan_words(one, short=True)
    decided = len(kept_items(one, None, choices))
    if decided and not skipped and not one.blocked:
        words = f"keep mine: {plural(decided, 'item')}"
    symbol = "○" if skipped else CONNECTION_SYMBOLS[one.state]
    look = "muted" if skipped else _LOOKS.get(one.state, "")
    yield PlanEntry(one, None, symbol, one.key, words, look)
    for change in one.changes:
        kept = bool(kept_items(one, change, choices))
        words = "keep mine" if kept else ITEM_SHORT_WORDS[change.state]
        if change.item.startswith("script:") and (change.state.writes or change.state.refuses):
            diff = diff_texts(change.before, change.after)
            words = f"+{diff.added} -{diff.removed}  {words}"
        look = "muted" if skipped else "bad" if change.state.refuses else "" if change.state.writes else "muted"
        symbol = "~" if kept else ITEM_SYMBOLS[change.state]
        yield PlanEntry(one, change, symbol, item_title(change.item), words, look, kept)


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
        return tuple(connection_lines(entry.plan, deciding=True))
    blockers = [one for one in entry.plan.blocked if one.item == entry.change.item]
    kept = [Line("Kept: the deploy writes your side over the tenant's. m takes that back.", "caution", "! "), Line()]
    return (
        *_deciding_lines(blockers),
        *(kept if entry.kept else ()),
        *change_lines(entry.change, context=context),
    )


def connection_lines(one: ConnectionPlan, *, deciding: bool = False) -> Iterator[Line]:
    """A connection in words: what blocks it first, then what would happen, then what stays.

    `deciding` = it is shown where keys decide, so hints name keys rather than flags.
    """
    yield from _deciding_lines(one.blocked) if deciding else _blocker_lines(one.blocked)
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


def _deciding_lines(blockers: list[Blocker] | tuple[Blocker, ...]) -> Iterator[Line]:
    """The reasons, then each way to decide once."""
    for blocker in blockers:
        yield Line(blocker.reason, "bad", "✗ ")
    for way in dict.fromkeys(way_out(blocker) for blocker in blockers):
        if way:
            yield Line(way, "", "  → ")
    if blockers:
        yield Line()


def way_out(blocker: Blocker) -> str:
    """What to do about a blocker on the plan screen, where keys decide."""
    value = blocker.item.startswith("configuration:")
    if blocker.brake:
        return f"b lifts the brake {blocker.brake}, after one more question."
    if "--overwrite-drift" in blocker.hint:
        theirs = "The tenant's value cannot be read back." if value else "t takes the tenant's into the files."
        return f"m keeps mine: the deploy writes over the tenant's. {theirs}"
    if "--drop-configuration" in blocker.hint:
        return f"{blocker.hint.partition(', or pass')[0]}; or x gives the key up, after one more question."
    return blocker.hint


def brake_lines(brakes: Sequence[Blocker]) -> tuple[Line, ...]:
    """What lifting brakes means, before it is done."""
    lines: list[Line] = []
    for brake in brakes:
        lines.append(Line(f"{brake.brake}: {brake.reason}.", "bad", "! "))
        if effect := effect_of(brake):
            lines.append(Line(effect, "", "  "))
    lines += [Line(), Line("Nothing is sent yet: the plan is made anew, and the deploy asks once more.", "muted")]
    return tuple(lines)


def give_up_lines(key: str, names: Sequence[str]) -> tuple[Line, ...]:
    """What giving up configuration keys means."""
    return (
        *(Line(f"configuration.{name} of {key} will be deleted on the tenant", "bad", "! ") for name in names),
        Line("Its value cannot be read back, so no rollback brings it again. Scripts that read it get undefined."),
        Line(),
        Line("Nothing is sent yet: the plan is made anew, and the deploy asks once more.", "muted"),
    )


def taking_lines(taking: Taking) -> tuple[Line, ...]:
    """What taking the tenant's side would write, file by file."""
    lines: list[Line] = []
    for one in taking.files:
        diff = diff_texts(one.before, one.after)
        lines.append(Line(f"{one.file}  +{diff.added} -{diff.removed}", "title", "~ " if one.before else "+ "))
    for file in taking.lost:
        lines.append(Line(f"{file} is not committed to git: what it says now would be gone", "bad", "! "))
    lines += [Line(f"stays as it is: {left}", "caution", "· ") for left in taking.left]
    lines += [Line(note, "", "i ") for note in taking.notes]
    if taking.paste:
        lines += [Line("dbconn.yaml stays as it is; add these lines to it:", "caution", "! "), Line(taking.paste)]
    return tuple(lines)


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
    yield from diff_lines(diff)
    if not diff.lines:
        yield Line("The same text.", "muted")


_VALUE_SENTENCES: Final = {
    ItemState.NEW: "A value will be set. Values are never shown.",
    ItemState.YOUR_CHANGE: "The value differs from the one deployed last and will be sent. Values are never shown.",
    ItemState.REMOVED: "The files no longer give it; the deploy removes the key.",
    ItemState.NOT_COMPARED: "The value is not available on this machine, so it was not compared.",
    ItemState.FOREIGN: "The tenant has this key and the files do not give it. Its value cannot be read back.",
}


def diff_lines(diff: Diff) -> Iterator[Line]:
    """The lines of a diff with their numbers."""
    numbers = len(str(max((line.number for line in diff.lines), default=0)))
    for line in diff.lines:
        yield _diff_line(line, max(3, numbers))


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
