from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dbconn_tui.errors import HeldBackError
from dbconn_tui.events import Event, EventKind
from dbconn_tui.project.schema import SUBSCRIPTIONS
from dbconn_tui.project.values import Allowance
from dbconn_tui.tenant.budget import (
    AT_ONCE,
    LONGEST_HEADROOM_WAIT,
    LONGEST_WAIT,
    UNKNOWN_INTERVAL,
    Gate,
    RateBudget,
    RateHeaders,
    headroom_of,
    read_rate_headers,
)

NOW = 1_700_000_000.0


@pytest.mark.parametrize(
    ("headers", "remaining", "more_in"),
    [
        ({}, None, None),
        ({"x-ratelimit-remaining": "7", "x-ratelimit-reset": str(int(NOW) + 2)}, 7, 2.0),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(NOW) - 5)}, 0, 0.0),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(NOW) + 86_400)}, 0, LONGEST_WAIT),
        ({"retry-after": "3"}, None, 3.0),
        ({"x-ratelimit-remaining": "-1", "x-ratelimit-reset": "soon", "retry-after": "²"}, None, None),
        ({"x-ratelimit-remaining": "1e9", "x-ratelimit-reset": "9" * 400}, None, None),
    ],
)
def test_reading_the_headers(headers: dict[str, str], remaining: int | None, more_in: float | None) -> None:
    assert read_rate_headers(headers, NOW) == RateHeaders(remaining, more_in)


@pytest.mark.parametrize("wrong_by", [-86_400, 86_400])
def test_a_wrong_clock_on_this_machine_is_noticed_by_the_answers_date(wrong_by: float) -> None:
    headers = {"x-ratelimit-reset": "1700000001", "date": "Tue, 14 Nov 2023 22:13:20 GMT"}
    assert read_rate_headers(headers, NOW + wrong_by).more_in == 1.0


@given(
    st.dictionaries(st.sampled_from(["x-ratelimit-remaining", "x-ratelimit-reset", "retry-after", "date"]), st.text())
)
def test_no_header_is_too_strange(headers: dict[str, str]) -> None:
    read = read_rate_headers(headers, NOW)
    assert read.remaining is None or read.remaining >= 0
    assert read.more_in is None or 0 <= read.more_in <= LONGEST_WAIT


def test_nothing_is_held_back_before_anything_is_known() -> None:
    budget = RateBudget()
    for _ in range(100):
        assert budget.delay(0.0) == 0.0
        budget.started(0.0)


def test_the_users_own_rate_is_kept_from_the_first_request() -> None:
    budget = RateBudget(rate=4)
    budget.started(10.0)
    assert budget.delay(10.0) == pytest.approx(0.25)
    assert budget.delay(10.2) == pytest.approx(0.05)
    assert budget.delay(10.25) == 0.0


def test_an_empty_bucket_waits_for_the_one_more_that_is_announced() -> None:
    budget = RateBudget()
    budget.started(10.0)
    budget.answered(False, RateHeaders(remaining=0, more_in=1.0), 10.0, 10.1)
    assert budget.delay(10.1) == pytest.approx(1.0)
    assert budget.delay(11.1) == 0.0
    budget.started(11.1)
    assert budget.delay(11.1) == pytest.approx(1.0)


def test_the_wait_doubles_while_it_does_not_help_and_is_forgotten_after_a_success() -> None:
    budget = RateBudget()
    now, waits = 0.0, []
    for _ in range(8):
        budget.started(now)
        budget.answered(True, RateHeaders(0, 1.0), now, now)
        waits.append(budget.delay(now))
        now += waits[-1]
    assert waits == [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0]
    budget.started(now)
    budget.answered(False, RateHeaders(5, 1.0), now, now)
    assert budget.delay(now) == 0.0
    budget.started(now)
    budget.answered(True, RateHeaders(0, 1.0), now, now)
    assert budget.delay(now) == pytest.approx(1.0)


def test_requests_refused_together_count_as_one_refusal() -> None:
    budget = RateBudget()
    for _ in range(6):
        budget.started(0.0)
    for number in range(6):
        budget.answered(True, RateHeaders(0, 1.0), 0.0, 0.1 + number / 100)
    assert budget.delay(0.15) == pytest.approx(1.0)


def test_without_headers_a_refusal_means_two_a_second() -> None:
    budget = RateBudget()
    budget.started(0.0)
    budget.answered(True, RateHeaders(), 0.0, 0.0)
    assert budget.delay(0.0) == UNKNOWN_INTERVAL
    for number in range(1, 5):
        now = number * UNKNOWN_INTERVAL
        assert budget.delay(now) == pytest.approx(0.0)
        budget.started(now)
        budget.answered(False, RateHeaders(), now, now)
        assert budget.delay(now) == pytest.approx(UNKNOWN_INTERVAL)


