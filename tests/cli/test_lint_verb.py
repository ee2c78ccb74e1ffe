"""lint and explain from the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import World

BAD = "function login(identifier, password, callback) {\n  return callback(null, ;\n}\n"
PROBLEM_KEYS = {
    "rule", "severity", "certainty", "file", "line", "column", "end_line", "end_column", "message", "hint",
}  # fmt: skip


def test_clean_scripts_exit_0_without_a_tenant(project: World) -> None:
    result = project("lint")
    assert result.code == 0
    assert project.requests == []


def test_an_error_has_a_place_the_line_and_a_caret(project: World) -> None:
    project.write("scripts/users/login.js", BAD)
    result = project("lint")
    assert result.code == 1
    assert "scripts/users/login.js:2:" in result.out
    assert "return callback(null, ;" in result.out
    assert "^" in result.out
    assert "dbconn explain script-syntax" in result.err


def test_json_has_the_shape_of_design_4(project: World) -> None:
    project.write("scripts/users/login.js", BAD)
    result = project("lint", "--format", "json")
    assert result.code == 1
    assert set(result.json) == {"version", "problems"}
    assert all(set(problem) == PROBLEM_KEYS for problem in result.json["problems"])
    assert project("lint", "--json").json == result.json


def test_strict_counts_warnings(project: World) -> None:
    project.write("scripts/users/get_user.js", "(identifier, callback) => callback(null);\n")
    assert "2 warnings" in project("lint").out
    assert project("lint").code == 0
    assert project("lint", "--strict").code == 1


def test_findings_of_several_tenants_come_once(project: World) -> None:
    project.write("scripts/users/login.js", BAD)
    once = project("lint", "--json").json["problems"]
    text = project.read("dbconn.yaml").replace("tenants:\n", "tenants:\n  prod: {domain: prod.example.com}\n")
    project.write("dbconn.yaml", text)
    assert project("lint", "--json").json["problems"] == [
        {**problem, "line": problem["line"] + (problem["file"] == "dbconn.yaml"),
         "end_line": problem["end_line"] + (problem["file"] == "dbconn.yaml")}
        for problem in once
    ]  # fmt: skip


def test_what_only_one_tenant_sees_is_found(project: World) -> None:
    text = project.read("dbconn.yaml").replace("tenants:\n", "tenants:\n  prod: {domain: prod.example.com}\n")
    project.write("dbconn.yaml", f"{text}    tenants:\n      prod: {{configuration: {{API_KEY: null}}}}\n")
    assert "configuration-undefined" in project("lint").out


def test_a_connection_of_one_tenant_only_can_be_named(project: World) -> None:
    text = project.read("dbconn.yaml").replace("tenants:\n", "tenants:\n  prod: {domain: prod.example.com}\n")
    project.write("dbconn.yaml", f"{text}    only: [prod]\n")
    assert project("lint", "users").code == 0


class TestStdin:
    """`lint -` reads one script and needs no project."""

    def test_a_clean_script(self, world: World) -> None:
        script = "function getUser(identifier, callback) {\n  return callback(null);\n}\n"
        result = world("lint", "-", "--kind", "get_user", stdin=script)
        assert (result.code, result.out) == (0, "1 script: no problems\n")

    def test_a_broken_one(self, world: World) -> None:
        result = world("lint", "-", "--kind", "login", stdin=BAD)
        assert result.code == 1
        assert "<stdin>:2:" in result.out

    def test_the_kind_is_asked_for(self, world: World) -> None:
        result = world("lint", "-", stdin=BAD)
        assert result.code == 3
        assert "Pass --kind with one of: login, get_user" in result.err

    @pytest.mark.parametrize(
        "words", [["-", "--kind", "log_in"], ["-", "users", "--kind", "login"], ["--kind", "login"]]
    )
    def test_mistakes(self, world: World, words: list[str]) -> None:
        assert world("lint", *words, stdin=BAD).code == 3

    def test_a_terminal_is_no_script(self, world: World) -> None:
        result = world("lint", "-", "--kind", "login", terminal=True)
        assert result.code == 3
        assert "stdin is a terminal" in result.err


class TestBrokenProject:
    """A dbconn.yaml that cannot be used: every problem with its place, exit 3, whatever the verb."""

    TEXT = "version: 1\ntenants:\n  dev: {domian: dev.example.com}\nconnections:\n  users: {import_mode: maybe}\n"

    @pytest.mark.parametrize(
        "words",
        [["lint"], ["plan"], ["deploy", "--yes"], ["status"], ["secrets", "list"], ["secrets", "check"], []],
    )
    def test_every_problem_is_told(self, world: World, words: list[str]) -> None:
        world.write("dbconn.yaml", self.TEXT)
        result = world(*words)
        assert result.code == 3
        assert "dbconn.yaml:3:" in result.err
        assert "dbconn.yaml:5:" in result.err
        assert world.requests == []

    def test_as_json_the_problems_stand_beside_the_error(self, world: World) -> None:
        world.write("dbconn.yaml", self.TEXT)
        answer = world("lint", "--json").json
        assert set(answer) == {"version", "error", "problems"}
        assert set(answer["error"]) == {"code", "message", "hint"}
        assert answer["error"]["code"] == "project"
        assert {problem["line"] for problem in answer["problems"]} >= {3, 5}
        assert all(set(problem) == PROBLEM_KEYS for problem in answer["problems"])

    def test_no_project_at_all(self, world: World) -> None:
        result = world("plan")
        assert result.code == 3
        assert "dbconn init" in result.err

    def test_a_config_that_is_not_there(self, world: World) -> None:
        result = world("plan", "--config", "elsewhere.yaml")
        assert result.code == 3
        assert "elsewhere.yaml" in result.err


def test_explain_says_why_with_examples(world: World) -> None:
    result = world("explain", "script-syntax")
    assert result.code == 0
    assert "Bad:" in result.out
    assert "Good:" in result.out


def test_explain_without_a_name_lists_all(world: World) -> None:
    assert "script-syntax" in world("explain").out
    rules = world("explain", "--json").json["rules"]
    assert len(world("explain").out.splitlines()) == len(rules)
    assert [rule["id"] for rule in world("explain", "script-syntax", "--json").json["rules"]] == ["script-syntax"]


def test_explain_an_unknown_rule(world: World) -> None:
    result = world("explain", "script-sintax")
    assert result.code == 3
    assert "script-syntax" in result.err
