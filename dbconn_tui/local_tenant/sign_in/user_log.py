"""UserEvent: one line of the tenant's log about a user, as GET /logs shows it (runtime.md §4, §5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dbconn_tui.local_tenant.answers import iso_time


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request came from: the application, its address and program, and the organization that was named."""

    client_id: str = ""
    client_name: str = ""
    ip: str = ""
    user_agent: str = ""
    organization: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class UserEvent:
    """One event: `code` is the platform's type, `at` epoch seconds. `runs` are those that showed something."""

    code: str
    at: float
    description: str
    origin: Origin
    connection_id: str = ""
    connection: str = ""
    user_id: str = ""
    user_name: str = ""
    runs: tuple[Mapping[str, Any], ...] = ()

    def body(self, number: int) -> dict[str, Any]:
        """As GET /logs shows it. `details.dbconn` is this tenant's own: script, findings, console."""
        return {
            "date": iso_time(self.at),
            "type": self.code,
            "description": self.description,
            "connection": self.connection,
            "connection_id": self.connection_id,
            "client_id": self.origin.client_id,
            "client_name": self.origin.client_name,
            "ip": self.origin.ip,
            "user_agent": self.origin.user_agent,
            "user_id": self.user_id,
            "user_name": self.user_name,
            "details": {"dbconn": {"runs": list(self.runs)}} if self.runs else {},
            "log_id": f"{number:050}",
        }
