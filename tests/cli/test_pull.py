"""pull: what a tenant has comes into the files, whole for a new connection, item by item for a known one."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dbconn_tui.errors import ExitCode
from dbconn_tui.project.arrival import entry_faults, without_nulls
from dbconn_tui.project.rendering import block_lines

if TYPE_CHECKING:
    from tests.cli.conftest import World

LOGIN = "scripts/users/login.js"
BY_HAND = "// by hand\n"


def change_live(world: World, change: Callable[[dict[str, Any]], None], name: str = "users", **top: str) -> None:
    """Change a live connection's options behind dbconn's back, and its top level."""
    connections = world.app.state.tenant.connections
    key, stored = next((key, one) for key, one in connections.items() if one.name == name)
    options = {**stored.options, "customScripts": dict(stored.options.get("customScripts") or {})}
    change(options)
    connections[key] = replace(stored, options=options, top={**stored.top, **top})


def drift(options: dict[str, Any]) -> None:
    options["customScripts"]["login"] += BY_HAND


def git(world: World, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", *arguments],
        cwd=world.folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def commit(world: World) -> None:
    if not (world.folder / ".git").exists():
        git(world, "init", "-q")
    git(world, "add", "-A")
    git(world, "commit", "-q", "-m", "state")


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".git/" not in path.as_posix()
    }


@pytest.fixture
def deployed(project: World) -> World:
    """The project deployed and committed to git."""
    assert project("deploy", "--yes").code == 0
    commit(project)
    return project


@pytest.fixture
def drifted(deployed: World) -> World:
    """Deployed and committed, then its login script changed on the tenant."""
    change_live(deployed, drift)
    return deployed


ENVIRONMENT = {
    "AUTH0_DOMAIN": "dev.example.com",
    "AUTH0_CLIENT_ID": "client-of-the-tests",
    "AUTH0_CLIENT_SECRET": "the-client-secret-of-the-tests",
}


class TestKnown:
    """A connection that the files have."""

    def test_an_unchanged_one_changes_nothing(self, deployed: World) -> None:
        before = files(deployed.folder)
        result = deployed("pull", "--yes")
        assert (result.code, files(deployed.folder)) == (0, before)
        assert "Nothing to write" in result.out
        assert git(deployed, "status", "--porcelain") == ""

    def test_drift_is_taken_and_the_plan_is_in_sync(self, drifted: World) -> None:
        assert drifted("plan", "--detailed-exitcode").code == 2
        result = drifted("pull", "users/script:login", "--yes")
        assert result.code == 0
        assert "+ // by hand" in result.out
        assert drifted.read(LOGIN).endswith(BY_HAND)
        assert drifted("plan", "--detailed-exitcode").code == 0

    @pytest.mark.parametrize("word", ["users", ""])
    def test_without_an_item_what_moved_on_the_tenant_is_taken(self, drifted: World, word: str) -> None:
        assert drifted("pull", *filter(None, [word]), "--yes").code == 0
        assert drifted.read(LOGIN).endswith(BY_HAND)

    def test_what_only_the_files_changed_stays_unless_it_is_named(self, drifted: World) -> None:
        theirs = drifted.read("scripts/users/get_user.js")
        drifted.write("scripts/users/get_user.js", theirs + "// mine\n")
        commit(drifted)
        result = drifted("pull", "users", "--yes")
        assert drifted.read("scripts/users/get_user.js").endswith("// mine\n")
        assert "`dbconn pull users/script:get_user` takes the tenant's" in result.out
        assert drifted("pull", "users/script:get_user", "--yes").code == 0
        assert drifted.read("scripts/users/get_user.js") == theirs

    def test_a_conflict_is_resolved_towards_the_tenant(self, drifted: World) -> None:
        drifted.write(LOGIN, drifted.read(LOGIN) + "// mine\n")
        commit(drifted)
        assert "≠ users  was changed on both sides" in drifted("plan").out
        assert drifted("pull", "users/script:login", "--yes").code == 0
        assert drifted.read(LOGIN).endswith(f"}}\n{BY_HAND}")
        assert drifted("plan", "--detailed-exitcode").code == 0

    def test_a_script_that_only_the_tenant_has_comes_along(self, deployed: World) -> None:
        change_live(deployed, lambda options: options["customScripts"].update(create="function create(u, cb) {}\n"))
        result = deployed("pull", "users", "--yes")
        assert result.code == 0
        assert deployed.read("scripts/users/create.js") == "function create(u, cb) {}\n"
        assert deployed("plan", "--detailed-exitcode").code == 0

    def test_scripts_are_taken_byte_for_byte(self, deployed: World) -> None:
        text = "function login(a, b, cb) {\r\n  cb(null, 'ü€😀'); // ##NOT_A_KEYWORD##\t\n}\n\n\n"
        change_live(deployed, lambda options: options["customScripts"].update(login=text))
        assert deployed("pull", "users", "--yes").code == 0
        assert (deployed.folder / LOGIN).read_bytes() == text.encode()

    def test_an_option_that_the_files_manage(self, deployed: World) -> None:
        change_live(deployed, lambda options: options.update(brute_force_protection=False, disable_signup=True))
        result = deployed("pull", "--yes")
        assert "connections.users.options.brute_force_protection: true → false" in result.out
        assert "brute_force_protection: false" in deployed.read("dbconn.yaml")
        assert "disable_signup" not in deployed.read("dbconn.yaml")
        assert deployed("plan", "--detailed-exitcode").code == 0

    def test_an_option_that_they_do_not_manage_comes_by_name(self, deployed: World) -> None:
        change_live(deployed, lambda options: options.update(mfa={"active": False, "return_enroll_settings": True}))
        assert deployed("pull", "users/option:mfa.active", "--yes").code == 0
        assert "mfa:\n        active: false\n" in deployed.read("dbconn.yaml")
        assert deployed("pull", "users/option:mfa", "--yes").code == 0
        assert "return_enroll_settings: true" in deployed.read("dbconn.yaml")
        assert deployed("plan", "--detailed-exitcode").code == 0

    def test_an_option_that_the_tenant_lost_is_taken_away(self, deployed: World) -> None:
        change_live(deployed, lambda options: options.pop("brute_force_protection"))
        assert deployed("pull", "users", "--yes").code == 0
        assert "brute_force" not in deployed.read("dbconn.yaml")
        assert deployed("plan", "--detailed-exitcode").code == 0

    def test_what_defaults_say_is_taken_back_in_the_entry(self, deployed: World) -> None:
        text = deployed.read("dbconn.yaml")
        moved = text.replace("    options:\n      brute_force_protection: true\n", "")
        deployed.write(
            "dbconn.yaml", moved.replace("connections:", "defaults:\n  options: {disable_signup: false}\nconnections:")
        )
        commit(deployed)
        assert deployed("deploy", "--yes").code == 0
        change_live(deployed, lambda options: options.pop("disable_signup"))
        assert deployed("pull", "users", "--yes").code == 0
        assert "disable_signup: null" in deployed.read("dbconn.yaml")
        assert deployed("plan", "--detailed-exitcode").code == 0

    def test_import_mode_and_the_display_name(self, deployed: World) -> None:
        extra = "    import_mode: false\n    display_name: Users\n"
        deployed.write("dbconn.yaml", deployed.read("dbconn.yaml") + extra)
        assert deployed("deploy", "--yes").code == 0
        change_live(deployed, lambda options: options.update(import_mode=True), display_name="Our users")
        commit(deployed)
        assert deployed("pull", "users", "--yes").code == 0
        text = deployed.read("dbconn.yaml")
        assert "    import_mode: true\n" in text
        assert "display_name: Our users\n" in text
        assert deployed("plan", "--detailed-exitcode").code == 0

    def test_a_configuration_key_that_only_the_tenant_has_becomes_a_secret(self, deployed: World) -> None:
        change_live(
            deployed, lambda options: options.update(configuration={**options["configuration"], "NEW": "2.0$aa$bb$cc"})
        )
        assert deployed("plan", "--detailed-exitcode").code == 0
        result = deployed("pull", "users", "--yes")
        assert "NEW: {secret: users_new}" in deployed.read("dbconn.yaml")
        assert "dbconn secrets set users_new" in result.out
        assert "2.0$" not in result.out + deployed.read("dbconn.yaml")

    @pytest.mark.parametrize("word", ["users", "users/configuration:API_KEY"])
    def test_a_key_that_the_tenant_lost_is_taken_away(self, deployed: World, word: str) -> None:
        change_live(deployed, lambda options: options.pop("configuration"))
        assert "`dbconn pull users/configuration:API_KEY` takes the tenant's" in deployed("plan").out
        assert deployed("pull", word, "--yes").code == 0
        assert "API_KEY" not in deployed.read("dbconn.yaml")
        assert deployed("plan", "--detailed-exitcode").code == 0

    def test_the_platforms_switch_and_placeholders_stay(self, deployed: World) -> None:
        placeholder = "function create(user, cb) {\n  return cb(new Error('Please implement the Create script'));\n}\n"
        change_live(deployed, lambda options: options["customScripts"].update(create=placeholder))
        before = files(deployed.folder)
        assert deployed("pull", "--yes").code == 0
        assert files(deployed.folder) == before
        change_live(deployed, lambda options: options["customScripts"].update(login=placeholder))
        result = deployed("pull", "--yes")
        assert files(deployed.folder) == before
        assert "script login  left: the tenant has it no more" in result.out or "placeholder" in result.out

    def test_a_file_is_never_deleted(self, deployed: World) -> None:
        change_live(deployed, lambda options: options["customScripts"].pop("get_user"))
        result = deployed("pull", "users", "--yes")
        assert result.code == 0
        assert (deployed.folder / "scripts/users/get_user.js").exists()
        assert "delete the file to agree" in result.out

    def test_a_project_whose_scripts_are_missing_is_filled_again(self, deployed: World) -> None:
        texts = files(deployed.folder)
        (deployed.folder / LOGIN).unlink()
        (deployed.folder / "scripts/users/get_user.js").unlink()
        (deployed.folder / "scripts/users").rmdir()
        assert deployed("plan").code == 3
        assert deployed("pull", "users", "--yes").code == 0
        assert files(deployed.folder) == texts

    def test_a_kind_that_nobody_knows_gets_a_map(self, deployed: World) -> None:
        change_live(deployed, lambda options: options["customScripts"].update(migrate="function migrate(cb) {}\n"))
        assert deployed("pull", "users", "--yes").code == 0
        assert "migrate: scripts/users/migrate.js" in deployed.read("dbconn.yaml")
        assert deployed("plan", "--detailed-exitcode").code == 0

    def test_a_file_that_two_connections_share_is_not_torn(self, deployed: World) -> None:
        deployed.write("dbconn.yaml", deployed.read("dbconn.yaml") + "  others: {scripts: scripts/users}\n")
        assert deployed("deploy", "--yes").code == 0
        commit(deployed)
        change_live(deployed, drift)
        result = deployed("pull", "users", "--dry-run")
        assert f"{LOGIN} also serves the connection others" in result.out
        change_live(deployed, lambda options: options["customScripts"].update(login="function login() {}\n"), "others")
        result = deployed("pull", "--yes")
        assert result.code == 0
        assert "give each a file of its own" in result.out
        assert BY_HAND not in deployed.read(LOGIN)


class TestSeveralTenants:
    """What differs on one tenant never reaches another's values."""

    @pytest.fixture
    def shared(self, deployed: World) -> World:
        text = deployed.read("dbconn.yaml").replace("connections:", "  prod: {domain: prod.example.com}\nconnections:")
        deployed.write("dbconn.yaml", text)
        commit(deployed)
        return deployed

    def test_values_go_to_the_overlay(self, shared: World) -> None:
        change_live(shared, lambda options: options.update(brute_force_protection=False))
        assert shared("pull", "users", "-t", "dev", "--yes").code == 0
        text = shared.read("dbconn.yaml")
        assert "      brute_force_protection: true\n" in text
        assert "tenants:\n      dev:\n        options:\n          brute_force_protection: false\n" in text
        assert shared("plan", "-t", "dev", "--detailed-exitcode").code == 0

    def test_an_option_that_is_gone_there_is_null_in_the_overlay(self, shared: World) -> None:
        change_live(shared, lambda options: options.pop("brute_force_protection"))
        assert shared("pull", "users", "-t", "dev", "--yes").code == 0
        assert "brute_force_protection: null" in shared.read("dbconn.yaml")
        assert shared("plan", "-t", "dev", "--detailed-exitcode").code == 0

    def test_scripts_are_shared_and_it_is_said(self, shared: World) -> None:
        change_live(shared, drift)
        assert "the script files also serve prod" in shared("pull", "users", "-t", "dev", "--yes").out

    def test_a_new_connection_exists_on_its_tenant_only(self, shared: World) -> None:
        text = shared.read("dbconn.yaml")
        shared.write("dbconn.yaml", text[: text.index("connections:")] + "connections: {}\n")
        commit(shared)
        result = shared("pull", "-t", "dev", "--dry-run")
        assert "only: [dev]" in result.out

    def test_one_that_exists_elsewhere_only_is_opened_to_the_tenant(self, shared: World) -> None:
        shared.write("dbconn.yaml", shared.read("dbconn.yaml") + "    only: [prod]\n")
        commit(shared)
        change_live(shared, lambda options: options.update(brute_force_protection=False))
        assert shared("pull", "users", "-t", "dev", "--yes").code == 0
        assert "only: [prod, dev]" in shared.read("dbconn.yaml")
        assert "brute_force_protection: false" in shared.read("dbconn.yaml")
        assert shared("plan", "-t", "dev", "--detailed-exitcode").code == 0


