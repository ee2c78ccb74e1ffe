"""jsconfig.json and dbconn.d.ts: written, kept in step with dbconn.yaml, and never over somebody's own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dbconn_tui.project.read import read_project
from dbconn_tui.project.values import Project
from dbconn_tui.scaffold.editor_types import declarations
from dbconn_tui.tasks.editor_files import configuration_keys, refresh_editor_files, write_editor_files

PROJECT = """\
version: 1
tenants:
  dev: {domain: dev.example.com}
  prod: {domain: prod.example.com}
defaults:
  configuration: {SHARED: everywhere}
connections:
  users:
    configuration: {API_URL: https://users.example.com, "odd-key": x}
    tenants:
      dev: {configuration: {ONLY_DEV: x}}
      prod:
  others:
    scripts: scripts/users
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "scripts" / "users").mkdir(parents=True)
    return read(tmp_path, PROJECT)


def read(folder: Path, text: str) -> Project:
    (folder / "dbconn.yaml").write_text(text, encoding="utf-8")
    project, _ = read_project(folder / "dbconn.yaml", partial=True)
    assert project is not None
    return project


def test_the_keys_of_every_connection_and_tenant(project: Project) -> None:
    assert configuration_keys(project) == {
        "SHARED": {"users", "others"},
        "API_URL": {"users"},
        "odd-key": {"users"},
        "ONLY_DEV": {"users"},
    }


def test_both_files_are_written_and_the_keys_follow(project: Project) -> None:
    assert write_editor_files(project.root, project) == ("jsconfig.json", "dbconn.d.ts")
    text = (project.root / "dbconn.d.ts").read_text()
    assert "  /** others, users */\n  readonly SHARED: string;\n" in text
    assert '  readonly "odd-key": string;\n' in text
    assert "type LoginScript = (identifier: string, password: string, callback: Callback<Profile>)" in text
    assert "type LoginScriptWithContext = (identifier: string, password: string, context: Context, " in text
    assert json.loads((project.root / "jsconfig.json").read_text())["compilerOptions"]["checkJs"] is True
    assert write_editor_files(project.root, project) == ()
    read(project.root, PROJECT.replace("ONLY_DEV", "ONLY_HERE"))
    refresh_editor_files(project)
    assert "readonly ONLY_HERE: string;" in (project.root / "dbconn.d.ts").read_text()


def test_what_is_somebodys_own_stays(project: Project) -> None:
    (project.root / "dbconn.d.ts").write_text("declare const mine: string;\n")
    (project.root / "tsconfig.json").write_text("{}\n")
    assert write_editor_files(project.root, project) == ()
    refresh_editor_files(project)
    assert (project.root / "dbconn.d.ts").read_text() == "declare const mine: string;\n"
    assert not (project.root / "jsconfig.json").exists()


def test_nothing_comes_back_that_was_removed(project: Project) -> None:
    refresh_editor_files(project)
    assert not (project.root / "dbconn.d.ts").exists()


def test_a_key_cannot_leave_its_quotes() -> None:
    text = declarations({'x"; declare const y: any; //': ["users"], "é": ["users"], "class": ["users"]})
    assert '  readonly "x\\"; declare const y: any; //": string;' in text
    assert '  readonly "\\u00e9": string;' in text
    assert "  readonly class: string;" in text
