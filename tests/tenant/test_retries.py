from __future__ import annotations

import asyncio
from typing import Any, cast

import httpx
import pytest

from dbconn_tui.errors import AnswerLostError, DbconnError, ExitCode, HeldBackError, RateLimitedError, UnreachableError
from dbconn_tui.events import EventKind
from dbconn_tui.project.values import Tenant
from dbconn_tui.tenant.exchange import PATIENCE, PAUSES
from tests.tenant.conftest import DOMAIN, START, Handler, Opened, api_error, connection, in_turn, opened

pytestmark = pytest.mark.anyio

FINE = httpx.Response(200, json=[])
CREATED = httpx.Response(201, json=connection("users"))
BODY = {"name": "users", "strategy": "auth0", "options": {}}

PASSING_FAULTS = [
    httpx.ConnectError("refused"),
    httpx.ConnectTimeout("slow"),
    httpx.ReadTimeout("slow"),
    httpx.WriteTimeout("slow"),
    httpx.ReadError("reset"),
    httpx.RemoteProtocolError("cut"),
    httpx.DecodingError("garbled"),
    api_error(500, "Internal"),
    httpx.Response(502, text="<html>Bad gateway"),
    httpx.Response(503),
]
NEVER_SENT = [httpx.ConnectError("refused"), httpx.ConnectTimeout("slow"), httpx.PoolTimeout("busy")]
IN_DOUBT = [
    httpx.ReadTimeout("slow"),
    httpx.WriteTimeout("slow"),
    httpx.ReadError("reset"),
    httpx.WriteError("reset"),
    httpx.RemoteProtocolError("cut"),
    httpx.DecodingError("garbled"),
    *(api_error(status, "Oh") for status in (500, 501, 502, 503, 504)),
    httpx.Response(502, text="<html>Bad gateway"),
    httpx.Response(201, text='{"id": "con_us'),
    httpx.Response(200, text="<html>"),
    httpx.Response(201),
    httpx.Response(201, json={"id": "con_users"}),
]


def label(fault: Any) -> str:
    return f"{fault.status_code}" if isinstance(fault, httpx.Response) else type(fault).__name__


def writes(shop: Opened) -> int:
    return sum(count for (method, path), count in shop.client.request_counts.items() if path != "/oauth/token")


@pytest.mark.parametrize("fault", PASSING_FAULTS, ids=label)
async def test_a_read_is_tried_again_with_growing_pauses(fault: Any) -> None:
    shop = opened(in_turn(fault, fault, fault, FINE))
    async with shop.client as client:
        await client.list_connections()
    assert tuple(shop.time.slept) == PAUSES
    waits = [event for event in shop.events if event.kind is EventKind.WAITING]
    assert [event.seconds for event in waits] == list(PAUSES)
    assert all(DOMAIN in event.message for event in waits)


@pytest.mark.parametrize("fault", PASSING_FAULTS, ids=label)
async def test_a_read_is_given_up_after_the_last_try(fault: Any) -> None:
    shop = opened(in_turn(*[fault] * (len(PAUSES) + 1)))
    async with shop.client as client:
        with pytest.raises(UnreachableError) as caught:
            await client.list_connections()
    assert DOMAIN in caught.value.message
    assert caught.value.hint
    assert caught.value.exit_code is ExitCode.UNREACHABLE
    assert not isinstance(caught.value, AnswerLostError)


@pytest.mark.parametrize("fault", NEVER_SENT, ids=label)
async def test_a_write_that_never_left_is_tried_again(fault: Any) -> None:
    shop = opened(in_turn(fault, fault, CREATED))
    async with shop.client as client:
        assert (await client.create_connection(BODY)).name == "users"


@pytest.mark.parametrize("fault", IN_DOUBT, ids=label)
@pytest.mark.parametrize("method", ["create", "update"])
async def test_a_write_whose_answer_was_lost_is_never_sent_again(fault: Any, method: str) -> None:
    shop = opened(in_turn(fault))
    async with shop.client as client:
        write = client.create_connection(BODY) if method == "create" else client.update_connection("con_users", BODY)
        with pytest.raises(AnswerLostError) as caught:
            await write
    assert writes(shop) == 1
    assert shop.time.slept == []
    assert "may have been carried out" in caught.value.hint


