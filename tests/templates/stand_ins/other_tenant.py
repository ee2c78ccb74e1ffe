"""A second local tenant, whose users live in its own store, with an application for the scripts of `auth0-tenant`."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from random import Random
from typing import Any

import anyio
import httpx

from dbconn_tui.local_tenant.app import create_app
from dbconn_tui.local_tenant.settings import Settings
from dbconn_tui.local_tenant.sign_in.authentication import PASSWORD_REALM
from dbconn_tui.local_tenant.state import TenantState
from dbconn_tui.sample_store.server import served
from dbconn_tui.sensitive import Sensitive
from tests.templates.faults import WithFaults

SECRET = "a secret of the other tenant"


@dataclass(frozen=True, slots=True)
class OtherTenant:
    """The running tenant with the connections `old` and `another`."""

    url: str
    state: TenantState
    client: httpx.Client
    seen: list[str]

    def configuration(self, url: str | None = None, **changes: str) -> dict[str, str]:
        return {
            "TENANT_URL": self.url if url is None else url,
            "TENANT_CONNECTION": "old",
            "TENANT_CLIENT_ID": next(iter(self.state.clients)),
            "TENANT_CLIENT_SECRET": SECRET,
            **changes,
        }

    def add(self, connection: str = "old", **user: Any) -> str:
        """A user made through the Management API; its user_id."""
        body = {"connection": connection, "verify_email": False, **user}
        answer = self.client.post("/api/v2/users", json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["user_id"])


@contextmanager
def run_other_tenant() -> Iterator[OtherTenant]:
    """The tenant without users, and faults below `/fault/`."""
    settings = Settings(client_secret=Sensitive(SECRET))
    tenant = create_app(settings, clock=time.time, random=Random(7), sleep=anyio.sleep)
    state: TenantState = tenant.state.tenant
    application = state.clients[settings.client_id]
    grants = ("client_credentials", PASSWORD_REALM)
    state.clients[settings.client_id] = replace(application, grant_types=grants, everywhere=True)
    app = WithFaults(tenant)
    with served(app) as url, httpx.Client(base_url=url) as client:
        given = {"grant_type": "client_credentials", "client_id": settings.client_id, "client_secret": SECRET}
        token = client.post("/oauth/token", json={**given, "audience": f"{url}/api/v2/"}).json()["access_token"]
        client.headers["authorization"] = f"Bearer {token}"
        for name in ("old", "another"):
            options = {"requires_username": True} if name == "old" else {}
            made = client.post("/api/v2/connections", json={"name": name, "strategy": "auth0", "options": options})
            assert made.status_code == 201, made.text
        yield OtherTenant(url, state, client, app.seen)
