"""Previews that can be trusted, no noise in them, and a way back: the list of pains, H and J, each impossible here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dbconn_tui.local_tenant.control import change
from dbconn_tui.local_tenant.faults import Fault, FaultKind
from dbconn_tui.secret_store.values import value_service
from tests.cli.conftest import API_KEY, CLIENT_ID, DOMAIN, SECRET
from tests.cli.live_tenant import SCRIPT, edit, live, on_tenant, writes

if TYPE_CHECKING:
    from tests.cli.conftest import World


@pytest.mark.parametrize("words", [(), ("--json",), ("--format", "markdown"), ("--out", "x.plan"), ("--verbose",)])
def test_j1_j2_j3_a_plan_sends_no_write(deployed: World, words: tuple[str, ...]) -> None:
    edit(deployed)
    before = writes(deployed)
    assert deployed("plan", *words).code == 0
    assert writes(deployed) == before


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("options", "customScripts"), {}),
        (("options", "customScripts"), None),
        (("options", "configuration"), {}),
        (("options", "mfa"), "not even a map"),
        (("options",), {}),
        (("metadata",), {"dbconn_1": "AQAv", "dbconn_2": "\U0001f511"}),
        (("metadata",), None),
    ],
    ids=str,
)
def test_j5_no_state_of_the_tenant_crashes_a_plan(deployed: World, path: tuple[str, ...], value: Any) -> None:
    on_tenant(deployed, path, value)
    done = deployed("plan")
    assert done.code in (0, 4)
    assert "Traceback" not in done.err


def test_j6_a_plan_shows_what_a_deploy_would_take_away(deployed: World) -> None:
    (deployed.folder / "scripts/users/get_user.js").unlink()
    done = deployed("plan")
    assert "script get_user" in done.out
    assert "delete-script" in done.out


def test_j7_j10_what_was_there_before_a_write_is_kept_and_comes_back_with_one_command(deployed: World) -> None:
    clock: Any = deployed.outside.wall_clock
    before = live(deployed)["options"]["customScripts"]
    edit(deployed)
    clock.now += 60
    assert deployed("deploy", "--yes").code == 0
    assert live(deployed)["options"]["customScripts"] != before
    assert deployed("rollback", "users", "--yes").code == 0
    assert live(deployed)["options"]["customScripts"] == before


def test_j9_with_variables_alone_it_works_in_ci_as_it_does_here(project: World) -> None:
    from dbconn_tui.secret_store.values import login_service

    project.outside.store.delete(login_service(DOMAIN), "client_secret")
    project.outside.store.delete(value_service(DOMAIN), "api_key")
    given = {"AUTH0_DOMAIN": DOMAIN, "AUTH0_CLIENT_ID": CLIENT_ID, "AUTH0_CLIENT_SECRET": SECRET, "CI": "true"}
    assert project("deploy", "--yes", environment={**given, "DBCONN_SECRET_DEV__API_KEY": API_KEY}).code == 0
    assert project("plan", "--detailed-exitcode", environment=given).code == 0


@pytest.mark.parametrize(
    "text", ["`${identifier}`", "'$$ $& $` $\\''", "'{{ x }} <% y %>'", "'\\u2028 \\u0000'", "'Ångström'"]
)
def test_h4_h5_no_text_of_a_script_is_special(deployed: World, text: str) -> None:
    deployed.write(SCRIPT, deployed.read(SCRIPT).replace('"no key"', text))
    assert deployed("deploy", "--yes", "--skip-lint").code == 0
    assert live(deployed)["options"]["customScripts"]["login"] == deployed.read(SCRIPT)
    assert deployed("plan", "--detailed-exitcode").code == 0


def test_h3_the_order_of_the_tenants_keys_is_no_change(deployed: World) -> None:
    tenant = deployed.app.state.tenant
    (connection,) = tenant.connections.values()

    def turned(value: Any) -> Any:
        return {k: turned(v) for k, v in reversed(value.items())} if isinstance(value, dict) else value

    for key in ("customScripts", "configuration", "mfa"):
        change(tenant, connection, ("options", key), turned(connection.options.get(key, {})))
        (connection,) = tenant.connections.values()
    plan = deployed("plan", "--json").json["connections"][0]
    assert plan["state"] == "unchanged"


def test_h6_right_after_its_own_deploy_a_plan_is_empty(deployed: World) -> None:
    done = deployed("plan", "--json")
    assert done.json["connections"][0]["changes"] == []


def test_h7_the_order_of_the_files_is_no_change(deployed: World) -> None:
    text = deployed.read("dbconn.yaml")
    head, _, body = text.partition("    configuration:")
    first, _, second = body.partition("    options:")
    deployed.write("dbconn.yaml", f"{head}    options:{second}    configuration:{first}")
    assert deployed("plan", "--detailed-exitcode").code == 0


# What was measured of auth0-deploy-cli, line by line.


def test_measured_a_connection_that_only_the_tenant_has_is_never_deleted(deployed: World) -> None:
    text = deployed.read("dbconn.yaml")
    deployed.write("scripts/other/login.js", deployed.read(SCRIPT))
    deployed.write("dbconn.yaml", text.replace("  users:\n", "  other:\n"))
    done = deployed("deploy", "--yes")
    assert done.code == 0, done.err
    assert "only on the tenant" in done.out
    assert {one.name for one in deployed.app.state.tenant.connections.values()} == {"users", "other"}


@pytest.mark.parametrize("status", [400, 403, 500])
def test_measured_one_failure_of_many_stops_no_other_and_each_is_reported(project: World, status: int) -> None:
    more = "".join(f"  more-{n}: {{scripts: scripts/users, configuration: {{API_KEY: x}}}}\n" for n in range(9))
    project.write("dbconn.yaml", project.read("dbconn.yaml") + more)
    project.app.state.faults.add(Fault(FaultKind.STATUS, "POST", "/connections$", skip=4, times=1, status=status))
    done = project("deploy", "--yes", "--json")
    states = [one["state"] for one in done.json["connections"]]
    there = len(project.app.state.tenant.connections)
    assert len(states) == 10
    assert states.count("deployed") == there
    # An answer lost with a 500 is looked up, and the write then sent once more.
    assert (states.count("failed"), done.code) == ((0, 0) if status == 500 else (1, 1))
    assert project("deploy", "--yes").code == 0
    assert len(project.app.state.tenant.connections) == 10


def test_measured_an_answer_lost_after_a_create_is_no_name_that_is_taken(project: World) -> None:
    project.app.state.faults.add(Fault(FaultKind.STATUS, "POST", "/connections$", status=500, after=True))
    done = project("deploy", "--yes", "--json")
    assert (done.code, done.json["summary"]["deployed"]) == (0, 1)
    assert writes(project) == 1


def test_measured_scopes_that_are_missing_are_named_before_the_first_write(make_world: Any, fill: Any) -> None:
    world = make_world(scopes=("read:connections", "read:connections_options"))
    fill(world)
    done = world("deploy", "--yes")
    assert done.code == 4
    assert "update:connections_options" in done.err
    assert writes(world) == 0


def test_measured_a_value_missing_at_the_first_deploy_creates_nothing(project: World) -> None:
    project.outside.store.delete(value_service(DOMAIN), "api_key")
    assert project("deploy", "--yes").code == 3
    assert project.requests == []


def test_measured_without_a_configuration_in_the_files_the_tenants_is_not_touched(deployed: World) -> None:
    text = deployed.read("dbconn.yaml")
    start, end = text.index("    configuration:"), text.index("    options:")
    deployed.write("dbconn.yaml", text[:start] + text[end:])
    edit(deployed)
    before = live(deployed)["options"]["configuration"]
    done = deployed("deploy", "--yes", "--skip-lint")
    assert done.code == 5
    assert live(deployed)["options"]["configuration"] == before


BAD = {
    "a script that is not there": (lambda text: text + "    scripts: {login: nowhere.js}\n", None, 3),
    "a syntax error": (None, "function login(a, b, callback) {\n  callback(;\n}\n", 1),
    "a script over 100,000 bytes": (
        None,
        f"function login(a, b, callback) {{ callback(null); }} //{'x' * 100_000}\n",
        1,
    ),
    "an empty script": (None, "", 3),
    "an option that does not exist": (lambda text: text.replace("brute_force_protection", "import_mod"), None, 3),
    "a key that does not exist": (lambda text: text.replace("    options:", "    optionz: {}\n    options:"), None, 3),
    "import_mode: text": (lambda text: text.replace("    options:", "    import_mode: 'yes'\n    options:"), None, 3),
    "a number as a value": (lambda text: text.replace("{secret: api_key}", "12345"), None, 3),
    "broken YAML": (lambda text: text + "  bad: [\n", None, 3),
    "a tab": (lambda text: text + "\tbad: 1\n", None, 3),
    "the same name twice": (lambda text: text + "  users: {}\n", None, 3),
    "the same live name twice": (lambda text: text + "  more: {name: users, scripts: scripts/users}\n", None, 3),
    "a name that the platform refuses": (
        lambda text: text.replace("  users:\n", "  users:\n    name: bad name!\n"),
        None,
        3,
    ),
    "a strategy": (lambda text: text.replace("    options:", "    strategy: google-oauth2\n    options:"), None, 3),
    "a path outside": (lambda text: text + "    scripts: {login: ../../../../etc/hostname}\n", None, 3),
    "an empty file": (lambda text: "", None, 3),
}


@pytest.mark.parametrize("case", BAD)
def test_measured_bad_input_sends_nothing_and_says_where(project: World, case: str) -> None:
    spoil, script, code = BAD[case]
    if spoil is not None:
        project.write("dbconn.yaml", spoil(project.read("dbconn.yaml")))
    if script is not None:
        project.write(SCRIPT, script)
    done = project("deploy", "--yes", "--skip-lint")
    assert done.code == code, done.err
    assert project.requests == []
    assert ("dbconn.yaml" if spoil else SCRIPT) in done.err + done.out
    assert "Traceback" not in done.err
