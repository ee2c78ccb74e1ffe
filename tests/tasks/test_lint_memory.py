"""Remembered lint is the same lint, and never outlives what it was about."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from dbconn_tui.lint import check
from dbconn_tui.lint.check import check_connection, hard_problems, lint_connection
from dbconn_tui.problems import Place
from dbconn_tui.project.values import Connection, Script, TextValue
from dbconn_tui.tasks import lint_memory
from dbconn_tui.tasks.lint_memory import check_connections

LOGIN = "function login(identifier, password, callback) {\n  return callback(null, configuration.MISSING);\n}\n"


def connection_with(text: str = LOGIN, **rest: object) -> Connection:
    script = Script("login", Path("scripts/users/login.js"), "scripts/users/login.js", text)
    return Connection("users", "users", scripts={"login": script}, **rest)  # type: ignore[arg-type]


BROKEN = [connection_with(), connection_with("function login( {"), connection_with("a(); b();"), connection_with("")]


@pytest.mark.parametrize("connection", BROKEN)
def test_one_pass_finds_what_the_two_find(connection: Connection) -> None:
    checked = check_connection(connection)
    assert checked.problems == lint_connection(connection)
    assert checked.hard == hard_problems(connection)
    assert checked.problems or checked.hard


@pytest.mark.parametrize("connection", BROKEN)
def test_what_is_remembered_is_what_was_found(tmp_path: Path, connection: Connection) -> None:
    first = check_connections(tmp_path, [connection], "recommended")
    assert check_connections(tmp_path, [connection], "recommended") == first
    assert first["users"] == check_connection(connection)


def test_the_second_time_nothing_is_linted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check_connections(tmp_path, [connection_with()], "recommended")
    monkeypatch.setattr(check, "check_connection", lambda *arguments, **rest: pytest.fail("linted again"))
    check_connections(tmp_path, [connection_with()], "recommended")


@pytest.mark.parametrize(
    "changed",
    [
        connection_with(LOGIN.replace("MISSING", "OTHER")),
        connection_with(configuration={"MISSING": TextValue("now given")}),
        connection_with(options={"enable_script_context": True}),
        connection_with(lint={"configuration-undefined": "off"}),
        connection_with(place=Place("dbconn.yaml", 9, 3)),
        replace(connection_with(), import_mode=True),
    ],
)
def test_any_change_is_linted_anew(tmp_path: Path, changed: Connection) -> None:
    check_connections(tmp_path, [connection_with()], "recommended")
    assert check_connections(tmp_path, [changed], "recommended")["users"] == check_connection(changed)


def test_another_preset_and_another_rule_set_remember_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check_connections(tmp_path, [connection_with()], "recommended")
    strict = check_connections(tmp_path, [connection_with()], "strict")
    assert strict["users"] == check_connection(connection_with(), preset="strict")
    monkeypatch.setattr(lint_memory, "__version__", "99")
    linted: list[str] = []
    real = check_connection

    def counting(connection: Connection, *, preset: str) -> object:
        linted.append(connection.key)
        return real(connection, preset=preset)

    monkeypatch.setattr(check, "check_connection", counting)
    check_connections(tmp_path, [connection_with()], "recommended")
    assert linted == ["users"]


@pytest.mark.parametrize("content", ["", "[]", '{"rules": 1}', "\x00", '{"rules": "x", "entries": {"y": 3}}'])
def test_a_damaged_memory_only_costs_time(tmp_path: Path, content: str) -> None:
    (tmp_path / "lint.json").write_text(content)
    assert check_connections(tmp_path, [connection_with()], "recommended")["users"].problems


def test_damaged_entries_are_linted_again(tmp_path: Path) -> None:
    check_connections(tmp_path, [connection_with()], "recommended")
    file = tmp_path / "lint.json"
    content = json.loads(file.read_text())
    content["entries"] = {key: {"problems": [{"rule": 1}]} for key in content["entries"]}
    file.write_text(json.dumps(content))
    found = check_connections(tmp_path, [connection_with()], "recommended")
    assert found["users"] == check_connection(connection_with())


def test_a_state_folder_that_cannot_be_written_only_costs_time(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("in the way")
    assert check_connections(file / "state", [connection_with()], "recommended")["users"].problems


def test_no_configuration_text_is_kept(tmp_path: Path) -> None:
    connection = connection_with(configuration={"URL": TextValue("https://users.acme.com")})
    check_connections(tmp_path, [connection], "recommended")
    assert "users.acme.com" not in (tmp_path / "lint.json").read_text()
