"""The scripts of a local tenant, run in the harness of `dbconn try`: warm containers, a pool for each connection."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from dbconn_tui.events import Event, EventKind, OnEvent, ignore
from dbconn_tui.local_tenant.sign_in.script_host import Said, ScriptAnswer, ScriptCall
from dbconn_tui.problems import Problem, Severity
from dbconn_tui.runtime.hosts import named_hosts
from dbconn_tui.runtime.job import Job
from dbconn_tui.runtime.runner import Container, ScriptRunner
from dbconn_tui.runtime.verdict import Answer, Run, Verdict
from dbconn_tui.sensitive import Sensitive
from dbconn_tui.tasks.outside import Outside
from dbconn_tui.tasks.script_runs import RunSettings, open_runner

MOST_AT_ONCE: Final = 4
"""Runs at one time; the platform's own limit is far above what one machine carries (runtime.md §7)."""

MOST_IDLE: Final = 8
"""Containers that are kept warm, of all connections together."""

_SAID: Final = {
    Answer.PROFILE: Said.PROFILE,
    Answer.NOT_FOUND: Said.NOT_FOUND,
    Answer.DONE: Said.DONE,
    Answer.NOT_DONE: Said.NOT_DONE,
    Answer.REFUSED: Said.REFUSED,
    Answer.FAILED: Said.FAILED,
    Answer.NONE: Said.NOTHING,
}
_TIME_IS_UP: Final = "Request to Webtask exceeded allowed execution time"
_THREW: Final = "Script generated an unhandled synchronous exception."
"""The platform's own words (runtime.md §7, §10)."""
_STALLED: Final = frozenset({Verdict.TIMEOUT, Verdict.NEVER_CALLED, Verdict.UNHANDLED_REJECTION})


@dataclass(slots=True)
class _Pool:
    """The containers of one connection as it was deployed: its scripts and values; `idle` ones wait for a run."""

    scripts: Mapping[str, str]
    configuration: Mapping[str, Sensitive]
    runner: ScriptRunner
    idle: list[Container] = field(default_factory=list)

    def serves(self, call: ScriptCall) -> bool:
        return self.scripts == call.scripts and self.configuration == call.configuration


class DeployedScriptHost:
    """Runs deployed scripts. One for a tenant, used in one event loop; `on_event` is told each run and its findings.

    Scripts reach the hosts that the deployed values name, and those of `settings`.
    """

    def __init__(self, outside: Outside, settings: RunSettings, on_event: OnEvent = ignore) -> None:
        self._outside = outside
        self._settings = settings
        self._on_event = on_event
        self._pools: dict[str, _Pool] = {}
        self._turn = asyncio.Semaphore(MOST_AT_ONCE)
        self._closed = False

    async def run(self, call: ScriptCall) -> ScriptAnswer:
        """Run one. Raises NodeError when there is no Node that can."""
        async with self._turn:
            pool = await self._pool(call)
            container = pool.idle.pop() if pool.idle else Container(pool.runner)
            kept = False
            try:
                run = await container.run(self._job(call))
                # After its time is up the platform takes a container out of use.
                kept = run.verdict is not Verdict.TIMEOUT and not self._closed
            finally:
                if kept and self._pools.get(call.connection_id) is pool:
                    pool.idle.append(container)
                    await self._make_room()
                else:
                    await container.close()
        self._tell(call, run)
        return answer_of(run)

    async def close(self) -> None:
        """End every container that waits; one that runs ends with its run."""
        self._closed = True
        pools, self._pools = list(self._pools.values()), {}
        for pool in pools:
            await _drain(pool)

    async def _pool(self, call: ScriptCall) -> _Pool:
        """The connection's pool; after a deploy a new one, so that no old script or value stays in a `global`."""
        pool = self._pools.pop(call.connection_id, None)
        outdated: list[_Pool] = []
        try:
            if pool is None or not pool.serves(call):
                outdated += [pool] if pool is not None else []
                pool = await self._new_pool(call)
                meanwhile = self._pools.pop(call.connection_id, None)
                if meanwhile is not None and meanwhile.serves(call):
                    pool = meanwhile
                elif meanwhile is not None:
                    outdated.append(meanwhile)
            # Last in the order means used last.
            self._pools[call.connection_id] = pool
        finally:
            for one in outdated:
                await _drain(one)
        return pool

    async def _new_pool(self, call: ScriptCall) -> _Pool:
        secure = any(value.reveal().lower().startswith("https://") for value in call.configuration.values())
        runner = await asyncio.to_thread(open_runner, self._outside, self._settings, secure=secure)
        return _Pool(dict(call.scripts), dict(call.configuration), runner)

    async def _make_room(self) -> None:
        """End what has waited longest of the connections used longest ago, while too much is kept warm."""
        while sum(len(pool.idle) for pool in self._pools.values()) > MOST_IDLE:
            await next(pool for pool in self._pools.values() if pool.idle).idle.pop(0).close()

    def _job(self, call: ScriptCall) -> Job:
        hosts = named_hosts(value.reveal() for value in call.configuration.values())
        return Job(
            kind=call.kind,
            file=f"{call.connection}/{call.kind}.js",
            text=call.scripts[call.kind],
            arguments=call.arguments,
            configuration=call.configuration,
            passwords=call.passwords,
            identifier=call.identifier,
            context=call.context,
            hosts=(*hosts, *self._settings.hosts),
            limit=self._settings.limit,
        )

    def _tell(self, call: ScriptCall, run: Run) -> None:
        said = f"{call.kind}: {run.answer.value}, {run.duration:.0f} ms"
        self._on_event(Event(EventKind.NOTE, said, call.connection))
        for line in run.logs:
            self._on_event(Event(EventKind.NOTE, f"{call.kind} console.{line.level}: {line.text}", call.connection))
        for problem in run.problems:
            if problem.severity is not Severity.INFO:
                self._on_event(Event(EventKind.FAILED, _line(problem), call.connection))


def answer_of(run: Run) -> ScriptAnswer:
    """A run as the tenant sees it; a run without a usable answer gets the platform's message for it."""
    said = _SAID[run.answer]
    error = run.error or {}
    if said is Said.NOTHING:
        error = {"message": _platform_message(run)}
    return ScriptAnswer(
        said=said,
        result=run.raw_result,
        error=error,
        error_class=run.error_class,
        log_code=run.log_code.code if run.log_code else "",
        told=tuple(_line(problem) for problem in run.problems),
        logged=tuple(f"{line.level}: {line.text}" for line in run.logs),
    )


def _platform_message(run: Run) -> str:
    if run.verdict in _STALLED:
        return _TIME_IS_UP
    if run.verdict is Verdict.THREW:
        return _THREW
    return next((problem.message for problem in run.problems), run.verdict.value)


def _line(problem: Problem) -> str:
    return f"{problem} ({problem.rule})"


async def _drain(pool: _Pool) -> None:
    while pool.idle:
        await pool.idle.pop().close()
