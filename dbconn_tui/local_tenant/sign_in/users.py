"""Users: the one place that makes flows: the tenant's state, its scripts and its clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dbconn_tui.local_tenant.sign_in.deployed import DeployedScripts
from dbconn_tui.local_tenant.sign_in.flow import Flow
from dbconn_tui.local_tenant.sign_in.user_log import Origin
from dbconn_tui.local_tenant.state import StoredConnection, TenantState


@dataclass(frozen=True, slots=True)
class Users:
    """Makes the Flow of a request. `clock` gives epoch seconds."""

    state: TenantState
    scripts: DeployedScripts
    clock: Callable[[], float]

    def flow(self, connection: StoredConnection, origin: Origin) -> Flow:
        """What one request does to the users of a connection."""
        return Flow(self.state, self.scripts, self.clock, connection, origin)
