"""`dbconn history` and `dbconn rollback`: a way back that is verified and stays back."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from dbconn_tui.local_tenant.control import change

if TYPE_CHECKING:
    from conftest import World

SCRIPT = "scripts/users/login.js"
BROKEN = "function login(identifier, password, callback) {\n  return callback(null, configuration.API_KEY && {});\n}\n"


def live(world: World) -> Any:
    (connection,) = world.app.state.tenant.connections.values()
    return connection.body()


def login_live(world: World) -> str:
    text: str = live(world)["options"]["customScripts"]["login"]
    return text


@pytest.fixture
def good_login(project: World) -> str:
    """The script that is deployed first."""
    return project.read(SCRIPT)


@pytest.fixture
def twice(project: World, good_login: str) -> World:
    """A project deployed, changed and deployed again; the second version is the one to roll back."""
    assert project("deploy", "--yes", "--skip-lint").code == 0
    project.outside.clock.now += 100  # type: ignore[attr-defined]
    project.write(SCRIPT, BROKEN)
    assert project("deploy", "--yes", "--skip-lint").code == 0
    project.outside.clock.now += 100  # type: ignore[attr-defined]
    return project


def test_a_rollback_brings_back_what_was_live_before_the_last_deploy(twice: World, good_login: str) -> None:
    done = twice("rollback", "users", "--yes")
    assert done.code == 0, done.err
    assert login_live(twice) == good_login
    assert "rolls back to before deploy" in done.out
    assert "Rollback to dev: 1 deployed." in done.out


def test_the_plan_shows_the_bad_version_as_your_change_and_deploy_refuses_it(twice: World, good_login: str) -> None:
    twice("rollback", "users", "--yes")
    plan = twice("plan", "--json").json
    assert [c["item"] for c in plan["connections"][0]["changes"]] == ["script:login"]
    refused = twice("deploy", "--yes", "--skip-lint")
    assert refused.code == 5
    assert "redeploy-rolled-back" in refused.err
    assert login_live(twice) == good_login
    allowed = twice("deploy", "--yes", "--skip-lint", "--allow", "redeploy-rolled-back")
    assert allowed.code == 0, allowed.err
    assert login_live(twice) == BROKEN
    assert twice("deploy", "--yes", "--skip-lint").code == 0


def test_a_mended_version_is_deployed_without_a_flag_and_the_bad_one_still_stays_back(twice: World) -> None:
    twice("rollback", "users", "--yes")
    twice.write(SCRIPT, BROKEN.replace("{})", "{ user_id: '1' })"))
    done = twice("deploy", "--yes", "--skip-lint")
    assert done.code == 0, done.err
    twice.write(SCRIPT, BROKEN)
    assert twice("deploy", "--yes", "--skip-lint").code == 5


def test_an_edit_on_the_tenant_is_shown_and_overwritten(twice: World, good_login: str) -> None:
    tenant = twice.app.state.tenant
    (connection,) = tenant.connections.values()
    change(tenant, connection, ("options", "customScripts", "login"), "function login() { dashboard }")
    change(tenant, next(iter(tenant.connections.values())), ("options", "disable_signup"), True)
    done = twice("rollback", "users", "--yes")
    assert done.code == 0, done.err
    assert "dashboard" in done.out
    assert login_live(twice) == good_login


def test_a_rollback_of_a_rollback_goes_forward_again(twice: World, good_login: str) -> None:
    twice("rollback", "users", "--yes")
    twice.outside.clock.now += 100  # type: ignore[attr-defined]
    assert twice("rollback", "users", "--yes").code == 0
    assert login_live(twice) == BROKEN


def test_an_earlier_deploy_is_taken_by_its_id(twice: World, good_login: str) -> None:
    listed = twice("history", "--json").json["deploys"]
    assert [entry["created"] for entry in listed] == [False, True]
    assert listed[0]["scripts"] == ["login"]
    done = twice("rollback", "users", "--to", listed[1]["id"], "--yes")
    assert done.code == 0, done.err
    assert login_live(twice) == good_login


def test_history_prints_one_script_byte_for_byte(twice: World, good_login: str) -> None:
    newest = twice("history", "--json").json["deploys"][0]["id"]
    assert twice("history", "show", newest, "users", "login").out == BROKEN
    assert twice("history", "show", newest, "users", "login", "--before").out == good_login
    assert twice("history", "show", "0000", "users", "login").code == 3
    assert twice("history", "show", newest, "users", "verify").code == 3


def test_a_machine_that_never_deployed_rolls_back_with_the_history_folder(
    twice: World, good_login: str, tmp_path: Path
) -> None:
    elsewhere = replace(twice, outside=replace(twice.outside, state_folder=tmp_path / "another-machine"))
    refused = elsewhere("rollback", "users", "--yes")
    assert refused.code == 3
    assert "--history" in refused.err
    done = elsewhere("rollback", "users", "--yes", "--history", str(twice.outside.state_folder))
    assert done.code == 0, done.err
    assert login_live(twice) == good_login


def git(world: World, *arguments: str) -> None:
    subprocess.run(
        ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", *arguments],
        cwd=world.folder,
        check=True,
        capture_output=True,
    )


def test_the_scripts_of_a_git_ref_come_back_on_a_machine_without_history(
    project: World, good_login: str, tmp_path: Path
) -> None:
    git(project, "init", "-q")
    git(project, "add", ".")
    git(project, "commit", "-qm", "good")
    git(project, "tag", "good")
    project("deploy", "--yes", "--skip-lint")
    project.write(SCRIPT, BROKEN)
    git(project, "commit", "-qam", "bad")
    project("deploy", "--yes", "--skip-lint")
    elsewhere = replace(project, outside=replace(project.outside, state_folder=tmp_path / "another-machine"))
    done = elsewhere("rollback", "users", "--to", "good", "--yes")
    assert done.code == 0, done.err
    assert login_live(project) == good_login


@pytest.mark.parametrize("to", ["no-such-ref", "--upload-pack=x", "00000000"])
def test_what_is_neither_a_deploy_nor_a_ref_is_said(twice: World, to: str) -> None:
    before = login_live(twice)
    done = twice("rollback", "users", f"--to={to}", "--yes")
    assert done.code == 3
    assert "dbconn history" in done.err
    assert login_live(twice) == before


def test_a_connection_that_its_only_deploy_created_has_nothing_before(project: World) -> None:
    project("deploy", "--yes", "--skip-lint")
    done = project("rollback", "users", "--yes")
    assert done.code == 3
    assert "--to REF" in done.err


def test_a_script_that_came_later_stays_unless_its_deletion_is_allowed(project: World) -> None:
    project("deploy", "--yes", "--skip-lint")
    project.outside.clock.now += 100  # type: ignore[attr-defined]
    project.write("scripts/users/verify.js", "function verify(email, callback) {\n  return callback(null);\n}\n")
    project("deploy", "--yes", "--skip-lint")
    done = project("rollback", "users", "--yes")
    assert "verify came later and stays" in done.out
    assert "verify" in live(project)["options"]["customScripts"]
    project.outside.clock.now += 100  # type: ignore[attr-defined]
    newest = project("history", "--json").json["deploys"][-1]["id"]
    done = project("rollback", "users", "--to", newest, "--yes", "--allow", "delete-script")
    assert done.code == 0, done.err
    assert "verify" not in live(project)["options"]["customScripts"]


def test_lint_does_not_stand_in_the_way_and_no_question_is_asked_elsewhere(twice: World, good_login: str) -> None:
    twice.write(SCRIPT, "this is not JavaScript")
    refused = twice("rollback", "users")
    assert refused.code == 3
    assert "--yes" in refused.err
    assert twice("rollback", "users", "--yes").code == 0
    assert login_live(twice) == good_login


def test_no_value_is_in_the_history(twice: World) -> None:
    texts = [path.read_text() for path in twice.outside.state_folder.rglob("*") if path.is_file()]
    assert texts
    assert not any("a-value-that-must-never-show" in text for text in texts)
