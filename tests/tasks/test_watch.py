"""Looking at a project's files: whatever changes, comes or goes is noticed; nothing else is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dbconn_tui.project.read import read_project
from dbconn_tui.project.values import Project
from dbconn_tui.tasks.watch import look_at


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "scripts" / "users").mkdir(parents=True)
    (tmp_path / "scripts" / "users" / "login.js").write_text("function login() {}\n")
    (tmp_path / "dbconn.yaml").write_text("version: 1\nconnections: {users: }\n")
    read, problems = read_project(tmp_path / "dbconn.yaml")
    assert read is not None, problems
    return read


def test_nothing_changed_without_a_change(project: Project) -> None:
    assert look_at(project).changed_since(look_at(project)) == ()


def test_a_change_an_arrival_and_a_departure_are_named(project: Project) -> None:
    before = look_at(project)
    folder = project.root / "scripts" / "users"
    (folder / "create.js").write_text("function create() {}\n")
    (folder / "login.js").unlink()
    os.utime(project.file, ns=(1, 1))
    changed = look_at(project).changed_since(before)
    assert changed == (
        "dbconn.yaml",
        os.path.join("scripts", "users", "create.js"),
        os.path.join("scripts", "users", "login.js"),
    )


def test_other_files_do_not_count(project: Project) -> None:
    before = look_at(project)
    (project.root / "notes.txt").write_text("hello")
    (project.root / "scripts" / "users" / ".login.js.swp").write_text("x")
    assert look_at(project).changed_since(before) == ()


def test_a_folder_that_vanished_is_a_departure(project: Project) -> None:
    before = look_at(project)
    (project.root / "scripts" / "users" / "login.js").unlink()
    (project.root / "scripts" / "users").rmdir()
    assert look_at(project).changed_since(before) == (os.path.join("scripts", "users", "login.js"),)