class TestNewProject:
    """--config names a file that is not there."""

    def test_deploy_pull_elsewhere_plan_shows_keys_only(self, deployed: World) -> None:
        change_live(
            deployed,
            lambda options: options["customScripts"].update(
                change_email="function changeEmail(e, n, v, cb) {\r\n  cb(null, true);\r\n}",
                verify="function verify(e, cb) {\n  cb(new Error('Please implement the Verify script'));\n}\n",
            ),
        )
        change_live(deployed, lambda options: options.update(disable_signup=True, mfa={"active": False}))
        result = deployed("pull", "--config", "new/dbconn.yaml", "--yes", environment=ENVIRONMENT)
        assert result.code == 0, result.err
        assert "dbconn secrets set users_api_key --config new/dbconn.yaml" in result.out
        assert "script verify  left: the dashboard's placeholder" in result.out
        assert set(files(deployed.folder / "new")) == {
            "dbconn.yaml",
            ".gitattributes",
            "scripts/users/login.js",
            "scripts/users/get_user.js",
            "scripts/users/change_email.js",
        }
        for kind in ("login", "get_user"):
            assert deployed.read(f"new/scripts/users/{kind}.js") == deployed.read(f"scripts/users/{kind}.js")
        text = deployed.read("new/dbconn.yaml")
        entry = text[text.index("connections:") :]
        assert entry == (
            "connections:\n  users:\n    configuration:\n      API_KEY: {secret: users_api_key}\n"
            "    options:\n      disable_signup: true\n      mfa:\n        active: false\n"
        )
        assert "  dev:\n    domain: dev.example.com\n    client_id: client-of-the-tests\n" in text
        plan = deployed("plan", "--config", "new/dbconn.yaml", "--json").json
        [users] = plan["connections"]
        assert [change["item"] for change in users["changes"]] == ["configuration:API_KEY"]
        assert users["state"] == "undecided"

    def test_pulled_and_adopted_it_plans_empty(self, deployed: World) -> None:
        result = deployed("pull", "--config", "new/dbconn.yaml", "--yes", environment=ENVIRONMENT)
        assert "dbconn adopt users --config new/dbconn.yaml" in result.out
        assert deployed("adopt", "users", "--config", "new/dbconn.yaml", "--yes").code == 0
        assert deployed("plan", "--config", "new/dbconn.yaml", "--detailed-exitcode").code == 0

    def test_a_second_pull_changes_nothing(self, deployed: World) -> None:
        assert deployed("pull", "--config", "new/dbconn.yaml", "--yes", environment=ENVIRONMENT).code == 0
        before = files(deployed.folder)
        again = deployed("pull", "--config", "new/dbconn.yaml", "--yes")
        assert (again.code, files(deployed.folder)) == (0, before)
        assert "Nothing to write" in again.out

    def test_names_that_differ_by_case_get_folders_apart(self, deployed: World) -> None:
        connections = deployed.app.state.tenant.connections
        stored = next(iter(connections.values()))
        for number, name in enumerate(("Users", "USERS", "con")):
            connections[f"con_{number}"] = replace(stored, id=f"con_{number}", name=name)
        assert deployed("pull", "--config", "new/dbconn.yaml", "--yes", environment=ENVIRONMENT).code == 0
        folders = {path.rpartition("/")[0] for path in files(deployed.folder / "new") if path.endswith(".js")}
        assert len(folders) == 4
        assert len({folder.casefold() for folder in folders}) == 4
        assert "scripts/con" not in folders
        plan = deployed("plan", "--config", "new/dbconn.yaml", "--json").json
        assert [len(one["changes"]) for one in plan["connections"]] == [1, 1, 1, 1]
        text = deployed.read("new/dbconn.yaml").casefold()
        names = [line.partition("secret: ")[2].rstrip("}") for line in text.splitlines() if "{secret:" in line]
        assert len(set(names)) == 4

    def test_databases_that_keep_their_users_in_auth0_stay_out(self, deployed: World) -> None:
        change_live(deployed, lambda options: options.update(enabledDatabaseCustomization=False))
        result = deployed("pull", "--config", "new/dbconn.yaml", "--dry-run", environment=ENVIRONMENT)
        assert "users" not in result.out
        named = deployed("pull", "users", "--config", "new/dbconn.yaml", "--yes", environment=ENVIRONMENT)
        assert named.code == 3
        assert "enabledDatabaseCustomization is off" in named.err

    def test_nothing_but_placeholders_is_skipped_and_said(self, deployed: World) -> None:
        text = "function login(a, b, cb) { cb(new Error('Please implement the Login script')); }\n"
        change_live(deployed, lambda options: options.update(customScripts={"login": text}))
        result = deployed("pull", "--config", "new/dbconn.yaml", "--yes", environment=ENVIRONMENT)
        assert "users  not taken: it has no script that could be a file" in result.out

    def test_what_reading_would_refuse_stays_on_the_tenant(self, deployed: World) -> None:
        def odd(options: dict[str, Any]) -> None:
            options["customScripts"].update(logn="x", create="\ufeffx")
            options.update(
                requires_usernam=True, mfa={"active": "yes"}, passwordPolicy="odd", non_persistent_attrs=[None]
            )
            options.update(from_the_future={"a": 1e300, "b": {"c": [1, "no"]}})

        change_live(deployed, odd)
        result = deployed("pull", "--config", "new/dbconn.yaml", "--yes", environment=ENVIRONMENT)
        assert result.code == 0, result.err
        for item in ("script logn", "script create", "option requires_usernam", "option mfa.active"):
            assert f"{item}  left: " in result.out
        assert "from_the_future:" in deployed.read("new/dbconn.yaml")
        plan = deployed("plan", "--config", "new/dbconn.yaml", "--json").json
        assert [c["item"] for c in plan["connections"][0]["changes"] if not c["item"].startswith("script:")] == [
            "configuration:API_KEY"
        ]

    def test_without_a_tenant_in_the_environment_it_says_what_to_set(self, world: World) -> None:
        result = world("pull", "--config", "new/dbconn.yaml", "--yes")
        assert result.code == 3
        assert "AUTH0_DOMAIN" in result.err
        assert not (world.folder / "new").exists()

    def test_the_tenant_can_be_named(self, deployed: World) -> None:
        words = ["pull", "--config", "new/dbconn.yaml", "-t", "staging", "--yes"]
        assert deployed(*words, environment=ENVIRONMENT).code == 0
        assert "  staging:\n    domain: dev.example.com\n" in deployed.read("new/dbconn.yaml")


