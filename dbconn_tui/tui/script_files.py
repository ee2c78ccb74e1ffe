"""Script files: one connection's scripts as they are on the disk, to be edited, linted together and written back."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from dbconn_tui.action_scripts.kinds import KINDS, order_of
from dbconn_tui.errors import ProjectError, RefusedError, UsageError
from dbconn_tui.project.values import (
    Connection,
    EnvironmentReference,
    KeptValue,
    Project,
    Script,
    SecretReference,
    TextValue,
)

if TYPE_CHECKING:
    from dbconn_tui.problems import Problem
    from dbconn_tui.tasks.workspace import Workspace

EDITORS: Final = ("VISUAL", "EDITOR")
"""Environment variables that name an editor, the first one winning."""


@dataclass(frozen=True, slots=True)
class ScriptFile:
    """One script's file: its path for people, and the bytes it holds; `data` None = there is no such file."""

    kind: str
    file: str
    path: Path
    data: bytes | None = field(default=None, repr=False)

    @property
    def text(self) -> str:
        """What it holds as text; empty where there is none."""
        return (self.data or b"").decode()


@dataclass(frozen=True, slots=True, eq=False)
class ScriptSet:
    """A connection's scripts in the order of the kinds, the kinds it does not have, and what else its files say.

    `settings` are pairs of a heading and a value for people; a configuration value is shown only where
    dbconn.yaml itself holds it.
    """

    key: str
    files: tuple[ScriptFile, ...]
    missing: tuple[ScriptFile, ...]
    settings: tuple[tuple[str, str], ...]
    handle: Any = field(default=None, repr=False)

    def file(self, kind: str) -> ScriptFile | None:
        """The file of a kind, there or not yet."""
        return next((one for one in (*self.files, *self.missing) if one.kind == kind), None)

    def having(self, changed: ScriptFile) -> ScriptSet:
        """The set with this file in place of the one of its kind."""
        every = {one.kind: one for one in (*self.files, *self.missing)} | {changed.kind: changed}
        there = [one for one in every.values() if one.data is not None]
        return replace(
            self,
            files=tuple(sorted(there, key=lambda one: order_of(one.kind))),
            missing=tuple(one for one in every.values() if one.data is None),
        )


def open_scripts(workspace: Workspace, key: str) -> ScriptSet:
    """The scripts of a connection as they are on the disk now. Raises ProjectError when one cannot be read."""
    connection = workspace.connection(key)
    project = workspace.project
    files = [
        read_again(ScriptFile(kind, script.file, script.path))
        for kind, script in sorted(connection.scripts.items(), key=lambda pair: order_of(pair[0]))
    ]
    missing = [
        ScriptFile(kind.name, file, project.root / file)
        for kind in KINDS
        if kind.name not in connection.scripts
        for file in (_new_file(project, connection, kind.name),)
    ]
    return ScriptSet(key, tuple(files), tuple(missing), tuple(_settings(connection)), workspace)


def _new_file(project: Project, connection: Connection, kind: str) -> str:
    """Where a script that is not there yet goes: into the folder that `scripts` names, else beside the others."""
    from dbconn_tui.project.script_places import SCRIPTS, scripts_setting

    setting = scripts_setting(project, connection.key)
    if isinstance(setting, str):
        return f"{setting.rstrip('/')}/{kind}.js"
    folder = os.path.dirname(next(iter((setting or {}).values()), "")) or f"{SCRIPTS}/{connection.key}"
    return f"{folder}/{kind}.js"


def read_again(file: ScriptFile) -> ScriptFile:
    """The file as it is on the disk now. Raises ProjectError when it cannot be read or is no UTF-8 text."""
    try:
        data = file.path.read_bytes()
        data.decode()
    except (FileNotFoundError, NotADirectoryError):
        return replace(file, data=None)
    except OSError as failure:
        raise ProjectError(f"{file.file} cannot be read: {failure.strerror}") from None
    except UnicodeDecodeError as failure:
        raise ProjectError(
            f"{file.file} is not UTF-8 text: byte {failure.start} cannot be read", "Save it as UTF-8."
        ) from None
    return replace(file, data=data)


def moved(scripts: ScriptSet) -> tuple[ScriptFile, ...]:
    """The files that hold something else on the disk than in `scripts`. Raises ProjectError as `read_again`."""
    found = [read_again(one) for one in (*scripts.files, *scripts.missing)]
    return tuple(one for one in found if one != scripts.file(one.kind))


