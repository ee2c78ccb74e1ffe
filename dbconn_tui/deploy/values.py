"""The frozen values between plan, apply and the front ends: Change, ConnectionPlan, Plan, Outcome.

An item is a word for one managed thing: `script:login`, `option:mfa.active`, `configuration:KEY`,
`display_name`, `client:ID`. `before` (live) and `after` (files) are texts for people and for
diffs: a script's whole text, an option leaf as JSON; always empty for a configuration value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from dbconn_tui.errors import ExitCode


class ItemState(StrEnum):
    """How one item stands between files, record and live (design §5.3)."""

    IN_SYNC = "in sync"
    NEW = "new"
    YOUR_CHANGE = "your change"
    UNDECIDED = "undecided"
    DRIFT = "drift"
    CONFLICT = "conflict"
    DROPPED_BY_DASHBOARD = "dropped by the dashboard"
    FOREIGN = "foreign"
    REMOVED = "removed by you"
    RELEASED = "released"
    NOT_COMPARED = "not compared"
    """A configuration value that is not available here; nothing is known to differ."""
    NOTHING = "nothing"

    @property
    def writes(self) -> bool:
        """Whether a deploy sends something because of it."""
        return self in _WRITES

    @property
    def refuses(self) -> bool:
        """Whether a deploy of the connection is refused because of it."""
        return self in _REFUSES


_WRITES = frozenset({ItemState.NEW, ItemState.YOUR_CHANGE, ItemState.DROPPED_BY_DASHBOARD, ItemState.REMOVED})
_REFUSES = frozenset({ItemState.UNDECIDED, ItemState.DRIFT, ItemState.CONFLICT})


class ConnectionState(StrEnum):
    """One word for a connection in a plan."""

    CREATE = "create"
    CHANGE = "change"
    UNCHANGED = "unchanged"
    UNDECIDED = "undecided"
    DRIFT = "drift"
    CONFLICT = "conflict"
    BLOCKED = "blocked"
    ONLY_ON_TENANT = "only-on-tenant"


class OutcomeState(StrEnum):
    """What became of a connection in a deploy."""

    DEPLOYED = "deployed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    FAILED = "failed"
    NOT_ATTEMPTED = "not-attempted"


@dataclass(frozen=True, slots=True)
class Change:
    """One item that is not simply in sync, as shown in a plan."""

    item: str
    state: ItemState
    before: str = field(default="", repr=False)
    after: str = field(default="", repr=False)
    note: str = ""
    """One sentence more, e.g. "only line ends differ"; empty mostly."""


@dataclass(frozen=True, slots=True)
class Blocker:
    """Why a connection cannot be deployed as planned, and what to do about it."""

    reason: str
    hint: str = ""
    brake: str = ""
    """The brake's name when `--allow NAME` would lift it; empty for anything else."""
    item: str = ""
    lint: bool = False
    """Whether a lint error is the reason: exit code 1 rather than 5."""


@dataclass(frozen=True, slots=True)
class EnabledClients:
    """Ids of the clients that may use a connection: as the files want it, and as it was read."""

    wanted: frozenset[str]
    live: frozenset[str]

    @property
    def changes(self) -> Mapping[str, bool]:
        """Client id → whether it is enabled (True) or disabled; empty when both sides are equal."""
        return {client_id: client_id in self.wanted for client_id in sorted(self.wanted ^ self.live)}


@dataclass(frozen=True, slots=True)
class ConnectionPlan:
    """What a deploy would do with one connection.

    `key` is its key in dbconn.yaml (the live name for only-on-tenant), `name` its live name.
    `live_id` is None when it would be created. `live_fingerprint` covers options, display_name and
    metadata as read, hex; empty when absent.
    """

    key: str
    name: str
    state: ConnectionState
    changes: tuple[Change, ...] = ()
    blocked: tuple[Blocker, ...] = ()
    brakes: tuple[Blocker, ...] = ()
    """Brakes that apply and were lifted with --allow; shown first all the same."""
    notes: tuple[str, ...] = ()
    live_id: str | None = None
    live_fingerprint: str = ""
    in_sync: int = 0
    """How many items are in sync and therefore not in `changes`."""
    kept: int = 0
    """How many live option leaves the files do not manage; they go back unchanged."""
    clients: EnabledClients | None = None
    """None where the files do not declare enabled_clients."""

    @property
    def writes(self) -> bool:
        """Whether a deploy sends a write for it."""
        return self.state in (ConnectionState.CREATE, ConnectionState.CHANGE)

    @property
    def writes_connection(self) -> bool:
        """Whether that write is of the connection itself, and not of its enabled clients alone."""
        return self.writes and (
            self.live_id is None
            or any(change.state.writes and not change.item.startswith("client:") for change in self.changes)
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """The pure comparison of files, record and live for the selected connections of one tenant."""

    tenant: str
    domain: str
    connections: tuple[ConnectionPlan, ...]
    notes: tuple[str, ...] = ()

    def count(self, state: ConnectionState) -> int:
        """How many connections are in `state`."""
        return sum(1 for connection in self.connections if connection.state is state)

    @property
    def refused(self) -> bool:
        """Whether any selected connection may not be deployed for a reason other than lint."""
        return any(not blocker.lint for connection in self.connections for blocker in connection.blocked)

    @property
    def blocked_by_lint(self) -> bool:
        """Whether lint errors keep any selected connection from being deployed."""
        return any(blocker.lint for connection in self.connections for blocker in connection.blocked)

    @property
    def has_work(self) -> bool:
        """Whether a deploy would write, or would be refused."""
        return any(connection.writes or connection.blocked for connection in self.connections)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one connection; `message` says why when it isn't deployed or unchanged."""

    key: str
    name: str
    state: OutcomeState
    message: str = ""
    hint: str = ""
    seconds: float = 0.0
    changes: tuple[Change, ...] = ()
    exit_code: ExitCode = ExitCode.OK
    """What the process would say if this were its only connection (design §4)."""
