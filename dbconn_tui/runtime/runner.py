"""ScriptRunner: runs jobs in Node processes, with the next one started beforehand; Container keeps one warm."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Self

from dbconn_tui.runtime.evaluation import refused_script, script_text
from dbconn_tui.runtime.job import Job, ModuleTable, encode
from dbconn_tui.runtime.judge import judge
from dbconn_tui.runtime.node import Node
from dbconn_tui.runtime.observation import Ending
from dbconn_tui.runtime.process import Isolation, NodeProcess
from dbconn_tui.runtime.verdict import Run

_LOST = frozenset({Ending.BLOCKED, Ending.DIED, Ending.FLOOD})


class Container:
    """One process for many runs: globals stay from one run to the next, until a run breaks it."""

    def __init__(self, runner: ScriptRunner) -> None:
        self._runner = runner
        self._process: NodeProcess | None = None

    async def run(self, job: Job) -> Run:
        """Run a job. A process that was lost is replaced, without its globals, as the platform would."""
        refused = refused_script(job, self._runner.node)
        if refused is not None:
            return refused
        if self._process is None:
            self._process = await self._runner.take()
        process, self._process = self._process, None
        run, lost = await self._runner.carry_out(process, job)
        if not lost:
            self._process = process
        return run

    async def close(self) -> None:
        """End the process."""
        if self._process is not None:
            await self._process.close()
            self._process = None


class ScriptRunner:
    """Runs jobs, each in a process of its own. Use it as an async context manager.

    With `spare` the process of the next run is started as soon as one run is over.
    """

    def __init__(
        self, node: Node, isolation: Isolation | None = None, modules: ModuleTable | None = None, *, spare: bool = True
    ) -> None:
        self.node = node
        self.isolation = isolation or Isolation()
        self._modules = modules or ModuleTable()
        self._keeps_spare = spare
        self._spare: asyncio.Task[NodeProcess] | None = None

    async def __aenter__(self) -> Self:
        self._prepare()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._spare is not None:
            spare, self._spare = self._spare, None
            await (await spare).close()

    async def run(self, job: Job) -> Run:
        """Run a job in a process that nothing ran in before. Raises NodeError when none can be started."""
        refused = refused_script(job, self.node)
        if refused is not None:
            return refused
        process = await self.take()
        run, lost = await self.carry_out(process, job)
        if not lost:
            await process.close()
        self._prepare()
        return run

    @asynccontextmanager
    async def container(self) -> AsyncIterator[Container]:
        """A container until the block is left."""
        container = Container(self)
        try:
            yield container
        finally:
            await container.close()

    async def take(self) -> NodeProcess:
        """A started process that is the caller's from now on."""
        if self._spare is None:
            return await NodeProcess.start(self.node, self.isolation)
        spare, self._spare = self._spare, None
        return await spare

    async def carry_out(self, process: NodeProcess, job: Job) -> tuple[Run, bool]:
        """Run a job in a process; the run, and whether the process was lost over it."""
        nonce = secrets.token_hex(16)
        line = encode(job, nonce, self._modules, script_text(job.text))
        observation = await process.run(line, nonce, job.limit)
        return judge(job, observation, self.node), observation.ending in _LOST

    def _prepare(self) -> None:
        if self._keeps_spare and self._spare is None:
            self._spare = asyncio.ensure_future(NodeProcess.start(self.node, self.isolation))
