"""Where the life cycle of one connection is played: one warm container, fresh processes for a store that misbehaves."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from dbconn_tui.runtime.checks import PATIENCE, Calls, Check, KnownUser, State, Store
from dbconn_tui.runtime.expectations import difference
from dbconn_tui.runtime.job import Job, Outage
from dbconn_tui.runtime.life_cycle import LifeCycle
from dbconn_tui.runtime.runner import Container, ScriptRunner
from dbconn_tui.runtime.stand_ins import Sleep, late_ports, silent_port
from dbconn_tui.runtime.verdict import Run
from dbconn_tui.tasks.cases import ReadyCase
from dbconn_tui.tasks.script_runs import RunnableConnection, RunSettings

Json = Any

_LATE: Final = 3.0
"""Seconds until a slow store's first answer: beyond a hasty script's timeout, well within the platform's limit."""
_LEEWAY: Final = 2.0
"""Seconds beyond that in which the late answer has surely come, also on a busy machine."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is told of the checks: of their names first, then of each as it ends; and who may end it."""

    on_names: Callable[[tuple[str, ...]], None]
    on_check: Callable[[Check], None]
    stop_requested: Callable[[], bool]


@dataclass(slots=True)
class Stage:
    """The stage of one connection. `context` are arguments that every script gets besides its own.

    After playing: `durations` (kind → milliseconds of each run with the store as it is), `runs` of every kind, and
    `left_behind` as of the life cycle.
    """

    runner: ScriptRunner
    runnable: RunnableConnection
    settings: RunSettings
    context: Mapping[str, Json]
    watch: Watch
    sleep: Sleep
    durations: dict[str, list[float]] = field(default_factory=dict)
    runs: dict[str, list[Run]] = field(default_factory=dict)
    left_behind: str = ""
    user_id: str = ""

    async def play(
        self,
        words: Sequence[str],
        known: KnownUser | None,
        cases: Sequence[ReadyCase],
        *,
        import_mode: bool,
        quick: bool,
        why_unknown: str = "",
    ) -> tuple[Check, ...]:
        """The checks of the life cycle and the cases. One word a round; from the second on only the times count.

        `known` is a user of the store where none can be made; `why_unknown` says why there is none.
        """
        connection = self.runnable.connection
        async with self.runner.container() as container, silent_port() as port:

            async def call(kind: str, given: Mapping[str, Json], store: Store = Store.UP) -> Run:
                run = await self._run(container, port, kind, given, store)
                self.runs.setdefault(kind, []).append(run)
                if store is Store.UP:
                    self.durations.setdefault(kind, []).append(run.duration)
                return run

            def cycle(word: str, *, again: bool) -> LifeCycle:
                return LifeCycle(
                    call,
                    frozenset(connection.scripts),
                    import_mode,
                    word,
                    known,
                    # In import mode the store is somebody else's; only when the file says otherwise it may get users.
                    makes_users=not (import_mode and connection.import_mode is True),
                    quick=quick,
                    again=again,
                    why_unknown=why_unknown,
                    stop_requested=self.watch.stop_requested,
                )

            first = cycle(words[0], again=False)
            first.on_check = self.watch.on_check
            self.watch.on_names((*first.names, *(_name(one) for one in cases)))
            checks = [*await self._played(first)]
            self.user_id = first.user_id
            for ready in cases:
                checks.append(await self._case(call, ready, import_mode))
                self.watch.on_check(checks[-1])
            for number, word in enumerate(words[1:], start=2):
                if not self.watch.stop_requested() and not self.left_behind:
                    checks = _with_round(checks, await self._played(cycle(word, again=True)), number)
        return tuple(checks)

    async def _played(self, cycle: LifeCycle) -> tuple[Check, ...]:
        try:
            return await cycle.play()
        finally:
            self.left_behind = self.left_behind or cycle.left_behind

    async def _case(self, call: Callable[..., Any], ready: ReadyCase, import_mode: bool) -> Check:
        if self.watch.stop_requested():
            return Check(_name(ready), State.SKIPPED, "stopped before it")
        if ready.missing:
            return Check(_name(ready), State.SKIPPED, ready.missing)
        if import_mode and ready.case.kind not in ("login", "get_user"):
            return Check(_name(ready), State.SKIPPED, f"{ready.case.kind} is not used in import mode")
        calls = Calls(call)
        run = await call(ready.case.kind, ready.arguments)
        calls.runs.append(run)
        failure = difference(ready.case, run)
        return calls.check(_name(ready), f"{failure} ({ready.case.place})" if failure else "")

    async def _run(self, container: Container, port: int, kind: str, given: Mapping[str, Json], store: Store) -> Run:
        context = {} if kind == "delete" else self.context
        job = self.runnable.job(kind, {**context, **given}, self.settings)
        match store:
            case Store.UP:
                return await container.run(job)
            case Store.DOWN:
                return await self.runner.run(replace(job, outage=Outage()))
            case Store.HANGS:
                limit = min(PATIENCE, job.limit)
                return await self.runner.run(replace(job, outage=Outage(port), limit=limit))
            case Store.LATE:
                async with self._late(job) as late:
                    return await self.runner.run(late)

    @contextlib.asynccontextmanager
    async def _late(self, job: Job) -> AsyncIterator[Job]:
        """The job with every store late that scripts have been seen to ask."""
        contacts = {(one.host, one.port) for runs in self.runs.values() for run in runs for one in run.contacts}
        targets = sorted(target for target in contacts if target[1])
        async with late_ports(targets, _LATE, self.sleep) as ports:
            # A second call of the callback comes with the late answer, when the script has given up already.
            yield replace(job, outage=Outage(routes=ports), grace=_LATE + _LEEWAY)


def _name(ready: ReadyCase) -> str:
    return f"case: {ready.case.name}"


def _with_round(checks: Sequence[Check], more: Sequence[Check], number: int) -> list[Check]:
    """The checks with those of a further round: what failed only then is told as of that round."""
    found = {check.name: check for check in more}
    joined = []
    for check in checks:
        other = found.get(check.name)
        if other is not None and other.state is State.FAILED and check.state is State.PASSED:
            check = replace(other, message=f"in round {number}: {other.message}", runs=(*check.runs, *other.runs))
        joined.append(check)
    return joined
