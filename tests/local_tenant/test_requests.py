"""Requests and answers: paging, fields, scopes, tokens, what is refused and what a write leaves behind."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import httpx
import pytest

from dbconn_tui.local_tenant.settings import ALL_SCOPES, CipherResend, MetadataPatch, Omitted
from dbconn_tui.local_tenant.state import Client
from dbconn_tui.sensitive import Sensitive

Open = Callable[..., AbstractAsyncContextManager[Any]]

pytestmark = pytest.mark.anyio

SCRIPTS = {"login": "function login(a, b, callback) {}\n", "change_email": "x", "made_up_kind": "y\r\n"}
CUSTOM = {"enabledDatabaseCustomization": True, "customScripts": SCRIPTS}


def claims_of(token: str) -> dict[str, Any]:
    payload = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims


def refused(answer: httpx.Response, status: int, message: str) -> None:
    assert (answer.status_code, answer.json()["message"]) == (status, message)


async def test_a_list_comes_as_array_offset_page_and_checkpoint_pages(tenant: Open) -> None:
    async with tenant() as t:
        for number in range(7):
            await t.create(f"users-{number}")
        names = [f"users-{number}" for number in range(7)]
        assert [one["name"] for one in await t.get()] == names
        page = await t.get(page=1, per_page=3, include_totals="true")
        assert [one["name"] for one in page.pop("connections")] == names[3:6]
        assert page == {"start": 3, "limit": 3, "total": 7}
        assert [one["name"] for one in await t.get(page=2, per_page=3)] == names[6:]
        seen, query = [], {"take": "3", "include_totals": "true"}
        while True:
            page = await t.get(**query)
            seen += [one["name"] for one in page["connections"]]
            if "next" not in page:
                break
            query = {"take": "3", "from": page["next"]}
        assert seen == names
        assert set(page) == {"connections"}


async def test_a_checkpoint_survives_writes_in_between(tenant: Open) -> None:
    async with tenant() as t:
        made = [await t.create(f"users-{number}") for number in range(4)]
        first = await t.get(take=2)
        await t.client.delete(f"/api/v2/connections/{made[1]['id']}")
        await t.create("users-1a")
        second = await t.get(take=5, **{"from": first["next"]})
        assert [one["name"] for one in second["connections"]] == ["users-1a", "users-2", "users-3"]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"take": "101"}, "Query validation error: 'Value 101 is greater than maximum 100' on property take"),
        ({"take": "0"}, "Query validation error: 'Value 0 is less than minimum 1' on property take"),
        ({"per_page": "x"}, "Query validation error: 'Expected type integer but found type string'"),
        ({"page": "10", "per_page": "100"}, "Only the first 1000 records can be paged through"),
        ({"from": "!!"}, "The value of 'from' is not a checkpoint"),
    ],
)
async def test_paging_out_of_bounds_is_refused(tenant: Open, query: dict[str, str], message: str) -> None:
    async with tenant() as t:
        answer = await t.client.get("/api/v2/connections", params=query)
        assert answer.status_code == 400
        assert message in answer.json()["message"]


async def test_a_list_is_filtered_by_name_and_strategies(tenant: Open) -> None:
    async with tenant() as t:
        await t.create("one")
        await t.create("Two")
        await t.control("connections", name="google", strategy="google-oauth2", options={})
        assert [one["name"] for one in await t.get(strategy=["auth0", "oidc"])] == ["one", "Two"]
        assert [one["name"] for one in await t.get(strategy="google-oauth2")] == ["google"]
        assert [one["name"] for one in await t.get(name="Two")] == ["Two"]
        assert await t.get(name="two") == []


async def test_fields_cut_answers_but_never_the_identity(tenant: Open) -> None:
    async with tenant() as t:
        made = await t.create("users")
        always = {"id", "is_domain_connection", "authentication", "connected_accounts"}
        assert set(await t.get(f"/{made['id']}", fields="strategy,name")) == always | {"strategy", "name"}
        assert set((await t.get(fields="strategy,name"))[0]) == always | {"strategy", "name"}
        without = await t.get(f"/{made['id']}", fields="options,realms", include_fields="false")
        assert set(made) - set(without) == {"options", "realms"}


async def test_without_the_options_scope_options_are_missing_and_cannot_be_written(tenant: Open) -> None:
    scopes = tuple(scope for scope in ALL_SCOPES if not scope.endswith("_options"))
    async with tenant(scopes=scopes) as t:
        made = await t.create("users", options=CUSTOM)
        assert "options" not in await t.get(f"/{made['id']}")
        assert "options" not in (await t.get())[0]
        assert "options" not in (await t.patch(made["id"], metadata={"a": "b"})).json()
        answer = await t.patch(made["id"], options={})
        refused(answer, 403, "Insufficient scope, expected any of: update:connections_options")
        assert t.state.connections[made["id"]].options["customScripts"] == SCRIPTS


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "/connections", "read:connections"),
        ("GET", "/connections/con_0", "read:connections"),
        ("GET", "/connections/con_0/clients", "read:connections"),
        ("POST", "/connections", "create:connections"),
        ("PATCH", "/connections/con_0", "update:connections"),
        ("PATCH", "/connections/con_0/clients", "update:connections"),
        ("DELETE", "/connections/con_0", "delete:connections"),
        ("GET", "/clients", "read:clients"),
        ("GET", "/tenants/settings", "read:tenant_settings"),
        ("GET", "/actions/actions", "read:actions"),
    ],
)
async def test_each_request_needs_its_scope_and_a_token(tenant: Open, method: str, path: str, scope: str) -> None:
    async with tenant(scopes=tuple(one for one in ALL_SCOPES if one != scope)) as t:
        answer = await t.client.request(method, f"/api/v2{path}", json={} if method in ("POST", "PATCH") else None)
        refused(answer, 403, f"Insufficient scope, expected any of: {scope}")
        assert answer.json()["errorCode"] == "insufficient_scope"
        del t.client.headers["authorization"]
        refused(await t.client.request(method, f"/api/v2{path}"), 401, "Invalid token")


async def test_a_token_says_who_where_and_what(tenant: Open) -> None:
    async with tenant(scopes=("read:connections", "read:clients")) as t:
        answer = (await t.login()).json()
        claims = claims_of(answer.pop("access_token"))
        assert answer == {"scope": "read:connections read:clients", "expires_in": 86400, "token_type": "Bearer"}
        assert claims["iss"] == "https://tenant.test/"
        assert claims["aud"] == "https://tenant.test/api/v2/"
        assert claims["sub"] == f"{claims['azp']}@clients"
        assert claims["exp"] - claims["iat"] == 86400
        assert claims["iat"] == int(t.clock.now)


async def test_a_token_comes_by_form_too(tenant: Open) -> None:
    async with tenant() as t:
        body = {
            "grant_type": "client_credentials",
            "client_id": next(iter(t.state.clients)),
            "client_secret": "not-so-secret",
            "audience": "https://tenant.test/api/v2/",
        }
        answer = await t.client.post("/oauth/token", data=body)
        assert answer.status_code == 200
        assert claims_of(answer.json()["access_token"])["aud"] == body["audience"]


@pytest.mark.parametrize(
    ("body", "status", "error", "description"),
    [
        ({"client_secret": "wrong"}, 401, "access_denied", "Unauthorized"),
        ({"client_secret": ""}, 401, "access_denied", "Unauthorized"),
        ({"client_id": "nobody"}, 401, "access_denied", "Unauthorized"),
        ({"audience": "https://x.test/api/v2/"}, 403, "access_denied", "Service not enabled within domain: https://x"),
        ({"audience": "https://tenant.test/api/v2"}, 403, "access_denied", "Service not enabled within domain"),
        ({"grant_type": "implicit"}, 403, "unsupported_grant_type", "Unsupported grant type"),
        ({"client_id": "spa"}, 403, "access_denied", 'Client is not authorized to access "https://tenant.test/api'),
        ({"client_id": "web"}, 403, "unauthorized_client", "Grant type 'client_credentials' not allowed"),
    ],
)
async def test_refused_logins(tenant: Open, body: dict[str, str], status: int, error: str, description: str) -> None:
    async with tenant() as t:
        secret = Sensitive("not-so-secret")
        t.state.clients["spa"] = Client("spa", "spa", secret, scopes=None)
        t.state.clients["web"] = Client("web", "web", secret, scopes=(), grant_types=("authorization_code",))
        answer = await t.login(**body)
        assert (answer.status_code, answer.json()["error"]) == (status, error)
        assert answer.json()["error_description"].startswith(description)


async def test_a_token_expires_and_cannot_be_forged(tenant: Open) -> None:
    async with tenant(token_lifetime=60) as t:
        header, _, signature = t.client.headers["authorization"].split()[1].split(".")
        more = base64.urlsafe_b64encode(json.dumps({"exp": 9e12, "azp": "x", "scope": "read:connections"}).encode())
        forged = {"authorization": f"Bearer {header}.{more.decode().rstrip('=')}.{signature}"}
        answer = await t.client.get("/api/v2/connections", headers=forged)
        refused(answer, 401, "Invalid signature received for JSON Web Token validation")
        t.clock.now += 61
        answer = await t.client.get("/api/v2/connections")
        refused(answer, 401, "Expired token received for JSON Web Token validation")


async def test_a_ciphertext_is_stable_over_reads_and_new_at_every_write(tenant: Open) -> None:
    async with tenant() as t:
        options = {**CUSTOM, "configuration": {"KEY": "value", "OTHER": "x" * 500}}
        made = await t.create("users", options=options)
        first = made["options"]["configuration"]
        assert "value" not in json.dumps(first)
        assert len(first["KEY"]) == 168 < len(first["OTHER"])
        assert (await t.get(f"/{made['id']}"))["options"]["configuration"] == first
        assert (await t.get())[0]["options"]["configuration"] == first
        again = (await t.patch(made["id"], options=options)).json()["options"]["configuration"]
        assert set(again) == set(first)
        assert all(again[key] != first[key] for key in first)
        held = await t.client.get("/__control/connections")
        assert held.json()["connections"][0]["values"] == options["configuration"]


@pytest.mark.parametrize("resend", CipherResend)
async def test_a_ciphertext_sent_back_is_kept_or_encrypted_again(tenant: Open, resend: CipherResend) -> None:
    async with tenant(cipher_resend=resend) as t:
        made = await t.create("users", options={"configuration": {"KEY": "value"}})
        before = made["options"]["configuration"]["KEY"]
        answer = (await t.patch(made["id"], options={"configuration": {"KEY": before}})).json()
        value = (await t.client.get("/__control/connections")).json()["connections"][0]["values"]["KEY"]
        kept = resend is CipherResend.KEEP
        assert (answer["options"]["configuration"]["KEY"] == before) is kept
        assert value == ("value" if kept else before)


async def test_a_patch_replaces_options_and_keeps_the_top_level(tenant: Open) -> None:
    async with tenant() as t:
        options = {**CUSTOM, "configuration": {"A": "1", "B": "2"}, "import_mode": True, "mine": {"deep": [1, None]}}
        made = await t.create("users", options=options, metadata={"a": "b"}, connected_accounts={"active": True})
        answer = await t.patch(made["id"], options={"customScripts": {"login": "z"}, "brute_force_protection": None})
        refused(
            answer,
            400,
            "Payload validation error: 'Expected type boolean but found type null' "
            "on property options.brute_force_protection",
        )
        sent = {"customScripts": {"login": "z"}, "mine": {"deep": [1, None]}, "enabledDatabaseCustomization": True}
        after = (await t.patch(made["id"], options=sent)).json()
        assert after == await t.get(f"/{made['id']}")
        added = {"authentication_methods", "brute_force_protection", "passkey_options"}
        assert set(after["options"]) == {*sent, *added}
        assert {key: after["options"][key] for key in sent} == sent
        assert (after["metadata"], after["connected_accounts"]) == ({"a": "b"}, {"active": True})
        untouched = (await t.patch(made["id"], metadata={})).json()
        assert untouched["options"] == after["options"]


async def test_what_no_recording_shows_can_be_set_both_ways(tenant: Open) -> None:
    async with tenant() as t:
        made = await t.create("users", display_name="Users", metadata={"a": "1"})
        after = (await t.patch(made["id"], metadata={"b": "2"})).json()
        assert ("display_name" in after, after["metadata"]) == (False, {"b": "2"})
    async with tenant(omitted_display_name=Omitted.KEEP, metadata_patch=MetadataPatch.MERGE) as t:
        made = await t.create("users", display_name="Users", metadata={"a": "1", "c": "3"})
        after = (await t.patch(made["id"], metadata={"b": "2", "c": None})).json()
        assert (after["display_name"], after["metadata"]) == ("Users", {"a": "1", "b": "2"})


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"name": "x"}, "Payload validation error: 'Additional properties not allowed: name'"),
        ({"enabled_clients": []}, "Payload validation error: 'Additional properties not allowed: enabled_clients'"),
        ({}, "Payload validation error: 'Too few properties defined (0), minimum 1'"),
        ([], "Payload validation error: 'Expected type object but found type array'"),
        (
            {"options": {"customScripts": {"login": ""}}},
            "Payload validation error: 'String is too short (0 chars), minimum 1' "
            "on property options.customScripts.login",
        ),
        (
            {"options": {"customScripts": {"login": "x" * 100_001}}},
            "Payload validation error: 'String is too long (100001 chars), maximum 100000' "
            "on property options.customScripts.login",
        ),
        (
            {"options": {"passwordPolicy": "best"}},
            "Payload validation error: 'Invalid value \"best\"' on property options.passwordPolicy",
        ),
        (
            {"options": {"password_options": {}, "password_history": {"enable": True}}},
            "Cannot set both options.password_options and options.password_history",
        ),
        ({"cross_app_access_requesting_app": {"active": True}}, "cross_app_access_requesting_app is not supported"),
        (
            {"options": {"set_user_root_attributes": "on_each_login"}},
            "options.set_user_root_attributes can be set only for enterprise connections",
        ),
        ({"metadata": {str(number): "x" for number in range(11)}}, "Payload validation error: 'Too many properties"),
    ],
)
async def test_refused_patches_change_nothing(tenant: Open, body: Any, message: str) -> None:
    async with tenant() as t:
        made = await t.create("users", options=CUSTOM)
        answer = await t.client.patch(f"/api/v2/connections/{made['id']}", json=body)
        assert answer.status_code == 400
        assert answer.json()["message"].startswith(message)
        assert await t.get(f"/{made['id']}") == made


@pytest.mark.parametrize("content", [b"", b"{", b"[NaN]", b"[1e400]", b"[" * 200_000, b"\xff"])
async def test_what_is_not_json_is_refused(tenant: Open, content: bytes) -> None:
    async with tenant() as t:
        answer = await t.client.post("/api/v2/connections", content=content)
        refused(answer, 400, "Invalid request payload JSON format")


async def test_one_way_switches(tenant: Open) -> None:
    async with tenant() as t:
        made = await t.create("users", options={**CUSTOM, "enable_script_context": True})
        for options in (CUSTOM, {**CUSTOM, "enable_script_context": False}):
            answer = await t.patch(made["id"], options=options)
            refused(answer, 400, "once enabled, options.enable_script_context can not be disabled")
        await t.control("users", connection="users", count=3)
        answer = await t.patch(made["id"], options={"enable_script_context": True})
        refused(
            answer,
            400,
            'This database contains users. You cannot change "options.enabledDatabaseCustomization" setting.',
        )
        await t.control("users", connection="users", count=0)
        assert (await t.patch(made["id"], options={"enable_script_context": True})).status_code == 200


EMAIL = {"identifier": {"active": False}, "signup": {"status": "required"}, "profile_required": True}
USERNAME = {"username": {"identifier": {"active": True}}}


async def test_a_non_unique_email_must_be_echoed(tenant: Open) -> None:
    async with tenant() as t:
        options = {"attributes": {"email": {**EMAIL, "unique": False}, **USERNAME}}
        made = await t.create("users", options=options)
        refused(
            await t.patch(made["id"], options={"attributes": {"email": EMAIL, **USERNAME}}),
            400,
            "cannot patch unique property on email attribute",
        )
        assert (await t.patch(made["id"], options=options)).status_code == 200
        assert (await t.patch(made["id"], options={"attributes": USERNAME})).status_code == 200
        refused(await t.patch(made["id"], options=options), 400, "cannot add non-unique email attribute")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"requires_username": True}, "Cannot set both options.attributes and options.requires_username"),
        ({"validation": {}}, "Cannot set both options.attributes and options.validation"),
        ({"attributes": {"email": EMAIL}}, "attributes must contain one active identifier"),
        (
            {"attributes": {"email": {**EMAIL, "signup": {"status": "inactive"}}, **USERNAME}},
            "attribute email must also be required on signup",
        ),
    ],
)
async def test_excluded_identifiers(tenant: Open, options: dict[str, Any], message: str) -> None:
    async with tenant() as t:
        body = {"name": "users", "strategy": "auth0", "options": {"attributes": USERNAME, **options}}
        answer = await t.client.post("/api/v2/connections", json=body)
        refused(answer, 400, message)
        assert answer.json()["errorCode"] == "invalid_body"
        assert t.state.connections == {}


async def test_names_are_taken_by_any_strategy_realms_and_deletions(tenant: Open) -> None:
    async with tenant(deletion_seconds=5) as t:
        await t.control("connections", name="google", strategy="google-oauth2", options={})
        made = await t.create("users", realms=["users", "people"])

        async def again(name: str) -> httpx.Response:
            return await t.client.post("/api/v2/connections", json={"name": name, "strategy": "auth0"})

        for name in ("google", "users"):
            refused(await again(name), 409, "A connection with the same name already exists")
        refused(
            await again("people"), 409, 'There is already another connection with some realms from "realms" parameter'
        )
        assert (await again("Users")).status_code == 201
        first = await t.client.delete(f"/api/v2/connections/{made['id']}")
        assert (first.status_code, first.json()) == (202, {"deleted_at": "2026-05-28T20:26:40.250Z"})
        assert (await t.client.get(f"/api/v2/connections/{made['id']}")).status_code == 404
        t.clock.now += 1
        second = await t.client.delete(f"/api/v2/connections/{made['id']}")
        assert (second.status_code, second.json()) == (202, first.json())
        refused(await again("users"), 409, "A connection with the same name is being deleted, try again later")
        t.clock.now += 5
        assert (await t.client.delete(f"/api/v2/connections/{made['id']}")).status_code == 204
        assert (await again("users")).status_code == 201


async def test_clients_are_enabled_by_difference(tenant: Open) -> None:
    async with tenant() as t:
        made = await t.create("users")
        ids = [(await t.control("clients", name=f"app {number}"))["client_id"] for number in range(3)]
        path = f"/api/v2/connections/{made['id']}/clients"

        async def write(*changes: tuple[str, bool]) -> httpx.Response:
            return await t.client.patch(path, json=[{"client_id": one, "status": status} for one, status in changes])

        answer = await write((ids[0], True), (ids[1], True))
        assert (answer.status_code, answer.content) == (204, b"")
        await write((ids[1], False), (ids[2], True))
        assert await t.get(f"/{made['id']}/clients") == {
            "clients": [{"client_id": one} for one in sorted([ids[0], ids[2]])]
        }
        assert set((await t.get(f"/{made['id']}"))["enabled_clients"]) == {ids[0], ids[2]}
        refused(await write((ids[1], True), ("nobody", True)), 404, "The client does not exist")
        assert len((await t.get(f"/{made['id']}/clients"))["clients"]) == 2
        refused(await write(), 400, "Payload validation error: 'Array is too short (0), minimum 1'")
        assert (await write(*[(ids[0], True)] * 51)).status_code == 400
        page = await t.get(f"/{made['id']}/clients", take=1)
        rest = await t.get(f"/{made['id']}/clients", take=1, **{"from": page["next"]})
        assert [*page["clients"], *rest["clients"]] == (await t.get(f"/{made['id']}/clients"))["clients"]
        assert "next" not in rest


async def test_clients_of_the_tenant_never_show_a_secret(tenant: Open) -> None:
    async with tenant() as t:
        await t.control("clients", name="Web app", client_secret="hush-hush")
        answer = await t.client.get("/api/v2/clients", params={"include_totals": "true", "per_page": "50", "page": "0"})
        assert answer.json()["total"] == 3
        assert {one["name"] for one in answer.json()["clients"]} == {"Local application", "Web app", "dbconn"}
        named = await t.client.get("/api/v2/clients", params={"fields": "client_id,name", "include_fields": "true"})
        assert all(set(one) == {"client_id", "name"} for one in named.json())
        for text in (answer.text, (await t.client.get("/__control/clients")).text, repr(t.state)):
            assert "hush-hush" not in text
            assert "not-so-secret" not in text


async def test_a_dashboard_save_drops_what_it_does_not_know(tenant: Open) -> None:
    async with tenant() as t:
        made = await t.create("users", options={**CUSTOM, "configuration": {"KEY": "value"}, "mine": 1})
        await t.control("dashboard-save", connection="users")
        after = (await t.get(f"/{made['id']}"))["options"]
        assert "change_email" not in after["customScripts"]
        assert after["customScripts"]["login"] == SCRIPTS["login"]
        assert "Please implement the Get User script" in after["customScripts"]["get_user"]
        assert after["mine"] == 1
        assert after["configuration"]["KEY"] != made["options"]["configuration"]["KEY"]
        held = (await t.client.get("/__control/connections")).json()["connections"][0]
        assert held["values"] == {"KEY": "value"}


async def test_control_sets_and_unsets_paths_behind_the_api(tenant: Open) -> None:
    async with tenant() as t:
        made = await t.create("users", options=CUSTOM)
        await t.control("set", connection=made["id"], path=["options", "customScripts", "login"], value="other")
        await t.control("set", connection="users", path=["options", "configuration", "KEY"], value="plain")
        await t.control("unset", connection="users", path=["options", "mfa", "active"])
        await t.control("unset", connection="users", path=["options", "no", "such", "thing"])
        after = (await t.get())[0]
        assert after["options"]["customScripts"] == {**SCRIPTS, "login": "other"}
        assert after["options"]["mfa"] == {"return_enroll_settings": True}
        assert "plain" not in json.dumps(after)
        wrong = await t.client.post("/__control/set", json={"connection": "users"})
        assert wrong.status_code == 400


async def test_requests_are_counted_without_the_control_routes(tenant: Open) -> None:
    async with tenant() as t:
        made = await t.create("users")
        await t.get(f"/{made['id']}")
        await t.get(take=1)
        await t.client.get("/api/v2/nothing")
        log = (await t.client.get("/__control/requests")).json()
        assert log["counts"] == {
            "POST /oauth/token": 1,
            "POST /api/v2/connections": 1,
            "GET /api/v2/connections/{id}": 1,
            "GET /api/v2/connections": 1,
            "GET /api/v2/nothing": 1,
        }
        assert [one["status"] for one in log["requests"]] == [200, 201, 200, 200, 404]
        assert log["requests"][3]["query"] == "take=1"
        await t.client.delete("/__control/requests")
        assert (await t.client.get("/__control/requests")).json()["total"] == 0
        await t.control("reset")
        assert await t.get() == []


async def test_control_routes_are_only_there_when_asked_for(tenant: Open) -> None:
    async with tenant(control=False) as t:
        assert (await t.client.post("/__control/reset", json={})).status_code == 404


async def test_latency_is_slept(tenant: Open) -> None:
    async with tenant(latency=0.25) as t:
        before = len(t.clock.slept)
        await t.get()
        assert t.clock.slept[before:] == [0.25]


async def test_a_list_of_many_sorts_without_regard_to_case_and_dashes(tenant: Open) -> None:
    async with tenant() as t:
        for name in ("Zeta", "a-c", "AB", "ad", "1x"):
            await t.create(name)
        assert [one["name"] for one in await t.get()] == ["1x", "AB", "a-c", "ad", "Zeta"]


async def test_the_oldest_generation_has_its_own_ciphertext_and_keeps_enabled_clients(tenant: Open) -> None:
    async with tenant(defaults="2022-10") as t:
        made = await t.create("users", options={"configuration": {"KEY": "v"}}, enabled_clients=["a", "b"])
        assert re.fullmatch(r"2\.0\$[0-9a-f]{32}\$[0-9a-f]{32}\$[0-9a-f]{64}", made["options"]["configuration"]["KEY"])
        assert made["enabled_clients"] == ["a", "b"]
        assert (await t.patch(made["id"], enabled_clients=None)).json()["enabled_clients"] == []


async def test_later_reads_show_keys_in_storage_order(tenant: Open) -> None:
    async with tenant() as t:
        sent = {"zz": 1, "import_mode": True, "b": {"long": 1, "x": 2}, "a": 3}
        made = await t.create("users", options=sent)
        assert [key for key in made["options"] if key in sent] == ["zz", "import_mode", "b", "a"]
        read = (await t.get(f"/{made['id']}"))["options"]
        assert [key for key in read if key in sent] == ["a", "b", "zz", "import_mode"]
        assert list(read["b"]) == ["x", "long"]


async def test_text_of_any_kind_comes_back(tenant: Open) -> None:
    async with tenant() as t:
        content = b'{"name":"users","strategy":"auth0","options":{"x":"\\ud800 \\u2028 \xe2\x9c\x93"}}'
        answer = await t.client.post("/api/v2/connections", content=content)
        assert answer.status_code == 201
        assert json.loads(answer.content)["options"]["x"] == "\ud800 \u2028 ✓"
