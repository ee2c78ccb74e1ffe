"""Pulling: what a tenant holds comes into the files, whole for new connections, item by item for known ones.

Known ones go through the three-way comparison of a plan, so that what only the files changed stays.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from dbconn_tui.deploy.plan import Desired, make_plan
from dbconn_tui.deploy.pull import Pull, arrival_of, choose_items, differing_values, is_custom
from dbconn_tui.deploy.three_way import NOT_AVAILABLE
from dbconn_tui.deploy.values import ConnectionPlan
from dbconn_tui.errors import UsageError
from dbconn_tui.events import Event, EventKind, OnEvent, ignore
from dbconn_tui.project.arrival import LeftOut
from dbconn_tui.project.overlay import connections_for
from dbconn_tui.project.placement import Placed, exists_elsewhere, place
from dbconn_tui.project.schema import SCRIPT_KINDS
from dbconn_tui.project.script_files import work_tree
from dbconn_tui.project.script_places import SCRIPTS, scripts_setting
from dbconn_tui.project.secret_names import SecretNames, names_in
from dbconn_tui.project.values import Connection, Json, KeptValue, Project
from dbconn_tui.tasks.arrivals import Arrivals, amended, with_entry
from dbconn_tui.tasks.destination import Destination
from dbconn_tui.tasks.incoming import (
    FileChange,
    Incoming,
    IncomingConnection,
    NeededSecret,
    Skipped,
    attributes_change,
    edit_project,
    script_change,
)
from dbconn_tui.tasks.masking import mask_values_of
from dbconn_tui.tasks.outside import Outside
from dbconn_tui.tasks.plan import open_tracking, resolve_values
from dbconn_tui.tenant.client import TenantClient, require_options
from dbconn_tui.tenant.scopes import PLAN_SCOPES, missing_scope_error, missing_scopes
from dbconn_tui.tenant.values import LiveConnection, LiveReading


async def plan_pull(
    outside: Outside,
    destination: Destination,
    tenant: TenantClient,
    names: Sequence[str] = (),
    *,
    on_event: OnEvent = ignore,
) -> Incoming:
    """What pulling would write. `names`: `NAME` or `NAME/ITEM`, a key in the files or a live name; none = everything.

    Raises UsageError for what the tenant does not have, MissingScopeError, and whatever the tenant raises.
    """
    asked = _parse(names)
    keys = {connection.key: connection.name for connection in destination.workspace.connections}
    on_event(Event(EventKind.STEP, f"reading {destination.tenant.domain}"))
    lacking = missing_scopes(PLAN_SCOPES, await tenant.scopes())
    if lacking:
        raise missing_scope_error(destination.tenant.domain, lacking, "pulling")
    wanted = [keys.get(name, name) for name in asked]
    reading = await (tenant.find_connections(wanted) if len(wanted) == 1 else tenant.list_connections())
    require_options(reading)
    return _Pulling(outside, destination, reading).everything(asked)


def _parse(names: Sequence[str]) -> dict[str, frozenset[str]]:
    """Connection → item words asked for, none = the whole connection."""
    asked: dict[str, set[str] | None] = {}
    for word in names:
        name, slash, item = word.partition("/")
        if slash and not item:
            raise UsageError(f"{word!r} names no item", "It is written NAME/ITEM, as users/script:login.")
        items = asked.setdefault(name, set() if item else None)
        if not item:
            asked[name] = None
        elif items is not None:
            items.add(item)
    return {name: frozenset(items or ()) for name, items in asked.items()}


class _Pulling:
    """One pull: a reading of the tenant against a project."""

    def __init__(self, outside: Outside, destination: Destination, reading: LiveReading) -> None:
        self.outside = outside
        self.workspace = destination.workspace
        self.fresh = destination.fresh
        self.project = destination.project
        self.tenant = destination.tenant
        self.reading = reading
        self.known = {connection.name: connection for connection in self.workspace.connections}
        self.elsewhere = self._lifted()
        self.arrivals = Arrivals(self.project)
        self.secret_names = SecretNames(names_in(self.project))
        self.incoming: list[IncomingConnection] = []
        self.skipped: list[Skipped] = []

    def everything(self, asked: Mapping[str, frozenset[str]]) -> Incoming:
        """All that was asked for, as one value."""
        chosen = [(live, asked_items) for live, asked_items in self._chosen(asked)]
        known = {live.name: self._connection(live.name) for live, _ in chosen}
        plans = self._plans([connection for connection in known.values() if connection is not None])
        for live, items in chosen:
            connection = known[live.name]
            if connection is None:
                self._take_new(live, items)
            else:
                self._take_known(connection, live, plans[connection.key], items)
        connections = _without_clashes(self.incoming)
        edit = edit_project(self.project.text, connections, empty=not self.project.connection_keys)
        return Incoming(
            self.project,
            edit,
            connections,
            tuple(self.skipped),
            self.workspace.problems,
            self.fresh,
            attributes_change(self.project.root) if self.fresh else (),
            self._mask(connections),
        )

    def _chosen(self, asked: Mapping[str, frozenset[str]]) -> list[tuple[LiveConnection, frozenset[str]]]:
        if not asked:
            return [
                (live, frozenset())
                for live in self.reading.connections
                if is_custom(live) or self._connection(live.name) is not None
            ]
        by_key = {connection.key: connection.name for connection in self.workspace.connections}
        chosen: dict[str, tuple[LiveConnection, frozenset[str]]] = {}
        for name, items in asked.items():
            live = self.reading.by_name(by_key.get(name, name))
            if live is None:
                raise self._not_there(name)
            if not is_custom(live) and self._connection(live.name) is None:
                raise UsageError(
                    f"{name} keeps its users in Auth0: enabledDatabaseCustomization is off, so no script of it runs",
                    "Only custom database connections are pulled.",
                )
            chosen[live.name] = (live, items)
        return list(chosen.values())

    def _not_there(self, name: str) -> UsageError:
        strategy = self.reading.other_names.get(name)
        if strategy:
            return UsageError(f"{name} is a connection of strategy {strategy}", "Only strategy auth0 is pulled.")
        near = ""
        if self.reading.complete:
            import difflib

            matches = difflib.get_close_matches(name, [live.name for live in self.reading.connections], n=1)
            near = f"Did you mean {matches[0]}? " if matches else ""
        hint = f"{near}`dbconn pull` without a name takes every custom database connection."
        return UsageError(f"{self.tenant.domain} has no database connection {name}", hint)

    def _lifted(self) -> dict[str, Connection]:
        """Connections of the files that do not exist on this tenant by `only`, as they would be here, by live name."""
        here = {connection.key for connection in self.workspace.connections}
        found: dict[str, Connection] = {}
        for key in self.project.connection_keys:
            entry = self.project.document["connections"][key]
            if key in here or entry is None:
                continue
            view = with_entry(self.project, key, {**entry, "only": [self.tenant.name]})
            connection = next((one for one in connections_for(view, self.tenant.name)[0] if one.key == key), None)
            if connection is not None:
                found[connection.name] = connection
        return found

    def _connection(self, live_name: str) -> Connection | None:
        return self.known.get(live_name) or self.elsewhere.get(live_name)

    def _plans(self, connections: Sequence[Connection]) -> Mapping[str, ConnectionPlan]:
        """How each known connection stands; no configuration value is looked up for it."""
        if not connections:
            return {}
        tracking = open_tracking(self.outside, self.workspace, connections)
        desired = [
            Desired(
                one,
                {key: NOT_AVAILABLE for key, value in one.configuration.items() if not isinstance(value, KeptValue)},
            )
            for one in connections
        ]
        selected = frozenset(one.key for one in connections)
        plan = make_plan(desired, self.reading, self.tenant, tracking, selected=selected)
        return {one.key: one for one in plan.connections}

    def _take_new(self, live: LiveConnection, items: frozenset[str]) -> None:
        if items:
            raise UsageError(
                f"{live.name} is not in {self.project.shown_file} yet, so no single item of it can be pulled",
                f"`dbconn pull {live.name}` takes the whole connection.",
            )
        secrets: list[NeededSecret] = []

        def named(key: str) -> str:
            secrets.append(NeededSecret(self.secret_names.of_key(live.name, key), key))
            return secrets[-1].name

        arrival, left = arrival_of(live, named)
        only = [self.tenant.name] if len(self.project.tenants) > 1 else []
        placed = self.arrivals.place(arrival, only=only, left=left, secrets=secrets)
        if isinstance(placed, Skipped):
            self.skipped.append(placed)
            return
        self.incoming.append(self._over_defaults(placed, live))

    def _over_defaults(self, new: IncomingConnection, live: LiveConnection) -> IncomingConnection:
        """A new connection that also says where the project's `defaults` are not what the tenant has."""
        if not self.project.document.get("defaults") or new.entry is None:
            return new
        view = with_entry(self.project, new.key, new.entry)
        connection = next(one for one in connections_for(view, self.tenant.name)[0] if one.key == new.key)
        wanted, refused = differing_values(connection, live)
        placed, impossible = place(view, new.key, self.tenant.name, wanted)
        left = [
            LeftOut(_word(path), "`defaults` say something else, and no entry can take it back") for path in impossible
        ]
        return replace(amended(new, placed), left=(*new.left, *refused, *left))

    def _take_known(
        self, connection: Connection, live: LiveConnection, plan: ConnectionPlan, items: frozenset[str]
    ) -> None:
        key, project = connection.key, self.project
        opening: tuple[Placed, ...] = ()
        if connection.name not in self.known:
            opening, project = self._open_to_tenant(key)
        unreadable = any(problem.blocks and problem.connection == key for problem in self.workspace.problems)
        pull = choose_items(connection, live, plan.changes, items, unreadable=unreadable)
        secrets = tuple(NeededSecret(self.secret_names.of_key(key, name), name) for name in pull.keys)
        wanted: dict[tuple[str, ...], Json] = {
            **pull.values,
            **{("configuration", one.key): {"secret": one.name} for one in secrets},
        }
        placed, impossible = place(project, key, self.tenant.name, wanted)
        files, setting, left = self._script_files(connection, pull.scripts)
        left += [
            LeftOut(_word(path), "no single change of dbconn.yaml says it; edit it by hand") for path in impossible
        ]
        self.incoming.append(
            IncomingConnection(
                key,
                live.name,
                None,
                files,
                (*opening, *setting, *placed),
                pull.items,
                secrets,
                (*pull.left, *left),
                tuple(self._notes(connection, pull)),
            )
        )

    def _open_to_tenant(self, key: str) -> tuple[tuple[Placed, ...], Project]:
        """The change that lets a connection exist on this tenant, too, and the project with it."""
        entry = self.project.document["connections"][key]
        before = entry.get("only") or (self.project.document.get("defaults") or {}).get("only") or []
        only = [*before, self.tenant.name]
        return (
            (Placed(("connections", key, "only"), only, entry.get("only")),),
            with_entry(self.project, key, {**entry, "only": only}),
        )

    def _notes(self, connection: Connection, pull: Pull) -> list[str]:
        """Who else is touched by the script files of this connection."""
        if not pull.scripts:
            return []
        notes = []
        others = exists_elsewhere(self.project, connection.key, self.tenant.name)
        if others:
            notes.append(f"the script files also serve {', '.join(others)}: a deploy there carries them, too")
        taken = {connection.scripts[kind].path for kind in pull.scripts if kind in connection.scripts}
        for other, scripts in self.project.scripts.items():
            shared = sorted(script.file for script in scripts.values() if script.path in taken)
            if other != connection.key and shared:
                notes.append(f"{', '.join(shared)} also serves the connection {other}")
        return notes

    def _script_files(
        self, connection: Connection, scripts: Mapping[str, str]
    ) -> tuple[tuple[FileChange, ...], tuple[Placed, ...], list[LeftOut]]:
        """The files that scripts of a known connection go to, what `scripts` must say for it, and what cannot go."""
        root, key = self.project.root, connection.key
        setting = scripts_setting(self.project, key)
        targets = {kind: _target(connection, setting, kind) for kind in scripts}
        boundary = work_tree(root)
        files, left = [], []
        for kind, file in targets.items():
            if Path(os.path.realpath(root / file)).is_relative_to(boundary):
                files.append(script_change(root / file, file, kind, scripts[kind]))
            else:
                left.append(LeftOut(f"script:{kind}", f"{file} lies outside the git work tree or the project"))
        named = {change.kind: change.file for change in files}
        if isinstance(setting, str):
            if set(named) <= set(SCRIPT_KINDS):
                return tuple(files), (), left
            whole = {kind: script.file for kind, script in connection.scripts.items()} | named
            path = ("connections", key, "scripts")
            said = (self.project.document["connections"][key] or {}).get("scripts")
            return tuple(files), (Placed(path, whole, said),), left
        new = {kind: file for kind, file in named.items() if kind not in (setting or {})}
        return tuple(files), tuple(Placed(("connections", key, "scripts", kind), new[kind]) for kind in new), left

    def _mask(self, connections: Sequence[IncomingConnection]) -> Callable[[str], str]:
        """A mask for the diffs of scripts that are replaced: they may repeat a value in the clear."""
        shown = {one.key for one in connections if any(change.before is not None for change in one.changes)}
        chosen = [one for one in self.workspace.connections if one.key in shown]
        if not chosen:
            return str
        resolved = resolve_values(self.outside, self.workspace, chosen)
        return mask_values_of((one, resolved.values.get(one.key, {})) for one in chosen)