@pytest.mark.parametrize(("name", "allowance"), SUBSCRIPTIONS.items())
def test_a_known_subscription_is_the_first_guess_less_the_headroom(name: str, allowance: Allowance) -> None:
    budget = RateBudget(allowance=allowance)
    at_once = 0
    while budget.delay(0.0) == 0.0:
        budget.started(0.0)
        at_once += 1
    assert at_once == allowance.burst - headroom_of(allowance.burst)
    assert budget.delay(0.0) == pytest.approx(1 / allowance.per_second)


def test_the_answers_correct_the_first_guess() -> None:
    budget = RateBudget(allowance=Allowance(2, 2.0))
    budget.started(0.0)
    budget.answered(False, RateHeaders(remaining=49, more_in=1.0, limit=50), 0.0, 0.0)
    for _ in range(49 - headroom_of(50)):
        assert budget.delay(0.0) == 0.0
        budget.started(0.0)
    assert budget.delay(0.0) > 0.0


def test_a_guess_paces_a_tenant_that_sends_no_headers() -> None:
    budget, now = RateBudget(allowance=Allowance(10, 2.0)), 0.0
    for _ in range(20):
        now += budget.delay(now)
        budget.started(now)
        budget.answered(False, RateHeaders(), now, now)
    assert now == pytest.approx((20 - 7) / 2)


def test_the_users_own_rate_stays_under_a_known_subscription() -> None:
    budget = RateBudget(rate=1, allowance=Allowance(50, 16.0))
    budget.started(0.0)
    assert budget.delay(0.0) == pytest.approx(1.0)


def test_headroom_is_left_to_others() -> None:
    budget = RateBudget()
    budget.started(0.0)
    budget.answered(False, RateHeaders(remaining=3, more_in=0.5, limit=10), 0.0, 0.0)
    assert budget.delay(0.0) == pytest.approx(0.5)


def test_who_needs_the_headroom_goes_first_but_not_for_ever() -> None:
    budget = RateBudget()
    budget.started(0.0)
    budget.answered(False, RateHeaders(remaining=1, more_in=0.5, limit=10), 0.0, 0.0)
    assert budget.delay(0.0) == pytest.approx(0.5 + 2 * 0.5)
    budget.started(1.5)
    budget.answered(False, RateHeaders(remaining=0, more_in=1.0, limit=750), 1.5, 1.5)
    assert budget.delay(1.5) == LONGEST_HEADROOM_WAIT


def test_those_who_were_refused_together_do_not_return_together() -> None:
    waits = set()
    for chance in (0.0, 0.5, 1.0):
        budget = RateBudget(chance=lambda chance=chance: chance)
        budget.started(0.0)
        budget.answered(True, RateHeaders(0, 4.0), 0.0, 0.0)
        waits.add(budget.delay(0.0))
    assert waits == {4.0, 4.5, 5.0}


@dataclass
class Bucket:
    """A server's token bucket that answers as the platform does: whole seconds, lower-case names.

    `others` says how many requests others have sent by a time.
    """

    burst: int
    per_second: float
    level: float = 0.0
    seen: float = 0.0
    refused: int = 0
    others: Callable[[float], float] = lambda now: 0.0

    def ask(self, now: float) -> tuple[bool, RateHeaders]:
        taken = self.others(now) - self.others(self.seen)
        self.level = min(self.burst, max(0.0, self.level + (now - self.seen) * self.per_second - taken))
        self.seen = now
        refused = self.level < 1
        self.refused += refused
        self.level -= 0 if refused else 1
        missing = max(0.0, 1 - (self.level % 1)) / self.per_second
        headers = {
            "x-ratelimit-limit": str(self.burst),
            "x-ratelimit-remaining": str(int(self.level)),
            "x-ratelimit-reset": str(ceil(NOW + now + missing)),
        }
        return refused, read_rate_headers(headers, NOW + now)


class VirtualTime:
    """A clock whose sleepers are woken in order, so that overlapping requests run as they would."""

    def __init__(self) -> None:
        self.now = 0.0
        self.sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self.count = 0

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        future = asyncio.get_running_loop().create_future()
        self.count += 1
        self.sleepers.append((self.now + seconds, self.count, future))
        await future

    async def run(self, work: asyncio.Future[object]) -> None:
        while not work.done():
            for _ in range(20):
                await asyncio.sleep(0)
            if self.sleepers:
                self.sleepers.sort()
                self.now, _, future = self.sleepers.pop(0)
                future.set_result(None)


