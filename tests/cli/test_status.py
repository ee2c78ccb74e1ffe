"""status, and `dbconn` alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dbconn_tui.cli.status import age

if TYPE_CHECKING:
    from tests.cli.conftest import World


def line_of(out: str, name: str) -> str:
    return next(line for line in out.splitlines() if f" {name} " in f"{line} ")


def test_offline_it_says_what_the_files_say(project: World) -> None:
    result = project("status")
    assert result.code == 0
    assert "not read yet" in line_of(result.out, "users")
    assert project.requests == []
    assert "dbconn status --check" in result.err


def test_check_reads_the_tenant_and_is_remembered_with_its_age(project: World) -> None:
    assert "not deployed yet" in line_of(project("status", "--check").out, "users")
    project.outside.clock.now += 7200  # type: ignore[attr-defined]
    before = len(project.requests)
    remembered = project("status")
    assert "read 2 h ago" in remembered.out
    assert "not deployed yet" in line_of(remembered.out, "users")
    assert len(project.requests) == before


def test_after_a_deploy_it_is_in_sync_until_a_file_changes(project: World) -> None:
    project("deploy", "--yes")
    assert line_of(project("status").out, "users").startswith("✓  users")
    project.write("scripts/users/get_user.js", "function getUser(identifier, callback) { callback(null); }\n")
    assert "changed here" in line_of(project("status").out, "users")
    assert "changed here: 1 item" in line_of(project("status", "--check").out, "users")


def test_lint_errors_and_missing_values_come_first(project: World) -> None:
    project("deploy", "--yes")
    project("secrets", "delete", "api_key")
    assert "1 value missing here" in line_of(project("status").out, "users")
    project.write("scripts/users/login.js", "function login(")
    result = project("status")
    assert "lint error" in line_of(result.out, "users")
    assert "dbconn lint" in result.err


def test_a_damaged_memory_is_no_failure(project: World) -> None:
    project("plan")
    (memory,) = project.outside.state_folder.rglob("status.json")
    for text in ("{", "[]", '{"version": 1, "connections": {"users": 3}}', '{"version": 1, "connections": []}'):
        memory.write_text(text, encoding="utf-8")
        assert project("status").code == 0


def test_an_empty_project_says_how_to_go_on(world: World) -> None:
    world.write("dbconn.yaml", "version: 1\ntenants:\n  dev: {domain: dev.example.com}\n")
    result = world("status")
    assert result.code == 0
    assert "No connections yet." in result.out
    assert "dbconn add" in result.err


def test_without_a_terminal_dbconn_alone_is_the_status(project: World) -> None:
    assert project().out == project("status").out
    assert project("--json").json == project("status", "--json").json
    assert project("--tenant", "dev").code == 0


def test_several_tenants_ask_for_one(project: World) -> None:
    text = project.read("dbconn.yaml").replace("tenants:\n", "tenants:\n  prod: {domain: prod.example.com}\n")
    project.write("dbconn.yaml", text)
    result = project("status")
    assert result.code == 3
    assert "--tenant" in result.err
    assert project("status", "-t", "prod").out.startswith("prod (prod.example.com)")


def test_ages() -> None:
    now = 1_000_000.0
    assert [age(now - seconds, now) for seconds in (0, 59, 60, 3600, 86_400 * 3)] == [
        "just now", "just now", "1 min ago", "1 h ago", "3 d ago",
    ]  # fmt: skip
    assert age(None, now) == "never"
