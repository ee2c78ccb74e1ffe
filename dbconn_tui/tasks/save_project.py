"""Saving dbconn.yaml: written, read again, and put back when it could no longer be read."""

from __future__ import annotations

from dbconn_tui.errors import ProjectError
from dbconn_tui.problems import sort_problems
from dbconn_tui.project.read import read_project
from dbconn_tui.project.values import Project
from dbconn_tui.project.write import write_file


def save_project(project: Project, text: str, refused: str) -> None:
    """Give the project's file a new text. Raises ProjectError with `refused` when it does not fit, and undoes it."""
    if text == project.text:
        return
    write_file(project.file, text.encode())
    read, problems = read_project(project.file, partial=True)
    if read is None:
        write_file(project.file, project.text.encode())
        raise ProjectError(refused, "", sort_problems(problems))