@pytest.mark.parametrize("status", [302, 403, 404, 413])
async def test_a_write_that_something_else_refused_is_not_in_doubt(status: int) -> None:
    shop = opened(in_turn(httpx.Response(status, text="<html>blocked")))
    async with shop.client as client:
        with pytest.raises(UnreachableError) as caught:
            await client.create_connection(BODY)
    assert not isinstance(caught.value, AnswerLostError)
    assert writes(shop) == 1


def limited(reset_in: int | None, remaining: int | None = 0) -> httpx.Response:
    headers = {}
    if reset_in is not None:
        headers["x-ratelimit-reset"] = str(int(START) + reset_in)
    if remaining is not None:
        headers |= {"x-ratelimit-remaining": str(remaining), "x-ratelimit-limit": "10"}
    return api_error(429, "Global limit has been reached", "too_many_requests", headers)


async def test_a_refused_write_waits_as_long_as_announced_and_is_sent_again() -> None:
    shop = opened(in_turn(limited(2), CREATED))
    async with shop.client as client:
        await client.create_connection(BODY)
    assert shop.time.slept == [pytest.approx(2.0)]
    waits = [event for event in shop.events if event.kind is EventKind.WAITING]
    assert [(event.seconds, DOMAIN in event.message) for event in waits] == [(pytest.approx(2.0), True)]


async def test_a_refusal_without_headers_waits_half_a_second() -> None:
    shop = opened(in_turn(limited(None, None), FINE))
    async with shop.client as client:
        await client.list_connections()
    assert shop.time.slept == [pytest.approx(0.5)]


async def test_an_announced_wait_is_capped() -> None:
    shop = opened(in_turn(limited(86_400), FINE))
    async with shop.client as client:
        await client.list_connections()
    assert shop.time.slept == [pytest.approx(60.0)]


@pytest.mark.parametrize("reset_in", [None, 0, 1, 10_000])
async def test_patience_with_refusals_ends(reset_in: int | None) -> None:
    shop = opened(lambda request: limited(reset_in, None if reset_in is None else 0))
    async with shop.client as client:
        with pytest.raises(RateLimitedError, match="Global limit") as caught:
            await client.create_connection(BODY)
    assert PATIENCE <= sum(shop.time.slept) <= PATIENCE + 120
    assert writes(shop) < 25
    assert caught.value.hint


async def test_an_empty_bucket_is_not_hit_again_before_its_time() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        reset = str(int(shop.time.wall_clock()) + 1)
        return httpx.Response(200, json=[], headers={"x-ratelimit-remaining": "0", "x-ratelimit-reset": reset})

    shop = opened(answer)
    async with shop.client as client:
        for _ in range(4):
            await client.list_connections()
    assert shop.time.slept == [pytest.approx(1.0)] * 3


async def test_the_rate_of_the_tenant_is_kept() -> None:
    shop = opened(lambda request: FINE, tenant=Tenant("dev", DOMAIN, client_id="an-id", rate=2))
    async with shop.client as client:
        for _ in range(5):
            await client.list_connections()
    assert shop.time.slept == [pytest.approx(0.5)] * 4


async def test_the_token_endpoint_has_a_budget_of_its_own() -> None:
    """The fake's token answers say that nothing remains; the API's own requests must not wait for that."""
    shop = opened(lambda request: FINE)
    async with shop.client as client:
        await client.list_connections()
    assert shop.time.slept == []


async def test_a_token_request_that_is_refused_waits_as_long_as_announced() -> None:
    shop = opened(lambda request: FINE)
    usual = shop.fake.token_handler
    refused = httpx.Response(429, json={"error": "too_many_requests"}, headers={"retry-after": "3"})
    shop.fake.token_handler = lambda request: (
        refused if shop.fake.sent.count("POST /oauth/token") == 1 else usual(request)
    )
    async with shop.client as client:
        await client.list_connections()
    assert shop.time.slept == [pytest.approx(3.0)]


