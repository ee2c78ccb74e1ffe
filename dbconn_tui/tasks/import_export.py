"""Importing an export of auth0-deploy-cli into the files: no tenant, no network, no value of a secret."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from dbconn_tui.action_scripts.kinds import is_placeholder, order_of
from dbconn_tui.deploy.pull import PLACEHOLDER
from dbconn_tui.errors import ProjectError
from dbconn_tui.problems import has_errors, sort_problems
from dbconn_tui.project.arrival import Arrival, LeftOut
from dbconn_tui.project.export_arrivals import ExportArrivals, ExportedConnection, KeywordUse, NotTaken
from dbconn_tui.project.export_files import ExportReader
from dbconn_tui.project.secret_names import SecretNames, names_in
from dbconn_tui.project.values import Project
from dbconn_tui.tasks.arrivals import Arrivals
from dbconn_tui.tasks.destination import new_project
from dbconn_tui.tasks.incoming import (
    Incoming,
    IncomingConnection,
    NeededSecret,
    Skipped,
    attributes_change,
    edit_project,
)
from dbconn_tui.tasks.outside import Outside
from dbconn_tui.tasks.workspace import open_project


@dataclass(frozen=True, slots=True)
class ImportTarget:
    """The project to import into; `fresh` = it is not there yet."""

    project: Project
    fresh: bool


def open_target(outside: Outside, *, config: Path | None = None) -> ImportTarget:
    """The project to import into; a `config` that is not there becomes a new one. Raises ProjectError."""
    file = None if config is None else outside.folder / config
    if file is not None and not os.path.lexists(file):
        return ImportTarget(new_project(outside, file), True)
    return ImportTarget(open_project(outside, config, partial=True)[0], False)


def plan_import(
    outside: Outside, target: ImportTarget, path: Path, keywords: KeywordUse = KeywordUse.SECRET
) -> Incoming:
    """What importing the export at `path` would write; its warnings are the Incoming's problems.

    Raises ProjectError, with every problem, when anything in the export cannot be read: nothing is taken then.
    """
    reader = ExportReader(outside.folder)
    project = target.project
    converter = ExportArrivals(reader, SecretNames(names_in(project)), keywords)
    taken = [converter.take(database) for database in reader.read(outside.folder / path)]
    problems = sort_problems([*reader.problems, *converter.problems])
    if has_errors(problems):
        errors = sum(problem.blocks for problem in problems)
        raise ProjectError(
            f"the export has {errors} error{'s' if errors != 1 else ''}; nothing was taken",
            "Mend them in the export, or copy it without the connections that have them.",
            problems,
        )
    arrivals = Arrivals(project)
    incoming: list[IncomingConnection] = []
    skipped: list[Skipped] = []
    for one in taken:
        placed = _place(one, project, arrivals)
        if isinstance(placed, Skipped):
            skipped.append(placed)
        elif placed is not None:
            incoming.append(placed)
    edit = edit_project(project.text, incoming, empty=not project.connection_keys)
    others = attributes_change(project.root) if target.fresh else ()
    return Incoming(project, edit, tuple(incoming), tuple(skipped), problems, target.fresh, others)


def _place(
    one: ExportedConnection | NotTaken | None, project: Project, arrivals: Arrivals
) -> IncomingConnection | Skipped | None:
    if one is None:
        return None
    if isinstance(one, NotTaken):
        return Skipped(one.name, one.reason)
    if one.arrival.name in project.connection_keys:
        return Skipped(one.arrival.name, f"{project.shown_file} has it already, and it stays as it is")
    arrival, placeholders = _without_placeholders(one.arrival)
    return arrivals.place(
        arrival,
        left=(*placeholders, *one.left),
        secrets=[NeededSecret(secret.name, secret.key, secret.note) for secret in one.secrets],
    )


def _without_placeholders(arrival: Arrival) -> tuple[Arrival, Sequence[LeftOut]]:
    kinds = sorted(arrival.scripts, key=order_of)
    left = [LeftOut(f"script:{kind}", PLACEHOLDER) for kind in kinds if is_placeholder(arrival.scripts[kind])]
    kept = {kind: arrival.scripts[kind] for kind in kinds if not is_placeholder(arrival.scripts[kind])}
    return replace(arrival, scripts=kept), left
