"""The work of a deploy: one connection's part of it, and the outside that carrying it out needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from dbconn_tui.deploy.ciphertext import SeenCiphertext
from dbconn_tui.deploy.clients import ClientsPort
from dbconn_tui.deploy.history import HistoryEntry
from dbconn_tui.deploy.record import Record
from dbconn_tui.deploy.values import ConnectionPlan
from dbconn_tui.errors import ExitCode
from dbconn_tui.events import OnEvent, ignore
from dbconn_tui.project.values import Connection
from dbconn_tui.sensitive import Sensitive
from dbconn_tui.tenant.values import LiveConnection, LiveReading


class TenantPort(ClientsPort, Protocol):
    """What apply needs of a tenant; `tenant.client.TenantClient` is one."""

    async def list_connections(self) -> LiveReading: ...
    async def find_connections(self, names: Sequence[str]) -> LiveReading: ...
    async def get_connection(self, connection_id: str) -> LiveConnection: ...
    async def create_connection(self, body: Mapping[str, Any], *, start_by: float) -> LiveConnection: ...
    async def update_connection(
        self, connection_id: str, body: Mapping[str, Any], *, start_by: float
    ) -> LiveConnection: ...


@dataclass(frozen=True, slots=True)
class Work:
    """One connection's part of a deploy: what the files say, the plan for it, its values and their fingerprints."""

    connection: Connection
    plan: ConnectionPlan
    values: Mapping[str, Sensitive] = field(repr=False)
    fingerprints: Mapping[str, bytes] = field(repr=False)
    recorded: Mapping[str, bytes] | None = field(default=None, repr=False)
    """What the record shall hold when that isn't what is sent, as in a rollback: item word → fingerprint."""
    record_only: bool = False
    """Whether only the record is written, and no option touched (`dbconn adopt`)."""


@dataclass(frozen=True, slots=True)
class ClientsFailure:
    """Why a connection's enabled clients are not as the files want them, though the connection is."""

    message: str
    hint: str
    exit_code: ExitCode


@dataclass(slots=True)
class Written:
    """A write that was answered: the body that was sent and the record inside it, and what its clients came to."""

    work: Work
    body: Mapping[str, Any] = field(repr=False)
    answer: LiveConnection
    local_record: Record | None
    deploy_id: bytes
    seconds: float
    clients_failure: ClientsFailure | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """The outside that apply needs besides the tenant: clocks in seconds, randomness, and who watches."""

    clock: Callable[[], float]
    wall_clock: Callable[[], float]
    random_bytes: Callable[[int], bytes]
    on_event: OnEvent = ignore
    keep_history: Callable[[HistoryEntry], None] = lambda entry: None
    """Called before each write; what it raises keeps that connection from being written."""
    forget_history: Callable[[HistoryEntry], None] = lambda entry: None
    """Called for a write that was not sent after all."""
    verb: str = "deploy"
    """What the history says this run was."""
    keep_local_record: Callable[[str, Record], None] = lambda name, record: None
    keep_seen: Callable[[str, SeenCiphertext], None] = lambda name, seen: None
    """Called for each connection that was read back as it was written."""
    stop_requested: Callable[[], bool] = lambda: False
    """Asked before each write; True leaves the rest not attempted (Ctrl-C finishes the write under way)."""
