"""The plan: files, record and live compared item by item; pure, so it can be printed, saved and tested (design §5).

It gets fingerprints of configuration values, never values.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from dbconn_tui.action_scripts.kinds import BY_NAME, is_placeholder, order_of
from dbconn_tui.deploy.blockers import (
    held_by_others,
    lint_blockers,
    record_room,
    refused_items,
    unknown_keys,
)
from dbconn_tui.deploy.brakes import apply_brakes, brake_many
from dbconn_tui.deploy.ciphertext import SAVED_AGAIN, SeenCiphertext
from dbconn_tui.deploy.clients import ClientReading, compare_clients, is_client
from dbconn_tui.deploy.fingerprint import digest_of_live
from dbconn_tui.deploy.kept import kept_blockers, kept_note
from dbconn_tui.deploy.leaves import ABSENT, NOT_OPTIONS, leaves, option_item, value_at
from dbconn_tui.deploy.merge import managed_options, merge_options
from dbconn_tui.deploy.record import has_any_record
from dbconn_tui.deploy.rename import note_renames
from dbconn_tui.deploy.rolled_back import back_again, carried_marks
from dbconn_tui.deploy.three_way import decide, decide_configuration, decide_option
from dbconn_tui.deploy.tracking import RecordView, Tracking
from dbconn_tui.deploy.values import Blocker, Change, ConnectionPlan, ConnectionState, ItemState, Plan
from dbconn_tui.problems import Problem
from dbconn_tui.project.values import Connection, KeptValue, Tenant
from dbconn_tui.tenant.values import LiveConnection, LiveReading

EVERYTHING: Final = "*"
"""In Choices.overwrite: every item."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the caller decided beforehand.

    `overwrite`: items that drift, conflict or undecided may be overwritten in: `CONNECTION/ITEM`, `ITEM`,
    `CONNECTION`, or EVERYTHING. `allow`: brakes, `NAME` or `NAME:CONNECTION`. `drop_configuration`: live keys
    to give up, `KEY` or `CONNECTION/KEY`. `resend_configuration`: write every value, whatever the record says.
    """

    overwrite: frozenset[str] = frozenset()
    allow: frozenset[str] = frozenset()
    drop_configuration: frozenset[str] = frozenset()
    skip_lint: bool = False
    resend_configuration: bool = False

    def overwrites(self, connection: str, item: str) -> bool:
        """Whether an item's live state may be overwritten."""
        return bool(self.overwrite & {EVERYTHING, item, connection, f"{connection}/{item}"})

    def allows(self, brake: str, connection: str) -> bool:
        """Whether a brake is lifted for a connection."""
        return bool(self.allow & {brake, f"{brake}:{connection}"})

    def drops(self, connection: str, key: str) -> bool:
        """Whether a live configuration key may be lost."""
        return bool(self.drop_configuration & {key, f"{connection}/{key}"})


@dataclass(frozen=True, slots=True)
class Desired:
    """The files' side of one connection: `values` maps configuration keys to fingerprints or NOT_AVAILABLE.

    `clients` is what was read for its enabled_clients; None where the files do not declare them.
    """

    connection: Connection
    values: Mapping[str, bytes] = field(default_factory=dict)
    problems: Sequence[Problem] = ()
    clients: ClientReading | None = None
    seen: SeenCiphertext | None = None
    """What this machine saw of its values after the last deploy from here."""


NO_CHOICES: Final = Choices()


def make_plan(
    desired: Sequence[Desired],
    reading: LiveReading,
    tenant: Tenant,
    tracking: Tracking,
    choices: Choices = NO_CHOICES,
    *,
    selected: frozenset[str] | None = None,
    keeps_values: bool = False,
) -> Plan:
    """What a deploy would do. `selected` = keys of the chosen connections; None = all, and others live are listed.

    `keeps_values`: this tenant is known to keep a configuration value whose ciphertext is sent back (kept.py).
    """
    plans = [
        _plan_connection(one, reading, tracking, choices, keeps_values)
        for one in desired
        if selected is None or one.connection.key in selected
    ]
    plans = brake_many(plans, reading, tenant, choices.allows)
    if selected is None:
        connections = [one.connection for one in desired]
        names = {connection.name for connection in connections}
        plans += _only_on_tenant(names, reading, tracking)
        plans = note_renames(plans, connections, _ours_elsewhere(names, reading, tracking))
    notes = []
    if not tracking.public.keyed and any(one.values for one in desired):
        notes.append(
            "no project_key in dbconn.yaml: changed configuration values are noticed on this machine only "
            "(`dbconn init` makes one)"
        )
    return Plan(tenant.name, tenant.domain, tuple(plans), tuple(notes))


def _ours_elsewhere(names: set[str], reading: LiveReading, tracking: Tracking) -> list[LiveConnection]:
    """Live connections that the files do not name and that carry this project's record."""
    return [
        live
        for live in reading.connections
        if live.name not in names and live.has_options and tracking.recorded(live.name, live).time is not None
    ]


