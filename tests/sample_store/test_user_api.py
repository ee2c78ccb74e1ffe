"""The sample store keeps the contract of templates/rest-api/README.md."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dbconn_tui.sample_store.users import Users

from .conftest import Client, Clock

pytestmark = pytest.mark.anyio

ROBIN = "robin@example.com"
PASSWORD = "robin-sample-password"
OPERATIONS: dict[str, dict[str, Any]] = {
    "/users/authenticate": {"identifier": ROBIN, "password": PASSWORD},
    "/users/find": {"identifier": ROBIN},
    "/users/create": {"email": "new@example.com", "password": "a password"},
    "/users/verify-email": {"email": ROBIN},
    "/users/change-password": {"identifier": ROBIN, "new_password": "another password"},
    "/users/change-email": {"email": ROBIN, "new_email": "robin.new@example.com", "verified": True},
    "/users/delete": {"id": "usr_unknown"},
}


async def test_a_token_for_the_right_client_only(client: Client) -> None:
    answer = await client.get_token()
    assert answer.status_code == 200
    assert answer.json() == {"access_token": client.token, "token_type": "Bearer", "expires_in": 3600}
    assert answer.headers["cache-control"] == "no-store"
    assert (await client.get_token(client_secret="wrong")).json() == {"error": "invalid_client"}
    assert (await client.get_token(client_id="other")).status_code == 401
    assert (await client.get_token(client_secret="sécret")).status_code == 401
    assert (await client.get_token(grant_type="password")).json() == {"error": "unsupported_grant_type"}
    empty = await client.ask("/oauth/token")
    assert (empty.status_code, empty.json()) == (400, {"error": "unsupported_grant_type"})
    broken = await client.ask("/oauth/token", content=b"\xff=\xfe")
    assert broken.status_code == 400


@pytest.mark.parametrize("path", OPERATIONS)
async def test_nothing_without_a_valid_token(client: Client, clock: Clock, path: str) -> None:
    async def refused() -> bool:
        answer = await client.ask(path, OPERATIONS[path])
        assert answer.headers.get("www-authenticate", "").startswith("Bearer") is (answer.status_code == 401)
        return answer.status_code == 401

    assert await refused()
    client.token = "guessed"
    assert await refused()
    await client.get_token()
    assert not await refused()
    clock.now += 3_599
    assert not await refused()
    clock.now += 1
    assert await refused(), "expired"
    await client.get_token()
    client.tokens.revoke_all()
    assert await refused(), "revoked"


async def test_authenticate_and_find(client: Client) -> None:
    await client.get_token()
    right = await client.ask("/users/authenticate", OPERATIONS["/users/authenticate"])
    assert right.status_code == 200
    user = right.json()["user"]
    assert user == {
        "id": user["id"],
        "email": ROBIN,
        "email_verified": True,
        "username": "robin",
        "name": "Robin Example",
        "given_name": "Robin",
        "family_name": "Example",
    }
    for identifier in (ROBIN, "ROBIN@EXAMPLE.COM", "robin", " Robin "):
        assert (await client.ask("/users/find", {"identifier": identifier})).json() == {"user": user}


@pytest.mark.parametrize(
    ("identifier", "password"),
    [
        (ROBIN, "wrong"),
        (ROBIN, ""),
        (ROBIN, "x" * 1_025),
        (ROBIN, f"{PASSWORD} "),
        ("sascha", PASSWORD),
        ("nobody@example.com", PASSWORD),
        ("", PASSWORD),
        ("' OR 1=1 --", "' OR 1=1 --"),
        ("%", PASSWORD),
        ("x" * 300, PASSWORD),
        ("robin\x00", PASSWORD),
    ],
)
async def test_refused_credentials_look_all_alike(client: Client, identifier: str, password: str) -> None:
    await client.get_token()
    answer = await client.ask("/users/authenticate", {"identifier": identifier, "password": password})
    assert (answer.status_code, answer.json()) == (200, {"user": None})


async def test_create(client: Client, users: Users) -> None:
    await client.get_token()
    created = await client.ask("/users/create", {"email": "New@Example.com", "password": "pass", "username": "New"})
    assert created.status_code == 201
    found = users.find("new@example.com")
    assert found is not None
    assert (found.id, found.email, found.username, found.email_verified) == (
        created.json()["id"],
        "New@Example.com",
        "New",
        False,
    )
    assert users.authenticate("new", "pass") == found
    for taken in ({"email": "NEW@example.com"}, {"email": "other@example.com", "username": "NEW"}):
        again = await client.ask("/users/create", {"password": "pass", **taken})
        assert (again.status_code, again.json()) == (409, {"error": "user_exists"})
    assert len(users.all()) == 4


async def test_verify_and_change(client: Client, users: Users) -> None:
    await client.get_token()
    assert (await client.ask("/users/verify-email", {"email": "Sascha@example.com"})).json() == {"updated": True}
    assert (await client.ask("/users/verify-email", {"email": "nobody@example.com"})).json() == {"updated": False}
    sascha = users.find("sascha")
    assert sascha is not None
    assert sascha.email_verified

    change = {"identifier": "SASCHA", "new_password": "the next one"}
    assert (await client.ask("/users/change-password", change)).json() == {"updated": True}
    assert users.authenticate("sascha", "the next one") == sascha
    assert users.authenticate("sascha", "sascha-sample-password") is None
    nobody = {"identifier": "nobody", "new_password": "x"}
    assert (await client.ask("/users/change-password", nobody)).json() == {"updated": False}

    move = {"email": "sascha@example.com", "new_email": "s@example.org", "verified": False}
    assert (await client.ask("/users/change-email", move)).json() == {"updated": True}
    assert (await client.ask("/users/change-email", move)).json() == {"updated": False}
    moved = users.find("s@example.org")
    assert moved is not None
    assert (moved.id, moved.email_verified) == (sascha.id, False)
    taken = {"email": "s@example.org", "new_email": "ROBIN@example.com", "verified": True}
    assert (await client.ask("/users/change-email", taken)).status_code == 409
    only_verified = {"email": "s@example.org", "new_email": "s@example.org", "verified": True}
    assert (await client.ask("/users/change-email", only_verified)).json() == {"updated": True}


async def test_delete(client: Client, users: Users) -> None:
    await client.get_token()
    robin = users.find(ROBIN)
    assert robin is not None
    assert (await client.ask("/users/delete", {"id": ROBIN})).json() == {"deleted": False}
    assert (await client.ask("/users/delete", {"id": robin.id})).json() == {"deleted": True}
    assert (await client.ask("/users/delete", {"id": robin.id})).json() == {"deleted": False}
    assert [user.username for user in users.all()] == ["sascha", "zoe"]


@pytest.mark.parametrize("path", OPERATIONS)
async def test_bodies_of_the_wrong_shape(client: Client, users: Users, path: str) -> None:
    await client.get_token()
    before = users.all()
    good = OPERATIONS[path]
    bodies: list[bytes] = [b"", b"not json", b"[]", b"null", b"\xff", b"[" * 30_000, b'{"a":' * 10_000]
    for body in bodies:
        answer = await client.ask(path, content=body, json=None)
        assert answer.status_code == 400, body[:20]
        assert "must_be" in answer.json()["error"]
    for name in good:
        for wrong in (None, 7, ["a"], {"$gt": ""}, "\ud800"):
            body = json.dumps(good | {name: wrong}).encode()
            answer = await client.ask(path, content=body, json=None)
            assert answer.status_code == 400, (name, wrong)
            assert answer.json()["error"].startswith(name)
    large = await client.ask(path, content=b" " * 64_001, json=None)
    assert (large.status_code, large.json()) == (413, {"error": "body_too_large"})
    assert users.all() == before


@pytest.mark.parametrize(
    ("path", "change", "error"),
    [
        ("/users/create", {"email": "no address"}, "email_must_be_an_address"),
        ("/users/create", {"email": "@example.com"}, "email_must_be_an_address"),
        ("/users/create", {"email": f"{'x' * 250}@example.com"}, "email_must_be_an_address"),
        ("/users/create", {"email": "a\u2028b@example.com"}, "email_must_be_an_address"),
        ("/users/create", {"password": ""}, "password_must_have_1_to_1024_bytes"),
        ("/users/create", {"password": "é" * 513}, "password_must_have_1_to_1024_bytes"),
        ("/users/create", {"username": "robin@example.com"}, "username_must_be_a_name"),
        ("/users/create", {"username": " "}, "username_must_be_a_name"),
        ("/users/change-password", {"new_password": ""}, "new_password_must_have_1_to_1024_bytes"),
        ("/users/change-email", {"new_email": "x"}, "new_email_must_be_an_address"),
        ("/users/change-email", {"verified": "true"}, "verified_must_be_true_or_false"),
    ],
)
async def test_values_that_are_not_stored(client: Client, path: str, change: dict[str, Any], error: str) -> None:
    await client.get_token()
    answer = await client.ask(path, OPERATIONS[path] | change)
    assert (answer.status_code, answer.json()) == (400, {"error": error})


async def test_other_paths_and_methods_answer_json(client: Client) -> None:
    missing = await client.ask("/users/nowhere")
    assert (missing.status_code, missing.json()) == (404, {"error": "not_found"})
    wrong = await client.http.get("/users/find")
    assert (wrong.status_code, wrong.json()) == (405, {"error": "method_not_allowed"})
