"""Flows of users: which scripts run in which order, what the tenant keeps, what an application is answered.

The scripts are played by a store in Python; real Node is in tests/tasks/test_deployed_scripts.py.
"""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from dbconn_tui.local_tenant import state_file
from dbconn_tui.local_tenant.app import create_app
from dbconn_tui.local_tenant.connections import seed
from dbconn_tui.local_tenant.control import put_client
from dbconn_tui.local_tenant.settings import APPLICATION_ID, Settings
from dbconn_tui.local_tenant.sign_in.script_host import Said, ScriptAnswer
from dbconn_tui.sensitive import Sensitive
from tests.local_tenant.conftest import Clock
from tests.local_tenant.sign_in_bench import ADA, HOST, MARK, RIGHT, WRONG, Bench, Store, opened
from tests.sign_in import PASSWORD_REALM

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("quick_hashes")]


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
        bench.store.instead["login"] = ScriptAnswer(Said.NOT_FOUND, None, {}, "", "fu")
        assert (await bench.log_in()).json() == WRONG
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
    options = {"enabledDatabaseCustomization": True, "customScripts": {"login": "function login() {}"}}
    seed(app.state.tenant, {"name": "users", "options": options})
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=f"https://{HOST}") as client:
        bench = Bench(app.state.tenant, Store(), client, client)
        said = await bench.log_in()
    assert (said.status_code, said.json()["error"]) == (503, "temporarily_unavailable")
    assert "dbconn local-tenant" in said.json()["error_description"]