def _only_on_tenant(names: set[str], reading: LiveReading, tracking: Tracking) -> Iterator[ConnectionPlan]:
    for live in reading.connections:
        if live.name in names or not live.has_options:
            continue
        managed = tracking.recorded(live.name, live).time is not None
        if managed or live.options.get("enabledDatabaseCustomization") is True:
            yield ConnectionPlan(
                live.name,
                live.name,
                ConnectionState.ONLY_ON_TENANT,
                live_id=live.id,
                live_fingerprint=digest_of_live(live.raw),
                notes=("was managed here; dbconn never deletes a connection",) if managed else (),
            )


def _plan_connection(
    one: Desired, reading: LiveReading, tracking: Tracking, choices: Choices, keeps_values: bool
) -> ConnectionPlan:
    connection = one.connection
    live = reading.by_name(connection.name)
    record = tracking.recorded(connection.name, live)
    clients = compare_clients(connection, one.clients)
    compared = [*_compare(one, live, record, tracking, choices), *clients.changes]
    changes = [_overwritten(change, connection.key, choices) for change in compared]
    in_sync = sum(change.state is ItemState.IN_SYNC and not change.note for change in changes)
    shown = tuple(change for change in changes if change.state is not ItemState.IN_SYNC or change.note)
    writes = live is None or any(change.state.writes and not is_client(change) for change in changes)
    deleted = frozenset(_word(c) for c in shown if c.item.startswith("script:") and c.state is ItemState.REMOVED)
    merged = merge_options(connection, live.options if live else None, delete_scripts=deleted)
    blocked = [
        *held_by_others(connection, reading, live),
        *refused_items(shown, connection.key),
        *clients.blocked,
        *merged.blocked,
        *(unknown_keys(shown, connection.key, choices.drops) if writes else ()),
        *kept_blockers(connection, live, writes=writes, proven=keeps_values),
        *(() if choices.skip_lint else lint_blockers(connection, one.problems, changes, creates=live is None)),
        *(record_room(next_record(one, live, tracking), live, tracking) if writes else ()),
    ]
    again = back_again(recorded_items(connection, one.values, tracking), record)
    brakes, lifted = apply_brakes(connection, live, shown, choices.allows, again)
    notes = list(merged.notes) if writes else []
    notes += [note for note in (kept_note(connection, live),) if note]
    if live is not None and record.time is None and has_any_record(live.raw.get("metadata")):
        notes.append("another project, or this connection under another name or domain, has deployed here")
    return ConnectionPlan(
        connection.key,
        connection.name,
        _state_of(live, shown, [*brakes, *blocked]),
        shown,
        tuple(dict.fromkeys([*brakes, *blocked])),
        lifted,
        tuple(notes),
        live.id if live else None,
        digest_of_live(live.raw) if live else "",
        in_sync,
        _count_kept(connection, live),
        clients.sets,
    )


def _state_of(live: LiveConnection | None, changes: Sequence[Change], blocked: Sequence[Blocker]) -> ConnectionState:
    states = {change.state for change in changes}
    for item_state, state in (
        (ItemState.CONFLICT, ConnectionState.CONFLICT),
        (ItemState.DRIFT, ConnectionState.DRIFT),
        (ItemState.UNDECIDED, ConnectionState.UNDECIDED),
    ):
        if item_state in states:
            return state
    if blocked:
        return ConnectionState.BLOCKED
    if live is None:
        return ConnectionState.CREATE
    return ConnectionState.CHANGE if any(change.state.writes for change in changes) else ConnectionState.UNCHANGED


def _overwritten(change: Change, key: str, choices: Choices) -> Change:
    if not change.state.refuses or not choices.overwrites(key, change.item):
        return change
    note = f"{change.state.value}, overwritten as asked"
    state = ItemState.YOUR_CHANGE
    if not change.after and change.state is ItemState.CONFLICT and not change.item.startswith("configuration:"):
        state = ItemState.REMOVED if change.item.startswith("script:") else ItemState.RELEASED
    return Change(change.item, state, change.before, change.after, note)


def _compare(
    one: Desired, live: LiveConnection | None, record: RecordView, tracking: Tracking, choices: Choices
) -> list[Change]:
    options = live.options if live else {}
    return [
        *_compare_scripts(one.connection, options, record, tracking),
        *_compare_options(one.connection, options, record, tracking, creates=live is None),
        *_compare_display_name(one.connection, live, record, tracking),
        *_compare_configuration(one, options, record, choices),
    ]


