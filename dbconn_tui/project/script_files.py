"""Script files: which files a connection's scripts are, and their texts, byte for byte (design §3 "Scripts")."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from dbconn_tui.problems import Place, Problem, Severity
from dbconn_tui.project.near_names import nearest
from dbconn_tui.project.schema import SCRIPT_KINDS
from dbconn_tui.project.values import Json, Script

LARGEST_READ: Final = 1_048_576
"""Bytes; a larger file is not read. What the platform takes is far less and lint's to judge (rules.md §0.1)."""

_BOM: Final = b"\xef\xbb\xbf"


def work_tree(root: Path) -> Path:
    """The folder that script files must lie in: the git work tree around the project, else the project itself."""
    real = Path(os.path.realpath(root))
    for folder in (real, *real.parents):
        if (folder / ".git").exists():
            return folder
    return real


@dataclass(slots=True)
class ScriptFiles:
    """Reads the scripts of one project; a file that serves several connections is read once."""

    root: Path
    """The project folder."""
    boundary: Path
    """The folder that files must lie in, links resolved."""
    problems: list[Problem] = field(default_factory=list)
    _texts: dict[str, tuple[str | None, tuple[Problem, ...]]] = field(default_factory=dict)

    def read(self, key: str, value: Json, place: Place, entries: Mapping[str, Place]) -> dict[str, Script]:
        """The scripts of the connection `key`, whose `scripts` is `value`: a folder, or a map from kind to file.

        `place` is where that is said, `entries` where each kind of a map is. What cannot be read is a
        problem and missing from the result.
        """
        if isinstance(value, str):
            return self._folder(key, value, place)
        if not value:
            message = f"the connection {key} has no scripts"
            self._error("scripts-empty", message, place, key, "Name a folder, or a file for each kind.")
            return {}
        scripts: dict[str, Script] = {}
        for kind, file in value.items():
            at = entries.get(kind, place)
            if kind not in SCRIPT_KINDS and not self._admits(kind, at, key):
                continue
            real = self._inside(file, at, key)
            if real is None:
                continue
            if not os.path.lexists(self.root / file):
                self._missing(file, f"the file {file} for {kind} of {key} does not exist", at, key)
                continue
            self._add(scripts, key, kind, self.root / file, real)
        return scripts

    def _folder(self, key: str, folder: str, place: Place) -> dict[str, Script]:
        real = self._inside(folder, place, key)
        if real is None:
            return {}
        try:
            with os.scandir(real) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except FileNotFoundError:
            self._missing(folder, f"the scripts folder {folder} of {key} does not exist", place, key)
            return {}
        except NotADirectoryError:
            message = f"{folder}, the scripts of {key}, is a file"
            self._error("script-not-a-folder", message, place, key, "Name a folder, or a map such as {login: FILE}.")
            return {}
        except OSError as failure:
            message = f"the scripts folder {folder} of {key} cannot be read: {failure.strerror}"
            self._error("script-unreadable", message, place, key)
            return {}
        before = len(self.problems)
        scripts: dict[str, Script] = {}
        for entry in found:
            kind, dot, ending = entry.name.rpartition(".")
            path = self.root / folder / entry.name
            if ending.lower() != "js" or not dot or not kind or kind.startswith("."):
                continue
            if kind not in SCRIPT_KINDS or ending != "js":
                self._stranger(path, kind, key)
                continue
            target = self._inside(str(path), Place(self._shown(path)), key) if entry.is_symlink() else Path(entry.path)
            if target is not None:
                self._add(scripts, key, kind, path, target)
        if not scripts and len(self.problems) == before:
            message = f"the scripts folder {folder} of {key} holds no script"
            names = ", ".join(f"{kind}.js" for kind in SCRIPT_KINDS[:2])
            self._error("scripts-empty", message, place, key, f"Scripts are named after their kind: {names} and so on.")
        return {kind: scripts[kind] for kind in SCRIPT_KINDS if kind in scripts}

    def _stranger(self, path: Path, kind: str, key: str) -> None:
        """A .js file in a scripts folder that is named after no kind."""
        file = self._shown(path)
        near = kind if kind in SCRIPT_KINDS else nearest(kind, SCRIPT_KINDS)
        if near:
            message = f"{file} is named after no kind of script; did you mean {near}.js?"
            self._error("script-unknown-key", message, Place(file), key, "Rename it, or move it elsewhere.")
            return
        message = f"{file} is named after no kind of script and is not sent"
        hint = f"The kinds are {', '.join(SCRIPT_KINDS)}; another kind needs `scripts` as a map."
        self.problems.append(
            Problem("script-unknown-key", Severity.WARNING, message, Place(file), hint, connection=key)
        )

    def _admits(self, kind: str, place: Place, key: str) -> bool:
        """Whether a kind that nobody knows is sent all the same: when it is no slip of a known one."""
        near = nearest(kind, SCRIPT_KINDS)
        if near:
            message = f"unknown kind of script {kind!r}; did you mean {near!r}?"
            self._error("script-unknown-key", message, place, key)
            return False
        message = f"unknown kind of script {kind!r}; it is sent as it stands"
        hint = f"The known kinds are {', '.join(SCRIPT_KINDS)}."
        self.problems.append(Problem("script-unknown-key", Severity.WARNING, message, place, hint, connection=key))
        return True

    def _inside(self, file: str, place: Place, key: str) -> Path | None:
        """The real path of a file or folder; None, and a problem, when it lies outside."""
        if any(ord(character) < 32 for character in file):
            self._error("script-outside", f"{file!r} is no path: it holds a control character", place, key)
            return None
        real = Path(os.path.realpath(self.root / file))
        if real.is_relative_to(self.boundary):
            return real
        message = f"{self._shown(self.root / file)} lies outside the git work tree, or outside the project without git"
        hint = "Keep script files beside dbconn.yaml; links are followed to where they lead."
        self._error("script-outside", message, place, key, hint)
        return None

    def _add(self, scripts: dict[str, Script], key: str, kind: str, path: Path, real: Path) -> None:
        file = self._shown(path)
        cached = self._texts.get(str(real))
        if cached is None:
            cached = self._texts[str(real)] = read_script(real, file)
        text, problems = cached
        self.problems.extend(replace(problem, connection=key) for problem in problems)
        if text is not None:
            scripts[kind] = Script(kind, path, file, text)

    def _missing(self, file: str, message: str, place: Place, key: str) -> None:
        wanted = self.root / file
        try:
            near = nearest(wanted.name, (entry.name for entry in wanted.parent.iterdir()))
        except OSError:
            near = None
        meant = f"Did you mean {self._shown(wanted.with_name(near))}? " if near else ""
        hint = f"{meant}A script is deleted on the tenant only when its file goes and the folder stays."
        self._error("script-missing", message, place, key, hint)

    def _shown(self, path: Path) -> str:
        return os.path.relpath(path, self.root).replace(os.sep, "/")

    def _error(self, rule: str, message: str, place: Place, key: str, hint: str = "") -> None:
        self.problems.append(Problem(rule, Severity.ERROR, message, place, hint, connection=key))


