"""What git knows of a connection's scripts: their texts at a ref."""

from __future__ import annotations

import subprocess
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


def _git(folder: Path, *arguments: str) -> bytes | None:
    """git's output in bytes, None when git is missing or says no."""
    try:
        done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, check=False, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
