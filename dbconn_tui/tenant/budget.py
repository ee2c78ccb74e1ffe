"""The rate budget of one tenant: how long to wait before a request, learned from the answers (api.md §6.2, §6.3).

RateBudget is the arithmetic and never waits; Gate lets requests through by it, a few at a time.
A part of the tenant's bucket, the headroom, is left to whoever else calls the API.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from dbconn_tui.errors import HeldBackError
from dbconn_tui.events import Event, EventKind, OnEvent
from dbconn_tui.project.values import Allowance
from dbconn_tui.tenant.values import AnswerHeaders

LONGEST_WAIT: Final = 60.0
"""Seconds of one wait at most, whatever a header says."""

SHORTEST_REFUSED_WAIT: Final = 0.25
"""Seconds after a 429 at least."""

UNKNOWN_INTERVAL: Final = 0.5
"""Seconds between requests after a 429 that does not show the bucket: the smallest plan allows two a second."""

HEADROOM: Final = 0.3
"""The part of the bucket that is left to others while they use it."""

LONGEST_HEADROOM_WAIT: Final = 5.0
"""Seconds that one request waits at most for others to leave the headroom alone; then it goes all the same."""

SPREAD: Final = 0.25
"""The part by which a wait after a 429 is lengthened at random, so that many who were refused don't return at once."""

SHOWN_WAIT: Final = 0.2
"""Seconds from which a wait is reported."""

AT_ONCE: Final = 6
"""Requests under way at the same time."""

_CLOCK_DIFFERENCE: Final = 2.0
"""Seconds by which this machine's clock may differ from the answer's Date before Date is believed."""


@dataclass(frozen=True, slots=True)
class RateHeaders:
    """What an answer says about the limit; None where it says nothing.

    `remaining` requests of the `limit` that the bucket holds may be sent at once; in `more_in` seconds there is
    one more.
    """

    remaining: int | None = None
    more_in: float | None = None
    limit: int | None = None


def read_rate_headers(headers: Mapping[str, str], wall_now: float) -> RateHeaders:
    """The limit in an answer's headers (lower-case names); `wall_now` in epoch seconds.

    `x-ratelimit-reset` is the epoch second in which one more request is allowed. Where this machine's clock is
    visibly wrong, the answer's own Date is taken instead. Without it, Retry-After in seconds counts.
    """
    remaining = _whole(headers.get("x-ratelimit-remaining", ""))
    limit = _whole(headers.get("x-ratelimit-limit", ""))
    reset = _whole(headers.get("x-ratelimit-reset", ""))
    if reset is not None:
        date = _date(headers.get("date", ""))
        now = date if date is not None and abs(date - wall_now) > _CLOCK_DIFFERENCE else wall_now
        return RateHeaders(remaining, min(max(reset - now, 0.0), LONGEST_WAIT), limit)
    after = _whole(headers.get("retry-after", ""))
    return RateHeaders(remaining, None if after is None else min(float(after), LONGEST_WAIT), limit)


def read_answer_headers(headers: Mapping[str, str], wall_now: float) -> AnswerHeaders:
    """What `doctor` shows of an answer's headers (lower-case names); `wall_now` in epoch seconds."""
    date = _date(headers.get("date", ""))
    return AnswerHeaders(
        # A date names the second that had begun: in the middle of it is the best guess.
        None if date is None else wall_now - (date + 0.5),
        _whole(headers.get("x-ratelimit-limit", "")),
        _whole(headers.get("x-ratelimit-remaining", "")),
    )


def headroom_of(limit: int) -> int:
    """The requests of a bucket of this size that are left to others."""
    return int(limit * HEADROOM)


