"""Read: find dbconn.yaml and make a Project of it and its script files, with all problems at once."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Set
from pathlib import Path
from typing import Final

from dbconn_tui.problems import Place, Problem, Severity, has_errors, sort_problems
from dbconn_tui.project.check import Check
from dbconn_tui.project.cross_checks import CrossChecks
from dbconn_tui.project.document import LARGEST_FILE, decode, read_document
from dbconn_tui.project.layers import ABSENT, DocumentPath, merge_layers
from dbconn_tui.project.overlay import name_problems
from dbconn_tui.project.schema import TOP
from dbconn_tui.project.script_files import ScriptFiles, work_tree
from dbconn_tui.project.values import Json, Project, Script

PROJECT_FILE: Final = "dbconn.yaml"
OTHER_PROJECT_FILE: Final = "config.yaml"

_CONNECTIONS_KEY = re.compile(rb"""^["']?connections["']?[ \t]*:""", re.MULTILINE)


def find_project_file(start: Path, home: Path) -> Path | None:
    """The project file for work in the folder `start`: dbconn.yaml there or above, else config.yaml there.

    The search ends at the root of a git work tree and at `home`, both included; config.yaml counts only
    with a key `connections` (design §3 "Reading"). None when there is none.
    """
    for folder in (start, *start.parents):
        candidate = folder / PROJECT_FILE
        if candidate.is_file():
            return candidate
        if folder == home or (folder / ".git").exists():
            break
    other = start / OTHER_PROJECT_FILE
    return other if other.is_file() and _has_connections(other) else None


def _has_connections(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            return bool(_CONNECTIONS_KEY.search(opened.read(LARGEST_FILE)))
    except OSError:
        return False


def read_project(
    file: Path, *, shown: str | None = None, partial: bool = False
) -> tuple[Project | None, tuple[Problem, ...]]:
    """A project and everything that is wrong with it, sorted by place; never raises for what is in the files.

    `shown` is what places call the file (its name unless given). The Project is None as soon as one
    problem is an error, so that a script that cannot be read is never taken for one that was deleted.
    With `partial` it is given when only script files have errors, without those scripts: for looking at
    and for `login` and `add`, never for a deploy.
    """
    shown = shown or file.name
    file = Path(os.path.abspath(file))
    data, problems = _read_bytes(file, shown)
    text, more = decode(data, shown) if data is not None else (None, ())
    problems += more
    if text is None:
        return None, problems
    document = read_document(text, shown)
    problems += document.problems
    if document.root is None:
        return None, sort_problems(problems)
    check = Check(shown)
    values = check.value(document.root, TOP, ())
    crossing = CrossChecks(values, check.places, shown)
    tenants = crossing.tenants()
    crossing.tenant_names()
    crossing.connection_names()
    crossing.secret_spellings()
    secrets_from = crossing.secret_command()
    problems += (*check.problems, *crossing.problems)
    connections = values.get("connections") or {}
    faulty = {problem.connection for problem in check.problems if problem.blocks}
    scripts, script_problems = _read_scripts(file, values, check.places, faulty)
    lint = values.get("lint") or {}
    project = Project(
        root=file.parent,
        file=file,
        shown_file=shown,
        text=text,
        project_key=values.get("project_key") or "",
        tenants=tenants,
        connection_keys=tuple(connections),
        scripts=scripts,
        document=values,
        places=check.places,
        lint_preset=lint.get("preset") or "recommended",
        lint_rules={rule: severity for rule, severity in (lint.get("rules") or {}).items() if severity},
        secrets_from=secrets_from,
    )
    problems += tuple(_name_problems(project))
    usable = not has_errors(problems) and (partial or not has_errors(script_problems))
    return (project if usable else None), sort_problems([*problems, *script_problems])


def _read_bytes(file: Path, shown: str) -> tuple[bytes | None, tuple[Problem, ...]]:
    try:
        if not file.is_file():
            what = "is a folder" if file.is_dir() else "is no file" if file.exists() else "does not exist"
            return None, (Problem("file-unreadable", Severity.ERROR, f"{shown} {what}", Place(shown)),)
        with file.open("rb") as opened:
            return opened.read(LARGEST_FILE + 1), ()
    except OSError as failure:
        message = f"{shown} cannot be read: {failure.strerror}"
        return None, (Problem("file-unreadable", Severity.ERROR, message, Place(shown)),)


def _name_problems(project: Project) -> Iterator[Problem]:
    """Names taken twice on any tenant; one pair of connections is reported once, not once a tenant."""
    seen: set[tuple[str, str]] = set()
    for tenant in [*project.tenants, ""]:
        for problem in name_problems(project, tenant):
            # Without a tenant every connection counts, also two that exist on different tenants.
            if (problem.rule, problem.connection) not in seen and (tenant or not project.tenants):
                seen.add((problem.rule, problem.connection))
                yield problem


def _read_scripts(
    file: Path, values: Mapping[str, Json], places: Mapping[DocumentPath, Place], faulty: Set[str]
) -> tuple[dict[str, dict[str, Script]], list[Problem]]:
    """The scripts of every connection: its own `scripts` over those of `defaults`, else scripts/KEY.

    Of a connection in `faulty` whose `scripts` came out as nothing, nobody knows which were meant.
    """
    files = ScriptFiles(file.parent, work_tree(file.parent))
    scripts: dict[str, dict[str, Script]] = {}
    defaults = values.get("defaults") or {}
    for key, connection in (values.get("connections") or {}).items():
        if connection is None or (key in faulty and "scripts" in connection and connection["scripts"] is None):
            continue
        layers = [
            ((*path, "scripts"), layer["scripts"])
            for path, layer in ((("defaults",), defaults), (("connections", key), connection))
            if "scripts" in layer
        ]
        origins: dict[tuple[str, ...], DocumentPath] = {}
        value = merge_layers(layers, origins, deep=False)
        own = places[("connections", key)]
        place = places.get(origins[()], own) if () in origins else own
        entries = {path[0]: places.get(origin, own) for path, origin in origins.items() if path}
        value = f"scripts/{key}" if value is ABSENT else value
        scripts[key] = files.read(key, value, place, entries)
    return scripts, files.problems
