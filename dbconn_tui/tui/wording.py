"""Wording: the short texts that several screens share. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from dbconn_tui.deploy.values import Change, ConnectionPlan, ConnectionState, ItemState, Plan

if TYPE_CHECKING:
    from dbconn_tui.tasks.status import StatusRow

ITEM_SYMBOLS: Final = {
    ItemState.IN_SYNC: "✓",
    ItemState.NEW: "+",
    ItemState.YOUR_CHANGE: "~",
    ItemState.UNDECIDED: "≠",
    ItemState.DRIFT: "≠",
    ItemState.CONFLICT: "≠",
    ItemState.DROPPED_BY_DASHBOARD: "+",
    ItemState.FOREIGN: "·",
    ItemState.REMOVED: "-",
    ItemState.RELEASED: "·",
    ItemState.NOT_COMPARED: "·",
    ItemState.NOTHING: " ",
}

ITEM_WORDS: Final = {
    ItemState.IN_SYNC: "in sync",
    ItemState.NEW: "new",
    ItemState.YOUR_CHANGE: "your change",
    ItemState.UNDECIDED: "undecided: there before dbconn",
    ItemState.DRIFT: "drift: changed on the tenant",
    ItemState.CONFLICT: "conflict: changed on both sides",
    ItemState.DROPPED_BY_DASHBOARD: "dropped by the dashboard, sent again",
    ItemState.FOREIGN: "foreign, kept as received",
    ItemState.REMOVED: "removed by you, deleted",
    ItemState.RELEASED: "released, stays on the tenant",
    ItemState.NOT_COMPARED: "not available here, not compared",
    ItemState.NOTHING: "nothing",
}

ITEM_SHORT_WORDS: Final = ITEM_WORDS | {
    ItemState.UNDECIDED: "undecided",
    ItemState.DRIFT: "drift",
    ItemState.CONFLICT: "conflict",
    ItemState.DROPPED_BY_DASHBOARD: "dropped, sent again",
    ItemState.FOREIGN: "foreign, kept",
    ItemState.REMOVED: "removed by you",
    ItemState.RELEASED: "released, stays",
    ItemState.NOT_COMPARED: "not compared",
}
"""For lists, where the long words stand beside."""

CONNECTION_SYMBOLS: Final = {
    ConnectionState.CREATE: "+",
    ConnectionState.CHANGE: "~",
    ConnectionState.UNCHANGED: "✓",
    ConnectionState.UNDECIDED: "≠",
    ConnectionState.DRIFT: "≠",
    ConnectionState.CONFLICT: "≠",
    ConnectionState.BLOCKED: "✗",
    ConnectionState.ONLY_ON_TENANT: "?",
}

CONNECTION_WORDS: Final = {
    ConnectionState.CREATE: "new",
    ConnectionState.CHANGE: "your change",
    ConnectionState.UNCHANGED: "in sync",
    ConnectionState.UNDECIDED: "undecided",
    ConnectionState.DRIFT: "drift",
    ConnectionState.CONFLICT: "conflict",
    ConnectionState.BLOCKED: "blocked",
    ConnectionState.ONLY_ON_TENANT: "only on the tenant",
}

SUMMARY_WORDS: Final = {
    "IN_SYNC": "in sync",
    "CHANGED": "changed",
    "NEW": "new",
    "LINT": "lint",
    "VALUES": "values",
    "DRIFT": "drift",
    "CONFLICT": "conflict",
    "UNDECIDED": "undecided",
    "BLOCKED": "blocked",
    "ONLY_ON_TENANT": "only there",
    "UNKNOWN": "not read",
}
"""StatusState name → one or two words for the summary line."""


def plural(count: int, noun: str) -> str:
    """`1 item`, `2 items`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def age(seconds: float) -> str:
    """How long ago, in one unit: `just now`, `42s ago`, `3m ago`, `2h ago`, `5d ago`."""
    whole = int(seconds)
    if whole < 5:
        return "just now"
    for size, letter in ((86_400, "d"), (3_600, "h"), (60, "m")):
        if whole >= size:
            return f"{whole // size}{letter} ago"
    return f"{whole}s ago"


def item_title(item: str) -> str:
    """An item word for people: `script:login` → `login`, `configuration:KEY` → `configuration.KEY`."""
    kind, colon, word = item.partition(":")
    if not colon:
        return item
    return word if kind == "script" else f"{kind}.{word}" if kind == "configuration" else f"{kind} {word}"


_NOUNS: Final = {
    "script": "script",
    "option": "option",
    "display_name": "name",
    "configuration": "value",
    "client": "client",
}


def count_changes(changes: Iterable[Change], *, short: bool = False) -> str:
    """`3 scripts, 1 option, 2 values`, of the items that are written or refused; `short`: `6 items`."""
    counts = Counter(change.item.partition(":")[0] for change in changes if change.state.writes or change.state.refuses)
    if short and len(counts) > 1:
        return plural(counts.total(), "item")
    return ", ".join(plural(counts[kind], noun) for kind, noun in _NOUNS.items() if counts[kind])


def plan_words(plan: ConnectionPlan, *, short: bool = False) -> str:
    """One connection's line in a plan, after its name: `new: 7 scripts`."""
    words = CONNECTION_WORDS[plan.state]
    counted = count_changes(plan.changes, short=short)
    if plan.state is ConnectionState.ONLY_ON_TENANT:
        return words
    if plan.blocked and plan.state is ConnectionState.BLOCKED:
        return f"{words}: {plural(len(plan.blocked), 'reason')}"
    return f"{words}: {counted}" if counted else words


def plan_summary(plan: Plan) -> str:
    """`Plan: 1 to create, 2 to change, 3 in sync, 1 blocked`; counts of 0 are skipped after the third."""
    decisions = sum(
        plan.count(state) for state in (ConnectionState.DRIFT, ConnectionState.CONFLICT, ConnectionState.UNDECIDED)
    )
    parts = [
        f"{plan.count(ConnectionState.CREATE)} to create",
        f"{plan.count(ConnectionState.CHANGE)} to change",
        f"{plan.count(ConnectionState.UNCHANGED)} in sync",
    ]
    blocked = plan.count(ConnectionState.BLOCKED)
    parts += [f"{blocked} blocked"] if blocked else []
    parts += [f"{decisions} to decide"] if decisions else []
    return f"Plan: {', '.join(parts)}"


def status_summary(rows: Sequence[StatusRow]) -> list[str]:
    """`✓ 1 in sync`, `~ 2 changed` …: one text for each state that occurs, in the order of SUMMARY_WORDS."""
    counts = Counter(row.state.name for row in rows)
    symbols = {row.state.name: row.state.symbol for row in rows}
    return [f"{symbols[name]} {counts[name]} {words}" for name, words in SUMMARY_WORDS.items() if counts[name]]
