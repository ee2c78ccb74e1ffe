"""Playing the life cycle of connections against their real user store, on this machine."""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from dbconn_tui.errors import UsageError
from dbconn_tui.events import Event, EventKind, OnEvent, ignore
from dbconn_tui.project.values import Project
from dbconn_tui.runtime.job import Outage
from dbconn_tui.runtime.life_cycle import PATIENCE, Check, KnownUser, LifeCycle, State, Store
from dbconn_tui.runtime.runner import Container, ScriptRunner
from dbconn_tui.runtime.verdict import Run
from dbconn_tui.tasks.outside import Outside
from dbconn_tui.tasks.script_runs import (
    RunnableConnection,
    RunSettings,
    open_runner,
    require_confirmation,
    runnable_connections,
    speaks_https,
)

Json = Any

_ORGANIZATION = {"context.organization.id": "org_dbconntest", "context.organization.name": "dbconn-test"}


@dataclass(frozen=True, slots=True)
class Durations:
    """How long the runs of one kind took, in milliseconds; runs against a store that was made to fail left out."""

    kind: str
    count: int
    median: float
    p95: float


@dataclass(frozen=True, slots=True)
class ConnectionTest:
    """The checks of one connection. `variant` is `with organization` where scripts got one, else empty.

    `left_behind` is the address of a test user that could not be deleted again.
    """

    connection: str
    import_mode: bool
    variant: str
    checks: tuple[Check, ...]
    durations: tuple[Durations, ...]
    node: str
    """The version of Node that it ran on."""
    left_behind: str = ""

    @property
    def passed(self) -> bool:
        """Whether no check failed and nothing was left behind."""
        return not self.left_behind and all(check.state is not State.FAILED for check in self.checks)

    def count(self, state: State) -> int:
        """How many checks came out so."""
        return sum(check.state is state for check in self.checks)


@dataclass(frozen=True, slots=True)
class BoardStep:
    """One step of a board: the checks that will be played (`names`), or what became of one (`check`)."""

    connection: str
    variant: str
    names: tuple[str, ...] = ()
    check: Check | None = None


def _ignore_board(step: BoardStep) -> None:
    """An on_board for callers that do not watch."""


async def play_life_cycles(
    outside: Outside,
    project: Project,
    names: Sequence[str],
    settings: RunSettings,
    *,
    known: KnownUser | None = None,
    quick: bool = False,
    on_event: OnEvent = ignore,
    on_board: Callable[[BoardStep], None] = _ignore_board,
    stop_requested: Callable[[], bool] = lambda: False,
) -> tuple[ConnectionTest, ...]:
    """Play the life cycle of the named connections, all when empty; those with context with and without organization.

    `on_board` is told which checks come and what became of each; `stop_requested` ends it after the check under way.
    Test users are made and deleted again. Raises UsageError, UnresolvedValueError, NodeError; RefusedError for a
    protected tenant whose name is not given.
    """
    runnables = runnable_connections(outside, project, names, settings)
    if not runnables:
        raise UsageError("there is no connection to test", "dbconn add NAME --template rest-api makes one.")
    for runnable in runnables:
        require_confirmation(runnable.tenant, settings, "test")
    tests: list[ConnectionTest] = []
    for runnable in runnables:
        async with open_runner(outside, settings, secure=speaks_https(runnable)) as runner:
            for variant in ("", "with organization") if runnable.context else ("",):
                if stop_requested():
                    return tuple(tests)
                on_event(Event(EventKind.STEP, f"testing {variant}".strip(), runnable.connection.key))
                word = outside.random_bytes(6).hex()
                watch = _Watch(on_board, stop_requested)
                stage = _Stage(runner, runnable, settings, _ORGANIZATION if variant else {}, watch)
                tests.append(await stage.play(word, known, variant, quick=quick))
    return tuple(tests)


@dataclass(frozen=True, slots=True)
class _Watch:
    """Who is told, and who may end it."""

    on_board: Callable[[BoardStep], None]
    stop_requested: Callable[[], bool]


@dataclass(slots=True)
class _Stage:
    """Where the life cycle of one connection is played: one warm container, and fresh processes for outages."""

    runner: ScriptRunner
    runnable: RunnableConnection
    settings: RunSettings
    context: Mapping[str, Json]
    watch: _Watch

    async def play(self, word: str, known: KnownUser | None, variant: str, *, quick: bool) -> ConnectionTest:
        connection = self.runnable.connection
        durations: dict[str, list[float]] = {}
        async with self.runner.container() as container, _silent_port() as port:

            async def call(kind: str, given: Mapping[str, Json], store: Store = Store.UP) -> Run:
                run = await self._run(container, port, kind, given, store)
                if store is Store.UP:
                    durations.setdefault(kind, []).append(run.duration)
                return run

            kinds = frozenset(connection.scripts)
            cycle = LifeCycle(
                call,
                kinds,
                connection.import_mode is True,
                word,
                known,
                quick,
                lambda check: self.watch.on_board(BoardStep(connection.key, variant, (), check)),
                self.watch.stop_requested,
            )
            self.watch.on_board(BoardStep(connection.key, variant, cycle.names))
            checks = await cycle.play()
        table = tuple(_durations(kind, taken) for kind, taken in durations.items())
        imports = connection.import_mode is True
        return ConnectionTest(
            connection.key, imports, variant, checks, table, self.runner.node.version, cycle.left_behind
        )

    async def _run(self, container: Container, port: int, kind: str, given: Mapping[str, Json], store: Store) -> Run:
        job = self.runnable.job(kind, {**given, **({} if kind == "delete" else self.context)}, self.settings)
        match store:
            case Store.UP:
                return await container.run(job)
            case Store.DOWN:
                return await self.runner.run(replace(job, outage=Outage()))
            case Store.HANGS:
                limit = min(PATIENCE, job.limit)
                return await self.runner.run(replace(job, outage=Outage(port), limit=limit))


@asynccontextmanager
async def _silent_port() -> AsyncIterator[int]:
    """A port of 127.0.0.1 that takes every connection and never answers."""
    writers: list[asyncio.StreamWriter] = []

    async def keep(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)

    server = await asyncio.start_server(keep, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for writer in writers:
            writer.close()
        await server.wait_closed()


def _durations(kind: str, taken: Sequence[float]) -> Durations:
    ordered = sorted(taken)
    p95 = ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]
    return Durations(kind, len(ordered), statistics.median(ordered), p95)
