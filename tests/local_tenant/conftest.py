"""What the tests of the local tenant share: a clock they own, the tenant behind ASGI, the folder of references."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest

from dbconn_tui.local_tenant.app import create_app
from dbconn_tui.local_tenant.settings import Settings
from dbconn_tui.local_tenant.state import TenantState
from dbconn_tui.sensitive import Sensitive

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
SECRET = "not-so-secret"
HOST = "tenant.test"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@dataclass
class Clock:
    """Epoch seconds that only move when told to."""

    now: float = 1_780_000_000.25
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@dataclass
class Tenant:
    """One tenant with a client that sends its token along."""

    state: TenantState
    clock: Clock
    client: httpx.AsyncClient

    async def login(self, **body: Any) -> httpx.Response:
        asked = {
            "grant_type": "client_credentials",
            "client_id": next(iter(self.state.clients)),
            "client_secret": SECRET,
            "audience": f"https://{HOST}/api/v2/",
            **body,
        }
        answer = await self.client.post("/oauth/token", json=asked)
        if answer.status_code == 200:
            self.client.headers["authorization"] = f"Bearer {answer.json()['access_token']}"
        return answer

    async def control(self, path: str, **body: Any) -> Any:
        answer = await self.client.post(f"/__control/{path}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def create(self, name: str = "users", **body: Any) -> dict[str, Any]:
        answer = await self.client.post("/api/v2/connections", json={"name": name, "strategy": "auth0", **body})
        assert answer.status_code == 201, answer.text
        created: dict[str, Any] = answer.json()
        return created

    async def patch(self, connection_id: str, **body: Any) -> httpx.Response:
        return await self.client.patch(f"/api/v2/connections/{connection_id}", json=body)

    async def get(self, path: str = "", **query: Any) -> Any:
        answer = await self.client.get(f"/api/v2/connections{path}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()


@asynccontextmanager
async def open_tenant(**settings: Any) -> AsyncIterator[Tenant]:
    """A tenant with control routes behind httpx's ASGI transport, logged in."""
    clock = Clock()
    app = create_app(
        Settings(**{"control": True, "client_secret": Sensitive(SECRET), **settings}),
        clock=clock,
        random=Random(7),
        sleep=clock.sleep,
    )
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url=f"https://{HOST}") as client:
        tenant = Tenant(app.state.tenant, clock, client)
        await tenant.login()
        yield tenant


@pytest.fixture
def tenant() -> Callable[..., AbstractAsyncContextManager[Tenant]]:
    """`async with tenant(plan="free") as t:` gives a Tenant made with those Settings."""
    return open_tenant


@pytest.fixture(scope="session")
def openapi() -> dict[str, Any]:
    """The official description of the endpoints; tests that need it are skipped where it is missing."""
    path = SHARED / "reference" / "connections-openapi.json"
    if not path.is_file():
        pytest.skip("the folder of references is not on this machine")
    description: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return description
