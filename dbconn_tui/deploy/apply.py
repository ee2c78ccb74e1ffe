"""Carrying out a plan: one write per changed connection, each answer compared, one list to confirm (design §5).

A write rests on a reading at most 15 s old, and a write whose answer was lost is never blindly repeated:
the deploy id inside the record tells whether it was carried out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final

from dbconn_tui.deploy.ciphertext import SeenCiphertext, ciphertext_digests
from dbconn_tui.deploy.clients import write_clients
from dbconn_tui.deploy.fingerprint import digest_of_live
from dbconn_tui.deploy.history import HistoryEntry, entry_id, without_values
from dbconn_tui.deploy.request import Request, build_request
from dbconn_tui.deploy.tracking import Tracking
from dbconn_tui.deploy.values import ConnectionState, Outcome, OutcomeState, Plan
from dbconn_tui.deploy.verify import differences, later_writer, same_record
from dbconn_tui.deploy.work import ClientsFailure, Edge, TenantPort, Work, Written
from dbconn_tui.errors import AnswerLostError, DbconnError, ExitCode, HeldBackError, NotFoundError, RefusedError
from dbconn_tui.events import Event, EventKind
from dbconn_tui.tenant.values import LiveConnection, LiveReading

WRITES_AT_ONCE: Final = 4
"""Writes in flight; the client's rate budget holds them back where the tenant allows fewer."""

LONGEST_READING_AGE: Final = 15.0
"""Seconds that a reading may be old when a write rests on it (design §5.5)."""

MOST_READINGS: Final = 8
"""How often a connection is read anew when the rate limit lets no write start in time after a reading."""


