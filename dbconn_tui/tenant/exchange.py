"""The exchange: a request with its retries, each attempt within the rate budget.

What may be repeated is decided here alone: a read after anything that may pass, a write only when it surely
was not carried out (429, or no connection could be opened).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from dbconn_tui.errors import AnswerLostError, HeldBackError, UnreachableError
from dbconn_tui.events import Event, EventKind, OnEvent
from dbconn_tui.project.values import Tenant
from dbconn_tui.tenant.answers import LOST_HINT, Answer, Call
from dbconn_tui.tenant.budget import Gate, RateBudget, RateHeaders, Turn, read_answer_headers, read_rate_headers
from dbconn_tui.tenant.values import AnswerHeaders
from dbconn_tui.tenant.wire import NoAnswer, Wire

PAUSES: Final = (0.25, 1.0, 2.0)
"""Seconds before the second, third and last try of a request that failed."""

PATIENCE: Final = 300.0
"""Seconds that one request waits after being refused with 429, all waits together."""

GRACE: Final = 60.0
"""Seconds after a deadline in which reads are still sent, so that what was written can be read back."""

TOO_MANY: Final = 429

NO_HEADERS: Final = RateHeaders()

REQUEST_ID_HEADERS: Final = ("x-auth0-requestid", "x-request-id")
"""Where an answer says what the tenant calls the request; the platform's support asks for it."""


class Exchange:
    """Sends requests to one tenant and counts them."""

    def __init__(
        self,
        wire: Wire,
        tenant: Tenant,
        *,
        clock: Callable[[], float],
        wall_clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        chance: Callable[[], float],
        on_event: OnEvent,
    ) -> None:
        self._wire = wire
        self._domain = domain = tenant.domain
        self._clock = clock
        self._wall_clock = wall_clock
        self._sleep = sleep
        self._on_event = on_event
        self._deadline = float("inf")
        budget = RateBudget(tenant.rate, tenant.allowance, chance)
        self._gate = Gate(budget, domain, clock=clock, sleep=sleep, on_event=on_event)
        # The token endpoint has limits of its own, far higher, that say nothing about the API's.
        self._token_gate = Gate(RateBudget(), domain, clock=clock, sleep=sleep, on_event=on_event)
        self.counts: Counter[tuple[str, str]] = Counter()
        self.last_headers: AnswerHeaders | None = None
        """What the Management API's last answer said; None before the first."""

    @contextmanager
    def until(self, deadline: float) -> Iterator[None]:
        """Inside, no write starts after `deadline`, a time of the clock, and no read later than GRACE after it."""
        before, self._deadline = self._deadline, min(deadline, self._deadline)
        try:
            yield
        finally:
            self._deadline = before

    async def _turn(self, gate: Gate, call: Call, start_by: float) -> Turn:
        deadline = self._deadline + GRACE if call.repeatable else self._deadline
        try:
            return await gate.enter(min(start_by, deadline))
        except HeldBackError as held:
            if deadline > start_by:
                raise
            raise HeldBackError(
                f"{call.doing[0].upper()}{call.doing[1:]} was not attempted: the deadline of this run passed.",
                "Run it again to do what is left; --deadline SECONDS gives it longer.",
                at_deadline=True,
            ) from held

    async def send(
        self,
        call: Call,
        headers: Mapping[str, str],
        content: Callable[[], bytes | None],
        *,
        for_token: bool = False,
        start_by: float = float("inf"),
    ) -> Answer:
        """The answer to `call`, whatever its status; `content` makes the body of each attempt.

        Raises UnreachableError when none came, AnswerLostError when a write may have been carried out all the same,
        HeldBackError when it was not sent since it could not start by `start_by`, a time of the clock, or by the
        deadline.
        """
        gate = self._token_gate if for_token else self._gate
        pauses = list(PAUSES)
        was_refused = False
        patience = PATIENCE
        while True:
            turn = await self._turn(gate, call, start_by)
            if was_refused:
                patience -= turn.waited
            result = await self._attempt(gate, turn, call, headers, content)
            if isinstance(result, NoAnswer):
                in_doubt = result.sent and not call.repeatable
                if not in_doubt and result.passing and pauses:
                    await self._pause(pauses.pop(0), result.reason)
                    continue
                raise self._failure(call, result)
            if result.status == TOO_MANY and patience > 0:
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

    async def _attempt(
        self, gate: Gate, turn: Turn, call: Call, headers: Mapping[str, str], content: Callable[[], bytes | None]
    ) -> Answer | NoAnswer:
        """One request, sent once within its turn, which ends; counted, and told when it was answered."""
        self.counts[call.method, call.template] += 1
        refused, limit = False, NO_HEADERS
        started = self._clock()
        try:
            body = content()
            result = await self._wire.send(call.method, call.path, query=call.query, headers=headers, content=body)
            if isinstance(result, Answer):
                limit = read_rate_headers(result.headers, self._wall_clock())
                if gate is self._gate:
                    self.last_headers = read_answer_headers(result.headers, self._wall_clock())
                refused = result.status == TOO_MANY
        finally:
            gate.leave(turn, refused, limit)
        if isinstance(result, Answer):
            event = Event(
                EventKind.REQUEST,
                f"{call.method} {call.path} {result.status}",
                seconds=self._clock() - started,
                budget_left=limit.remaining,
                request_id=_request_id(result.headers),
            )
            self._on_event(event)
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


def _request_id(headers: Mapping[str, str]) -> str:
    """What the tenant calls a request; empty when it says nothing, or nothing that is an id."""
    given = next((headers[name] for name in REQUEST_ID_HEADERS if headers.get(name)), "")
    return given if re.fullmatch(r"[A-Za-z0-9._:-]{1,64}", given) else ""
