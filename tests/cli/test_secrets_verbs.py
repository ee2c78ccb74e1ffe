"""secrets set, list, check, delete: values come in hidden and never out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dbconn_tui.secret_store.values import value_service

if TYPE_CHECKING:
    from tests.cli.conftest import World

SERVICE = value_service("dev.example.com")


def stored(world: World, name: str) -> str | None:
    value = world.outside.store.get(SERVICE, name)
    return value.reveal() if value else None


def test_a_value_from_stdin_loses_one_line_end_and_says_so(project: World) -> None:
    result = project("secrets", "set", "api_key", stdin="a new value\n\n")
    assert result.code == 0
    assert stored(project, "api_key") == "a new value\n"
    assert "One line end" in result.err
    assert "a new value" not in result.out + result.err


def test_a_value_from_the_hidden_prompt(project: World) -> None:
    project.hidden.append("typed in secret")
    result = project("secrets", "set", "api_key", "--tenant", "dev", terminal=True)
    assert result.code == 0
    assert stored(project, "api_key") == "typed in secret"
    assert "Value of api_key on dev (not shown)" in result.err
    assert "typed in secret" not in result.out + result.err


def test_a_terminal_without_prompts_is_told_to_use_stdin(project: World) -> None:
    result = project("secrets", "set", "api_key", "--no-input", terminal=True)
    assert result.code == 3
    assert "dbconn secrets set api_key --tenant dev < file" in result.err


def test_the_platforms_ciphertext_is_refused(project: World) -> None:
    result = project("secrets", "set", "api_key", stdin=f"2.0${'a' * 32}${'b' * 32}${'c' * 64}")
    assert result.code == 3
    assert "ciphertext" in result.err


def test_a_bad_name_and_an_empty_value(project: World) -> None:
    assert project("secrets", "set", "1st", stdin="x").code == 3
    assert project("secrets", "set", "api_key", stdin="\n").code == 3
    other_case = project("secrets", "set", "API_key", stdin="x")
    assert other_case.code == 3
    assert "dbconn secrets set api_key" in other_case.err


def test_a_name_nobody_uses_is_stored_with_a_note(project: World) -> None:
    result = project("secrets", "set", "later", stdin="x")
    assert result.code == 0
    assert "{secret: later}" in result.err


def test_list_names_uses_and_sources_never_values(project: World) -> None:
    result = project("secrets", "list")
    assert "api_key" in result.out
    assert "users.API_KEY" in result.out
    assert "keyring" in result.out
    assert "never-show" not in result.out
    from_environment = project("secrets", "list", environment={"DBCONN_SECRET_API_KEY": "x"})
    assert "DBCONN_SECRET_API_KEY" in from_environment.out


def test_check_is_0_when_all_is_there_and_3_when_not(project: World) -> None:
    assert project("secrets", "check").code == 0
    assert project("secrets", "delete", "api_key").code == 0
    missing = project("secrets", "check")
    assert missing.code == 3
    assert "dbconn secrets set api_key --tenant dev" in missing.out
    answer = project("secrets", "check", "--json")
    assert answer.code == 3
    assert answer.json["error"]["code"] == "unresolved-value"
    listed = project("secrets", "list", "--json").json["secrets"]
    assert [(row["name"], row["available"]) for row in listed] == [("api_key", False)]


def test_deleting_twice_is_a_mistake(project: World) -> None:
    assert project("secrets", "delete", "api_key", "--json").json["secrets"][0]["state"] == "deleted"
    result = project("secrets", "delete", "api_key")
    assert result.code == 3
    assert "no value is stored" in result.err


def test_a_variable_of_the_project_is_listed_too(project: World) -> None:
    project.write("dbconn.yaml", project.read("dbconn.yaml").replace("{secret: api_key}", "{env: THE_KEY}"))
    assert "THE_KEY (env)" in project("secrets", "list").out
    assert project("secrets", "check").code == 3
    assert project("secrets", "check", environment={"THE_KEY": "x"}).code == 0


def test_values_of_local_runs_have_a_place_of_their_own(project: World) -> None:
    text = project.read("dbconn.yaml")
    user = "    test_user: {email: robin@example.com, password: {secret: robin_password}}\n"
    head, found, rest = text.partition("  users:\n")
    assert found
    project.write("dbconn.yaml", head + found + user + rest)
    result = project("secrets", "set", "robin_password", "--tenant", "local", stdin="a password")
    assert result.code == 0, result.err
    assert "Stored robin_password for local" in result.out
    assert "uses it yet" not in result.err
    assert stored(project, "robin_password") is None
    kept = project.outside.store.get(value_service("local"), "robin_password")
    assert kept is not None
    assert kept.reveal() == "a password"
    assert project("secrets", "delete", "robin_password", "-t", "local").code == 0
