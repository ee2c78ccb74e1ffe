"""The tenant's own log of successful API calls, as GET /logs shows it (type `sapi`).

Only what dbconn reads of an event is there: who, when, which call, from where; never a body.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from dbconn_tui.local_tenant.answers import iso_time

LARGEST: Final = 1_000
"""Events that are kept."""

DASHBOARD: Final = "https://manage.auth0.com/"


@dataclass(frozen=True, slots=True)
class ApiEvent:
    """One call: `at` is epoch seconds; `user` is set for a person at the dashboard, `client_id` for a token."""

    method: str
    path: str
    at: float
    status: int
    client_id: str = ""
    user: str = ""
    user_agent: str = ""

    def body(self, number: int) -> dict[str, Any]:
        """As GET /logs shows it."""
        request: dict[str, Any] = {
            "method": self.method.lower(),
            "path": self.path,
            "query": {},
            "userAgent": self.user_agent,
            "auth": {"strategy": "jwt"},
        }
        if self.user:
            request |= {"channel": DASHBOARD, "auth": {"strategy": "jwt", "user": {"name": self.user}}}
        return {
            "date": iso_time(self.at),
            "type": "sapi",
            "description": f"{self.method.capitalize()} {self.path}",
            "client_id": self.client_id,
            "client_name": "",
            "user_agent": self.user_agent,
            "details": {"request": request, "response": {"statusCode": self.status}},
            "log_id": f"{number:050}",
        }
