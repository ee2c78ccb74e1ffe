"""Running one script of a connection on this machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from dbconn_tui.errors import UnresolvedValueError
from dbconn_tui.project.values import Project
from dbconn_tui.runtime.expectations import difference
from dbconn_tui.runtime.verdict import Run
from dbconn_tui.tasks.cases import find_case, ready_cases
from dbconn_tui.tasks.outside import Outside
from dbconn_tui.tasks.script_runs import (
    RunSettings,
    open_runner,
    require_confirmation,
    runnable_connections,
    speaks_https,
)
from dbconn_tui.tasks.tenant_node import node_note

Json = Any

_ONLY_LOOK: Final = frozenset({"login", "get_user"})
"""Kinds that change no user."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A run of one script: the connection's key, the file's name and text, and what came of it.

    `note` is what differs from the platform; `difference` what differs from the saved case that was run.
    """

    connection: str
    file: str
    text: str
    run: Run
    note: str = ""
    difference: str = ""

    @property
    def passed(self) -> bool:
        """Whether the contract was kept and, with a case, all came out as it asks."""
        return self.run.kept and not self.difference


async def try_script(
    outside: Outside,
    project: Project,
    name: str,
    kind: str,
    given: Mapping[str, Json],
    settings: RunSettings,
    case: str | None = None,
) -> Trial:
    """Run the script `kind` of connection `name` once, in a process of its own.

    `given` holds arguments by name; they lie over those of the saved `case`. Raises UsageError, ProjectError,
    UnresolvedValueError, NodeError; RefusedError when a protected tenant's users would be changed without its name
    given.
    """
    (runnable,) = runnable_connections(outside, project, [name], settings)
    saved = find_case(ready_cases(outside, project, runnable), name, case, kind) if case is not None else None
    if saved is not None and saved.missing:
        raise UnresolvedValueError(f"{saved.case.place}: {saved.missing}")
    job = runnable.job(kind, {**(saved.arguments if saved else {}), **given}, settings)
    if kind not in _ONLY_LOOK:
        require_confirmation(runnable.tenant, settings, kind)
    async with open_runner(outside, settings, secure=speaks_https(runnable)) as runner:
        run = await runner.run(job)
    note = node_note(outside, project, runnable.tenant, run.node)
    return Trial(name, job.file, job.text, run, note, difference(saved.case, run) if saved and run.kept else "")