def test_defaults_that_differ_are_taken_back_for_a_new_connection(deployed: World) -> None:
    head = deployed.read("dbconn.yaml").partition("connections:")[0]
    defaults = "defaults:\n  scripts: scripts/common\n  import_mode: true\n  options: {disable_signup: true}\n"
    deployed.write("dbconn.yaml", head.replace("0011", "1100") + defaults)
    result = deployed("pull", "users", "--yes", terminal=True, stdin="y\n")
    assert result.code == 0, result.err
    plan = deployed("plan", "--json").json
    assert [change["item"] for change in plan["connections"][0]["changes"]] == ["configuration:API_KEY"]
    assert "scripts: scripts/users" in deployed.read("dbconn.yaml")


class TestAsking:
    """Nothing is written unasked, and nothing that git does not have is replaced without a terminal's yes."""

    def test_a_dry_run_writes_nothing(self, drifted: World) -> None:
        before = files(drifted.folder)
        result = drifted("pull", "--dry-run")
        assert (result.code, files(drifted.folder)) == (0, before)
        assert "+ // by hand" in result.out

    def test_elsewhere_yes_is_needed(self, drifted: World) -> None:
        before = files(drifted.folder)
        result = drifted("pull")
        assert (result.code, files(drifted.folder)) == (3, before)
        assert "Pass --yes." in result.err

    @pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("\n", 130), ("n\n", 130), ("", 130)])
    def test_the_question(self, drifted: World, answer: str, code: int) -> None:
        result = drifted("pull", terminal=True, stdin=answer)
        assert "Write 1 file? [y/N]" in result.err
        assert result.code == code
        assert drifted.read(LOGIN).endswith(BY_HAND) is (code == 0)

    def test_uncommitted_work_is_not_replaced_by_a_script(self, drifted: World) -> None:
        drifted.write(LOGIN, drifted.read(LOGIN) + "// precious\n")
        result = drifted("pull", "users/script:login", "--yes")
        assert result.code == ExitCode.REFUSED
        assert f"not committed to git, and would be replaced: {LOGIN}" in result.err
        assert "precious" in drifted.read(LOGIN)

    def test_at_a_terminal_it_asks_even_with_yes(self, drifted: World) -> None:
        drifted.write(LOGIN, drifted.read(LOGIN) + "// precious\n")
        words = ["pull", "users/script:login", "--yes"]
        assert drifted(*words, terminal=True, stdin="n\n").code == 130
        assert "precious" in drifted.read(LOGIN)
        result = drifted(*words, terminal=True, stdin="y\n")
        assert result.code == 0
        assert f"replacing what git does not have in {LOGIN}" in result.err
        assert "precious" not in drifted.read(LOGIN)

    @pytest.mark.parametrize("state", ["untracked", "ignored", "staged", "no git"])
    def test_what_counts_as_not_committed(self, project: World, state: str) -> None:
        assert project("deploy", "--yes").code == 0
        if state != "no git":
            git(project, "init", "-q")
        if state == "ignored":
            project.write(".gitignore", "*.js\n")
        if state == "staged":
            git(project, "add", "-A")
        change_live(project, drift)
        assert project("pull", "--yes").code == ExitCode.REFUSED

    def test_a_new_file_needs_no_commit(self, project: World) -> None:
        assert project("deploy", "--yes").code == 0
        change_live(project, lambda options: options["customScripts"].update(create="function create(u, cb) {}\n"))
        assert project("pull", "--yes").code == 0
        assert (project.folder / "scripts/users/create.js").exists()

    def test_a_value_in_an_uncommitted_dbconn_yaml_is_not_replaced(self, project: World) -> None:
        assert project("deploy", "--yes").code == 0
        change_live(project, lambda options: options.update(brute_force_protection=False))
        assert project("pull", "--yes").code == ExitCode.REFUSED


