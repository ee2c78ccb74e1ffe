"""Adding a connection from a template: what would be written is known first, then written, never silently over."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from dbconn_tui.action_scripts.kinds import KINDS
from dbconn_tui.errors import UsageError
from dbconn_tui.project.edit import Edit, set_value
from dbconn_tui.project.read import read_project
from dbconn_tui.project.schema import LIVE_NAME
from dbconn_tui.project.values import Project
from dbconn_tui.project.write import write_file
from dbconn_tui.scaffold.file_plan import FileState, PlannedFile, plan_files
from dbconn_tui.scaffold.render import Rendering, render
from dbconn_tui.scaffold.template import Template, Value
from dbconn_tui.tasks.editor_files import write_editor_files
from dbconn_tui.tasks.keep_rendering import keep_rendering, make_folder
from dbconn_tui.tasks.save_project import save_project

SCRIPTS: Final = "scripts"


@dataclass(frozen=True, slots=True)
class Addition:
    """What adding a connection would do. `edit` is dbconn.yaml as it would be, or the lines to paste.

    `others` are scripts in the folder that the template did not make and that would be deployed, too.
    """

    name: str
    project: Project
    template: Template
    rendering: Rendering = field(repr=False)
    files: tuple[PlannedFile, ...]
    edit: Edit
    others: tuple[str, ...]

    @property
    def differing(self) -> tuple[PlannedFile, ...]:
        """Files that are there with other content."""
        return tuple(file for file in self.files if file.state is FileState.DIFFERS)


def plan_addition(project: Project, name: str, template: Template, answers: Mapping[str, Value]) -> Addition:
    """What adding a connection would do; writes nothing.

    Raises UsageError for a name that cannot be used or is taken, or for answers that do not fit.
    """
    if not re.fullmatch(LIVE_NAME.pattern, name) or len(name) > (LIVE_NAME.longest or len(name)):
        raise UsageError(f"{name!r} cannot name a connection", f"A name is {LIVE_NAME.says}.")
    if name in project.connection_keys:
        raise UsageError(
            f"{project.shown_file} has a connection {name} already", "Choose another name, or edit that one."
        )
    rendering = render(template, answers, name)
    folder = project.root / SCRIPTS / name
    shown = f"{SCRIPTS}/{name}"
    files = plan_files(rendering, folder, shown)
    made = {planned.path.name for planned in files}
    others = tuple(f"{shown}/{kind.file}" for kind in KINDS if kind.file not in made and (folder / kind.file).is_file())
    edit = set_value(project.text, ("connections", name), connection_entry(rendering))
    return Addition(name, project, template, rendering, files, edit, others)


def connection_entry(rendering: Rendering) -> dict[str, Any]:
    """What dbconn.yaml says of a connection made from a template."""
    entry: dict[str, Any] = {"template": dict(rendering.memory)}
    if rendering.import_mode is not None:
        entry["import_mode"] = rendering.import_mode
    if rendering.configuration:
        entry["configuration"] = {
            key: value if isinstance(value, str) else dict(value) for key, value in rendering.configuration.items()
        }
    if rendering.options:
        entry["options"] = dict(rendering.options)
    return entry


def write_addition(addition: Addition, *, overwrite: bool = False) -> None:
    """Write the scripts, then dbconn.yaml, and read the project again; what was rendered is kept beside it, and
    the files for editors know the new connection.

    Raises UsageError when a file with other content is there and `overwrite` is not set, ProjectError when
    something cannot be written or the project would no longer be read.
    """
    if addition.differing and not overwrite:
        names = ", ".join(file.file for file in addition.differing)
        raise UsageError(f"there already, with other content: {names}", "Move it away, or pass --overwrite.")
    for planned in addition.files:
        if planned.state is FileState.SAME:
            continue
        make_folder(planned.path.parent)
        write_file(planned.path, planned.data)
    project = addition.project
    if addition.edit.text is not None:
        refused = f"the connection {addition.name} does not fit into {project.shown_file}, which stays as it was"
        save_project(project, addition.edit.text, refused)
    keep_rendering(project, addition.name, addition.rendering)
    write_editor_files(project.root, read_project(project.file, partial=True)[0])
