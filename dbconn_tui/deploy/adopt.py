"""Adopting a connection that was there before dbconn: what is live becomes the record, nothing else moves. Pure.

Only items that the files name are recorded. One that is equal on both sides is in sync from then on, one that
differs is the files' change to make; what only the tenant has stays foreign, so that no later plan takes it away.
A configuration value cannot be compared: its key is recorded with a mark that no value has, and the next
deploy writes the files' value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from dbconn_tui.action_scripts.kinds import is_placeholder, order_of
from dbconn_tui.deploy.blockers import record_room
from dbconn_tui.deploy.fingerprint import digest_of_live
from dbconn_tui.deploy.leaves import ABSENT, NOT_OPTIONS, leaves, option_item, value_at
from dbconn_tui.deploy.merge import managed_options
from dbconn_tui.deploy.plan import recorded_items
from dbconn_tui.deploy.record import has_any_record
from dbconn_tui.deploy.rolled_back import carried_marks
from dbconn_tui.deploy.tracking import RecordView, Tracking
from dbconn_tui.deploy.values import Blocker, Change, ConnectionPlan, ConnectionState, ItemState
from dbconn_tui.project.values import Connection, KeptValue
from dbconn_tui.tenant.values import LiveConnection

TAKEN_OVER = (
    "another project, or this connection under another name or domain, has deployed here; adopting takes it over"
)


@dataclass(frozen=True, slots=True)
class Adoption:
    """What adopting one connection writes.

    `recorded` is the whole new record: item word → fingerprint. The plan's changes are the items
    that enter it, IN_SYNC or, where files and tenant differ, YOUR_CHANGE.
    """

    plan: ConnectionPlan
    recorded: Mapping[str, bytes] = field(repr=False)

    @property
    def adopted(self) -> tuple[str, ...]:
        """The items that enter the record."""
        return tuple(change.item for change in self.plan.changes)

    @property
    def differing(self) -> tuple[str, ...]:
        """Those of them that the next deploy would write."""
        return tuple(change.item for change in self.plan.changes if change.state is ItemState.YOUR_CHANGE)


def plan_adoption(connection: Connection, live: LiveConnection, tracking: Tracking) -> Adoption:
    """What adopting would record. An item that our own record knows already keeps what it says of it, unless files
    and tenant agree on something else by now, as after a pull: then that is recorded.

    Nothing to adopt when `adopted` is empty. The plan is blocked when the record has no room.
    """
    view = tracking.recorded(connection.name, live)
    files = recorded_items(connection, {}, tracking)
    on_tenant = dict(_live_items(connection, live, tracking))
    changes = []
    keys = {f"configuration:{key}" for key in connection.configuration}
    recorded = _already_recorded({*files, *keys, *on_tenant, *_live_words(live)}, view)
    for item, fingerprint in on_tenant.items():
        same = files.get(item) == fingerprint
        if recorded.get(item, b"") == fingerprint or (item in recorded and not same):
            continue
        recorded[item] = fingerprint
        changes.append(Change(item, ItemState.IN_SYNC if same else ItemState.YOUR_CHANGE))
    foreign = view.time is None and has_any_record(live.raw.get("metadata"))
    blocked: tuple[Blocker, ...] = tuple(record_room(recorded, live, tracking))
    plan = ConnectionPlan(
        connection.key,
        connection.name,
        ConnectionState.BLOCKED if blocked else ConnectionState.CHANGE if changes else ConnectionState.UNCHANGED,
        tuple(changes),
        blocked,
        notes=(TAKEN_OVER,) if foreign else (),
        live_id=live.id,
        live_fingerprint=digest_of_live(live.raw),
    )
    return Adoption(plan, recorded)


def _live_items(connection: Connection, live: LiveConnection, tracking: Tracking) -> Iterator[tuple[str, bytes]]:
    """Every item that the files name and the tenant has, with the fingerprint of what is live."""
    scripts: Mapping[str, str] = live.options.get("customScripts") or {}
    for kind in sorted(connection.scripts, key=order_of):
        if kind in scripts and not is_placeholder(scripts[kind]):
            yield f"script:{kind}", tracking.public.script(scripts[kind])
    for path, _ in leaves(managed_options(connection, creates=False)):
        value = value_at(live.options, path)
        if value is not ABSENT:
            yield option_item(path), tracking.public.option(value)
    if connection.display_name is not None and live.raw.get("display_name") is not None:
        yield "display_name", tracking.public.option(live.raw["display_name"])
    keys = live.options.get("configuration") or {}
    for key, value in connection.configuration.items():
        if key in keys and not isinstance(value, KeptValue):
            yield f"configuration:{key}", tracking.values.unknown_value(connection.name, key)


def _live_words(live: LiveConnection) -> Iterator[str]:
    """The words of everything that the tenant has, named by the files or not."""
    yield from (f"script:{kind}" for kind in live.options.get("customScripts") or {})
    tree = {key: value for key, value in live.options.items() if key not in NOT_OPTIONS}
    yield from (option_item(path) for path, _ in leaves(tree))
    yield from (f"configuration:{key}" for key in live.options.get("configuration") or {})


def _already_recorded(words: set[str], view: RecordView) -> dict[str, bytes]:
    known = {word: fingerprint for word in sorted(words) if (fingerprint := view.of(word)) is not None}
    return known | carried_marks(words, view, lifted=frozenset())
