"""Incoming: what a pull or an import would write, known before anything is written, and then the writing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from dbconn_tui.deploy.fingerprint import canonical_text
from dbconn_tui.deploy.values import ItemState
from dbconn_tui.errors import DbconnError, ProjectError, RefusedError
from dbconn_tui.problems import Problem, sort_problems
from dbconn_tui.project.arrival import LeftOut
from dbconn_tui.project.edit import Edit, remove_value, set_values
from dbconn_tui.project.placement import Placed
from dbconn_tui.project.read import read_project
from dbconn_tui.project.values import Json, Project
from dbconn_tui.project.write import write_file
from dbconn_tui.tasks.editor_files import refresh_editor_files
from dbconn_tui.tasks.git import uncommitted
from dbconn_tui.tasks.init import ATTRIBUTES


class FileState(StrEnum):
    """What writing does to a file."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    """It says so already; line ends and the final newline of a script aside."""


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file before and after; `before` None = it is not there. `file` is the path as people see it.

    `loses` says whether something of what is there would be gone.
    """

    path: Path
    file: str
    before: bytes | None = field(repr=False)
    after: bytes = field(repr=False)
    kind: str = ""
    """The kind of script; empty for another file."""
    loses: bool = False

    @property
    def state(self) -> FileState:
        """What writing it does."""
        if self.before is None:
            return FileState.NEW
        return FileState.SAME if self.before == self.after or self._same_lines() else FileState.CHANGED

    def _same_lines(self) -> bool:
        if not self.kind or self.before is None:
            return False
        try:
            return canonical_text(self.before.decode()) == canonical_text(self.after.decode())
        except UnicodeDecodeError:
            return False

    def texts(self) -> tuple[str, str]:
        """Both sides as text; bytes that are none are shown as escapes."""
        return (self.before or b"").decode("utf-8", "backslashreplace"), self.after.decode("utf-8", "backslashreplace")


def script_change(path: Path, file: str, kind: str, text: str) -> FileChange:
    """A script's file as it would become. Raises ProjectError when what is there cannot be read."""
    before = read_bytes(path, file)
    return FileChange(path, file, before, text.encode(), kind, loses=before is not None)


def read_bytes(path: Path, file: str) -> bytes | None:
    """What a file holds, None when there is none. Raises ProjectError."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as failure:
        raise ProjectError(f"{file} cannot be read: {failure.strerror}", "Move it away.") from None


@dataclass(frozen=True, slots=True)
class NeededSecret:
    """A secret that was named for a configuration key and whose value somebody has to store."""

    name: str
    key: str
    note: str = ""
    """What the value is, where that is known, e.g. that it is made of several keywords."""


@dataclass(frozen=True, slots=True)
class IncomingConnection:
    """One connection's part. `placed` are its changes of dbconn.yaml, `entry` all of it when it is new there.

    `items`: item word → its state in a plan, None when it was asked for by name; empty for a new connection.
    """

    key: str
    name: str
    entry: Mapping[str, Json] | None = field(default=None, repr=False)
    files: tuple[FileChange, ...] = ()
    placed: tuple[Placed, ...] = ()
    items: Mapping[str, ItemState | None] = field(default_factory=dict)
    secrets: tuple[NeededSecret, ...] = ()
    left: tuple[LeftOut, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def new(self) -> bool:
        """Whether dbconn.yaml does not have it yet."""
        return self.entry is not None

    @property
    def changes(self) -> tuple[FileChange, ...]:
        """The script files that would really change."""
        return tuple(change for change in self.files if change.state is not FileState.SAME)

    @property
    def writes(self) -> bool:
        """Whether anything is written because of it."""
        return bool(self.changes or self.placed)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A connection that stays out, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """Everything that would be written. `edit` is dbconn.yaml as it would be, or the lines to paste.

    `fresh` = the project is not there yet. `mask` takes configuration values out of a text that is shown.
    """

    project: Project
    edit: Edit
    connections: tuple[IncomingConnection, ...]
    skipped: tuple[Skipped, ...] = ()
    problems: tuple[Problem, ...] = ()
    fresh: bool = False
    others: tuple[FileChange, ...] = ()
    mask: Callable[[str], str] = str

    @property
    def project_change(self) -> FileChange | None:
        """dbconn.yaml before and after; None when it stays or only the user can change it."""
        if self.edit.text is None or (self.edit.text == self.project.text and not self.fresh):
            return None
        before = None if self.fresh else self.project.text.encode()
        loses = any(placed.before is not None for one in self.connections for placed in one.placed)
        return FileChange(self.project.file, self.project.shown_file, before, self.edit.text.encode(), loses=loses)

    @property
    def changes(self) -> tuple[FileChange, ...]:
        """Every file that would change, scripts first: dbconn.yaml never names what is not there yet."""
        scripts = [change for one in self.connections for change in one.changes]
        project = self.project_change
        return (*scripts, *self.others, *([project] if project else []))

    @property
    def secrets(self) -> tuple[NeededSecret, ...]:
        """Every secret to store, each name once."""
        return tuple({secret.name: secret for one in self.connections for secret in one.secrets}.values())

    def lost(self) -> tuple[FileChange, ...]:
        """The files with content that git could not bring back and that would be replaced."""
        replaced = {
            change.path: change for change in self.changes if change.loses and change.state is FileState.CHANGED
        }
        gone = uncommitted(self.project.root, replaced) if replaced else frozenset()
        return tuple(change for path, change in replaced.items() if path in gone)


def edit_project(text: str, connections: Sequence[IncomingConnection], *, empty: bool) -> Edit:
    """dbconn.yaml with the changes of all connections; `empty` = it has no connection yet."""
    sets = [(one.path, one.value) for connection in connections for one in connection.placed if not one.removes]
    removals = [one.path for connection in connections for one in connection.placed if one.removes]
    if empty and sets:
        sets = [(("connections",), {path[1]: value for path, value in sets})]
    edit = set_values(text, sets)
    for path in removals:
        if edit.text is None:
            break
        edit = replace(remove_value(edit.text, path), paste=edit.paste)
    return edit


def attributes_change(root: Path) -> tuple[FileChange, ...]:
    """.gitattributes of a new project with the line that keeps scripts' line ends; nothing where it has it."""
    path = root / ".gitattributes"
    before = read_bytes(path, ".gitattributes")
    held = (before or b"").decode("utf-8", "replace")
    if ATTRIBUTES in held.splitlines():
        return ()
    joint = "" if not held or held.endswith("\n") else "\n"
    return (FileChange(path, ".gitattributes", before, (before or b"") + f"{joint}{ATTRIBUTES}\n".encode()),)