class TestMistakes:
    @pytest.mark.parametrize(
        ("word", "said"),
        [
            ("user", "has no database connection user"),
            ("users/script:create", "users has no script:create on the tenant"),
            ("users/option:nothing.here", "users has no option:nothing.here"),
            ("users/option:customScripts", "no option that files can say"),
            ("users/configuration:API_KEY", "the tenant gives no configuration value back"),
            ("users/configuration:OTHER", "users has no configuration:OTHER"),
            ("users/", "names no item"),
            ("users/login", "'login' names no item"),
            ("users/script:", "names no item"),
        ],
    )
    def test_what_is_not_there_is_said(self, deployed: World, word: str, said: str) -> None:
        before = files(deployed.folder)
        result = deployed("pull", word, "--yes")
        assert result.code == 3
        assert said in result.err
        assert files(deployed.folder) == before

    def test_an_item_of_a_connection_that_is_not_in_the_files(self, deployed: World) -> None:
        deployed.write("dbconn.yaml", deployed.read("dbconn.yaml").partition("connections:")[0])
        result = deployed("pull", "users/script:login", "--yes")
        assert result.code == 3
        assert "`dbconn pull users` takes the whole connection" in result.err

    def test_without_the_options_scope_nothing_is_read_as_empty(self, make_world: Any, fill: Any) -> None:
        world = make_world(scopes=("read:connections", "update:connections", "create:connections"))
        fill(world)
        result = world("pull", "--yes")
        assert result.code == 4
        assert "read:connections_options" in result.err

    def test_a_folder_in_the_way_is_told(self, deployed: World) -> None:
        change_live(deployed, lambda options: options["customScripts"].update(create="function create(u, cb) {}\n"))
        (deployed.folder / "scripts/users/create.js").mkdir()
        result = deployed("pull", "--yes")
        assert result.code == 3
        assert "create.js" in result.err
        assert "Traceback" not in result.err


