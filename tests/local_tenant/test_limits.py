"""Rate limits: what a client may send, what the headers say, and that waiting as told is enough."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbconn_tui.local_tenant.answers import Refusal
from dbconn_tui.local_tenant.limits import GLOBAL, PLANS, READ_CONNECTIONS, Limits, Plan, Rate
from dbconn_tui.local_tenant.settings import PLAN_NAMES, ResetWhen

Open = Callable[..., AbstractAsyncContextManager[Any]]


@given(
    burst=st.integers(1, 20),
    per_second=st.floats(0.1, 50),
    steps=st.lists(st.floats(0, 3), min_size=1, max_size=60),
)
def test_a_bucket_never_grants_more_than_its_burst_and_rate(burst: int, per_second: float, steps: list[float]) -> None:
    limits, now = Limits(Plan(Rate(burst, per_second), {}), ResetWhen.NEXT), 1000.0
    for granted, step in enumerate(steps, start=1):
        now += step
        try:
            headers = limits.take(GLOBAL, now)
        except Refusal as refusal:
            headers = refusal.headers
            assert headers["x-ratelimit-remaining"] == "0"
            limits.take(GLOBAL, max(now, float(headers["x-ratelimit-reset"])) + 1e-6)
            return
        assert granted <= burst + per_second * (now - 1000.0) + 1e-6
        assert 0 <= int(headers["x-ratelimit-remaining"]) < burst


def test_reading_connections_has_a_bucket_of_its_own_on_self_service_plans() -> None:
    limits = Limits(PLANS["essentials"], ResetWhen.NEXT)
    for _ in range(5):
        limits.take(READ_CONNECTIONS, 0.0)
    with pytest.raises(Refusal) as refusal:
        limits.take(READ_CONNECTIONS, 0.0)
    assert refusal.value.body["message"] == "Endpoint limit has been reached"
    for _ in range(10):
        limits.take(GLOBAL, 0.0)
    with pytest.raises(Refusal) as refusal:
        limits.take(GLOBAL, 0.0)
    assert refusal.value.body["message"] == "Global limit has been reached"


def test_reset_can_mean_a_full_bucket() -> None:
    limits = Limits(Plan(Rate(10, 2), {}), ResetWhen.FULL)
    for _ in range(9):
        limits.take(GLOBAL, 100.0)
    assert limits.take(GLOBAL, 100.0)["x-ratelimit-reset"] == "105"


def test_every_plan_has_a_name() -> None:
    assert tuple(PLANS) == PLAN_NAMES


@pytest.mark.anyio
async def test_a_free_tenant_answers_two_requests_and_then_429(tenant: Open) -> None:
    async with tenant(plan="free") as t:
        answers = [await t.client.get("/api/v2/connections") for _ in range(3)]
        assert [one.status_code for one in answers] == [200, 200, 429]
        assert [one.headers["x-ratelimit-remaining"] for one in answers] == ["1", "0", "0"]
        assert {one.headers["x-ratelimit-limit"] for one in answers} == {"2"}
        assert answers[2].json() == {
            "statusCode": 429,
            "error": "Too Many Requests",
            "message": "Global limit has been reached",
            "errorCode": "too_many_requests",
        }
        t.clock.now = float(answers[2].headers["x-ratelimit-reset"])
        assert (await t.client.get("/api/v2/connections/con_none")).status_code == 404


@pytest.mark.anyio
async def test_refusals_count_and_carry_headers_too(tenant: Open) -> None:
    async with tenant(rate=(3.0, 1.0), scopes=("read:connections",)) as t:
        answer = await t.client.post("/api/v2/connections", json={})
        assert (answer.status_code, answer.headers["x-ratelimit-remaining"]) == (403, "2")
        answer = await t.client.get("/api/v2/connections/con_none")
        assert (answer.status_code, answer.headers["x-ratelimit-remaining"]) == (404, "1")


@pytest.mark.anyio
async def test_logins_have_a_limit_of_their_own(tenant: Open) -> None:
    async with tenant(plan="free") as t:
        answers = [await t.login() for _ in range(30)]
        assert answers[-1].status_code == 429
        assert answers[-1].json() == {"error": "too_many_requests", "error_description": "Rate limit exceeded."}
        assert answers[-1].headers["retry-after"] == "1"


@pytest.mark.anyio
async def test_a_tenant_without_limits_sends_no_headers(tenant: Open) -> None:
    async with tenant(plan="none") as t:
        answer = await t.client.get("/api/v2/connections")
        assert not [name for name in answer.headers if name.startswith("x-ratelimit")]