def refuse_loss(incoming: Incoming, *, confirmed: Collection[Path] = ()) -> None:
    """Raise RefusedError when files that git cannot bring back would be replaced and nobody confirmed them."""
    lost = [change.file for change in incoming.lost() if change.path not in confirmed]
    if lost:
        raise RefusedError(
            f"not committed to git, and would be replaced: {', '.join(lost)}; nothing was written",
            "Commit them or move them away first, or run this at a terminal, where it asks.",
        )


def write_incoming(incoming: Incoming) -> None:
    """Write every file, then read the project again; when that fails everything is put back.

    Raises ProjectError when something cannot be written, has changed since it was looked at, or the
    project would no longer be read.
    """
    done: list[FileChange] = []
    made: list[Path] = []
    try:
        for change in incoming.changes:
            if read_bytes(change.path, change.file) != change.before:
                raise ProjectError(f"{change.file} changed in the meantime; nothing was written", "Run it again.")
            made += _make_folder(change.path.parent)
            done.append(change)
            # A new script is on the tenant or in the export, too; flushing hundreds one by one takes longest of all.
            write_file(change.path, change.after, flush=change.before is not None or not change.kind)
        if incoming.edit.text is not None and incoming.changes:
            _read_again(incoming)
    except DbconnError:
        _put_back(done, made)
        raise
    refresh_editor_files(incoming.project)


def _read_again(incoming: Incoming) -> None:
    project, problems = read_project(incoming.project.file, shown=incoming.project.shown_file, partial=True)
    keys = {one.key for one in incoming.connections if one.new}
    mine = [problem for problem in problems if problem.blocks and (project is None or problem.connection in keys)]
    if project is None or mine:
        raise ProjectError(
            f"{incoming.project.shown_file} could not be read any more with this, so all files stay as they were",
            "",
            sort_problems(mine),
        )


def _put_back(done: Sequence[FileChange], made: Sequence[Path]) -> None:
    for change in reversed(done):
        if change.before is not None:
            write_file(change.path, change.before)
        elif change.path.exists():
            change.path.unlink()
    for folder in reversed(made):
        if not any(folder.iterdir()):
            folder.rmdir()


def _make_folder(folder: Path) -> list[Path]:
    """Make a folder and those above it; which ones were made, the outermost first."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as failure:
        raise ProjectError(
            f"{folder} cannot be made: {failure.strerror}", "Choose a folder that you may write to."
        ) from None
    return missing[::-1]
