"""Users at the Management API, password policies, and input that nobody expects."""

from __future__ import annotations

import json
from typing import Any

import anyio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dbconn_tui.local_tenant.settings import APPLICATION_ID
from dbconn_tui.local_tenant.sign_in.password_policy import policy_of, weakness
from tests.local_tenant.sign_in_bench import ADA, MARK, RIGHT, opened
from tests.sign_in import PASSWORD_REALM

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("quick_hashes")]


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
