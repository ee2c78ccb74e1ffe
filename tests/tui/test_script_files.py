"""Scripts on the disk: opened, watched, written back; a new one gets a file, and dbconn.yaml a line if it must."""

from __future__ import annotations

from pathlib import Path

import pytest

from dbconn_tui.errors import ProjectError, RefusedError, UsageError
from dbconn_tui.project.read import read_project
from dbconn_tui.project.values import Tenant
from dbconn_tui.tasks.workspace import Workspace, workspace_for
from dbconn_tui.tui.script_files import (
    ScriptSet,
    editor_command,
    lint_texts,
    moved,
    open_scripts,
    write_script,
)

LOGIN = "function login(email, password, callback) {\n  callback(null, { user_id: email });\n}\n"
FOLDER = """\
version: 1
connections:
  users:
    import_mode: true
    configuration:
      URL: https://users.example.com
      KEY: {secret: users_key}
"""
MAP = f"{FOLDER}    scripts:\n      login: scripts/users/login.js\n"


def workspace(folder: Path, text: str) -> Workspace:
    (folder / "dbconn.yaml").write_text(text, encoding="utf-8")
    script = folder / "scripts" / "users" / "login.js"
    if not script.exists():
        script.parent.mkdir(parents=True)
        script.write_bytes(LOGIN.encode())
    project, problems = read_project(folder / "dbconn.yaml")
    assert project is not None, problems
    return workspace_for(project, problems, Tenant("dev", "acme.auth0.com"))


def opened(folder: Path, text: str = FOLDER) -> ScriptSet:
    return open_scripts(workspace(folder, text), "users")


def test_what_is_there_and_what_could_be(tmp_path: Path) -> None:
    scripts = opened(tmp_path)
    assert [one.kind for one in scripts.files] == ["login"]
    assert scripts.files[0].text == LOGIN
    assert [one.kind for one in scripts.missing][:2] == ["get_user", "create"]
    assert dict(scripts.settings)["configuration.KEY"] == "{secret: users_key}"
    assert moved(scripts) == ()


@pytest.mark.parametrize("text", [FOLDER, MAP])
def test_a_new_script_is_a_script_of_the_connection_from_then_on(tmp_path: Path, text: str) -> None:
    scripts = opened(tmp_path, text)
    file = scripts.file("get_user")
    assert file is not None
    written = write_script(scripts, file, "function getUser() {}\n")
    assert moved(scripts.having(written)) == ()
    assert [one.kind for one in scripts.having(written).files] == ["login", "get_user"]
    after = workspace(tmp_path, (tmp_path / "dbconn.yaml").read_text(encoding="utf-8"))
    assert after.connection("users").scripts["get_user"].text == "function getUser() {}\n"


def test_what_someone_else_wrote_is_not_written_over(tmp_path: Path) -> None:
    scripts = opened(tmp_path)
    (tmp_path / "scripts/users/login.js").write_bytes(b"// theirs\n")
    with pytest.raises(RefusedError):
        write_script(scripts, scripts.files[0], "// mine\n")
    assert [one.data for one in moved(scripts)] == [b"// theirs\n"]
    (tmp_path / "scripts/users/login.js").unlink()
    assert [one.data for one in moved(scripts)] == [None]
    (tmp_path / "scripts/users/login.js").write_bytes(b"\xff\xfe")
    with pytest.raises(ProjectError, match="not UTF-8"):
        moved(scripts)


def test_lint_looks_at_the_texts_it_is_given(tmp_path: Path) -> None:
    scripts = opened(tmp_path)
    assert "script-syntax" not in {problem.rule for problem in lint_texts(scripts, {"login": LOGIN})["login"]}
    broken = lint_texts(scripts, {"login": "function login(", "get_user": "function getUser() {}\n"})
    assert "script-syntax" in {problem.rule for problem in broken["login"] if problem.blocks}
    assert {problem.place.file for problem in broken["get_user"]} == {"scripts/users/get_user.js"}


def test_the_users_own_editor(tmp_path: Path) -> None:
    file = opened(tmp_path).files[0]
    path = str(file.path)
    assert editor_command({"EDITOR": "nano"}, file) == ["nano", path]
    assert editor_command({"VISUAL": "code --wait", "EDITOR": "nano"}, file) == ["code", "--wait", path]
    for environment in ({}, {"EDITOR": " "}, {"EDITOR": "'"}):
        with pytest.raises(UsageError):
            editor_command(environment, file)