def write_script(scripts: ScriptSet, file: ScriptFile, text: str) -> ScriptFile:
    """Write a script, and name it in dbconn.yaml where that lists files one by one; the file as it is then.

    `file` is what was there when the text was taken from it. Raises RefusedError when something else is there
    now, ProjectError when it cannot be written.
    """
    from dbconn_tui.project.write import write_file

    if read_again(file) != file:
        raise RefusedError(f"{file.file} changed on the disk since it was opened; it was not written")
    data = text.encode()
    if file.data is None:
        _make_folder(file.path.parent)
    write_file(file.path, data)
    if file.data is None:
        _name_in_project(scripts, file)
    return replace(file, data=data)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as failure:
        raise ProjectError(f"{folder} cannot be made: {failure.strerror}") from None


def _name_in_project(scripts: ScriptSet, file: ScriptFile) -> None:
    """A map of scripts in dbconn.yaml needs a line for a new one; a folder does not."""
    from dbconn_tui.project.edit import set_value
    from dbconn_tui.project.script_places import scripts_setting
    from dbconn_tui.project.write import write_file

    project: Project = scripts.handle.project
    if isinstance(scripts_setting(project, scripts.key), str):
        return
    edit = set_value(
        project.file.read_text(encoding="utf-8"), ("connections", scripts.key, "scripts", file.kind), file.file
    )
    if edit.text is None:
        raise ProjectError(
            f"{file.file} is written, but {project.shown_file} must name it: {edit.reason}",
            f"Add these lines: {edit.paste}",
        )
    write_file(project.file, edit.text.encode())


def lint_texts(scripts: ScriptSet, texts: Mapping[str, str]) -> Mapping[str, tuple[Problem, ...]]:
    """Kind → problems in its file, of the connection with these texts, kind by kind, in place of its own."""
    from dbconn_tui.lint.check import lint_connection

    workspace: Workspace = scripts.handle
    connection = workspace.connection(scripts.key)
    files = {kind: file for kind in texts if (file := scripts.file(kind)) is not None}
    linted = replace(
        connection,
        scripts={kind: Script(kind, file.path, file.file, texts[kind]) for kind, file in files.items()},
    )
    problems = lint_connection(linted, preset=workspace.project.lint_preset)
    return {
        kind: tuple(problem for problem in problems if problem.place.file == file.file) for kind, file in files.items()
    }


def fix_text(scripts: ScriptSet, kind: str, text: str) -> tuple[str, tuple[str, ...]]:
    """A script's text with what lint mends safely, and the rules that it mended."""
    from dbconn_tui.lint.fix import apply, fixes_for

    workspace: Workspace = scripts.handle
    connection = workspace.connection(scripts.key)
    edits = fixes_for(
        kind,
        text,
        context=connection.options.get("enable_script_context") is True,
        severities=connection.lint,
        preset=workspace.project.lint_preset,
    )
    return apply(text, edits), tuple(dict.fromkeys(edit.rule for edit in edits))


def editor_command(environment: Mapping[str, str], file: ScriptFile) -> list[str]:
    """The command that opens a file in the user's own editor. Raises UsageError when none is named."""
    for name in EDITORS:
        words = environment.get(name, "").strip()
        if words:
            try:
                return [*shlex.split(words), str(file.path)]
            except ValueError as failure:
                raise UsageError(f"{name} cannot be read as a command: {failure}") from None
    raise UsageError("no editor is set", f"Set {' or '.join(EDITORS)}, for example EDITOR=nano.")


def _settings(connection: Connection) -> Iterator[tuple[str, str]]:
    if connection.name != connection.key:
        yield "name", connection.name
    if connection.display_name is not None:
        yield "display_name", connection.display_name
    if connection.import_mode is not None:
        yield "import_mode", _json(connection.import_mode)
    for key, value in connection.configuration.items():
        match value:
            case TextValue(text):
                yield f"configuration.{key}", _json(text)
            case SecretReference(name):
                yield f"configuration.{key}", f"{{secret: {name}}}"
            case EnvironmentReference(name):
                yield f"configuration.{key}", f"{{env: {name}}}"
            case KeptValue():
                yield f"configuration.{key}", "{keep: live}"
    if connection.enabled_clients is not None:
        yield "enabled_clients", ", ".join(connection.enabled_clients) or "none"
    for option, setting in connection.options.items():
        yield f"options.{option}", _json(setting)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
