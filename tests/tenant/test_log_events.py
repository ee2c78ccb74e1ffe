"""The tenant's log: one request, newest first, whatever an event lacks."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from dbconn_tui.errors import MissingScopeError
from dbconn_tui.tenant.values import LogEvent
from tests.tenant.conftest import api_error, opened

pytestmark = pytest.mark.anyio


def event(date: object = "2026-05-15T17:41:35.349Z", **request: Any) -> dict[str, Any]:
    return {
        "date": date,
        "type": "sapi",
        "client_id": "an-id",
        "client_name": "",
        "user_agent": "agent/1",
        "details": {"request": {"method": "patch", "path": "/api/v2/connections/con_1", **request}},
    }


async def test_one_request_for_the_newest_calls() -> None:
    person = {"user": {"name": "Ada Example", "email": "ada@example.com"}}
    content = [
        event("2026-05-15T17:41:35.349Z"),
        event("2026-05-16T17:41:35Z", auth=person, channel="https://manage.auth0.com/"),
    ]
    shop = opened(lambda request: httpx.Response(200, json=content))
    async with shop.client as client:
        newest, older = await client.api_writes()
    assert newest.at > older.at
    assert (newest.who, newest.in_dashboard) == ("Ada Example", True)
    assert older == LogEvent("PATCH", "/api/v2/connections/con_1", older.at, "an-id", False, "agent/1")
    assert dict(shop.fake.requests[1].url.params) == {
        "q": "type:sapi",
        "sort": "date:-1",
        "page": "0",
        "per_page": "100",
    }


@pytest.mark.parametrize(
    "content",
    [{}, {"date": 3}, {"date": "soon", "details": []}, {"details": {"request": {"auth": "x"}}}, {"client_id": 5}],
)
async def test_an_event_without_this_or_that_is_still_one(content: dict[str, Any]) -> None:
    shop = opened(lambda request: httpx.Response(200, json=[content]))
    async with shop.client as client:
        (found,) = await client.api_writes()
    assert (found.at, found.who) == (0.0, "")


async def test_the_lacking_scope_is_named() -> None:
    refusal = api_error(403, "Insufficient scope, expected any of: read:logs", "insufficient_scope")
    shop = opened(lambda request: refusal)
    async with shop.client as client:
        with pytest.raises(MissingScopeError, match="read:logs"):
            await client.api_writes()
