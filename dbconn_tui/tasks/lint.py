"""Linting a project without a tenant, or one script by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dbconn_tui.errors import ProjectError
from dbconn_tui.lint.check import lint_connections
from dbconn_tui.problems import Problem, has_errors, sort_problems
from dbconn_tui.project.overlay import connections_for
from dbconn_tui.project.values import LOCAL, Connection, Project
from dbconn_tui.tasks.workspace import select


@dataclass(frozen=True, slots=True)
class LintFindings:
    """Problems sorted by place, the texts of the files they point into, and how much was looked at."""

    problems: tuple[Problem, ...]
    sources: Mapping[str, str]
    connections: int
    scripts: int


def lint_project(project: Project, problems: Sequence[Problem], names: Sequence[str] = ()) -> LintFindings:
    """Lint the named connections (all when empty) as each tenant sees them, every finding once.

    `problems` are those of reading; their warnings are findings too. Raises UsageError for unknown
    names, ProjectError when a tenant's overlay has errors.
    """
    found = list(problems)
    seen: dict[str, Connection] = {}
    for tenant in project.tenants or (LOCAL,):
        connections, more = connections_for(project, tenant)
        if has_errors(more):
            raise ProjectError(f"{project.shown_file} has errors on tenant {tenant}", "", sort_problems(more))
        # A connection may exist on some tenants only; a name is unknown when no tenant has it.
        chosen = [connection for connection in connections if not names or connection.key in names]
        found += [*more, *lint_connections(chosen, preset=project.lint_preset)]
        seen.update({connection.key: connection for connection in connections})
    chosen = list(select(tuple(seen.values()), names))
    scripts = {script.file: script.text for one in chosen for script in one.scripts.values()}
    sources = {**scripts, project.shown_file: project.text}
    return LintFindings(sort_problems(found), sources, len(chosen), len(scripts))


def connections_of(project: Project, names: Sequence[str] = ()) -> tuple[Connection, ...]:
    """The named connections (all when empty), each once, as the first tenant that has it sees it. Raises UsageError."""
    seen: dict[str, Connection] = {}
    for tenant in project.tenants or (LOCAL,):
        for connection in connections_for(project, tenant)[0]:
            seen.setdefault(connection.key, connection)
    return select(tuple(seen.values()), names)
