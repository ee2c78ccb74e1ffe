"""Keeping what a template made, as the base of the next merge with edits."""

from __future__ import annotations

from pathlib import Path

from dbconn_tui.errors import ProjectError
from dbconn_tui.project.values import Project
from dbconn_tui.project.write import write_file
from dbconn_tui.scaffold.render import Rendering
from dbconn_tui.scaffold.rendered import rendered_files


def keep_rendering(project: Project, name: str, rendering: Rendering) -> None:
    """Keep what a template made as the base of the next merge. Raises ProjectError."""
    for path, data in rendered_files(project.root, name, rendering.files).items():
        if data is None:
            path.unlink(missing_ok=True)
        else:
            make_folder(path.parent)
            write_file(path, data, flush=False)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it. Raises ProjectError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as failure:
        raise ProjectError(f"{folder} cannot be made: {failure.strerror}") from None