def test_one_named_connection_costs_a_token_and_one_request(deployed: World) -> None:
    deployed.app.state.tenant.log.clear()
    deployed("pull", "users", "--dry-run")
    assert [path for _, path in deployed.requests if path != "/oauth/token"] == ["/api/v2/connections"]


def test_as_json(drifted: World) -> None:
    answer = drifted("pull", "--yes", "--json").json
    assert set(answer) == {"version", "connections", "skipped"}
    [users] = answer["connections"]
    assert users["name"] == "users"
    assert users["state"] == "changed"
    assert users["files"] == [{"file": LOGIN, "state": "changed"}]
    assert users["items"] == ["script:login"]
    assert users["written"] is True


def test_a_value_of_the_configuration_is_masked_in_what_is_shown(drifted: World) -> None:
    value = "a-value-that-must-never-show"
    change_live(drifted, lambda options: options["customScripts"].update(login=f"function login() {{ '{value}' }}\n"))
    result = drifted("pull", "--yes")
    assert result.code == 0
    assert value not in result.out + result.err
    assert value in drifted.read(LOGIN)


NAMES = st.sampled_from(
    ["mfa", "active", "passwordPolicy", "validation", "username", "min", "attributes", "email", "unique", "a.b", "x: y"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES | st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(options=st.dictionaries(NAMES, VALUES, max_size=4), defaults=st.dictionaries(NAMES, VALUES, max_size=2))
def test_after_a_pull_no_option_differs_whatever_the_tenant_and_the_defaults_say(
    deployed: World, options: dict[str, Any], defaults: dict[str, Any]
) -> None:
    """A new connection in a project whose defaults are anything that can be read."""
    head = f"version: 1\nproject_key: {'ab' * 16}\ntenants: {{dev: {{domain: dev.example.com, client_id: c}}}}\n"
    said = without_nulls(defaults)
    lines = block_lines({"defaults": {"options": said}}) if said and not entry_faults({"options": said}) else []
    deployed.write("dbconn.yaml", "\n".join([head, *lines, ""]))
    shutil.rmtree(deployed.folder / "scripts", ignore_errors=True)
    change_live(deployed, lambda live: (live.clear(), live.update(**options, **CUSTOM)))
    result = deployed("pull", "--json", terminal=True, stdin="y\n", environment=ENVIRONMENT)
    assert result.code == 0, result.err
    left = {one["item"] for one in result.json["connections"][0]["left"]}
    plan = deployed("plan", "--json", environment=ENVIRONMENT).json
    assert {change["item"] for change in plan["connections"][0]["changes"]} <= left
    again = deployed("pull", "--json", "--yes", environment=ENVIRONMENT).json
    assert [one["state"] for one in again["connections"]] == ["unchanged"]


CUSTOM = {"enabledDatabaseCustomization": True, "customScripts": {"login": "function login(a, b, cb) { cb(null); }\n"}}
