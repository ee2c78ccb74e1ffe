"""Enabled clients: checkpoint pages, changes of at most fifty, and a failed reading that is never "none"."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from dbconn_tui.errors import AnswerLostError, DbconnError, NotFoundError, UnreachableError
from tests.tenant.conftest import api_error, in_turn, opened

pytestmark = pytest.mark.anyio

PATH = "/api/v2/connections/con_1/clients"


def page(first: int, last: int, **rest: Any) -> httpx.Response:
    return httpx.Response(200, json={"clients": [{"client_id": f"app{n}"} for n in range(first, last)], **rest})


async def test_c4_more_clients_than_one_page_are_all_read() -> None:
    shop = opened(in_turn(page(0, 1000, next="1000"), page(1000, 1234)))
    async with shop.client as client:
        found = await client.enabled_clients(["con_1"])
    assert found == {"con_1": frozenset(f"app{n}" for n in range(1234))}
    queries = [dict(request.url.params) for request in shop.fake.requests[1:]]
    assert queries == [{"take": "1000"}, {"take": "1000", "from": "1000"}]
    assert client.request_counts[("GET", "/api/v2/connections/{id}/clients")] == 2


async def test_c4_changes_go_in_bare_arrays_of_at_most_fifty() -> None:
    shop = opened(in_turn(*[httpx.Response(204)] * 3))
    changes = {f"app{n}": n % 2 == 0 for n in range(120)}
    async with shop.client as client:
        await client.change_enabled_clients("con_1", changes)
    bodies = [json.loads(request.content) for request in shop.fake.requests[1:]]
    assert [len(body) for body in bodies] == [50, 50, 20]
    assert {one["client_id"]: one["status"] for body in bodies for one in body} == changes
    assert {request.url.path for request in shop.fake.requests[1:]} == {PATH}
    assert {request.headers["content-type"] for request in shop.fake.requests[1:]} == {"application/json"}


async def test_no_change_is_no_request() -> None:
    shop = opened(in_turn())
    async with shop.client as client:
        await client.change_enabled_clients("con_1", {})
        assert await client.enabled_clients([]) == {}
    assert shop.fake.sent == []


@pytest.mark.parametrize(
    "answer",
    [
        api_error(404, "The connection does not exist", "inexistent_connection"),
        api_error(403, "Insufficient scope, expected any of: read:connections", "insufficient_scope"),
        httpx.Response(200, json={}),
        httpx.Response(200, json={"clients": None}),
        httpx.Response(200, json={"clients": [{"name": "no id"}]}),
        httpx.Response(200, json={"clients": [], "next": 3}),
        httpx.Response(200, json=[{"client_id": f"app{n}"} for n in range(50)]),
        httpx.Response(200, text="<html>sign in</html>"),
        httpx.Response(204),
    ],
)
async def test_x5_a_failed_reading_is_never_taken_for_no_clients(answer: httpx.Response) -> None:
    shop = opened(lambda request: answer)
    async with shop.client as client:
        with pytest.raises(DbconnError):
            await client.enabled_clients(["con_1"])


async def test_pages_that_go_round_are_refused() -> None:
    shop = opened(lambda request: page(0, 1, next="same"))
    async with shop.client as client:
        with pytest.raises(UnreachableError):
            await client.enabled_clients(["con_1"])


async def test_an_unknown_client_is_the_tenants_refusal() -> None:
    shop = opened(in_turn(api_error(404, "The client does not exist", "inexistent_client")))
    async with shop.client as client:
        with pytest.raises(NotFoundError, match="The client does not exist"):
            await client.change_enabled_clients("con_1", {"gone": True})


async def test_a_lost_answer_is_not_repeated_blindly() -> None:
    shop = opened(in_turn(httpx.ReadTimeout("slow")))
    async with shop.client as client:
        with pytest.raises(AnswerLostError):
            await client.change_enabled_clients("con_1", {"app": True})
    assert shop.fake.sent.count(f"PATCH {PATH}") == 1
