"""What git knows of the project's files: scripts at a ref, and which files it could not bring back."""

from __future__ import annotations

import subprocess
from collections.abc import Collection
from pathlib import Path, PurePosixPath

from dbconn_tui.action_scripts.kinds import KINDS
from dbconn_tui.project.values import Connection, Project


def scripts_at(project: Project, connection: Connection, ref: str) -> dict[str, str]:
    """Script kind → text at a git ref, from the paths the project uses today; empty without git, ref or scripts."""
    if ref.startswith("-"):
        return {}
    top = _git(project.root, "rev-parse", "--show-toplevel")
    commit = _git(project.root, "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}")
    if top is None or commit is None:
        return {}
    root = Path(top.decode("utf-8", "replace").strip())
    found: dict[str, str] = {}
    for kind, path in _paths(connection).items():
        inside = _inside(path, root)
        content = _git(project.root, "show", f"{commit.decode().strip()}:{inside}") if inside else None
        if content is None:
            continue
        try:
            found[kind] = content.decode("utf-8")
        except UnicodeDecodeError:
            continue
    return found


def _paths(connection: Connection) -> dict[str, Path]:
    """Today's script files, and beside them the kinds that the folder may have held then."""
    paths = {kind: script.path for kind, script in connection.scripts.items()}
    for folder in {path.parent for path in paths.values()}:
        for kind in KINDS:
            paths.setdefault(kind.name, folder / kind.file)
    return paths


def _inside(path: Path, root: Path) -> PurePosixPath | None:
    try:
        return PurePosixPath(path.resolve().relative_to(root.resolve()).as_posix())
    except ValueError:
        return None


def uncommitted(root: Path, files: Collection[Path]) -> frozenset[Path]:
    """Those of `files` whose content on disk is not the one of git's HEAD; all of them without git.

    `root` is a folder in the work tree. An ignored, untracked or merely staged file counts, and so does one
    outside the work tree.
    """
    if not files:
        return frozenset()
    names = [str(file) for file in files]
    top = _git(root, "rev-parse", "--show-toplevel")
    listed = _git(root, "ls-files", "-z", "--full-name", "--", *names)
    status = _git(root, "status", "--porcelain=v1", "-z", "--ignored", "--untracked-files=all", "--", *names)
    if top is None or listed is None or status is None:
        return frozenset(files)
    folder = Path(top.decode("utf-8", "surrogateescape").removesuffix("\n"))
    # A renamed file's old name stands alone in its entry; it is no file that is there.
    safe = set(_entries(listed)) - {entry[3:] for entry in _entries(status)}
    return frozenset(file for file in files if str(_inside_unresolved(file, folder)) not in safe)


def _inside_unresolved(file: Path, top: Path) -> PurePosixPath | None:
    """A file as git lists it: its folder's links resolved, itself not."""
    inside = _inside(file.parent, top)
    return inside / file.name if inside is not None else None


def _entries(listing: bytes) -> list[str]:
    return [entry for entry in listing.decode("utf-8", "surrogateescape").split("\0") if entry]


def _git(folder: Path, *arguments: str) -> bytes | None:
    """git's output in bytes, None when git is missing or says no. It takes no lock and runs no monitor."""
    command = ["git", "--no-optional-locks", "-c", "core.fsmonitor=false", *arguments]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
