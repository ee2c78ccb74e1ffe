"""A plan as lines for people: what stands in the way first, then each change with its content."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from dbconn_tui.cli.text import Part, Span, Style, counted
from dbconn_tui.deploy.diff import DiffLine, LineKind, diff_texts
from dbconn_tui.deploy.values import Blocker, Change, ConnectionPlan, ConnectionState, ItemState, Plan

Mask = Callable[[str], str]
Line = list[Part]

SYMBOLS: Final = {
    ConnectionState.CREATE: Span("+", Style.GREEN),
    ConnectionState.CHANGE: Span("~", Style.YELLOW),
    ConnectionState.UNCHANGED: Span("✓", Style.GREEN),
    ConnectionState.UNDECIDED: Span("≠", Style.RED),
    ConnectionState.DRIFT: Span("≠", Style.RED),
    ConnectionState.CONFLICT: Span("≠", Style.RED),
    ConnectionState.BLOCKED: Span("✗", Style.RED),
    ConnectionState.ONLY_ON_TENANT: Span("?", Style.DIM),
}

_WORDS: Final = {
    ConnectionState.CREATE: "would be created",
    ConnectionState.CHANGE: "would change",
    ConnectionState.UNCHANGED: "unchanged",
    ConnectionState.UNDECIDED: "was there before dbconn, and differs",
    ConnectionState.DRIFT: "was changed on the tenant",
    ConnectionState.CONFLICT: "was changed on both sides",
    ConnectionState.BLOCKED: "blocked",
    ConnectionState.ONLY_ON_TENANT: "only on the tenant",
}

_ITEM_SYMBOLS: Final = {
    ItemState.NEW: Span("+", Style.GREEN),
    ItemState.YOUR_CHANGE: Span("~", Style.YELLOW),
    ItemState.DROPPED_BY_DASHBOARD: Span("+", Style.GREEN),
    ItemState.REMOVED: Span("-", Style.RED),
    ItemState.DRIFT: Span("≠", Style.RED),
    ItemState.CONFLICT: Span("≠", Style.RED),
    ItemState.UNDECIDED: Span("≠", Style.RED),
    ItemState.NOT_COMPARED: Span("?", Style.YELLOW),
}

_KIND_ORDER: Final = ("script", "option", "display_name", "configuration", "client")
_MOST_UNCHANGED: Final = 8
"""Unchanged connections listed one by one; more are counted."""
_LONGEST_LEAF: Final = 100
"""Characters of an option's value shown within its line."""


def plan_lines(plan: Plan, mask: Mask, *, verbose: bool = False) -> Iterator[Line]:
    """Every line of a plan, its last one the count."""
    yield [Span(f"Plan for {plan.tenant}", Style.BOLD), f" ({plan.domain})"]
    yield []
    for note in plan.notes:
        yield [Span("note: ", Style.DIM), note]
    ordered = sorted(plan.connections, key=lambda one: (not one.blocked, not one.writes))
    unchanged = [one for one in ordered if one.state is ConnectionState.UNCHANGED and not one.notes]
    for one in ordered:
        if verbose or one not in unchanged or len(unchanged) <= _MOST_UNCHANGED:
            yield from _connection_lines(one, mask, verbose=verbose)
    if not verbose and len(unchanged) > _MOST_UNCHANGED:
        yield [SYMBOLS[ConnectionState.UNCHANGED], f" {len(unchanged)} more unchanged"]
    if plan.connections:
        yield []
    yield [Span(plan_summary(plan), Style.BOLD)]


def plan_counts(plan: Plan) -> dict[str, int]:
    """How many connections are in which state; `blocked` counts everything that a deploy would refuse."""
    return {
        "create": plan.count(ConnectionState.CREATE),
        "change": plan.count(ConnectionState.CHANGE),
        "unchanged": plan.count(ConnectionState.UNCHANGED),
        "blocked": sum(bool(one.blocked) for one in plan.connections),
        "only_on_tenant": plan.count(ConnectionState.ONLY_ON_TENANT),
    }


def plan_summary(plan: Plan) -> str:
    """The last line, e.g. `Plan: 1 to create, 2 to change, 3 unchanged, 1 blocked.`"""
    counts = plan_counts(plan)
    text = (
        f"Plan: {counts['create']} to create, {counts['change']} to change, "
        f"{counts['unchanged']} unchanged, {counts['blocked']} blocked"
    )
    if counts["only_on_tenant"]:
        text += f" ({counts['only_on_tenant']} only on the tenant)"
    return f"{text}."


def item_words(item: str) -> str:
    """An item word for people: `script login`, `option mfa.active`, `configuration API_URL`, `display_name`."""
    kind, _, word = item.partition(":")
    return f"{kind} {word}".strip()


