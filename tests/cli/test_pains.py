"""What people suffer from in other tools, each impossible here; named after the list of pains and its measurements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dbconn_tui.local_tenant.control import change, dashboard_save, remove
from tests.cli.live_tenant import SCRIPT, edit, live, on_tenant, writes

if TYPE_CHECKING:
    from conftest import World


def test_x1_an_unresolved_value_stops_before_any_write_instead_of_deleting_the_secret(deployed: World) -> None:
    deployed.outside.store.delete("dbconn:dev.example.com", "api_key")
    edit(deployed)
    before = writes(deployed)
    done = deployed("deploy", "--yes")
    assert done.code == 3
    assert "API_KEY" in done.err
    assert writes(deployed) == before
    assert "API_KEY" in live(deployed)["options"]["configuration"]


def test_x2_a_script_missing_in_the_files_is_not_deleted_silently(deployed: World) -> None:
    (deployed.folder / "scripts/users/get_user.js").unlink()
    edit(deployed)
    done = deployed("deploy", "--yes")
    assert done.code == 5
    assert "delete-script" in done.err
    assert "get_user" in live(deployed)["options"]["customScripts"]


def test_x3_change_username_is_deployed_as_code_and_never_as_a_path(project: World) -> None:
    text = "function changeUsername(id, username, callback) {\n  return callback(null, true);\n}\n"
    project.write("scripts/users/change_username.js", text)
    assert project("deploy", "--yes").code == 0
    assert live(project)["options"]["customScripts"]["change_username"] == text


def test_x3_a_misspelt_kind_is_an_error_and_never_deployed(project: World) -> None:
    project.write("scripts/users/logn.js", project.read(SCRIPT))
    done = project("deploy", "--yes")
    assert done.code == 3
    assert "logn" in done.err
    assert writes(project) == 0


def test_x4_the_plan_sees_what_only_the_tenant_has(deployed: World) -> None:
    on_tenant(deployed, ("options", "customScripts", "verify"), "function verify() {}")
    on_tenant(deployed, ("options", "configuration", "THEIRS"), "value")
    items = {c["item"] for c in deployed("plan", "--json").json["connections"][0]["changes"]}
    assert {"script:verify", "configuration:THEIRS"} <= items


def test_x6_keywords_inside_a_script_are_never_replaced(project: World) -> None:
    text = project.read(SCRIPT).replace("no key", "##HOME## /@@HOME@@/ $& $' ${x}")
    project.write(SCRIPT, text)
    assert project("deploy", "--yes", "--skip-lint").code == 0
    assert live(project)["options"]["customScripts"]["login"] == text


def test_a6_a_live_secret_that_the_files_do_not_give_is_never_wiped_silently(deployed: World) -> None:
    on_tenant(deployed, ("options", "configuration", "THEIRS"), "value")
    edit(deployed)
    done = deployed("deploy", "--yes")
    assert done.code == 5
    assert "THEIRS" in done.err
    assert "THEIRS" in live(deployed)["options"]["configuration"]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("options", "password_history"), {"enable": True, "size": 5}),
        (("options", "disable_self_service_change_password"), True),
        (("options", "mfa"), {"active": True, "return_enroll_settings": False}),
        (("options", "strategy_version"), 2),
        (("options", "something_of_tomorrow"), {"a": {"b": [1]}}),
        (("options", "customScripts", "change_username"), "function changeUsername() {}"),
        (("display_name",), "Staff"),
        (("metadata", "team"), "identity"),
    ],
    ids=lambda value: ".".join(value) if isinstance(value, tuple) else "",
)
def test_b_what_the_files_do_not_name_survives_every_write(deployed: World, path: tuple[str, ...], value: Any) -> None:
    if path[-1] == "password_history":
        tenant = deployed.app.state.tenant
        remove(tenant, next(iter(tenant.connections.values())), ("options", "password_options"))
    on_tenant(deployed, path, value)
    edit(deployed)
    assert deployed("deploy", "--yes").code == 0
    found: Any = live(deployed)
    for key in path:
        found = found[key]
    assert found == value


def test_b2_a_write_of_scripts_keeps_the_password_settings(deployed: World) -> None:
    before = live(deployed)["options"]["password_options"]
    edit(deployed)
    assert deployed("deploy", "--yes").code == 0
    assert live(deployed)["options"]["password_options"] == before


def test_b6_no_null_is_ever_introduced(deployed: World) -> None:
    edit(deployed)
    deployed("deploy", "--yes")

    def nulls(value: Any) -> bool:
        if isinstance(value, dict):
            return any(nulls(inner) for inner in value.values())
        return value is None

    assert not nulls(live(deployed))


def test_b7_turning_the_script_context_off_is_refused_in_the_plan(deployed: World) -> None:
    on_tenant(deployed, ("options", "enable_script_context"), True)
    text = deployed.read("dbconn.yaml")
    deployed.write("dbconn.yaml", text.replace("options:\n", "options:\n      enable_script_context: false\n"))
    before = writes(deployed)
    done = deployed("deploy", "--yes", "--overwrite-drift")
    assert done.code == 5
    assert "enable_script_context" in done.err
    assert writes(deployed) == before


def test_d1_the_dashboards_placeholder_is_never_deployed(project: World) -> None:
    project.write(
        SCRIPT, "function login(a, b, callback) { callback(new Error('Please implement the Login script')); }\n"
    )
    done = project("deploy", "--yes", "--skip-lint")
    assert done.code == 1
    assert writes(project) == 0


def test_d5_a_change_email_dropped_by_the_dashboard_comes_back_without_a_flag(project: World) -> None:
    text = "function changeEmail(email, newEmail, verified, callback) {\n  return callback(null, true);\n}\n"
    project.write("scripts/users/change_email.js", text)
    assert project("deploy", "--yes").code == 0
    tenant = project.app.state.tenant
    dashboard_save(tenant, next(iter(tenant.connections.values())))
    assert "change_email" not in live(project)["options"]["customScripts"]
    done = project("deploy", "--yes")
    assert done.code == 0, done.err
    assert "dropped by the dashboard" in done.out
    assert live(project)["options"]["customScripts"]["change_email"] == text


def test_d8_placeholders_that_the_dashboard_adds_are_no_drift(deployed: World) -> None:
    tenant = deployed.app.state.tenant
    dashboard_save(tenant, next(iter(tenant.connections.values())))
    plan = deployed("plan", "--json").json
    assert plan["connections"][0]["state"] == "unchanged"


def test_f7_a_malformed_script_never_reaches_the_tenant(project: World) -> None:
    project.write(SCRIPT, "function login(identifier, password, callback) {\n  callback(null, {});\n")
    assert project("deploy", "--yes", "--skip-lint").code == 1
    assert writes(project) == 0


@pytest.mark.parametrize("ends", ["\r\n", "\n\n", ""])
def test_h1_line_ends_are_no_change(deployed: World, ends: str) -> None:
    text = deployed.read(SCRIPT).rstrip("\n")
    shown = text.replace("\n", "\r\n") + ends if ends == "\r\n" else text + ends
    (deployed.folder / SCRIPT).write_bytes(shown.encode())
    before = writes(deployed)
    done = deployed("deploy", "--yes")
    assert done.code == 0
    assert writes(deployed) == before
    if shown != deployed.read(SCRIPT):
        assert "line ends" in deployed("plan").out


def test_h2_the_order_of_keys_is_no_change(deployed: World) -> None:
    tenant = deployed.app.state.tenant
    (connection,) = tenant.connections.values()
    scripts = dict(reversed(connection.options["customScripts"].items()))
    change(tenant, connection, ("options", "customScripts"), scripts)
    assert deployed("plan", "--detailed-exitcode").code == 0


@pytest.mark.parametrize("flag", ["--dry-run", "--dry_run", "--preview", "--ye"])
def test_j4_a_misspelt_flag_never_deploys(project: World, flag: str) -> None:
    done = project("deploy", "--yes", flag)
    assert done.code == 3
    assert writes(project) == 0


def test_j8_a_second_run_finishes_what_the_first_left(project: World) -> None:
    text = project.read("dbconn.yaml")
    project.write(
        "dbconn.yaml", text + "  more:\n    scripts: scripts/users\n    configuration: {API_KEY: {secret: api_key}}\n"
    )
    assert project("deploy", "users", "--yes").code == 0
    before = writes(project)
    done = project("deploy", "--yes", "--json")
    assert done.json["summary"]["deployed"] == 1
    assert writes(project) == before + 1


def test_l1_options_that_the_token_may_not_see_are_never_taken_for_empty(make_world: Any, fill: Any) -> None:
    world = make_world(scopes=("read:connections", "update:connections", "update:connections_options"))
    fill(world)
    done = world("deploy", "--yes")
    assert done.code == 4
    assert "read:connections_options" in done.err
    assert writes(world) == 0


def test_nothing_is_written_for_connections_that_did_not_change(deployed: World) -> None:
    before = writes(deployed)
    assert deployed("deploy", "--yes").code == 0
    assert writes(deployed) == before


def test_dry_runs_are_right_with_secrets_after_their_own_deploy(deployed: World) -> None:
    assert deployed("plan", "--detailed-exitcode").code == 0
