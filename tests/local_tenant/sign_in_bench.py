"""What the tests of signing in share: a company's user store played in Python, and a tenant with its clients."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from dbconn_tui.local_tenant.app import create_app
from dbconn_tui.local_tenant.settings import APPLICATION_ID, Settings
from dbconn_tui.local_tenant.sign_in.script_host import Said, ScriptAnswer, ScriptCall
from dbconn_tui.local_tenant.state import TenantState
from dbconn_tui.sensitive import Sensitive
from tests.local_tenant.conftest import Clock
from tests.sign_in import PASSWORD_REALM

HOST = "tenant.test"
SECRET = "not-so-secret"
ADA = "ada@example.com"
RIGHT = "The right password 1"
WRONG = {"error": "invalid_grant", "error_description": "Wrong email or password."}
KINDS = ("login", "get_user", "create", "verify", "change_password", "change_email", "delete")
MARK = "x-local-tenant"


@dataclass
class Store:
    """A company's user store behind scripts. `instead` replaces the answer of a kind; `calls` are all runs."""

    users: dict[str, tuple[str, str]] = field(default_factory=dict)
    calls: list[ScriptCall] = field(default_factory=list)
    instead: dict[str, ScriptAnswer] = field(default_factory=dict)

    @property
    def order(self) -> list[str]:
        return [call.kind for call in self.calls]

    async def run(self, call: ScriptCall) -> ScriptAnswer:
        self.calls.append(call)
        if call.kind in self.instead:
            return self.instead[call.kind]
        return getattr(self, f"_{call.kind}")(*call.arguments)

    async def close(self) -> None:
        pass

    def _profile(self, email: str) -> ScriptAnswer:
        return ScriptAnswer(Said.PROFILE, {"user_id": f"shop|{self.users[email][0]}", "email": email, "name": "Ada"})

    def _login(self, email: str, password: str, *_: Any) -> ScriptAnswer:
        if self.users.get(email, ("", ""))[1] != password:
            error = {"name": "WrongUsernameOrPasswordError", "message": "no", "user_id": email}
            return ScriptAnswer(Said.REFUSED, None, error, "WrongUsernameOrPasswordError", "fp")
        return self._profile(email)

    def _get_user(self, email: str, *_: Any) -> ScriptAnswer:
        return self._profile(email) if email in self.users else ScriptAnswer(Said.NOT_FOUND)

    def _create(self, user: dict[str, Any], *_: Any) -> ScriptAnswer:
        self.users[user["email"]] = (str(len(self.users) + 1), user["password"])
        return ScriptAnswer(Said.DONE)

    def _verify(self, email: str, *_: Any) -> ScriptAnswer:
        return ScriptAnswer(Said.DONE, True)

    def _change_password(self, email: str, password: str, *_: Any) -> ScriptAnswer:
        self.users[email] = (self.users[email][0], password)
        return ScriptAnswer(Said.DONE, True)

    def _change_email(self, email: str, new_email: str, verified: bool, *_: Any) -> ScriptAnswer:
        self.users[new_email] = self.users.pop(email)
        return ScriptAnswer(Said.DONE, True)

    def _delete(self, id: str, *_: Any) -> ScriptAnswer:
        self.users = {email: one for email, one in self.users.items() if f"shop|{one[0]}" != id}
        return ScriptAnswer(Said.DONE)


@dataclass
class Bench:
    """A tenant behind ASGI, its store, an application (no token) and a client of the Management API."""

    state: TenantState
    store: Store
    app: httpx.AsyncClient
    api: httpx.AsyncClient

    async def deploy(self, *kinds: str, **options: Any) -> str:
        scripts = {kind: f"function {kind}() {{}}" for kind in kinds or KINDS}
        body = {"enabledDatabaseCustomization": True, "customScripts": scripts, **options}
        made = await self.api.post("/api/v2/connections", json={"name": "users", "strategy": "auth0", "options": body})
        assert made.status_code == 201, made.text
        client_id = next(iter(self.state.clients))
        await self.api.patch(
            f"/api/v2/connections/{made.json()['id']}/clients", json=[{"client_id": client_id, "status": True}]
        )
        return str(made.json()["id"])

    async def log_in(self, email: str = ADA, password: str = RIGHT, **more: Any) -> httpx.Response:
        asked = {"grant_type": PASSWORD_REALM, "client_id": APPLICATION_ID, "realm": "users"}
        return await self.app.post("/oauth/token", json={**asked, "username": email, "password": password, **more})

    async def sign_up(self, **more: Any) -> httpx.Response:
        asked = {"client_id": APPLICATION_ID, "connection": "users", "email": ADA, "password": RIGHT}
        return await self.app.post("/dbconnections/signup", json={**asked, **more})

    async def request_reset(self, email: str = ADA) -> httpx.Response:
        asked = {"client_id": APPLICATION_ID, "connection": "users", "email": email}
        return await self.app.post("/dbconnections/change_password", json=asked)

    async def set_password(self, link: str, password: str) -> httpx.Response:
        ticket = parse_qs(urlsplit(link).query)["ticket"][0]
        return await self.app.post("/u/reset-verify", data={"ticket": ticket, "password": password})

    async def create(self, **more: Any) -> httpx.Response:
        return await self.api.post(
            "/api/v2/users", json={"connection": "users", "email": ADA, "password": RIGHT, **more}
        )

    async def patch(self, user_id: str, **body: Any) -> httpx.Response:
        return await self.api.patch(f"/api/v2/users/{user_id}", json=body)

    async def codes(self) -> list[str]:
        events = (await self.api.get("/api/v2/logs")).json()
        return [event["type"] for event in reversed(events) if event["type"] != "sapi"]


@asynccontextmanager
async def opened(state: TenantState | None = None, **changes: Any) -> AsyncIterator[Bench]:
    clock, store = Clock(), Store()
    known = Settings(**{"client_secret": Sensitive(SECRET), **changes})
    app = create_app(known, clock=clock, random=Random(7), sleep=clock.sleep, scripts=store, state=state)
    transport = httpx.ASGITransport(app=app)
    base = f"https://{HOST}"
    async with (
        httpx.AsyncClient(transport=transport, base_url=base) as application,
        httpx.AsyncClient(transport=transport, base_url=base) as api,
    ):
        tenant: TenantState = app.state.tenant
        asked = {"grant_type": "client_credentials", "client_id": next(iter(tenant.clients)), "client_secret": SECRET}
        token = (await api.post("/oauth/token", json={**asked, "audience": f"{base}/api/v2/"})).json()["access_token"]
        api.headers["authorization"] = f"Bearer {token}"
        yield Bench(tenant, store, application, api)