class _Deploy:
    """One run of apply: what was read, what was written, what came of each connection."""

    def __init__(self, plan: Plan, tenant: TenantPort, reading: LiveReading, tracking: Tracking, edge: Edge) -> None:
        self.plan = plan
        self.tenant = tenant
        self.reading = reading
        self.planned_at = reading.read_at
        self.tracking = tracking
        self.edge = edge
        self.reading_again = asyncio.Lock()
        self.overtaken: LiveReading | None = None
        """A reading that will be too old before a write that rests on it may start."""
        self.stopped = ""
        """Why the rest is not attempted; empty while it is."""
        self.written: list[Written] = []
        self.outcomes: dict[str, Outcome] = {}

    async def fresh_live(self, work: Work) -> LiveConnection | None:
        """The live connection that a write may rest on; the list is read once more when it is too old."""
        async with self.reading_again:
            too_old = self.edge.clock() - self.reading.read_at > LONGEST_READING_AGE
            if too_old or self.reading is self.overtaken:
                self._tell(EventKind.STEP, "reading the tenant once more")
                self.reading = await read_again(self.tenant, self.reading, [work.plan.name])
        return self.reading.by_name(work.plan.name)

    async def write_all(self, works: Sequence[Work], *, at_once: int) -> None:
        """Write the connections in order, up to `at_once` together; one at a time stops at the first failure."""
        waiting = iter(works)

        async def take_turns() -> None:
            for work in waiting:
                if not self.stopped and self.edge.stop_requested():
                    self.stopped = "stopped before this connection"
                if self.stopped:
                    self.outcomes[work.plan.key] = self._outcome(work, OutcomeState.NOT_ATTEMPTED, self.stopped)
                    continue
                try:
                    outcome = await self.write(work)
                except HeldBackError as held:
                    if held.at_deadline:
                        self.stopped = "the deadline of this run passed before this connection"
                        outcome = self._outcome(work, OutcomeState.NOT_ATTEMPTED, self.stopped, held.hint)
                    else:
                        outcome = self._outcome(work, OutcomeState.NOT_ATTEMPTED, held.message, held.hint)
                except DbconnError as failure:
                    state = OutcomeState.REFUSED if isinstance(failure, RefusedError) else OutcomeState.FAILED
                    outcome = self._outcome(work, state, failure.message, failure.hint, code=failure.exit_code)
                if outcome is not None:
                    self.outcomes[work.plan.key] = outcome
                    if at_once == 1 and not self.stopped and outcome.state is not OutcomeState.DEPLOYED:
                        self.stopped = f"not attempted after {work.plan.key} failed (--fail-fast)"

        await asyncio.gather(*(take_turns() for _ in range(min(at_once, len(works)))))

    async def write(self, work: Work) -> Outcome | None:
        """Write one connection; an Outcome when it ended here, None when it waits to be confirmed.

        A write that is held back until its reading is too old starts over with a new reading.
        """
        for _ in range(MOST_READINGS - 1):
            try:
                return await self._write(work)
            except HeldBackError as held:
                if held.at_deadline:
                    raise
                self._tell(
                    EventKind.NOTE, "held back by the rate limit; looking at it again before it is written", work
                )
        return await self._write(work)

    async def _write(self, work: Work) -> Outcome | None:
        started = self.edge.clock()
        live = await self.fresh_live(work)
        reading = self.reading
        if (digest_of_live(live.raw) if live else "") != work.plan.live_fingerprint:
            return self._outcome(
                work,
                OutcomeState.REFUSED,
                "the tenant changed since the plan was made",
                "Run the deploy again to see a new plan.",
                code=ExitCode.REFUSED,
            )
        if live is not None and not (work.record_only or work.plan.writes_connection):
            return await self._write_clients_alone(work, live, started)
        await self._refuse_moved_clients(work, live)
        request = build_request(work, live, self.tracking, self.edge)
        body = request.body
        kept = self._keep_history(work, live, request)
        self._tell(EventKind.WRITING, "creating" if live is None else "updating", work)
        try:
            answer = await self._send(work, live, body, reading.read_at + LONGEST_READING_AGE)
        except HeldBackError:
            self.overtaken = reading
            self.edge.forget_history(kept)
            raise
        seconds = self.edge.clock() - started
        wrong = differences(body, answer.raw)
        if wrong:
            return self._outcome(
                work,
                OutcomeState.FAILED,
                f"the tenant's answer differs from what was sent: {', '.join(wrong)}",
                "Look at `dbconn plan` before you deploy again.",
                seconds,
                ExitCode.FAILED,
            )
        failure = await self._write_clients(work, answer.id)
        local_record = request.local_record if request.local_record.items else None
        self.written.append(Written(work, body, answer, local_record, request.deploy_id, seconds, failure))
        self._tell(EventKind.WRITTEN, "created" if live is None else "updated", work, seconds)
        return None

    async def _write_clients_alone(self, work: Work, live: LiveConnection, started: float) -> Outcome:
        await self._refuse_moved_clients(work, live)
        self._tell(EventKind.WRITING, "changing its enabled clients", work)
        failure = await self._write_clients(work, live.id)
        seconds = self.edge.clock() - started
        if failure is not None:
            message = f"its enabled clients: {failure.message}"
            return self._outcome(work, OutcomeState.FAILED, message, failure.hint, seconds, failure.exit_code)
        self._tell(EventKind.WRITTEN, "its enabled clients are changed and read back", work, seconds)
        return self._outcome(work, OutcomeState.DEPLOYED, seconds=seconds)

    async def _refuse_moved_clients(self, work: Work, live: LiveConnection | None) -> None:
        """Raise RefusedError when the enabled clients moved since an old plan; a young one is not read again."""
        sets = work.plan.clients
        if live is None or sets is None or not sets.changes:
            return
        if self.edge.clock() - self.planned_at > LONGEST_READING_AGE:
            now = (await self.tenant.enabled_clients([live.id]))[live.id]
            if now != sets.live:
                raise RefusedError(
                    "its enabled clients changed since the plan was made", "Run the deploy again to see a new plan."
                )

    async def _write_clients(self, work: Work, connection_id: str) -> ClientsFailure | None:
        """Write what the plan says of the clients of a connection that is there."""
        sets = work.plan.clients
        if sets is None or not sets.changes:
            return None
        try:
            wrong = await write_clients(self.tenant, connection_id, sets)
        except DbconnError as failure:
            return ClientsFailure(failure.message, failure.hint, failure.exit_code)
        if wrong:
            message = f"reading back shows something else: {', '.join(wrong)}"
            return ClientsFailure(message, "Look at `dbconn plan`.", ExitCode.FAILED)
        return None

    def _keep_history(self, work: Work, live: LiveConnection | None, request: Request) -> HistoryEntry:
        time = self.edge.wall_clock()
        entry = HistoryEntry(
            id=entry_id(time, request.deploy_id),
            time=time,
            key=work.plan.key,
            name=work.plan.name,
            tenant=self.plan.tenant,
            domain=self.plan.domain,
            verb=self.edge.verb,
            sent=without_values(request.body),
            before=without_values(live.raw) if live else None,
        )
        self.edge.keep_history(entry)
        return entry

    async def _send(
        self, work: Work, live: LiveConnection | None, body: Mapping[str, Any], start_by: float
    ) -> LiveConnection:
        try:
            return await self._send_once(live, body, start_by)
        except AnswerLostError as lost:
            self._tell(EventKind.NOTE, f"{lost.message}; looking whether it was carried out", work)
            try:
                now = await self._look(work, live)
            except DbconnError:
                raise lost from None
            if now is not None and same_record(body, now.raw) and not differences(body, now.raw):
                return now
            if (digest_of_live(now.raw) if now else "") != work.plan.live_fingerprint:
                raise
            self._tell(EventKind.NOTE, "it was not carried out; sending it once more", work)
            return await self._send_once(now, body, self.edge.clock() + LONGEST_READING_AGE)

    async def _send_once(self, live: LiveConnection | None, body: Mapping[str, Any], start_by: float) -> LiveConnection:
        if live is None:
            return await self.tenant.create_connection(body, start_by=start_by)
        return await self.tenant.update_connection(live.id, body, start_by=start_by)

    async def _look(self, work: Work, live: LiveConnection | None) -> LiveConnection | None:
        if live is None:
            return (await self.tenant.find_connections([work.plan.name])).by_name(work.plan.name)
        try:
            return await self.tenant.get_connection(live.id)
        except NotFoundError:
            return None

    async def confirm(self) -> None:
        """Read the tenant again and settle every answered write; what looks different there is read by id."""
        if not self.written:
            return
        self._tell(EventKind.STEP, "reading back")
        try:
            reading = await read_again(self.tenant, self.reading, [written.work.plan.name for written in self.written])
        except DbconnError as failure:
            for written in self.written:
                message = f"written, but not read back: {failure.message}"
                self._settle(written, OutcomeState.FAILED, message, failure.hint, failure.exit_code)
            return
        for written in self.written:
            live = reading.by_name(written.work.plan.name)
            try:
                if live is None or later_writer(written.body, written.answer.raw, live.raw):
                    live = await self.tenant.get_connection(written.answer.id)
            except NotFoundError:
                self._settle_overtaken(written, "written, and then deleted by somebody else")
                continue
            except DbconnError as failure:
                message = f"written, but not read back: {failure.message}"
                self._settle(written, OutcomeState.FAILED, message, failure.hint, failure.exit_code)
                continue
            # The answer held what was sent, so whatever is different now came from somebody else.
            if later := later_writer(written.body, written.answer.raw, live.raw):
                self._settle_overtaken(written, later)
                continue
            self._settle_verified(written, live)

    def _settle_overtaken(self, written: Written, message: str) -> None:
        """A connection that another writer changed before it was read back."""
        hint = f"`dbconn plan {written.work.plan.key}` shows what is there now."
        self._settle(written, OutcomeState.FAILED, message, hint, ExitCode.REFUSED)

    def _settle_verified(self, written: Written, live: LiveConnection) -> None:
        """A connection that is as it was sent; its clients may have failed all the same."""
        if written.local_record is not None:
            self.edge.keep_local_record(written.work.plan.name, written.local_record)
        self.edge.keep_seen(written.work.plan.name, SeenCiphertext(written.deploy_id, ciphertext_digests(live.options)))
        failure = written.clients_failure
        if failure is not None:
            message = f"written and read back, but not its enabled clients: {failure.message}"
            self._settle(written, OutcomeState.FAILED, message, failure.hint, failure.exit_code)
            return
        self._settle(written, OutcomeState.DEPLOYED, "")
        self._tell(EventKind.VERIFIED, "read back and compared", written.work)

    def _settle(
        self, written: Written, state: OutcomeState, message: str, hint: str = "", code: ExitCode = ExitCode.OK
    ) -> None:
        work = written.work
        self.outcomes[work.plan.key] = self._outcome(work, state, message, hint, written.seconds, code)

    def _outcome(
        self,
        work: Work,
        state: OutcomeState,
        message: str = "",
        hint: str = "",
        seconds: float = 0.0,
        code: ExitCode = ExitCode.OK,
    ) -> Outcome:
        if state in (OutcomeState.FAILED, OutcomeState.REFUSED):
            self._tell(EventKind.FAILED, message, work, seconds)
        return Outcome(work.plan.key, work.plan.name, state, message, hint, seconds, work.plan.changes, code)

    def _tell(self, kind: EventKind, message: str, work: Work | None = None, seconds: float = 0.0) -> None:
        self.edge.on_event(Event(kind, message, work.plan.key if work else "", seconds))


