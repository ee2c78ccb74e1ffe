"""Rolling a connection back: before its last deploy, to an earlier one, or the scripts of a git ref (design §5.9).

The target becomes a plan like any other, with today's configuration values. Lint does not block it, and
drift is overwritten after being shown. What is rolled back is marked in the record, so it stays back.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dbconn_tui.action_scripts.kinds import is_placeholder
from dbconn_tui.deploy.fingerprint import Fingerprints
from dbconn_tui.deploy.history import HistoryEntry, HistoryFolder
from dbconn_tui.deploy.merge import LEGACY_PASSWORD_OPTIONS
from dbconn_tui.deploy.plan import EVERYTHING, Choices, Desired, make_plan, recorded_items
from dbconn_tui.deploy.rolled_back import mark_of
from dbconn_tui.deploy.tracking import Tracking
from dbconn_tui.deploy.values import Plan
from dbconn_tui.deploy.work import Work
from dbconn_tui.errors import UsageError
from dbconn_tui.events import Event, EventKind, OnEvent, ignore
from dbconn_tui.project.values import Connection, Script
from dbconn_tui.secret_store.lookup import Resolved
from dbconn_tui.tasks.git import scripts_at
from dbconn_tui.tasks.outside import Outside
from dbconn_tui.tasks.plan import Planned, fingerprints_of, open_tracking
from dbconn_tui.tasks.probe import keeps_values
from dbconn_tui.tasks.workspace import Workspace, select
from dbconn_tui.tenant.client import TenantClient, require_options
from dbconn_tui.tenant.values import LiveConnection

NEVER_IN_THE_WAY = frozenset({"user-id", "many", "redeploy-rolled-back"})
"""Brakes that a rollback lifts by itself: it goes back to what users had."""

_SAID_ELSEWHERE = frozenset({"customScripts", "configuration", "import_mode", "enabledDatabaseCustomization"})


@dataclass(frozen=True, slots=True)
class Target:
    """Where a rollback goes: the scripts, and where a state is known, options and display name."""

    words: str
    """For people, e.g. `before deploy 20261122-141503-9f3c01ab`."""
    scripts: Mapping[str, str] = field(repr=False)
    options: Mapping[str, Any] | None = field(default=None, repr=False)
    display_name: str | None = None


def find_target(outside: Outside, workspace: Workspace, key: str, to: str | None, history: Path | None) -> Target:
    """The target of a rollback: `to` is an id from the history (or its beginning), a git ref, or None.

    None means the state before the last write. Raises UsageError when there is none, or `to` is neither.
    """
    (connection,) = select(workspace.connections, [key])
    folder = HistoryFolder(history or outside.state_folder, workspace.tenant.domain)
    entries = folder.entries(connection.name)
    if to is None:
        return _before_last(entries, key)
    found = [entry for entry in entries if entry.id.startswith(to)] if len(to) >= 4 else []
    if len(found) > 1:
        raise UsageError(f"{to} begins the ids of {len(found)} deploys", "Give more of the id.")
    if found:
        return _target(f"deploy {found[0].id}", found[0].sent)
    scripts = scripts_at(workspace.project, connection, to)
    if not scripts:
        raise UsageError(
            f"{to} is no deploy of {key} in this machine's history, and no git ref with its scripts",
            f"`dbconn history {key}` lists the deploys; --history DIR names another folder.",
        )
    return Target(f"the scripts at {to}", scripts)


def _before_last(entries: Sequence[HistoryEntry], key: str) -> Target:
    if not entries:
        raise UsageError(
            f"this machine knows no deploy of {key}",
            "Name one with --history DIR, or take the scripts of a git ref with --to REF.",
        )
    last = entries[0]
    if last.before is None:
        raise UsageError(
            f"the last deploy of {key} created it, so there is nothing before", "Take a git ref with --to REF."
        )
    return _target(f"before {last.verb} {last.id}", last.before)


def _target(words: str, raw: Mapping[str, Any]) -> Target:
    options = raw.get("options") or {}
    return Target(words, options.get("customScripts") or {}, options, raw.get("display_name"))


async def plan_rollback(
    outside: Outside,
    workspace: Workspace,
    tenant: TenantClient,
    key: str,
    target: Target,
    *,
    resolved: Resolved,
    allow: frozenset[str] = frozenset(),
    on_event: OnEvent = ignore,
) -> Planned:
    """The plan that takes a connection to `target`; `deploy_plan` carries it out with verb="rollback".

    Raises UsageError when the connection is not on the tenant, and whatever the tenant raises.
    """
    (connection,) = select(workspace.connections, [key])
    on_event(Event(EventKind.STEP, f"reading {workspace.tenant.domain}"))
    reading = await tenant.find_connections([connection.name])
    require_options(reading)
    live = reading.by_name(connection.name)
    if live is None:
        raise UsageError(
            f"{connection.name} is not on {workspace.tenant.domain}", "`dbconn deploy` creates it from the files."
        )
    tracking = open_tracking(outside, workspace, [connection])
    deletes = bool(allow & {"delete-script", f"delete-script:{key}"})
    wanted, notes = _wanted(connection, target, live, deletes=deletes)
    choices = Choices(frozenset({EVERYTHING}), allow | NEVER_IN_THE_WAY, skip_lint=True)
    desired = Desired(wanted, fingerprints_of(wanted, resolved, tracking))
    plan = make_plan(
        [desired],
        reading,
        workspace.tenant,
        tracking,
        choices,
        selected=frozenset({key}),
        keeps_values=keeps_values(outside, workspace.tenant.domain),
    )
    plan = _with_notes(plan, (f"rolls back to {target.words}", *notes))
    values = resolved.values.get(key, {})
    recorded = _recorded(connection, wanted, desired.values, live, plan, tracking)
    work = Work(wanted, plan.connections[0], values, desired.values, recorded)
    return Planned(workspace, plan, (), resolved, (work,), reading, tracking)


def _wanted(
    connection: Connection, target: Target, live: LiveConnection, *, deletes: bool
) -> tuple[Connection, tuple[str, ...]]:
    """The connection as it should be, and what is left as it is, in words."""
    notes = []
    scripts = {kind: text for kind, text in target.scripts.items() if not is_placeholder(text)}
    newer: Mapping[str, str] = live.options.get("customScripts") or {}
    for kind in newer:
        if kind not in scripts and not is_placeholder(newer[kind]) and not deletes:
            scripts[kind] = newer[kind]
            notes.append(f"{kind} came later and stays; --allow delete-script deletes it")
    changes: dict[str, Any] = {
        "scripts": {kind: _script(connection, kind, text) for kind, text in scripts.items()},
        "lint": {},
    }
    if target.options is not None:
        options = {key: value for key, value in target.options.items() if key not in _SAID_ELSEWHERE}
        if "password_options" in options:
            options = {key: value for key, value in options.items() if key not in LEGACY_PASSWORD_OPTIONS}
        changes |= {
            "options": options,
            "import_mode": target.options.get("import_mode"),
            "display_name": target.display_name,
        }
    return dataclasses.replace(connection, **changes), tuple(notes)


def _script(connection: Connection, kind: str, text: str) -> Script:
    known = connection.scripts.get(kind)
    if known is not None:
        return dataclasses.replace(known, text=text)
    return Script(kind, Path(f"{kind}.js"), f"{kind}.js", text)


def _with_notes(plan: Plan, notes: tuple[str, ...]) -> Plan:
    (one,) = plan.connections
    return dataclasses.replace(plan, connections=(dataclasses.replace(one, notes=(*notes, *one.notes)),))


def _recorded(
    connection: Connection,
    wanted: Connection,
    values: Mapping[str, bytes],
    live: LiveConnection,
    plan: Plan,
    tracking: Tracking,
) -> dict[str, bytes]:
    """What the record shall hold: the items that the files manage, as rolled back, and marks of what went."""
    managed = recorded_items(connection, values, tracking)
    sent = recorded_items(wanted, values, tracking)
    record = {item: sent.get(item, fingerprint) for item, fingerprint in managed.items()}
    for change in plan.connections[0].changes:
        if change.item in managed and change.state.writes and not change.item.startswith("configuration:"):
            mark = _fingerprint_of_live(change.item, change.before, live, tracking.public)
            if mark is not None:
                record[mark_of(change.item)] = mark
    return record


def _fingerprint_of_live(item: str, before: str, live: LiveConnection, prints: Fingerprints) -> bytes | None:
    kind, _, word = item.partition(":")
    if kind == "script":
        text = (live.options.get("customScripts") or {}).get(word)
        return prints.script(text) if text is not None else None
    if not before:
        return None
    import json

    return prints.option(json.loads(before))
