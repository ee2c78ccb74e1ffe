"""Status: a line a connection, from the files and the last reading at once, from the tenant as it arrives."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from dbconn_tui.action_scripts.kinds import KINDS
from dbconn_tui.deploy.local_record import domain_folder, make_private_folder
from dbconn_tui.deploy.values import ConnectionPlan, ConnectionState
from dbconn_tui.errors import ProjectError
from dbconn_tui.problems import Problem, Severity, count_problems
from dbconn_tui.project.values import Connection
from dbconn_tui.project.write import write_file
from dbconn_tui.secret_store.lookup import Resolved
from dbconn_tui.tasks.lint_memory import check_connections
from dbconn_tui.tasks.outside import Outside
from dbconn_tui.tasks.plan import Planned, resolve_values
from dbconn_tui.tasks.workspace import Workspace, select


class StatusState(StrEnum):
    """One word for a connection, and by `symbol` one character; never told by colour alone."""

    IN_SYNC = "in sync"
    CHANGED = "changed here"
    NEW = "not deployed yet"
    LINT = "lint errors"
    VALUES = "values missing"
    DRIFT = "changed on the tenant"
    CONFLICT = "changed on both sides"
    UNDECIDED = "there before dbconn"
    BLOCKED = "blocked"
    ONLY_ON_TENANT = "only on the tenant"
    UNKNOWN = "not read yet"

    @property
    def symbol(self) -> str:
        """One character for tables."""
        return _SYMBOLS[self]


_SYMBOLS = {
    StatusState.IN_SYNC: "✓",
    StatusState.CHANGED: "~",
    StatusState.NEW: "+",
    StatusState.LINT: "✗",
    StatusState.VALUES: "!",
    StatusState.DRIFT: "≠",
    StatusState.CONFLICT: "≠",
    StatusState.UNDECIDED: "≠",
    StatusState.BLOCKED: "✗",
    StatusState.ONLY_ON_TENANT: "?",
    StatusState.UNKNOWN: "…",
}

_FROM_PLAN = {
    ConnectionState.CREATE: StatusState.NEW,
    ConnectionState.CHANGE: StatusState.CHANGED,
    ConnectionState.UNCHANGED: StatusState.IN_SYNC,
    ConnectionState.UNDECIDED: StatusState.UNDECIDED,
    ConnectionState.DRIFT: StatusState.DRIFT,
    ConnectionState.CONFLICT: StatusState.CONFLICT,
    ConnectionState.BLOCKED: StatusState.BLOCKED,
    ConnectionState.ONLY_ON_TENANT: StatusState.ONLY_ON_TENANT,
}


@dataclass(frozen=True, slots=True)
class StatusRow:
    """One connection. Counts are of the files; `deployed` is seconds since 1970, None when not known."""

    key: str
    name: str
    state: StatusState
    changes: int = 0
    """Items that a deploy would write or that need a decision."""
    scripts: int = 0
    scripts_expected: int = 0
    errors: int = 0
    warnings: int = 0
    values: int = 0
    values_needed: int = 0
    deployed: float | None = None
    plan: ConnectionPlan | None = None
    problems: tuple[Problem, ...] = ()
    files: str = ""
    """A digest of what the files say, to notice later that they changed since a reading."""
    kinds: tuple[str, ...] = ()
    """The kinds of its scripts."""

    @property
    def words(self) -> str:
        """The state for people, e.g. `changed here: 2 items`."""
        if self.state is StatusState.LINT:
            return f"{self.errors} lint error{'s' if self.errors != 1 else ''}"
        if self.state is StatusState.VALUES:
            missing = self.values_needed - self.values
            return f"{missing} value{'s' if missing != 1 else ''} missing here"
        if self.changes and self.state not in (StatusState.NEW, StatusState.IN_SYNC):
            return f"{self.state.value}: {self.changes} item{'s' if self.changes != 1 else ''}"
        return self.state.value


@dataclass(frozen=True, slots=True)
class Status:
    """All rows of one tenant. `read_at` is when the tenant was read, seconds since 1970; None = never."""

    tenant: str
    domain: str
    rows: tuple[StatusRow, ...]
    read_at: float | None = None
    live: bool = False
    """Whether the tenant was read just now rather than remembered."""


def offline_status(outside: Outside, workspace: Workspace, names: Sequence[str] = ()) -> Status:
    """The status without a request: files, values available here, and the last reading. Raises UsageError."""
    chosen = select(workspace.connections, names)
    remembered = _remembered(outside, workspace.tenant.domain)
    states: dict[str, Any] = remembered.get("connections", {})
    found = check_connections(outside.state_folder, chosen, workspace.project.lint_preset)
    resolved = resolve_values(outside, workspace, chosen, run_command=False)
    rows = []
    for connection in chosen:
        last = states.get(connection.key, {})
        state, changes = _parse_state(last.get("state")), last.get("changes", 0)
        if state is StatusState.IN_SYNC and last.get("files") != _digest(connection):
            state, changes = StatusState.CHANGED, 0
        rows.append(_row(connection, found[connection.key].problems, resolved, state, changes, last.get("deployed")))
    read_at = remembered.get("read_at")
    return Status(workspace.tenant.name, workspace.tenant.domain, tuple(rows), read_at)


def live_status(outside: Outside, planned: Planned) -> Status:
    """The status out of a plan just made; it is remembered for `offline_status`."""
    workspace = planned.workspace
    by_key = {connection.key: connection for connection in workspace.connections}
    problems: dict[str, list[Problem]] = {}
    for problem in planned.problems:
        problems.setdefault(problem.connection, []).append(problem)
    rows = []
    for plan in planned.plan.connections:
        state = _FROM_PLAN[plan.state]
        changes = sum(change.state.writes or change.state.refuses for change in plan.changes)
        live = planned.reading.by_name(plan.name)
        deployed = planned.tracking.recorded(plan.name, live).time if live else None
        connection = by_key.get(plan.key)
        if connection is None or plan.state is ConnectionState.ONLY_ON_TENANT:
            rows.append(StatusRow(plan.key, plan.name, state, deployed=deployed, plan=plan))
        else:
            mine = tuple(problems.get(plan.key, ()))
            rows.append(_row(connection, mine, planned.resolved, state, changes, deployed, plan))
    status = Status(workspace.tenant.name, workspace.tenant.domain, tuple(rows), outside.wall_clock(), live=True)
    remember(outside, status)
    return status


def remember(outside: Outside, status: Status, deployed: Collection[str] = ()) -> None:
    """Keep a status for the next `offline_status`; a folder that cannot be written is no failure.

    `deployed` are keys of connections that were deployed since: they are in sync now. What is remembered
    of connections that the status doesn't hold stays.
    """
    connections = dict(_remembered(outside, status.domain).get("connections", {}))
    for row in status.rows:
        connections[row.key] = {
            "state": _before_files(row).name,
            "changes": row.changes,
            "deployed": row.deployed,
            "files": row.files,
        }
        if row.key in deployed:
            now = outside.wall_clock()
            connections[row.key] |= {"state": StatusState.IN_SYNC.name, "changes": 0, "deployed": now}
    path = domain_folder(outside.state_folder, status.domain) / "status.json"
    text = json.dumps({"version": 1, "read_at": status.read_at, "connections": connections}, indent=1)
    try:
        make_private_folder(outside.state_folder, path.parent)
        write_file(path, text.encode(), 0o600)
    except (OSError, ProjectError):
        return


def _before_files(row: StatusRow) -> StatusState:
    return _FROM_PLAN[row.plan.state] if row.plan else row.state


def _remembered(outside: Outside, domain: str) -> dict[str, Any]:
    path = domain_folder(outside.state_folder, domain) / "status.json"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(content, dict) or content.get("version") != 1:
        return {}
    entries = content.get("connections")
    usable = {key: entry for key, entry in entries.items() if _is_entry(entry)} if isinstance(entries, dict) else {}
    read_at = content.get("read_at")
    return {"connections": usable, "read_at": read_at if isinstance(read_at, (int, float)) else None}


def _is_entry(entry: object) -> bool:
    return (
        isinstance(entry, dict)
        and isinstance(entry.get("changes"), int)
        and isinstance(entry.get("deployed"), (int, float, type(None)))
    )


def _digest(connection: Connection) -> str:
    """SHA-256 in hex over everything that a deploy would take from the files, values named and not resolved."""
    scripts = {kind: script.text for kind, script in connection.scripts.items()}
    configuration = {key: repr(value) for key, value in connection.configuration.items()}
    said: list[Any] = [scripts, configuration, connection.options, connection.import_mode, connection.display_name]
    if connection.enabled_clients is not None:
        said.append(sorted(connection.enabled_clients))
    text = json.dumps([connection.name, *said], sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _parse_state(name: object) -> StatusState:
    return StatusState[name] if isinstance(name, str) and name in StatusState.__members__ else StatusState.UNKNOWN


def _row(
    connection: Connection,
    problems: Sequence[Problem],
    resolved: Resolved,
    state: StatusState,
    changes: int,
    deployed: float | None,
    plan: ConnectionPlan | None = None,
) -> StatusRow:
    counts = count_problems(problems)
    missing = sum(missing.connection == connection.key for missing in resolved.missing)
    needed = len(connection.configuration)
    if counts[Severity.ERROR]:
        state = StatusState.LINT
    elif missing and state in (StatusState.IN_SYNC, StatusState.CHANGED, StatusState.NEW, StatusState.UNKNOWN):
        state = StatusState.VALUES
    expected = [kind for kind in KINDS if kind.documented and (kind.in_import_mode or not connection.import_mode)]
    return StatusRow(
        connection.key,
        connection.name,
        state,
        changes,
        len(connection.scripts),
        max(len(expected), len(connection.scripts)),
        counts[Severity.ERROR],
        counts[Severity.WARNING],
        needed - missing,
        needed,
        deployed,
        plan,
        tuple(problems),
        _digest(connection),
        tuple(connection.scripts),
    )