async def play(
    bucket: Bucket, requests: int, latency: random.Random, allowance: Allowance | None = None
) -> tuple[float, list[Event], int]:
    """Sends requests that are repeated until accepted; gives the seconds it took, events, most at once."""
    time, events = VirtualTime(), list[Event]()
    gate = Gate(
        RateBudget(allowance=allowance), "shop.example.com", clock=time.clock, sleep=time.sleep, on_event=events.append
    )
    under_way, most = 0, 0

    async def one() -> None:
        nonlocal under_way, most
        refused = True
        while refused:
            turn = await gate.enter()
            under_way += 1
            most = max(most, under_way)
            await time.sleep(latency.uniform(0.02, 0.2))
            refused, headers = bucket.ask(time.now)
            await time.sleep(latency.uniform(0.01, 0.1))
            under_way -= 1
            gate.leave(turn, refused, headers)

    work = asyncio.gather(*(one() for _ in range(requests)))
    await time.run(work)
    await work
    return time.now, events, most


@pytest.mark.parametrize(
    ("burst", "per_second", "requests"), [(2, 2, 40), (10, 2.5, 60), (5, 50 / 60, 20), (10, 2, 60), (50, 16, 300)]
)
def test_on_every_plan_all_requests_get_through_near_its_rate_with_few_refusals(
    burst: int, per_second: float, requests: int
) -> None:
    bucket = Bucket(burst, per_second, level=burst)
    seconds, events, most = asyncio.run(play(bucket, requests, random.Random(7)))
    ideal = (requests - burst) / per_second
    assert seconds <= 2.2 * ideal + 5
    assert bucket.refused <= 0.1 * requests + AT_ONCE
    assert most <= AT_ONCE
    assert any(event.kind is EventKind.WAITING and event.seconds > 0 for event in events)


def test_a_storm_of_other_traffic_is_survived_without_adding_to_it() -> None:
    bucket = Bucket(10, 2.0, level=10, others=lambda now: 2.0 * min(max(now - 3.0, 0.0), 180.0) + 10 * (now > 3.0))
    seconds, events, _ = asyncio.run(play(bucket, 30, random.Random(7), Allowance(10, 2.0)))
    assert seconds >= 180
    assert bucket.refused <= 20
    waits = [event.seconds for event in events if event.kind is EventKind.WAITING]
    assert max(waits) <= LONGEST_WAIT + 0.01
    assert seconds <= 183 + LONGEST_WAIT + 40


def test_other_traffic_finds_its_headroom() -> None:
    least = []

    class Watched(Bucket):
        def ask(self, now: float) -> tuple[bool, RateHeaders]:
            answer = super().ask(now)
            least.append(self.level)
            return answer

    asyncio.run(play(Watched(10, 2.0, level=10), 60, random.Random(7)))
    assert sum(level >= headroom_of(10) for level in least) >= 0.9 * len(least)
    assert min(least) >= 1


async def hold_back(start_by: float) -> tuple[float, bool]:
    """A request behind an empty bucket that has one more in 8 s; the time when it ended and whether it may start."""
    time = VirtualTime()
    gate = Gate(RateBudget(), "shop.example.com", clock=time.clock, sleep=time.sleep, on_event=lambda event: None)
    gate.leave(await gate.enter(), False, RateHeaders(0, 8.0))

    async def late() -> bool:
        try:
            await gate.enter(start_by)
        except HeldBackError:
            return False
        return True

    work = asyncio.ensure_future(late())
    await time.run(work)
    return time.now, work.result()


@pytest.mark.parametrize(("start_by", "ended"), [(5.0, (0.0, False)), (8.0, (8.0, True)), (float("inf"), (8.0, True))])
def test_what_could_not_start_in_time_is_given_up_at_once(start_by: float, ended: tuple[float, bool]) -> None:
    assert asyncio.run(hold_back(start_by)) == ended


@settings(max_examples=40, deadline=None)
@given(
    burst=st.integers(1, 60),
    per_second=st.floats(0.3, 60),
    level=st.floats(0, 1),
    requests=st.integers(1, 40),
    seed=st.integers(0, 1_000),
)
def test_every_request_gets_through_on_any_bucket(
    burst: int, per_second: float, level: float, requests: int, seed: int
) -> None:
    bucket = Bucket(burst, per_second, level=level * burst)
    seconds, _, most = asyncio.run(play(bucket, requests, random.Random(seed)))
    assert most <= AT_ONCE
    # The headers count in whole seconds, so a bucket of one gives at most one request a second.
    assert seconds <= 20 + 4 * requests * max(1 / per_second, 1 / burst)