def _connection_lines(one: ConnectionPlan, mask: Mask, *, verbose: bool) -> Iterator[Line]:
    called = "" if one.name == one.key else f" (named {one.name} on the tenant)"
    words = f"{_WORDS[one.state]}{_outline(one)}"
    yield [SYMBOLS[one.state], " ", Span(one.key, Style.BOLD), called, "  ", words]
    for brake in one.brakes:
        yield ["    ", Span("allowed: ", Style.YELLOW), brake.reason]
    for blocker in sorted(one.blocked, key=lambda blocker: not blocker.brake):
        yield from _blocker_lines(blocker)
    for change in sorted(one.changes, key=_place_in_list):
        yield from _change_lines(change, mask, new_connection=one.live_id is None, verbose=verbose)
    for note in one.notes:
        yield ["    ", Span("note: ", Style.DIM), note]
    if one.writes and one.kept:
        yield ["    ", Span(f"{counted(one.kept, 'option')} the files do not manage go back unchanged", Style.DIM)]


def _outline(one: ConnectionPlan) -> str:
    if not one.writes:
        return ""
    counts = {kind: sum(change.item.startswith(f"{kind}:") for change in one.changes) for kind in _KIND_ORDER}
    nouns = (
        ("script", "script"),
        ("option", "option"),
        ("configuration", "configuration value"),
        ("client", "application"),
    )
    parts = [counted(counts[kind], noun) for kind, noun in nouns if counts[kind]]
    return f": {', '.join(parts)}" if parts else ""


def _place_in_list(change: Change) -> int:
    kind = change.item.partition(":")[0]
    return _KIND_ORDER.index(kind) if kind in _KIND_ORDER else len(_KIND_ORDER)


def _blocker_lines(blocker: Blocker) -> Iterator[Line]:
    label = f"brake {blocker.brake}: " if blocker.brake else "blocked: "
    yield ["    ", Span(label, Style.RED), blocker.reason]
    if blocker.hint:
        yield ["        ", blocker.hint]


def _change_lines(change: Change, mask: Mask, *, new_connection: bool, verbose: bool) -> Iterator[Line]:
    kind = change.item.partition(":")[0]
    line: Line = ["    ", _ITEM_SYMBOLS.get(change.state, Span("·", Style.DIM)), " ", item_words(change.item)]
    note = f"  ({change.note})" if change.note else ""
    if kind == "configuration":
        yield [*line, f"  {change.state.value}{note}"]
        return
    before, after = mask(change.before), mask(change.after)
    if kind == "script":
        yield from _script_lines(change, line, before, after, note, whole=verbose)
        return
    if change.state is ItemState.RELEASED:
        yield [*line, f"  {_leaf(before)}, no longer managed and stays{note}"]
        return
    status = "" if new_connection or change.state is ItemState.YOUR_CHANGE else f"  {change.state.value}"
    if max(len(before), len(after)) <= _LONGEST_LEAF and "\n" not in before + after:
        value = f"  {_leaf(after)}" if new_connection else f"  {_leaf(before)} → {_leaf(after)}"
        yield [*line, value, status, note]
        return
    yield [*line, status, note]
    yield from diff_lines(before, after)


def _leaf(text: str) -> str:
    return text or "(not set)"


def _script_lines(change: Change, line: Line, before: str, after: str, note: str, *, whole: bool) -> Iterator[Line]:
    if change.state is ItemState.FOREIGN:
        yield [*line, f"  not in the files, kept as received{note}"]
        return
    if not before and not whole:
        lines = len(after.splitlines())
        yield [*line, f"  {change.state.value}, {counted(lines, 'line')}{note}"]
        return
    diff = diff_texts(before, after)
    if before != after and not diff.lines:
        yield [*line, f"  {change.state.value}  only line ends differ"]
        return
    yield [*line, f"  {change.state.value}  +{diff.added} -{diff.removed}{note}"]
    yield from diff_lines(before, after)


def diff_lines(before: str, after: str) -> Iterator[Line]:
    """A diff with line numbers and the changed words marked; none for equal texts."""
    for line in diff_texts(before, after).lines:
        if line.kind is LineKind.GAP:
            yield ["        ", Span(f"     … {counted(line.number, 'line')} unchanged", Style.DIM)]
        else:
            yield ["        ", Span(f"{line.number:>5} ", Style.DIM), *_marked(line)]


def _marked(line: DiffLine) -> Line:
    if line.kind is LineKind.SAME:
        return ["  ", line.text]
    removed = line.kind is LineKind.REMOVED
    whole = Style.RED if removed else Style.GREEN
    word = Style.RED_WORD if removed else Style.GREEN_WORD
    parts: Line = [Span(f"{line.kind.value} ", whole)]
    at = 0
    for start, end in line.changed:
        parts += [Span(line.text[at:start], whole), Span(line.text[start:end], word)]
        at = end
    parts.append(Span(line.text[at:], whole))
    return parts
