"""Opening a project, and a tenant of it: what every other task starts from."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dbconn_tui.errors import NoProjectError, ProjectError, UsageError
from dbconn_tui.problems import Problem, has_errors, sort_problems
from dbconn_tui.project.overlay import connections_for
from dbconn_tui.project.read import find_project_file, read_project
from dbconn_tui.project.tenant_choice import choose_tenant
from dbconn_tui.project.values import Connection, Project, Tenant
from dbconn_tui.tasks.outside import Outside


@dataclass(frozen=True, slots=True)
class Workspace:
    """A project seen for one tenant: its connections with that tenant's overlay, and every problem of reading."""

    project: Project
    tenant: Tenant
    connections: tuple[Connection, ...]
    problems: tuple[Problem, ...]

    def limited(self, rate: float | None) -> Workspace:
        """The same with at most `rate` requests a second to the tenant; None changes nothing."""
        if rate is None:
            return self
        return dataclasses.replace(self, tenant=dataclasses.replace(self.tenant, rate=rate))

    def connection(self, key: str) -> Connection:
        """The connection of that key. Raises KeyError."""
        for connection in self.connections:
            if connection.key == key:
                return connection
        raise KeyError(key)


def open_project(
    outside: Outside, config: Path | None = None, *, partial: bool = False
) -> tuple[Project, tuple[Problem, ...]]:
    """The project at `config`, or found from the current folder upwards, with its warnings.

    With `partial` script files that cannot be read do not stand in the way: for `login`, `add` and `secrets`.

    Raises ProjectError when there is none or when it has errors; it then carries every problem.
    """
    file = config or find_project_file(outside.folder, outside.home)
    if file is None:
        raise NoProjectError(
            "no dbconn.yaml here or in a folder above",
            "`dbconn init` makes a project here, `dbconn demo` shows one; --config FILE names another place.",
        )
    if not file.is_absolute():
        file = outside.folder / file
    if not file.is_file():
        raise ProjectError(f"{file} is not a file", "--config takes the path of a dbconn.yaml.")
    project, problems = read_project(file, partial=partial)
    if project is None or (has_errors(problems) and not partial):
        raise ProjectError(_count(problems, file.name), "", sort_problems(problems))
    return project, problems


def _count(problems: Sequence[Problem], name: str) -> str:
    errors = sum(problem.blocks for problem in problems)
    return f"{name} has {errors} error{'s' if errors != 1 else ''}"


def open_workspace(outside: Outside, *, config: Path | None = None, tenant: str | None = None) -> Workspace:
    """The project and the chosen tenant (design §3 "Which tenant").

    Raises ProjectError as `open_project`, UsageError when no tenant or more than one comes into question.
    """
    project, problems = open_project(outside, config)
    chosen = choose_tenant(project, tenant, outside.environment)
    return workspace_for(project, problems, chosen)


def workspace_for(project: Project, problems: Sequence[Problem], tenant: Tenant) -> Workspace:
    """A project that was read already, seen for a tenant. Raises ProjectError when its overlay has errors."""
    connections, more = connections_for(project, tenant.name)
    every = sort_problems([*problems, *more])
    if has_errors(every):
        raise ProjectError(_count(every, project.shown_file), "", every)
    return Workspace(project, tenant, connections, every)


def select(connections: Sequence[Connection], names: Sequence[str]) -> tuple[Connection, ...]:
    """The connections of these keys in the project's order, all when `names` is empty. Raises UsageError."""
    if not names:
        return tuple(connections)
    known = [connection.key for connection in connections]
    unknown = [name for name in names if name not in known]
    if unknown:
        import difflib

        near = difflib.get_close_matches(unknown[0], known, n=1)
        hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(known) or 'none yet'}."
        raise UsageError(f"no connection {unknown[0]} in the project", hint)
    return tuple(connection for connection in connections if connection.key in names)
