"""Which files git could not bring back: what is there would be lost if they were written over."""

from __future__ import annotations

import subprocess
from collections.abc import Collection
from pathlib import Path

_SECONDS = 20


def uncommitted(root: Path, files: Collection[Path]) -> frozenset[Path]:
    """Those of `files` whose content on disk is not the one of git's HEAD; all of them without git.

    `root` is a folder in the work tree. An ignored, untracked or merely staged file counts, and so does one
    outside the work tree.
    """
    if not files:
        return frozenset()
    arguments = ["status", "--porcelain=v1", "-z", "--ignored", "--untracked-files=all", "--no-renames", "--"]
    status = _git(root, *arguments, *map(str, files))
    top = _git(root, "rev-parse", "--show-toplevel")
    listed = _git(root, "ls-files", "-z", "--full-name", "--", *map(str, files))
    if status is None or top is None or listed is None:
        return frozenset(files)
    folder = Path(top.decode("utf-8", "surrogateescape").removesuffix("\n"))
    changed = {entry[3:] for entry in _entries(status)}
    tracked = set(_entries(listed))
    return frozenset(
        file for file in files if (name := _name(file, folder)) is None or name in changed or name not in tracked
    )


def _name(file: Path, folder: Path) -> str | None:
    """A file as git lists it, its folder's links resolved; None outside the work tree."""
    try:
        return (file.parent.resolve() / file.name).relative_to(folder.resolve()).as_posix()
    except ValueError:
        return None


def _entries(listing: bytes) -> list[str]:
    return [entry for entry in listing.decode("utf-8", "surrogateescape").split("\0") if entry]


def _git(folder: Path, *arguments: str) -> bytes | None:
    """git's output, None when git is missing or says no. It runs no hook and takes no lock."""
    command = ["git", "--no-optional-locks", "-c", "core.fsmonitor=false", *arguments]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=_SECONDS)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
