"""What the tests of the local tenant share: a clock they own, the tenant behind ASGI, the folder of references."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import httpx
import jsonschema
import pytest

from dbconn_tui import passwords
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

    async def control(self, route: str, /, **body: Any) -> Any:
        answer = await self.client.post(f"/__control/{route}", json=body)
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


def _load_openapi() -> dict[str, Any] | None:
    path = SHARED / "reference" / "connections-openapi.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


OPENAPI = _load_openapi()
SCHEMAS = {
    ("GET", "/connections/{id}"): "GetConnectionResponseContent",
    ("POST", "/connections"): "CreateConnectionResponseContent",
    ("PATCH", "/connections/{id}"): "UpdateConnectionResponseContent",
    ("GET", "/connections/{id}/clients"): "GetConnectionEnabledClientsResponseContent",
}


@cache
def validator(schema: str) -> jsonschema.Draft202012Validator:
    assert OPENAPI is not None
    return jsonschema.Draft202012Validator(
        {"$ref": f"#/components/schemas/{schema}", "components": OPENAPI["components"]},
    )


def check_answer(method: str, path: str, status: int, body: Any) -> None:
    """An answer against the official description, and against the shape of errors where there is none.

    Lists may hold `enabled_clients`: it is not in the description, but in every recorded list.
    """
    if not path.startswith("/api/v2/connections"):
        return
    if status >= 400:
        assert body["statusCode"] == status, body
        assert {"error", "message"} <= set(body) <= {"statusCode", "error", "message", "errorCode", "attributes"}
        return
    if OPENAPI is None:
        return
    parts = path.removeprefix("/api/v2/connections").split("/")
    route = "/".join(["/connections", *(["{id}"] if len(parts) > 1 else []), *parts[2:]])
    assert str(status) in OPENAPI["paths"][route][method.lower()]["responses"]
    if (method, route) in SCHEMAS:
        validator(SCHEMAS[method, route]).validate(body)
    elif method == "GET":
        wrapped = {"connections": body} if isinstance(body, list) else body
        shape = "ListConnectionsOffsetPaginatedResponseContent"
        if "total" not in wrapped:
            shape = "ListConnectionsCheckpointPaginatedResponseContent"
        bare = [{key: row[key] for key in row if key != "enabled_clients"} for row in wrapped["connections"]]
        validator(shape).validate({**wrapped, "connections": bare})


async def check_response(response: httpx.Response) -> None:
    """A response hook: check_answer for everything that comes back."""
    content = await response.aread()
    if response.headers.get("content-type", "").startswith("application/json"):
        check_answer(response.request.method, response.request.url.path, response.status_code, json.loads(content))


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
    async with httpx.AsyncClient(
        transport=transport, base_url=f"https://{HOST}", event_hooks={"response": [check_response]}
    ) as client:
        tenant = Tenant(app.state.tenant, clock, client)
        await tenant.login()
        yield tenant


@pytest.fixture(scope="session")
def tenant() -> Callable[..., AbstractAsyncContextManager[Tenant]]:
    """`async with tenant(plan="free") as t:` gives a Tenant made with those Settings."""
    return open_tenant


@pytest.fixture(scope="session")
def openapi() -> dict[str, Any]:
    """The official description of the endpoints; tests that need it are skipped where it is missing."""
    if OPENAPI is None:
        pytest.skip("the folder of references is not on this machine")
    return OPENAPI


@pytest.fixture(scope="module")
def quick_hashes() -> Iterator[None]:
    """Hashes of passwords at next to no cost."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_COST", 2**4)
        yield
