"""What a write does to options, scripts and the rate limit: the list of pains, B, D and E, each impossible here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dbconn_tui.local_tenant.faults import Fault, FaultKind
from dbconn_tui.local_tenant.limits import PLANS
from dbconn_tui.project.schema import SUBSCRIPTIONS
from tests.cli.live_tenant import SCRIPT, edit, live, on_tenant, watch, writes

if TYPE_CHECKING:
    from tests.cli.conftest import World

VERIFY = "function verify(email, callback) {\n  return callback(null, true);\n}\n"


def set_options(world: World, options: str) -> None:
    """Replace the options of the only connection in dbconn.yaml."""
    text = world.read("dbconn.yaml")
    world.write("dbconn.yaml", text[: text.index("    options:")] + f"    options: {options}\n")


@pytest.mark.parametrize("key", ["mfa", "validation", "upstream_params", "strategy_version", "something_of_tomorrow"])
def test_b1_b3_b4_b5_a_deploy_drops_no_option_that_it_does_not_know(deployed: World, key: str) -> None:
    odd = {"deep": {"er": [1, {"x": None}]}}
    value = {"strategy_version": 2, "validation": {"username": {"min": 2, "max": 9}}, "upstream_params": {}}.get(
        key, odd
    )
    on_tenant(deployed, ("options", key), value)
    before = live(deployed)["options"]
    edit(deployed)
    assert deployed("deploy", "--yes").code == 0
    after = live(deployed)["options"]
    assert after[key] == value
    assert {k: v for k, v in before.items() if k not in ("customScripts", "configuration")}.items() <= after.items()


def test_b8_what_was_pulled_into_a_new_project_plans_empty(deployed: World) -> None:
    deployed.write("new/.keep", "")
    domain = {"AUTH0_DOMAIN": "dev.example.com", "AUTH0_CLIENT_ID": "client-of-the-tests"}
    secret = {"AUTH0_CLIENT_SECRET": "the-client-secret-of-the-tests"}
    given = {**domain, **secret, "DBCONN_SECRET_API_KEY": "a-value-that-must-never-show"}
    config = ("--config", "new/dbconn.yaml")
    assert deployed("pull", "--yes", *config, environment=given).code == 0
    assert deployed("adopt", "users", "--yes", *config, environment=given).code == 0
    changes = deployed("plan", "--json", *config, environment=given).json["connections"][0]["changes"]
    assert {change["item"] for change in changes} <= {"configuration:API_KEY"}


def test_b9_no_body_ever_holds_an_empty_map_of_scripts(project: World) -> None:
    for name in ("login", "get_user"):
        (project.folder / f"scripts/users/{name}.js").unlink()
    watched = watch(project)
    done = project("deploy", "--yes")
    assert done.code in (1, 3)
    assert writes(project) == 0
    assert not [body for body in watched.bodies if '"customScripts"' in body]


def test_b10_a_database_that_keeps_its_users_in_auth0_is_never_switched_silently(deployed: World) -> None:
    for key in ("customScripts", "configuration", "enabledDatabaseCustomization"):
        on_tenant(deployed, ("options", key), False if key.startswith("enabled") else {})
    before = writes(deployed)
    done = deployed("deploy", "--yes")
    assert done.code == 5
    assert "enabledDatabaseCustomization" in done.out
    assert writes(deployed) == before


def test_b11_attributes_and_what_they_exclude_are_settled_before_a_write(project: World) -> None:
    set_options(project, "{requires_username: true, attributes: {email: {identifier: {active: true}}}}")
    done = project("deploy", "--yes")
    assert done.code in (3, 5)
    assert "attributes" in done.err + done.out
    assert "requires_username" in done.err + done.out
    assert writes(project) == 0


@pytest.mark.parametrize(
    "options",
    [
        "{mfa: {active: true, return_enroll_settings: true}}",
        "{password_history: {enable: true, size: 5}}",
        "{passwordPolicy: good, password_no_personal_info: {enable: true}}",
        "{attributes: {email: {identifier: {active: true}, unique: true}}}",
        "{upstream_params: {}, non_persistent_attrs: []}",
        "{disable_signup: false, brute_force_protection: true}",
    ],
)
def test_b12_what_was_deployed_is_no_drift_for_ever(project: World, options: str) -> None:
    set_options(project, options)
    first = project("deploy", "--yes", "--allow", "one-way")
    assert first.code == 0, first.out + first.err
    assert project("plan", "--detailed-exitcode").code == 0


def test_b13_b14_an_option_that_the_api_ignores_is_a_failure_that_names_it(project: World) -> None:
    fault = Fault(
        FaultKind.ALTER, "POST", "/connections$", json_path=("options", "brute_force_protection"), value=False
    )
    project.app.state.faults.add(fault)
    done = project("deploy", "--yes", "--json")
    assert done.code == 1
    assert "option:brute_force_protection" in done.json["connections"][0]["error"]["message"]


@pytest.mark.parametrize("generation", ["2022-10", "2025-01", "2026-01", "2026-03", "2026-08"])
def test_b15_b16_the_platforms_own_defaults_of_every_year_survive(make_world: Any, fill: Any, generation: str) -> None:
    world = make_world(defaults=generation)
    fill(world)
    assert world("deploy", "--yes").code == 0
    before = live(world)["options"]
    edit(world)
    assert world("deploy", "--yes").code == 0
    after = live(world)["options"]
    for key in set(before) - {"customScripts", "configuration"}:
        assert after[key] == before[key], key


def test_d2_a_script_is_read_from_the_path_that_is_configured(project: World) -> None:
    project.write("elsewhere/sign-in.js", project.read(SCRIPT).replace("no key", "from elsewhere"))
    text = project.read("dbconn.yaml").replace("  users:\n", "  users:\n    scripts: {login: elsewhere/sign-in.js}\n")
    project.write("dbconn.yaml", text)
    assert project("deploy", "--yes", "--skip-lint").code == 0
    assert live(project)["options"]["customScripts"] == {"login": project.read("elsewhere/sign-in.js")}


@pytest.mark.parametrize("kind", ["change_username", "change_phone_number", "a_kind_of_tomorrow"])
def test_d3_kinds_that_only_the_tenant_knows_are_kept(deployed: World, kind: str) -> None:
    on_tenant(deployed, ("options", "customScripts", kind), "function x() {}")
    edit(deployed)
    assert deployed("deploy", "--yes").code == 0
    assert live(deployed)["options"]["customScripts"][kind] == "function x() {}"


def test_d4_d7_change_email_is_deployed_and_changed_like_any_other(deployed: World) -> None:
    text = "function changeEmail(email, newEmail, verified, callback) {\n  return callback(null, true);\n}\n"
    for version in (text, text.replace("true", "false")):
        deployed.write("scripts/users/change_email.js", version)
        assert deployed("deploy", "--yes", "--skip-lint").code == 0
        assert live(deployed)["options"]["customScripts"]["change_email"] == version


def test_d6_a_connection_without_change_email_is_warned_of(project: World) -> None:
    project.write("scripts/users/create.js", "function create(user, callback) {\n  return callback(null);\n}\n")
    project.write("dbconn.yaml", project.read("dbconn.yaml") + "lint: {preset: strict}\n")
    rules = {problem["rule"] for problem in project("lint", "--json").json["problems"]}
    assert "change-email-missing" in rules


def test_d9_connections_share_a_script_by_naming_it(project: World) -> None:
    project.write(
        "dbconn.yaml", project.read("dbconn.yaml") + "  more: {scripts: scripts/users, configuration: {API_KEY: x}}\n"
    )
    assert project("deploy", "--yes", "--json").json["summary"]["deployed"] == 2
    edit(project)
    assert project("deploy", "--yes", "--json").json["summary"]["deployed"] == 2


def test_d10_what_is_left_out_is_said(project: World) -> None:
    text = project.read("dbconn.yaml").replace("    client_id:", "    client_id:", 1)
    text = text.replace("connections:\n", "  prod: {domain: prod.example.com}\nconnections:\n", 1)
    project.write("dbconn.yaml", text + "  later: {scripts: scripts/users, only: [prod]}\n")
    done = project("deploy", "later", "--yes", "-t", "dev")
    assert done.code == 3
    assert "later" in done.err
    assert writes(project) == 0


def test_d12_a_placeholder_counts_as_a_script_that_is_not_there(project: World) -> None:
    placeholder = "function verify(email, callback) { callback(new Error('Please implement the Verify script')); }\n"
    assert project("deploy", "--yes").code == 0
    on_tenant(project, ("options", "customScripts", "verify"), placeholder)
    project.write("scripts/users/verify.js", VERIFY)
    plan = project("plan", "--json").json["connections"][0]
    assert (plan["state"], [change["state"] for change in plan["changes"]]) == ("change", ["new"])


@pytest.mark.parametrize("subscription", sorted(SUBSCRIPTIONS))
@pytest.mark.parametrize("known", [True, False], ids=["named", "learnt"])
def test_e1_to_e13_no_subscription_is_too_small_for_a_normal_deploy(
    make_world: Any, fill: Any, subscription: str, known: bool
) -> None:
    world = make_world(plan=subscription)
    fill(world)
    text = world.read("dbconn.yaml")
    if known:
        text = text.replace("    client_id:", f"    rate: {subscription}\n    client_id:")
    more = "".join(f"  more-{n}: {{scripts: scripts/users, configuration: {{API_KEY: x}}}}\n" for n in range(14))
    world.write("dbconn.yaml", text + more)
    started = world.outside.clock()
    done = world("deploy", "--yes", "--verbose")
    assert done.code == 0, done.err
    refused = done.err.count(" 429  ")
    assert refused <= (1 if known else 6)
    everything = PLANS[subscription].everything
    assert everything is not None
    assert world.outside.clock() - started <= 10 + 3 * 17 / everything.per_second
    again = world("deploy", "--yes", "--verbose")
    assert again.code == 0
    assert sum("/api/v2/" in line for line in again.err.splitlines()) <= 1 + again.err.count(" 429  ")