def _compare_scripts(
    connection: Connection, options: Mapping[str, Any], record: RecordView, tracking: Tracking
) -> Iterator[Change]:
    scripts: Mapping[str, str] = options.get("customScripts") or {}
    for kind in sorted({*connection.scripts, *scripts}, key=order_of):
        item = f"script:{kind}"
        ours = connection.scripts.get(kind)
        theirs = scripts.get(kind)
        theirs_counts = theirs is not None and not is_placeholder(theirs)
        if ours is None and theirs is not None and not theirs_counts:
            continue
        state = decide(
            tracking.public.script(ours.text) if ours else None,
            record.of(item),
            tracking.public.script(theirs) if theirs is not None and theirs_counts else None,
            dashboard_drops=kind in BY_NAME and BY_NAME[kind].dropped_by_dashboard,
        )
        if state is ItemState.NOTHING:
            continue
        before, after = theirs or "", ours.text if ours else ""
        note = "only line ends differ" if state is ItemState.IN_SYNC and before != after else ""
        yield Change(item, state, before, after, note)


def _compare_options(
    connection: Connection, options: Mapping[str, Any], record: RecordView, tracking: Tracking, *, creates: bool
) -> Iterator[Change]:
    managed = dict(leaves(managed_options(connection, creates=creates)))
    for path, value in managed.items():
        theirs = value_at(options, path)
        state = decide_option(
            tracking.public.option(value),
            record.of(option_item(path)),
            None if theirs is ABSENT else tracking.public.option(theirs),
        )
        yield Change(option_item(path), state, "" if theirs is ABSENT else _json(theirs), _json(value))
    for path, theirs in leaves({key: value for key, value in options.items() if key not in NOT_OPTIONS}):
        item = option_item(path)
        recorded = record.of(item)
        if recorded is None or _covers(managed, path):
            continue
        state = decide_option(None, recorded, tracking.public.option(theirs))
        yield Change(item, state, _json(theirs), "")


def _covers(managed: Mapping[tuple[str, ...], Any], path: tuple[str, ...]) -> bool:
    return any(path[: len(ours)] == ours for ours in managed)


def _compare_display_name(
    connection: Connection, live: LiveConnection | None, record: RecordView, tracking: Tracking
) -> Iterator[Change]:
    if connection.display_name is None:
        return
    theirs = live.raw.get("display_name") if live else None
    state = decide(
        tracking.public.option(connection.display_name),
        record.of("display_name"),
        None if theirs is None else tracking.public.option(theirs),
    )
    yield Change("display_name", state, _json(theirs) if theirs is not None else "", _json(connection.display_name))


def _compare_configuration(
    one: Desired, options: Mapping[str, Any], record: RecordView, choices: Choices
) -> Iterator[Change]:
    live_keys = set(options.get("configuration") or {})
    saved_again = one.seen.saved_again(record.deploy_id, options) if one.seen else frozenset()
    for key in sorted({*one.connection.configuration, *live_keys}):
        item = f"configuration:{key}"
        if isinstance(one.connection.configuration.get(key), KeptValue):
            continue
        state = decide_configuration(one.values.get(key), record.of(item), live=key in live_keys)
        note = "the value is not available here" if state is ItemState.NOT_COMPARED else ""
        if choices.resend_configuration and state in (ItemState.IN_SYNC, ItemState.NOT_COMPARED):
            state, note = ItemState.YOUR_CHANGE, "sent again as asked"
        elif key in saved_again and not state.writes:
            note = f"{note}; {SAVED_AGAIN}" if note else SAVED_AGAIN
        if state is not ItemState.NOTHING:
            yield Change(item, state, note=note)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=2 if isinstance(value, (dict, list)) else None)


def _word(change: Change) -> str:
    return change.item.partition(":")[2]


def recorded_items(connection: Connection, values: Mapping[str, bytes], tracking: Tracking) -> dict[str, bytes]:
    """Every item that a write of this connection puts into the record: item word → fingerprint.

    import_mode is among them only when the files say it; a created connection gets false without being managed.
    """
    items = {f"script:{kind}": tracking.public.script(script.text) for kind, script in connection.scripts.items()}
    for path, value in leaves(managed_options(connection, creates=False)):
        items[option_item(path)] = tracking.public.option(value)
    if connection.display_name is not None:
        items["display_name"] = tracking.public.option(connection.display_name)
    items |= {f"configuration:{key}": value for key, value in values.items()}
    return items


def next_record(one: Desired, live: LiveConnection | None, tracking: Tracking) -> dict[str, bytes]:
    """What a deploy of this connection records: its items, and the marks of earlier rollbacks that still hold."""
    items = recorded_items(one.connection, one.values, tracking)
    record = tracking.recorded(one.connection.name, live)
    return items | carried_marks(items, record, lifted=back_again(items, record))


def _count_kept(connection: Connection, live: LiveConnection | None) -> int:
    if live is None:
        return 0
    managed = {path for path, _ in leaves(managed_options(connection, creates=False))}
    tree = {key: value for key, value in live.options.items() if key not in NOT_OPTIONS}
    return sum(not _covers(dict.fromkeys(managed), path) for path, _ in leaves(tree))
