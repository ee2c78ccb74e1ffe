"""Flows of users: which scripts run in which order, what the tenant keeps, how each API words what came of it.

The scripts are played by a store in Python; real Node is in tests/tasks/test_deployed_scripts.py.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import parse_qs, urlsplit

import anyio
import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dbconn_tui import passwords
from dbconn_tui.local_tenant import state_file
from dbconn_tui.local_tenant.app import create_app
from dbconn_tui.local_tenant.settings import APPLICATION_ID, Settings
from dbconn_tui.local_tenant.sign_in.password_policy import policy_of, weakness
from dbconn_tui.local_tenant.sign_in.script_host import Said, ScriptAnswer, ScriptCall
from dbconn_tui.local_tenant.state import TenantState
from dbconn_tui.sensitive import Sensitive
from tests.local_tenant.conftest import Clock
from tests.sign_in import PASSWORD_REALM


@pytest.fixture(autouse=True, scope="module")
def quick_hashes() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_COST", 2**4)
        yield


pytestmark = pytest.mark.anyio

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


Open = Callable[..., AbstractAsyncContextManager[Bench]]


async def test_auth0s_order_where_the_users_live_behind_scripts() -> None:
    async with opened() as bench:
        await bench.deploy()
        made = await bench.sign_up(given_name="Ada")
        assert made.json() == {"_id": "shop|1", "email_verified": False, "email": ADA, "given_name": "Ada"}
        assert bench.store.order == ["get_user", "create", "login"]
        assert bench.store.calls[1].arguments[0] == {
            "client_id": APPLICATION_ID,
            "tenant": "local",
            "connection": "users",
            "email": ADA,
            "password": RIGHT,
            "given_name": "Ada",
        }
        bench.store.calls.clear()
        assert (await bench.log_in()).status_code == 200
        assert bench.store.order == ["login"]
        bench.store.calls.clear()
        assert (await bench.request_reset()).text == "We've just sent you an email to reset your password."
        assert (await bench.set_password(bench.state.mails[-1].link, "another good password")).status_code == 200
        assert bench.store.order == ["get_user", "get_user", "change_password"]
        assert (await bench.log_in()).json() == WRONG
        assert (await bench.log_in(password="another good password")).status_code == 200
        bench.store.calls.clear()
        changed = await bench.patch("auth0|shop|1", email="new@example.com", email_verified=True)
        assert (changed.json()["email"], changed.json()["email_verified"]) == ("new@example.com", True)
        assert [(call.kind, call.arguments) for call in bench.store.calls] == [
            ("get_user", (ADA,)),
            ("get_user", ("new@example.com",)),
            ("change_email", (ADA, "new@example.com", True)),
        ]
        bench.store.calls.clear()
        assert (await bench.patch("auth0|shop|1", password="a third good password")).status_code == 200
        assert (await bench.api.delete("/api/v2/users/auth0|shop|1")).status_code == 204
        assert [(call.kind, call.arguments[0]) for call in bench.store.calls] == [
            ("get_user", "new@example.com"),
            ("change_password", "new@example.com"),
            ("delete", "shop|1"),
        ]
        assert await bench.codes() == [
            *["ss", "s", "sepft", "scpr", "scp", "fp", "fepft", "s", "sepft", "sce", "scp", "sdu"]
        ]


async def test_import_mode_moves_a_user_at_the_first_login_and_asks_no_script_again() -> None:
    async with opened() as bench:
        await bench.deploy(import_mode=True)
        bench.store.users[ADA] = ("1", RIGHT)
        assert (await bench.log_in(password="not it")).json() == WRONG
        assert (await bench.log_in()).status_code == 200
        assert bench.store.order == ["login", "login"]
        bench.store.users.clear()
        assert (await bench.log_in(email=ADA.upper())).status_code == 200
        assert (await bench.log_in(password="not it")).json() == WRONG
        assert (await bench.patch("auth0|shop|1", password="another good password")).status_code == 200
        assert (await bench.log_in(password="another good password")).status_code == 200
        assert (await bench.api.delete("/api/v2/users/auth0|shop|1")).status_code == 204
        assert bench.store.order == ["login", "login"]
        assert (await bench.log_in(password="another good password")).json() == WRONG
        assert bench.store.order == ["login"] * 3


async def test_import_mode_signs_up_and_resets_in_auth0_and_asks_get_user_first() -> None:
    async with opened() as bench:
        await bench.deploy(import_mode=True)
        made = await bench.sign_up()
        assert made.status_code == 200
        assert len(made.json()["_id"]) == 24
        assert (await bench.sign_up()).json()["code"] == "invalid_signup"
        assert bench.store.order == ["get_user"]
        bench.store.users["eve@example.com"] = ("2", RIGHT)
        assert (await bench.sign_up(email="eve@example.com")).json()["code"] == "invalid_signup"
        await bench.request_reset("eve@example.com")
        assert (await bench.set_password(bench.state.mails[-1].link, "a good new password")).status_code == 200
        assert (await bench.log_in("eve@example.com", "a good new password")).status_code == 200
        assert set(bench.store.order) == {"get_user"}
        taken = await bench.patch("auth0|shop|2", email=ADA)
        assert (taken.status_code, taken.json()["message"]) == (400, "The specified new email already exists")


async def test_migrated_users_stay_in_the_state_file_with_a_hash(tmp_path: Path) -> None:
    path = tmp_path / "tenant.json"
    async with opened() as bench:
        await bench.deploy(import_mode=True, configuration={"API_KEY": "a value"})
        bench.store.users[ADA] = ("1", RIGHT)
        answer = (await bench.log_in()).json()
        state_file.save(bench.state, path)
    assert RIGHT not in path.read_text()
    assert "users with salted slow hashes" in json.loads(path.read_bytes())["holds"]
    assert path.stat().st_mode & 0o777 == 0o600
    loaded = state_file.load(path, Settings(), Random(8))
    assert loaded is not None
    async with opened(loaded) as bench:
        assert (await bench.log_in()).status_code == 200
        assert (await bench.log_in(password="not it")).json() == WRONG
        assert bench.store.order == []
        bearer = {"authorization": f"Bearer {answer['access_token']}"}
        assert (await bench.app.get("/userinfo", headers=bearer)).json()["email"] == ADA
        assert (await bench.log_in("eve@example.com")).json() == WRONG
        assert bench.store.calls[0].configuration == {"API_KEY": Sensitive("a value")}


async def test_scripts_get_the_deployed_values_and_the_organization_that_was_named() -> None:
    async with opened() as bench:
        connection_id = await bench.deploy(enable_script_context=True, configuration={"API_KEY": "first"})
        made = await bench.api.post(
            "/api/v2/organizations", json={"name": "acme", "display_name": "Acme", "metadata": {"plan": "free"}}
        )
        organization = made.json()
        bench.store.users[ADA] = ("1", RIGHT)
        answer = await bench.log_in(organization="acme")
        assert bench.store.calls[-1].arguments == (ADA, RIGHT, {"organization": organization})
        assert organization == {
            "id": organization["id"],
            "name": "acme",
            "display_name": "Acme",
            "metadata": {"plan": "free"},
        }
        assert answer.status_code == 200
        await bench.log_in(organization=organization["id"])
        assert bench.store.calls[-1].arguments[2] == {"organization": organization}
        await bench.log_in()
        assert bench.store.calls[-1].arguments == (ADA, RIGHT, {})
        assert bench.store.calls[-1].configuration == {"API_KEY": Sensitive("first")}
        assert (await bench.log_in(organization="nobody")).status_code == 400
        live = (await bench.api.get(f"/api/v2/connections/{connection_id}")).json()["options"]
        live["configuration"]["OTHER"] = "second"
        assert (await bench.api.patch(f"/api/v2/connections/{connection_id}", json={"options": live})).is_success
        await bench.api.delete("/api/v2/users/auth0|shop|1")
        assert bench.store.calls[-1].arguments == ("shop|1", {})
        assert bench.store.calls[-1].configuration == {"API_KEY": Sensitive("first"), "OTHER": Sensitive("second")}
        assert "first" not in repr(bench.store.calls)
        assert RIGHT not in repr(bench.store.calls)


NO = ScriptAnswer(Said.FAILED, None, {"message": "the store is down"}, "Error", "f")
STALLED = ScriptAnswer(Said.NOTHING, None, {"message": "Request to Webtask exceeded allowed execution time"}, "", "f")
REFUSED = ScriptAnswer(
    Said.REFUSED,
    None,
    {"name": "ValidationError", "message": "too young", "code": "age", "description": "too young"},
    "ValidationError",
    "fs",
)
UNAUTHORIZED = ScriptAnswer(Said.REFUSED, None, {"message": "Confirm your address first"}, "UnauthorizedError", "f")
NO_ID = ScriptAnswer(Said.PROFILE, {"email": ADA})


@pytest.mark.parametrize(
    ("answer", "status", "body", "marked", "codes"),
    [
        (NO, 500, {"error": "server_error", "error_description": "the store is down"}, True, ["f", "fepft"]),
        (STALLED, 500, {"error": "server_error", "error_description": STALLED.message}, True, ["f", "fepft"]),
        (
            UNAUTHORIZED,
            403,
            {"error": "access_denied", "error_description": UNAUTHORIZED.message},
            True,
            ["f", "fepft"],
        ),
        (
            NO_ID,
            500,
            {
                "error": "server_error",
                "error_description": "the profile that login called back with has no user_id",
            },
            True,
            ["f", "fepft"],
        ),
    ],
    ids=["error", "stalled", "unauthorized", "no-id"],
)
async def test_how_a_failing_login_is_answered(
    answer: ScriptAnswer, status: int, body: dict[str, str], marked: bool, codes: list[str]
) -> None:
    async with opened() as bench:
        await bench.deploy()
        bench.store.instead["login"] = answer
        said = await bench.log_in()
        assert (said.status_code, said.json(), MARK in said.headers) == (status, body, marked)
        assert await bench.codes() == codes


async def test_a_wrong_password_is_answered_as_the_platform_does_and_marked_nowhere() -> None:
    async with opened() as bench:
        await bench.deploy()
        said = await bench.log_in()
        assert (said.status_code, said.json(), MARK in said.headers) == (403, WRONG, False)
        unknown = ScriptAnswer(Said.REFUSED, None, {"message": "no"}, "WrongUsernameOrPasswordError", "fu")
        bench.store.instead["login"] = unknown
        assert (await bench.log_in()).json() == WRONG
        assert await bench.codes() == ["fp", "fepft", "fu", "fepft"]
        events = (await bench.api.get("/api/v2/logs", params={"q": "type:fp"})).json()
        assert [(one["user_id"], one["description"]) for one in events] == [(f"auth0|{ADA}", "no")]


@pytest.mark.parametrize(("generation", "more"), [("2025-01", {"fromSandbox": True}), ("2026-08", {})])
async def test_what_create_says_in_a_validation_error_reaches_the_application(
    generation: str, more: dict[str, bool]
) -> None:
    async with opened(defaults=generation) as bench:
        await bench.deploy()
        bench.store.instead["create"] = REFUSED
        said = await bench.sign_up()
        assert (said.status_code, MARK in said.headers) == (400, False)
        assert said.json() == {"message": "too young", "code": "age", "description": "too young", **more}
        assert await bench.codes() == ["fs"]


async def test_a_taken_address_is_not_told_apart_at_a_sign_up_and_named_by_the_api() -> None:
    async with opened() as bench:
        await bench.deploy()
        bench.store.users[ADA] = ("1", RIGHT)
        taken = await bench.sign_up()
        assert taken.json() == {
            "name": "BadRequestError",
            "code": "invalid_signup",
            "description": "Invalid sign up",
            "statusCode": 400,
        }
        told = await bench.create()
        assert (told.status_code, told.json()["message"]) == (409, "The user already exists.")
        assert told.json()["errorCode"] == "auth0_idp_error"
        assert bench.store.order == ["get_user", "get_user"]


async def test_an_api_user_is_made_without_a_login() -> None:
    async with opened() as bench:
        await bench.deploy()
        made = await bench.create(app_metadata={"plan": "free"})
        assert made.status_code == 201
        assert bench.store.order == ["get_user", "create", "get_user"]
        assert bench.store.calls[1].arguments[0]["app_metadata"] == {"plan": "free"}
        body = made.json()
        assert (body["user_id"], body["identities"]) == (
            "auth0|shop|1",
            [{"connection": "users", "user_id": "shop|1", "provider": "auth0", "isSocial": False}],
        )
        assert (await bench.api.get("/api/v2/users/auth0|shop|1")).json() == body
        assert (await bench.api.get("/api/v2/users-by-email", params={"email": ADA})).json() == [body]
        listed = await bench.api.get(
            "/api/v2/users", params={"q": f'email:"{ADA}" AND identities.connection:"users"', "include_totals": "true"}
        )
        assert (listed.json()["total"], listed.json()["users"]) == (1, [body])
        assert (await bench.api.get("/api/v2/users", params={"q": "email:nobody"})).json() == []


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"password": "short"}, "PasswordStrengthError: Password is too weak"),
        ({"password": "x", "email": ADA}, "Cannot update password and email simultaneously"),
        ({"username": "ada", "password": "x"}, "Cannot update username and password simultaneously"),
        ({"email": 1}, "Payload validation error: 'Expected type string' on property email."),
        ({"nonsense": 1}, "Payload validation error: 'Additional properties not allowed: nonsense'."),
        ({"username": "ada"}, "change_username script does not exist"),
    ],
)
async def test_what_a_patch_of_a_user_refuses(body: dict[str, Any], message: str) -> None:
    async with opened() as bench:
        await bench.deploy()
        await bench.create()
        said = await bench.patch("auth0|shop|1", **body)
        assert (said.status_code, said.json()["message"]) == (400, message)


async def test_without_the_script_a_change_says_so_and_a_deletion_only_forgets() -> None:
    async with opened() as bench:
        await bench.deploy("login", "get_user", "create")
        await bench.create()
        said = await bench.patch("auth0|shop|1", email="new@example.com")
        assert (said.status_code, said.json()["message"]) == (400, "change_email script does not exist")
        assert (await bench.api.delete("/api/v2/users/auth0|shop|1")).status_code == 204
        assert (await bench.api.delete("/api/v2/users/auth0|shop|1")).status_code == 204
        gone = await bench.api.get("/api/v2/users/auth0|shop|1")
        assert (gone.status_code, gone.json()["errorCode"]) == (404, "inexistent_user")
        assert ADA in bench.store.users
        assert await bench.codes() == ["ss", "fce", "sdu"]


async def test_who_is_blocked_does_not_get_in_and_metadata_is_merged() -> None:
    async with opened() as bench:
        await bench.deploy()
        await bench.create(user_metadata={"a": 1, "b": 1})
        changed = await bench.patch("auth0|shop|1", blocked=True, user_metadata={"b": None, "c": 2})
        assert changed.json()["user_metadata"] == {"c": 2}
        said = await bench.log_in()
        assert (said.status_code, said.json()["error"]) == (403, "unauthorized")


async def test_usernames_where_the_connection_has_them() -> None:
    async with opened() as bench:
        await bench.deploy(requires_username=True)
        said = await bench.sign_up()
        words = "missing username for users connection with requires_username enabled"
        assert (said.status_code, said.json(), MARK in said.headers) == (400, {"error": words}, False)
        assert (await bench.sign_up(username="ada")).json()["username"] == "ada"
        assert bench.store.calls[1].arguments[0]["username"] == "ada"
    async with opened() as bench:
        await bench.deploy()
        assert (await bench.sign_up(username="ada")).status_code == 200
        assert "username" not in bench.store.calls[1].arguments[0]
        said = await bench.create(email="new@example.com", username="ada")
        assert said.json()["message"] == "Cannot set username for connection without requires_username"


async def test_which_applications_may_sign_users_in() -> None:
    async with opened() as bench:
        connection_id = await bench.deploy()
        bench.store.users[ADA] = ("1", RIGHT)
        asked = {"name": "Web app", "client_id": "web", "client_secret": "hush", "grant_types": [PASSWORD_REALM]}
        from dbconn_tui.local_tenant.control import put_client

        put_client(bench.state, asked)
        web = {"client_id": "web", "client_secret": "hush"}
        assert (await bench.log_in(**web)).status_code == 403
        said = await bench.sign_up(client_id="web")
        assert said.json()["error"].startswith("Connection must be enabled for this client to perform single user")
        enable = [{"client_id": "web", "status": True}]
        await bench.api.patch(f"/api/v2/connections/{connection_id}/clients", json=enable)
        assert (await bench.log_in(**web)).status_code == 200
        wrong = await bench.log_in(client_id="web", client_secret="wrong")
        assert (wrong.status_code, wrong.json()) == (
            401,
            {"error": "access_denied", "error_description": "Unauthorized"},
        )
        not_allowed = await bench.log_in(**web, grant_type="password")
        assert not_allowed.json()["error_description"] == "Grant type 'password' not allowed for the client."


async def test_the_password_grant_means_the_default_directory() -> None:
    async with opened() as bench:
        await bench.deploy()
        said = await bench.log_in(grant_type="password")
        assert said.json()["error_description"] == "Authorization server not configured with default connection."
    async with opened(default_directory="users") as bench:
        await bench.deploy()
        bench.store.users[ADA] = ("1", RIGHT)
        answer = (await bench.log_in(grant_type="password", scope="openid")).json()
        assert (answer["scope"], answer["token_type"], "id_token" in answer) == ("openid", "Bearer", True)
        assert "id_token" not in (await bench.log_in(scope="read:things")).json()


async def test_a_verification_link_works_once_and_sends_the_user_on() -> None:
    async with opened() as bench:
        await bench.deploy()
        await bench.sign_up()
        link = bench.state.mails[-1].link
        assert link not in repr(bench.state)
        assert "Your email was verified." in (await bench.app.get(link)).text
        assert (await bench.app.get(link)).status_code == 400
        assert (await bench.api.get("/api/v2/users/auth0|shop|1")).json()["email_verified"] is True
        bench.store.instead["verify"] = ScriptAnswer(Said.FAILED, None, {"message": "no & never"}, "Error", "fv")
        asked = {"user_id": "auth0|shop|1", "result_url": "https://app.example.com/?a=b"}
        ticket = (await bench.api.post("/api/v2/tickets/email-verification", json=asked)).json()["ticket"]
        sent_on = (await bench.app.get(ticket)).headers["location"]
        told = {"a": ["b"], "email": [ADA], "success": ["false"], "message": ["no & never"]}
        assert parse_qs(urlsplit(sent_on).query) == told
        assert await bench.codes() == ["ss", "sv", "fv"]


async def test_a_reset_page_shows_no_markup_of_the_address_and_a_link_ends() -> None:
    async with opened() as bench:
        connection_id = await bench.deploy()
        asked = {"connection_id": connection_id, "email": "<b>@example.com"}
        link = (await bench.api.post("/api/v2/tickets/password-change", json=asked)).json()["ticket"]
        page = await bench.app.get(link)
        assert (page.status_code, "<b>" in page.text, "&lt;b&gt;@example.com" in page.text) == (200, False, True)
        gone = await bench.set_password(link, "a good new password")
        assert (gone.status_code, await bench.codes()) == (400, ["fcp"])
        assert (await bench.app.get("/u/reset-verify")).status_code == 400


async def test_a_reset_never_tells_who_is_there() -> None:
    async with opened() as bench:
        await bench.deploy()
        bench.store.users[ADA] = ("1", RIGHT)
        known, unknown = await bench.request_reset(), await bench.request_reset("nobody@example.com")
        assert (known.status_code, known.text) == (unknown.status_code, unknown.text)
        assert [mail.to for mail in bench.state.mails] == [ADA]
        assert await bench.codes() == ["scpr", "fcpr"]


async def test_a_password_below_the_policy_reaches_no_script() -> None:
    async with opened() as bench:
        await bench.deploy()
        weak = await bench.sign_up(password="only 13 chars")
        assert (weak.status_code, MARK in weak.headers, bench.store.order) == (400, False, [])
        assert (weak.json()["name"], weak.json()["policy"]) == (
            "PasswordStrengthError",
            "* At least 15 characters in length",
        )
        bench.store.users[ADA] = ("1", RIGHT)
        await bench.request_reset()
        link = bench.state.mails[-1].link
        assert "At least 15" in (await bench.set_password(link, "short")).text
        assert (await bench.set_password(link, "a long enough password")).status_code == 200
        assert await bench.codes() == ["fs", "scpr", "fcp", "scp"]


@pytest.mark.parametrize(
    ("options", "good", "weak"),
    [
        ({"passwordPolicy": None}, "x", ""),
        ({"passwordPolicy": "low"}, "abcdef", "abcde"),
        ({"passwordPolicy": "low", "password_complexity_options": {"min_length": 3}}, "abc", "ab"),
        ({"passwordPolicy": "fair"}, "Abcdefg1", "abcdefg1"),
        ({"passwordPolicy": "good"}, "Abcdefg1", "abcdefg1"),
        ({"passwordPolicy": "excellent"}, "Abcdefgh1!", "Abcdefgggh1!"),
        ({"password_options": {"complexity": {"min_length": 2, "character_types": ["number"]}}}, "a1", "ab"),
        (
            {
                "password_options": {
                    "complexity": {
                        "min_length": 1,
                        "character_types": ["uppercase", "lowercase", "number", "special"],
                        "character_type_rule": "three_of_four",
                        "identical_characters": "block",
                    }
                }
            },
            "aA1",
            "aA",
        ),
    ],
)
def test_policies(options: dict[str, Any], good: str, weak: str) -> None:
    policy = policy_of(options)
    assert weakness(policy, good) is None
    told = weakness(policy, weak)
    assert told is not None
    assert "%" not in told["policy"].replace("!@#$%^&*", "")


async def test_tokens_are_for_what_they_were_given_for() -> None:
    async with opened() as bench:
        await bench.deploy()
        bench.store.users[ADA] = ("1", RIGHT)
        token = (await bench.log_in()).json()["access_token"]
        bearer = {"authorization": f"Bearer {token}"}
        assert (await bench.app.get("/api/v2/connections", headers=bearer)).status_code == 401
        assert (await bench.app.get("/userinfo", headers=bearer)).status_code == 200
        management = {"authorization": bench.api.headers["authorization"]}
        identity = {"authorization": f"Bearer {(await bench.log_in()).json()['id_token']}"}
        head, _, signature = token.rpartition(".")
        forged = {"authorization": f"Bearer {head}.{signature[::-1]}"}
        for headers in ({}, management, identity, forged):
            assert (await bench.app.get("/userinfo", headers=headers)).status_code == 401


async def test_without_a_way_to_run_scripts_a_login_says_so() -> None:
    clock = Clock()
    app = create_app(Settings(), clock=clock, random=Random(7), sleep=clock.sleep)
    from dbconn_tui.local_tenant.connections import seed

    options = {"enabledDatabaseCustomization": True, "customScripts": {"login": "function login() {}"}}
    seed(app.state.tenant, {"name": "users", "options": options})
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=f"https://{HOST}") as client:
        bench = Bench(app.state.tenant, Store(), client, client)
        said = await bench.log_in()
    assert (said.status_code, said.json()["error"]) == (503, "temporarily_unavailable")
    assert "dbconn local-tenant" in said.json()["error_description"]


async def test_users_go_with_their_connection_and_keep_it_from_changing_its_kind() -> None:
    async with opened() as bench:
        connection_id = await bench.deploy()
        await bench.create()
        path = f"/api/v2/connections/{connection_id}"
        said = await bench.api.patch(path, json={"options": {"enabledDatabaseCustomization": False}})
        assert "This database contains users" in said.json()["message"]
        await bench.api.delete(path)
        assert bench.state.users == {}


wild_text = st.one_of(
    st.text(max_size=20), st.sampled_from([ADA, RIGHT, "users", APPLICATION_ID, PASSWORD_REALM, "", "\ud800"])
)
wild_value = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), wild_text),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=6,
)
FIELDS = (
    *("grant_type", "client_id", "realm", "username", "password", "scope", "audience", "organization", "connection"),
    *("email", "email_verified", "user_metadata", "app_metadata", "blocked", "name", "result_url", "user_id", "ticket"),
)
ROUTES = (
    ("POST", "/oauth/token"),
    ("POST", "/dbconnections/signup"),
    ("POST", "/dbconnections/change_password"),
    ("POST", "/u/reset-verify"),
    ("POST", "/api/v2/users"),
    ("PATCH", "/api/v2/users/auth0|shop|1"),
    ("POST", "/api/v2/tickets/password-change"),
    ("POST", "/api/v2/tickets/email-verification"),
    ("POST", "/api/v2/organizations"),
)


@given(data=st.data())
@settings(max_examples=50, deadline=None)
def test_whatever_is_sent_is_answered(data: st.DataObject) -> None:
    async def play() -> None:
        async with opened() as bench:
            await bench.deploy()
            await bench.create()
            for _ in range(4):
                method, path = data.draw(st.sampled_from(ROUTES))
                asked = {"grant_type": PASSWORD_REALM, "client_id": APPLICATION_ID, "realm": "users"}
                usual = {**asked, "connection": "users", "username": ADA, "email": ADA, "password": RIGHT}
                kept = data.draw(st.sets(st.sampled_from(sorted(usual))))
                body: Any = {name: usual[name] for name in kept}
                body |= data.draw(st.dictionaries(st.sampled_from(FIELDS), wild_value, max_size=3))
                answer = await bench.api.request(method, path, content=json.dumps(body))
                assert answer.status_code < 500 or MARK in answer.headers, (path, body, answer.text)

    anyio.run(play)
