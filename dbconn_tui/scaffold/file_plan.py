"""FilePlan: what writing a rendering into a folder would do; it reads and compares, and writes nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import unified_diff
from enum import StrEnum
from pathlib import Path

from dbconn_tui.action_scripts.kinds import BY_NAME, order_of
from dbconn_tui.errors import ProjectError
from dbconn_tui.scaffold.render import Rendering


class FileState(StrEnum):
    """How a rendered file compares with what is on disk."""

    NEW = "new"
    """Nothing is there."""
    SAME = "same"
    """The same text is there; a difference only in line ends or the final newline counts as the same."""
    DIFFERS = "differs"
    """Something else is there: it stays unless the user says otherwise."""


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """One script file: where it goes, how it compares, and the bytes to write.

    `file` is `path` as shown to people. `difference` is a unified diff from the file on disk to the
    rendering, empty unless the state is DIFFERS.
    """

    kind: str
    path: Path
    file: str
    state: FileState
    data: bytes = field(repr=False)
    difference: str = field(default="", repr=False)


def plan_files(rendering: Rendering, folder: Path, shown_folder: str = "") -> tuple[PlannedFile, ...]:
    """Each file of a rendering beside what `folder` holds, in the order of the kinds.

    `folder` need not exist. `shown_folder` is the folder as people see it, e.g. `scripts/users`; left out,
    only file names are shown. Raises ProjectError when something there cannot be read.
    """
    planned = []
    for kind in sorted(rendering.files, key=order_of):
        name = BY_NAME[kind].file
        shown = f"{shown_folder.rstrip('/')}/{name}" if shown_folder else name
        planned.append(_plan_file(kind, folder / name, shown, rendering.files[kind]))
    return tuple(planned)


def _plan_file(kind: str, path: Path, shown: str, text: str) -> PlannedFile:
    data = text.encode("utf-8")
    try:
        present = path.read_bytes()
    except FileNotFoundError:
        return PlannedFile(kind, path, shown, FileState.NEW, data)
    except OSError as failure:
        raise ProjectError(
            f"{shown} cannot be read: {failure.strerror}", "move it away, or use another folder"
        ) from None
    try:
        before = present.decode("utf-8")
    except UnicodeDecodeError:
        difference = f"--- {shown}\n+++ {shown} (rendered)\n{shown} is not UTF-8 text.\n"
        return PlannedFile(kind, path, shown, FileState.DIFFERS, data, difference)
    if present == data or _same_lines(before, text):
        return PlannedFile(kind, path, shown, FileState.SAME, data)
    lines = unified_diff(before.split("\n"), text.split("\n"), shown, f"{shown} (rendered)", lineterm="")
    difference = "\n".join(lines) + "\n"
    return PlannedFile(kind, path, shown, FileState.DIFFERS, data, difference)


def _same_lines(before: str, after: str) -> bool:
    return before.replace("\r\n", "\n").rstrip("\n") == after.rstrip("\n")
