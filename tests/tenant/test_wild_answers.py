"""Whatever a server answers, nothing but a DbconnError comes out, and no request goes on for ever."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st

from dbconn_tui.errors import DbconnError
from dbconn_tui.tenant.client import TenantClient, require_options
from tests.tenant.conftest import connection, jwt, opened

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)
api_like = st.fixed_dictionaries(
    {},
    optional={
        "statusCode": json_values,
        "error": json_values,
        "message": json_values | st.sampled_from(["Insufficient scope, expected any of: a:b", "Insufficient scope"]),
        "errorCode": json_values,
        "error_description": json_values,
        "connections": json_values | st.lists(st.just(connection("users")) | json_values, max_size=3),
        "next": json_values | st.just("again"),
        "total": json_values,
        "start": json_values,
        "clients": json_values,
        "id": json_values,
        "name": json_values,
        "strategy": json_values,
        "options": json_values,
        "access_token": json_values | st.just(jwt()),
        "expires_in": json_values,
        "scope": json_values,
    },
)
bodies = st.one_of(
    st.binary(max_size=200),
    json_values.map(lambda content: json.dumps(content).encode()),
    api_like.map(lambda content: json.dumps(content).encode()),
    st.lists(st.just(connection("users")), max_size=2).map(lambda content: json.dumps(content).encode()),
)
header_text = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=20)
headers = st.dictionaries(
    st.sampled_from(
        [
            "content-type",
            "content-encoding",
            "x-ratelimit-limit",
            "x-ratelimit-remaining",
            "x-ratelimit-reset",
            "retry-after",
            "date",
            "location",
            "set-cookie",
        ]
    ),
    header_text | st.integers().map(str) | st.sampled_from(["gzip", "deflate", "br", "application/json"]),
    max_size=4,
)
statuses = st.integers(200, 599) | st.sampled_from([200, 201, 400, 401, 403, 404, 409, 429, 500, 503])
answers = st.tuples(statuses, headers, bodies)

WORK: list[Callable[[TenantClient], Awaitable[Any]]] = [
    lambda client: client.scopes(),
    lambda client: client.list_connections(),
    lambda client: client.find_connections(["users", "others"]),
    lambda client: client.get_connection("con_1"),
    lambda client: client.list_clients(),
    lambda client: client.api_writes(),
    lambda client: client.enabled_clients(["con_1", "con_2"]),
    lambda client: client.change_enabled_clients("con_1", {"app": True}),
    lambda client: client.create_connection({"name": "users", "strategy": "auth0"}),
    lambda client: client.update_connection("con_1", {"options": {}}),
]


@settings(max_examples=200, deadline=None)
@given(
    work=st.sampled_from(WORK),
    token=st.none() | answers,
    script=st.lists(answers, min_size=1, max_size=4),
)
def test_no_answer_causes_anything_but_a_dbconn_error(
    work: Callable[[TenantClient], Awaitable[Any]], token: Any, script: list[Any]
) -> None:
    count = 0

    def made(answer: Any) -> httpx.Response:
        status, head, body = answer
        return httpx.Response(status, headers=head, content=body)

    def handler(request: httpx.Request) -> httpx.Response:
        nonlocal count
        count += 1
        return made(script[min(count, len(script)) - 1])

    shop = opened(handler)
    if token is not None:
        shop.fake.token_handler = lambda request: made(token)

    async def run() -> None:
        async with shop.client as client:
            try:
                result = await work(client)
                if hasattr(result, "connections"):
                    require_options(result)
            except DbconnError as error:
                assert error.message  # noqa: PT017
                assert "\n" not in error.message  # noqa: PT017

    asyncio.run(run())
    assert len(shop.fake.requests) < 60