async def test_a_token_request_is_tried_again_as_a_read_is() -> None:
    shop = opened(lambda request: FINE)
    usual = shop.fake.token_handler
    faults = in_turn(httpx.ReadTimeout("slow"), httpx.Response(503))
    shop.fake.token_handler = lambda request: (
        faults(request) if shop.fake.sent.count("POST /oauth/token") < 3 else usual(request)
    )
    async with shop.client as client:
        await client.list_connections()
    assert tuple(shop.time.slept) == PAUSES[:2]


async def test_after_a_refusal_that_shows_no_bucket_requests_come_half_a_second_apart() -> None:
    refused = api_error(429, "Global limit has been reached", headers={"retry-after": "3"})
    shop = opened(in_turn(refused, FINE, FINE, FINE))
    async with shop.client as client:
        for _ in range(3):
            await client.list_connections()
    assert shop.time.slept == [pytest.approx(3.0), pytest.approx(0.5), pytest.approx(0.5)]


async def test_a_failure_of_one_of_several_ends_the_others() -> None:
    async def handler(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0)
        return httpx.Response(200, text="<html>") if request.url.params["name"] == "c3" else FINE

    shop = opened(cast(Handler, handler))
    async with shop.client as client:
        with pytest.raises(DbconnError):
            await client.find_connections([f"c{n}" for n in range(100)])
        assert client.requests < 50
        await client.find_connections(["c1"])


async def test_a_write_that_is_refused_past_its_time_is_not_sent_again() -> None:
    shop = opened(in_turn(limited(20)))
    async with shop.client as client:
        with pytest.raises(HeldBackError) as caught:
            await client.update_connection("con_users", BODY, start_by=shop.time.clock() + 15)
    assert not caught.value.at_deadline
    assert writes(shop) == 1
    assert shop.time.slept == []


@pytest.mark.parametrize("refusals", [1, 4])
async def test_no_write_starts_after_the_deadline_of_a_run(refusals: int) -> None:
    shop = opened(lambda request: limited(2))
    async with shop.client as client:
        with client.until(shop.time.clock() + 2.0**refusals), pytest.raises(HeldBackError, match="deadline") as caught:
            await client.create_connection(BODY)
    assert caught.value.at_deadline
    assert "--deadline" in caught.value.hint
    assert sum(shop.time.slept) <= 2.0**refusals


async def test_what_was_written_can_be_read_back_for_a_minute_after_the_deadline() -> None:
    shop = opened(in_turn(limited(50), FINE, limited(50)))
    async with shop.client as client:
        with client.until(shop.time.clock()):
            assert (await client.list_connections()).complete
            with pytest.raises(HeldBackError, match="deadline"):
                await client.list_connections()
        assert shop.time.slept == [pytest.approx(50.0)]


@pytest.mark.parametrize(
    ("headers", "left", "name"),
    [
        ({}, None, ""),
        ({"x-ratelimit-remaining": "7", "X-Auth0-RequestId": "c629c3e05e0881e81315"}, 7, "c629c3e05e0881e81315"),
        ({"x-request-id": "a-b.c:1"}, None, "a-b.c:1"),
        ({"x-request-id": "two words \x1b[31m"}, None, ""),
    ],
)
async def test_the_log_of_requests_says_what_is_left_and_what_the_tenant_calls_them(
    headers: dict[str, str], left: int | None, name: str
) -> None:
    shop = opened(in_turn(httpx.Response(200, json=[], headers=headers)))
    async with shop.client as client:
        await client.list_connections()
    event = [event for event in shop.events if event.kind is EventKind.REQUEST][-1]
    assert (event.message, event.budget_left, event.request_id) == ("GET /api/v2/connections 200", left, name)


async def test_a_deadline_ends_with_its_run() -> None:
    shop = opened(in_turn(CREATED))
    async with shop.client as client:
        with client.until(shop.time.clock() - 1):
            pass
        assert (await client.create_connection(BODY)).name == "users"
