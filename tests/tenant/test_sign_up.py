"""Sign-ups, deleting a connection, settings, and what answers' headers say: what doctor needs of a tenant."""

from __future__ import annotations

import email.utils
import json

import httpx
import pytest

from dbconn_tui.errors import AuthenticationError, NotFoundError, UnreachableError
from dbconn_tui.sensitive import Sensitive
from dbconn_tui.tenant.token import Credentials
from dbconn_tui.tenant.values import AnswerHeaders
from tests.tenant.conftest import DOMAIN, START, api_error, encoded, in_turn, opened

pytestmark = pytest.mark.anyio

PASSWORD = Sensitive("a-password-of-the-tests")


async def test_a_sign_up_goes_without_a_token_and_a_refusal_is_an_answer() -> None:
    shop = opened(in_turn(httpx.Response(400, json={"code": "probe", "description": "words of the script"})))
    async with shop.client as client:
        answer = await client.sign_up("users", "a@example.com", PASSWORD)
    assert (answer.status, "words of the script" in answer.text) == (400, True)
    assert "words" not in repr(answer)
    request = shop.fake.requests[-1]
    assert (request.url.path, "authorization" in request.headers) == ("/dbconnections/signup", False)
    assert json.loads(request.content) == {
        "client_id": "an-id",
        "connection": "users",
        "email": "a@example.com",
        "password": "a-password-of-the-tests",
    }
    assert "a-password" not in str(shop.events)


async def test_a_sign_up_that_fails_for_good_is_unreachable() -> None:
    shop = opened(lambda request: httpx.Response(503, json={}))
    async with shop.client as client:
        with pytest.raises(UnreachableError):
            await client.sign_up("users", "a@example.com", PASSWORD)


@pytest.mark.parametrize(("claims", "client_id"), [({"azp": "whose-it-is"}, "whose-it-is"), ({}, "")])
async def test_a_ready_token_says_whose_it_is(claims: dict[str, str], client_id: str) -> None:
    content = {"iss": f"https://{DOMAIN}/", "exp": int(START) + 86_400, "scope": "", **claims}
    token = f"{encoded({'alg': 'RS256'})}.{encoded(content)}.c2lnbmF0dXJl"
    shop = opened(in_turn(httpx.Response(400, json={})), credentials=Credentials.ready(Sensitive(token)))
    async with shop.client as client:
        assert await client.client_id() == client_id
        assert await client.token_expires_at() == START + 86_400
        if not client_id:
            with pytest.raises(AuthenticationError, match="whose it is"):
                await client.sign_up("users", "a@example.com", PASSWORD)


@pytest.mark.parametrize(
    "answer",
    [httpx.Response(204), httpx.Response(202, json={"deleted_at": "2026-08-10T13:59:00.087Z"})],
)
async def test_deleting_takes_both_answers_for_done(answer: httpx.Response) -> None:
    shop = opened(in_turn(answer))
    async with shop.client as client:
        await client.delete_connection("con_1")
    assert shop.fake.sent[-1] == "DELETE /api/v2/connections/con_1"


async def test_deleting_is_repeated_after_a_lost_answer() -> None:
    shop = opened(in_turn(httpx.Response(502), httpx.Response(204)))
    async with shop.client as client:
        await client.delete_connection("con_1")
    assert shop.fake.sent.count("DELETE /api/v2/connections/con_1") == 2


async def test_settings_are_an_object_or_no_answer_of_the_api() -> None:
    shop = opened(in_turn(httpx.Response(200, json={"sandbox_version": "22"}), httpx.Response(200, json=["22"])))
    async with shop.client as client:
        assert await client.tenant_settings() == {"sandbox_version": "22"}
        with pytest.raises(UnreachableError):
            await client.tenant_settings()


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, AnswerHeaders()),
        ({"date": email.utils.formatdate(START + 60, usegmt=True)}, AnswerHeaders(skew=-60.5)),
        ({"x-ratelimit-limit": "50", "x-ratelimit-remaining": "0"}, AnswerHeaders(limit=50, remaining=0)),
        ({"date": "yesterday", "x-ratelimit-limit": "-1", "x-ratelimit-remaining": "many"}, AnswerHeaders()),
    ],
)
async def test_the_last_answers_headers_are_remembered_the_token_endpoints_are_not(
    headers: dict[str, str], expected: AnswerHeaders
) -> None:
    shop = opened(in_turn(api_error(404, "The connection does not exist", headers=headers)))
    async with shop.client as client:
        await client.scopes()
        assert client.last_headers is None
        with pytest.raises(NotFoundError, match="does not exist"):
            await client.get_connection("con_1")
        assert client.last_headers == expected
