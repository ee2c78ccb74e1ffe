"""Running one script of a connection on this machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from dbconn_tui.project.values import Project
from dbconn_tui.runtime.node import PLATFORM_MAJORS
from dbconn_tui.runtime.verdict import Run
from dbconn_tui.tasks.outside import Outside
from dbconn_tui.tasks.script_runs import (
    RunSettings,
    open_runner,
    require_confirmation,
    runnable_connections,
    speaks_https,
)

Json = Any

_ONLY_LOOK: Final = frozenset({"login", "get_user"})
"""Kinds that change no user."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A run of one script: the connection's key, the file's name and text, and what came of it."""

    connection: str
    file: str
    text: str
    run: Run

    @property
    def note(self) -> str:
        """What differs from the platform, one sentence; empty when nothing does."""
        major = int(self.run.node.partition(".")[0])
        if major in PLATFORM_MAJORS:
            return ""
        majors = " or ".join(map(str, reversed(PLATFORM_MAJORS)))
        return f"ran on Node {self.run.node}; a tenant runs {majors}"


async def try_script(
    outside: Outside, project: Project, name: str, kind: str, given: Mapping[str, Json], settings: RunSettings
) -> Trial:
    """Run the script `kind` of connection `name` once, in a process of its own.

    `given` holds arguments by name. Raises UsageError, UnresolvedValueError, NodeError; RefusedError when a
    protected tenant's users would be changed without its name given.
    """
    (runnable,) = runnable_connections(outside, project, [name], settings)
    job = runnable.job(kind, given, settings)
    if kind not in _ONLY_LOOK:
        require_confirmation(runnable.tenant, settings, kind)
    async with open_runner(outside, settings, secure=speaks_https(runnable)) as runner:
        run = await runner.run(job)
    return Trial(name, job.file, job.text, run)