class RateBudget:
    """A token bucket whose size and refill the server knows and the answers tell. Times are seconds of one clock.

    `rate` is the most requests a second the user wants, None = as the tenant allows. `allowance` is the first guess
    of what it allows. `chance` gives numbers from 0 to 1 for the spread.
    """

    def __init__(
        self,
        rate: float | None = None,
        allowance: Allowance | None = None,
        chance: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self.in_flight = 0
        self._chance = chance
        self._own_interval = 1 / rate if rate and rate > 0 else 0.0
        self._guessed_interval = 1 / allowance.per_second if allowance else None
        self._interval = self._own_interval
        self._last_start = float("-inf")
        self._available = None if allowance is None else allowance.burst - headroom_of(allowance.burst)
        self._more_at = float("-inf")
        self._more_every = self._guessed_interval or 1.0
        self._answers_tell = True
        self._closed_until = float("-inf")
        self._refusals = 0
        self._refused_at = float("-inf")

    def delay(self, now: float) -> float:
        """Seconds until the next request may start; 0 = now."""
        return max(0.0, self._pause(now), self._more_at - now if self.is_used_up else 0.0)

    def waits_for_answers(self, now: float) -> bool:
        """Whether only the bucket is empty while requests are under way, whose answers will tell more."""
        return self._answers_tell and self.is_used_up and self.in_flight > 0 and self._pause(now) <= 0.0

    @property
    def is_used_up(self) -> bool:
        """Whether, as far as is known, the bucket is empty."""
        return self._available is not None and self._available < 1

    def started(self, now: float) -> None:
        """A request starts."""
        self.in_flight += 1
        self._last_start = now
        if self.is_used_up:
            self._more_at = now + self._more_every
        elif self._available is not None:
            self._available -= 1
            if self._available < 1:
                self._more_at = max(self._more_at, now + self._more_every)

    def answered(self, refused: bool, headers: RateHeaders, started_at: float, now: float) -> None:
        """A request that started at `started_at` was answered (`refused`: with 429), or failed without an answer."""
        self.in_flight -= 1
        if refused:
            self._refuse(headers, started_at, now)
            return
        if started_at >= self._refused_at:
            self._refusals = 0
        self._answers_tell = headers.remaining is not None
        if headers.remaining is None:
            return
        # Requests under way may not be in the answer's count yet.
        headroom = headroom_of(headers.limit or 0)
        self._available = max(0, headers.remaining - self.in_flight - headroom)
        self._interval = self._own_interval
        if headers.more_in is not None:
            self._more_every = max(headers.more_in, 0.05)
            # What others took out of the headroom comes back first.
            taken = max(0, headroom - headers.remaining) * (self._guessed_interval or self._more_every)
            self._more_at = now + max(headers.more_in, min(headers.more_in + taken, LONGEST_HEADROOM_WAIT))

    def _pause(self, now: float) -> float:
        return max(self._closed_until - now, self._last_start + self._interval - now)

    def _refuse(self, headers: RateHeaders, started_at: float, now: float) -> None:
        # Requests that were under way together are refused together: that counts as one refusal.
        if started_at >= self._refused_at:
            self._refusals += 1
        wait = UNKNOWN_INTERVAL if headers.more_in is None else headers.more_in
        wait = max(wait, SHORTEST_REFUSED_WAIT)
        self._more_every = wait
        wait *= 2 ** min(max(self._refusals, 1) - 1, 10) * (1 + SPREAD * self._chance())
        wait = min(LONGEST_WAIT, wait)
        self._refused_at = now
        self._closed_until = max(self._closed_until, now + wait)
        if headers.remaining is None:
            self._available = None
            self._interval = max(self._own_interval, self._guessed_interval or UNKNOWN_INTERVAL)
        else:
            self._available = 0
            self._more_at = self._closed_until


@dataclass(frozen=True, slots=True)
class Turn:
    """One request let through: when it started, and the seconds it was held back before."""

    started_at: float
    waited: float


class Gate:
    """Lets requests through in the order they came, by a budget, AT_ONCE under way at most."""

    def __init__(
        self,
        budget: RateBudget,
        domain: str,
        *,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        on_event: OnEvent,
    ) -> None:
        self._budget = budget
        self._domain = domain
        self._clock = clock
        self._sleep = sleep
        self._on_event = on_event
        self._places = asyncio.Semaphore(AT_ONCE)
        self._order = asyncio.Lock()
        self._answer = asyncio.Event()

    async def enter(self, start_by: float = float("inf")) -> Turn:
        """Waits until a request may be sent; every `enter` needs one `leave`.

        Raises HeldBackError as soon as it is clear that it could not start by `start_by`, a time of the clock.
        """
        await self._places.acquire()
        try:
            async with self._order:
                return await self._wait(start_by)
        except BaseException:
            self._places.release()
            raise

    def leave(self, turn: Turn, refused: bool, headers: RateHeaders) -> None:
        """The request of `turn` was answered, or failed without an answer."""
        self._budget.answered(refused, headers, turn.started_at, self._clock())
        self._places.release()
        self._answer.set()

    async def _wait(self, start_by: float) -> Turn:
        waited = 0.0
        now = self._clock()
        while (delay := self._budget.delay(now)) > 0 or now > start_by:
            if now + delay > start_by:
                raise HeldBackError(
                    f"The rate limit of {self._domain} held a request back for too long; it was not sent.",
                    "Run it again when less is going on there.",
                )
            if self._budget.waits_for_answers(now):
                self._answer.clear()
                await self._answer.wait()
                now = max(now, self._clock())
                continue
            if delay >= SHOWN_WAIT:
                message = f"the rate limit of {self._domain}: waiting {delay:.1f} s"
                self._on_event(Event(EventKind.WAITING, message, seconds=delay))
            await self._sleep(delay)
            waited += delay
            now = max(now + delay, self._clock())
        self._budget.started(now)
        return Turn(now, waited)


def _whole(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,15}", text) else None


def _date(text: str) -> float | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    try:
        return (moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()
    except OverflowError:
        return None
