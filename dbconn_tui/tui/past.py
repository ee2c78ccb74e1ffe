"""Past writes as the history screen shows them: what each one changed, item by item. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dbconn_tui.action_scripts.kinds import order_of
from dbconn_tui.deploy.diff import diff_texts
from dbconn_tui.deploy.leaves import NOT_OPTIONS, leaves, option_item
from dbconn_tui.deploy.values import Change, ItemState
from dbconn_tui.tui.plan_lines import diff_lines
from dbconn_tui.tui.widgets.line_view import Line
from dbconn_tui.tui.wording import ITEM_SYMBOLS, item_title, plural

if TYPE_CHECKING:
    from dbconn_tui.deploy.history import HistoryEntry


@dataclass(frozen=True, slots=True)
class PastWrite:
    """One write of one connection. `time` is seconds since 1970; `last` = no later one of it is known."""

    id: str
    time: float
    key: str
    what: str
    """"created", "changed" or "rolled back"."""
    changes: tuple[Change, ...]
    last: bool = False
    before: str = field(default="", repr=False)
    """The live object before it as JSON, its configuration values as digests; empty when it created the connection."""

    @property
    def scripts(self) -> tuple[str, ...]:
        """Kinds of the scripts that it changed."""
        return tuple(change.item.partition(":")[2] for change in self.changes if change.item.startswith("script:"))

    @property
    def command(self) -> str:
        """The command line that goes where `u` goes from here."""
        return f"dbconn rollback {self.key}" + ("" if self.last else f" --to {self.id}")


def past_writes(entries: Sequence[HistoryEntry], mask: Callable[[str], str]) -> tuple[PastWrite, ...]:
    """The entries, newest first as they come; `mask` takes values out of a text to be shown."""
    seen: set[str] = set()
    writes = []
    for entry in entries:
        what = "created" if entry.before is None else "rolled back" if entry.verb == "rollback" else "changed"
        changes = tuple(
            Change(change.item, change.state, mask(change.before), mask(change.after)) for change in _changes(entry)
        )
        before = "" if entry.before is None else json.dumps(entry.before, indent=2, ensure_ascii=False) + "\n"
        writes.append(PastWrite(entry.id, entry.time, entry.key, what, changes, entry.name not in seen, before))
        seen.add(entry.name)
    return tuple(writes)


def _changes(entry: HistoryEntry) -> Iterator[Change]:
    before, sent = entry.scripts_before, entry.scripts_sent
    for kind in sorted(entry.changed_scripts, key=order_of):
        yield _change(f"script:{kind}", before.get(kind, ""), sent.get(kind, ""))
    old, new = _options(entry.before), _options(entry.sent)
    for item in sorted({*old, *new}):
        # What a write does not say of a new connection is the platform's to choose.
        if old.get(item) != new.get(item):
            yield _change(item, old.get(item, ""), new.get(item, ""))
    names = _configuration(entry.before), _configuration(entry.sent)
    for key in sorted(names[0] ^ names[1]):
        state = ItemState.NEW if key in names[1] else ItemState.REMOVED
        yield Change(f"configuration:{key}", state)


def _change(item: str, before: str, after: str) -> Change:
    state = ItemState.NEW if not before else ItemState.REMOVED if not after else ItemState.YOUR_CHANGE
    return Change(item, state, before, after)


def _options(raw: Mapping[str, Any] | None) -> dict[str, str]:
    options = {key: value for key, value in ((raw or {}).get("options") or {}).items() if key not in NOT_OPTIONS}
    found = {option_item(path): json.dumps(value, ensure_ascii=False) for path, value in leaves(options)}
    if isinstance((raw or {}).get("display_name"), str):
        found["display_name"] = json.dumps((raw or {})["display_name"], ensure_ascii=False)
    return found


def _configuration(raw: Mapping[str, Any] | None) -> set[str]:
    return set(((raw or {}).get("options") or {}).get("configuration") or {})


def scripts_words(write: PastWrite) -> str:
    """`login, get_user`, `7 scripts`, or what else it changed."""
    kinds = write.scripts
    if not kinds:
        return plural(len(write.changes), "option") if write.changes else "values only"
    return ", ".join(kinds) if len(kinds) < 4 else plural(len(kinds), "script")


def counts_words(write: PastWrite) -> str:
    """`+12 -3` over all its scripts; empty when it changed none."""
    diffs = [diff_texts(one.before, one.after) for one in write.changes if one.item.startswith("script:")]
    added, removed = sum(diff.added for diff in diffs), sum(diff.removed for diff in diffs)
    return f"+{added} -{removed}" if added or removed else ""


def write_lines(write: PastWrite, when: str) -> Iterator[Line]:
    """What a write changed: its heading, then every item with its difference."""
    yield Line(f"{write.what} {when}: {write.id}", "title")
    going = (
        "u goes back to before this, as a plan first."
        if write.last
        else "u goes back to what this one sent, as a plan first."
    )
    if write.last and write.what == "created":
        going = "It created the connection, so there is nothing before it to go back to."
    yield Line(going, "muted")
    if not write.changes:
        yield Line()
        yield Line("No script, option or name of a value changed; values are never kept.", "muted")
    for change in write.changes:
        diff = diff_texts(change.before, change.after)
        counts = f"  +{diff.added} -{diff.removed}" if change.item.startswith("script:") else ""
        yield Line()
        yield Line(f"{item_title(change.item)}{counts}", "title", f"{ITEM_SYMBOLS[change.state]} ")
        yield from diff_lines(diff)