async def read_again(tenant: TenantPort, reading: LiveReading, names: Sequence[str]) -> LiveReading:
    """Read what `reading` read once more: the whole list, or the same single connections by name."""
    if reading.complete:
        return await tenant.list_connections()
    known = [connection.name for connection in reading.connections]
    return await tenant.find_connections(sorted({*known, *names}))


async def apply(
    plan: Plan,
    works: Sequence[Work],
    tenant: TenantPort,
    reading: LiveReading,
    tracking: Tracking,
    edge: Edge,
    *,
    fail_fast: bool = False,
) -> tuple[Outcome, ...]:
    """Carry out a plan that nothing blocks; one Outcome per planned connection, in the plan's order.

    Every value must be in `works`. One failure does not stop the others unless `fail_fast`, which also
    writes one at a time.
    Raises nothing of DbconnError's: what goes wrong is an Outcome.
    """
    run = _Deploy(plan, tenant, reading, tracking, edge)
    await run.write_all([work for work in works if work.plan.writes], at_once=1 if fail_fast else WRITES_AT_ONCE)
    await run.confirm()
    return tuple(
        run.outcomes.get(one.key, Outcome(one.key, one.name, OutcomeState.UNCHANGED))
        for one in plan.connections
        if one.state is not ConnectionState.ONLY_ON_TENANT
    )
