"""The exchange: a request with its retries, each attempt within the rate budget.

What may be repeated is decided here alone: a read after anything that may pass, a write only when it surely
was not carried out (429, or no connection could be opened).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from dbconn_tui.errors import AnswerLostError, UnreachableError
from dbconn_tui.events import Event, EventKind, OnEvent
from dbconn_tui.tenant.answers import LOST_HINT, Answer, Call
from dbconn_tui.tenant.budget import Gate, RateBudget, RateHeaders, read_answer_headers, read_rate_headers
from dbconn_tui.tenant.values import AnswerHeaders
from dbconn_tui.tenant.wire import NoAnswer, Wire

PAUSES: Final = (0.25, 1.0, 2.0)
"""Seconds before the second, third and last try of a request that failed."""

PATIENCE: Final = 300.0
"""Seconds that one request waits after being refused with 429, all waits together."""

NO_HEADERS: Final = RateHeaders()


class Exchange:
    """Sends requests to one tenant and counts them; `rate` is the most a second, None = as the tenant allows."""

    def __init__(
        self,
        wire: Wire,
        domain: str,
        rate: float | None,
        *,
        clock: Callable[[], float],
        wall_clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        on_event: OnEvent,
    ) -> None:
        self._wire = wire
        self._domain = domain
        self._clock = clock
        self._wall_clock = wall_clock
        self._sleep = sleep
        self._on_event = on_event
        self._gate = Gate(RateBudget(rate), domain, clock=clock, sleep=sleep, on_event=on_event)
        # The token endpoint has limits of its own, far higher, that say nothing about the API's.
        self._token_gate = Gate(RateBudget(), domain, clock=clock, sleep=sleep, on_event=on_event)
        self.counts: Counter[tuple[str, str]] = Counter()
        self.last_headers: AnswerHeaders | None = None
        """What the Management API's last answer said; None before the first."""

    async def send(
        self, call: Call, headers: Mapping[str, str], content: Callable[[], bytes | None], *, for_token: bool = False
    ) -> Answer:
        """The answer to `call`, whatever its status; `content` makes the body of each attempt.

        Raises UnreachableError when none came, AnswerLostError when a write may have been carried out all the same.
        """
        gate = self._token_gate if for_token else self._gate
        pauses = list(PAUSES)
        was_refused = False
        patience = PATIENCE
        while True:
            turn = await gate.enter()
            if was_refused:
                patience -= turn.waited
            refused, limit = False, NO_HEADERS
            try:
                self.counts[call.method, call.template] += 1
                started = self._clock()
                result = await self._wire.send(
                    call.method, call.path, query=call.query, headers=headers, content=content()
                )
                if isinstance(result, Answer):
                    limit = read_rate_headers(result.headers, self._wall_clock())
                    if not for_token:
                        self.last_headers = read_answer_headers(result.headers, self._wall_clock())
                    refused = result.status == 429
            finally:
                gate.leave(turn, refused, limit)
            if isinstance(result, NoAnswer):
                in_doubt = result.sent and not call.repeatable
                if not in_doubt and result.passing and pauses:
                    await self._pause(pauses.pop(0), result.reason)
                    continue
                raise self._failure(call, result)
            seconds = self._clock() - started
            self._on_event(Event(EventKind.REQUEST, f"{call.method} {call.path} {result.status}", seconds=seconds))
            if refused and patience > 0:
                was_refused = True
                continue
            if result.status >= 500:
                if not call.repeatable:
                    reason = f"{self._domain} answered {call.doing} with the error {result.status}."
                    raise AnswerLostError(reason, LOST_HINT)
                if pauses:
                    await self._pause(pauses.pop(0), f"error {result.status}")
                    continue
            return result

    async def _pause(self, seconds: float, reason: str) -> None:
        message = f"{self._domain}: {reason}; trying again in {seconds:g} s"
        self._on_event(Event(EventKind.WAITING, message, seconds=seconds))
        await self._sleep(seconds)

    def _failure(self, call: Call, result: NoAnswer) -> UnreachableError:
        if result.sent and not call.repeatable:
            reason = f"The answer of {self._domain} to {call.doing} was lost: {result.reason}."
            return AnswerLostError(reason, LOST_HINT)
        return UnreachableError(f"{self._domain} cannot be reached for {call.doing}: {result.reason}.", result.hint)