def read_script(path: Path, file: str) -> tuple[str | None, tuple[Problem, ...]]:
    """The text of one script file, line ends as they are; None with a problem when it is no UTF-8 text.

    `file` is what places show. Never raises for what is on the disk.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return None, (_fault("script-unreadable", f"{file} is no regular file", Place(file)),)
        with path.open("rb") as opened:
            data = opened.read(LARGEST_READ + 1)
    except FileNotFoundError:
        return None, (_fault("script-missing", f"{file} is a link to nothing", Place(file)),)
    except OSError as failure:
        return None, (_fault("script-unreadable", f"{file} cannot be read: {failure.strerror}", Place(file)),)
    if len(data) > LARGEST_READ:
        message = f"{file} is larger than 1 MB; the platform takes 100,000 bytes"
        return None, (_fault("script-size", message, Place(file)),)
    return decode_script(data, file)


def decode_script(data: bytes, file: str) -> tuple[str | None, tuple[Problem, ...]]:
    """The text of a script's bytes; None with a problem at the byte's place when it is no UTF-8 text."""
    if data.startswith(_BOM):
        message = "the script begins with a byte order mark (U+FEFF), which would be sent"
        hint = "Save the file as UTF-8 without a byte order mark."
        return None, (_fault("script-bom", message, Place(file, 1, 1, 1, 2), hint),)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as fault:
        place = _place(data, fault.start, file)
        message = f"not UTF-8: the byte 0x{data[fault.start]:02x} at offset {fault.start} fits no character"
        return None, (_fault("script-not-utf8", message, place, "Save the file as UTF-8."),)
    if (offset := data.find(b"\x00")) >= 0:
        message = f"a NUL byte stands at offset {offset}: this is no script"
        return None, (_fault("script-not-utf8", message, _place(data, offset, file)),)
    if not text.strip():
        return None, (_fault("scripts-empty", "the script is empty", Place(file), "Write it, or delete the file."),)
    return text, ()


def _place(data: bytes, offset: int, file: str) -> Place:
    before = data[:offset].decode("utf-8")
    line = before.count("\n") + 1
    column = len(before) - (before.rfind("\n") + 1) + 1
    return Place(file, line, column, line, column + 1)


def _fault(rule: str, message: str, place: Place, hint: str = "") -> Problem:
    return Problem(rule, Severity.ERROR, message, place, hint)