def _target(connection: Connection, setting: Json, kind: str) -> str:
    """The file of a script relative to the project: today's, the one that is named, or one beside the others."""
    if kind in connection.scripts:
        return connection.scripts[kind].file
    if isinstance(setting, str):
        return f"{setting.rstrip('/')}/{kind}.js"
    named = setting or {}
    if kind in named:
        return str(named[kind])
    folder = os.path.dirname(next(iter(named.values()), "")) or f"{SCRIPTS}/{connection.key}"
    return f"{folder}/{kind}.js"


def _word(path: tuple[str, ...]) -> str:
    """A path below an entry as an item word."""
    return f"{'option' if path[0] == 'options' else path[0]}:{'.'.join(path[1:])}".rstrip(":")


def _without_clashes(connections: Sequence[IncomingConnection]) -> tuple[IncomingConnection, ...]:
    """The connections without scripts whose one file would have to hold two texts."""
    texts: dict[Path, set[bytes]] = {}
    for connection in connections:
        for change in connection.changes:
            texts.setdefault(Path(os.path.realpath(change.path)), set()).add(change.after)
    clashing = {path for path, several in texts.items() if len(several) > 1}
    if not clashing:
        return tuple(connections)
    return tuple(_without_files(connection, clashing) for connection in connections)


def _without_files(connection: IncomingConnection, clashing: set[Path]) -> IncomingConnection:
    kept, left = [], []
    for change in connection.files:
        if Path(os.path.realpath(change.path)) in clashing:
            reason = f"{change.file} serves several connections, whose scripts differ on the tenant"
            left.append(LeftOut(f"script:{change.kind}", f"{reason}; give each a file of its own"))
        else:
            kept.append(change)
    return replace(connection, files=tuple(kept), left=(*connection.left, *left))
