"""Configuration values: what people lose with other tools, each impossible here (named after the list of pains, A)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dbconn_tui.local_tenant.control import dashboard_save
from dbconn_tui.local_tenant.state import configuration_values
from dbconn_tui.secret_store.values import value_service
from dbconn_tui.sensitive import Sensitive
from tests.cli.conftest import API_KEY, DOMAIN
from tests.cli.live_tenant import SCRIPT, edit, live, on_tenant, watch, writes

if TYPE_CHECKING:
    from tests.cli.conftest import World


def ciphertext(world: World) -> dict[str, str]:
    found: dict[str, str] = live(world)["options"]["configuration"]
    return found


def values(world: World) -> dict[str, str]:
    """The plain values behind the ciphertext."""
    tenant: Any = world.app.state.tenant
    (connection,) = tenant.connections.values()
    return dict(configuration_values(connection, tenant.vault))


def items(world: World, *words: str) -> dict[str, str]:
    """Item → state of the only connection's plan."""
    (connection,) = world("plan", "--json", *words).json["connections"]
    return {change["item"]: change["state"] for change in connection["changes"]}


def test_a1_a_pull_names_every_key_without_its_value(deployed: World) -> None:
    on_tenant(deployed, ("options", "configuration", "THEIRS"), "value-of-theirs")
    done = deployed("pull", "users", "--yes")
    assert done.code == 0
    assert "THEIRS" in deployed.read("dbconn.yaml")
    assert "value-of-theirs" not in deployed.read("dbconn.yaml") + done.out + done.err


def test_a3_ciphertext_is_never_sent_back_as_a_value(deployed: World) -> None:
    before = set(ciphertext(deployed).values())
    watched = watch(deployed)
    edit(deployed)
    assert deployed("deploy", "--yes").code == 0
    assert not [body for body in watched.bodies for text in before if text in body]
    assert live(deployed)["options"]["customScripts"]["login"] == deployed.read(SCRIPT)


def test_a4_a_changed_value_shows_in_the_plan_by_name(deployed: World) -> None:
    deployed.outside.store.set(value_service(DOMAIN), "api_key", Sensitive("another-value-of-the-key"))
    done = deployed("plan", "--json")
    assert items(deployed) == {"configuration:API_KEY": "your change"}
    assert "another-value" not in done.out


def test_a5_reading_never_fails_on_keys_that_nobody_gives(deployed: World) -> None:
    on_tenant(deployed, ("options", "configuration", "THEIRS"), "value")
    for words in (("plan",), ("status", "--check"), ("history",), ("plan", "--format", "markdown")):
        assert deployed(*words).code == 0


def test_a7_the_ciphertext_that_differs_after_every_write_is_no_change(deployed: World) -> None:
    first = ciphertext(deployed)
    edit(deployed)
    assert deployed("deploy", "--yes").code == 0
    assert ciphertext(deployed) != first
    assert items(deployed) == {}


def test_a8_a_value_that_was_saved_again_is_noted_and_is_no_drift(deployed: World) -> None:
    on_tenant(deployed, ("options", "configuration", "API_KEY"), "somebody-elses")
    done = deployed("plan")
    assert "0 blocked" in done.out
    assert "saved again" in done.out


@pytest.mark.parametrize("text", ["##API_KEY##", "@@API_KEY@@"])
def test_a9_a_placeholder_never_clobbers_a_value(deployed: World, text: str) -> None:
    deployed.write("dbconn.yaml", deployed.read("dbconn.yaml").replace("{secret: api_key}", f"'{text}'"))
    before = writes(deployed)
    done = deployed("deploy", "--yes")
    assert done.code == 1
    assert "is sent as it stands" in done.out + done.err
    assert writes(deployed) == before


@pytest.mark.parametrize("key", ["exclude", "excluded_props", "ignore_changes"])
def test_a10_nothing_can_be_excluded_from_a_write(deployed: World, key: str) -> None:
    text = deployed.read("dbconn.yaml").replace("    options:\n", f"    {key}: [configuration]\n    options:\n")
    deployed.write("dbconn.yaml", text)
    before = writes(deployed)
    assert deployed("deploy", "--yes").code == 3
    assert writes(deployed) == before


def test_a11_no_command_writes_a_value_to_a_file_or_a_stream(deployed: World) -> None:
    edit(deployed)
    shown = []
    for words in (
        ("plan", "--verbose", "--out", "saved.plan"),
        ("plan", "--format", "markdown"),
        ("deploy", "--yes", "--verbose"),
        ("pull", "--yes"),
        ("history", "--json"),
        ("rollback", "users", "--yes", "--verbose"),
        ("status", "--check", "--json"),
        ("secrets", "list"),
        ("lint", "--json"),
    ):
        done = deployed(*words)
        shown += [done.out, done.err]
    files = [path for folder in (deployed.folder, deployed.outside.state_folder) for path in folder.rglob("*")]
    shown += [path.read_bytes().decode("utf-8", "replace") for path in files if path.is_file()]
    assert not [text for text in shown if API_KEY in text]


@pytest.mark.parametrize("source", ["environment", "keyring", "command", "variable"])
def test_a12_values_come_from_the_environment_the_keyring_or_a_command(project: World, source: str) -> None:
    store = project.outside.store
    given: dict[str, str] = {}
    if source != "keyring":
        store.delete(value_service(DOMAIN), "api_key")
    if source == "environment":
        given["DBCONN_SECRET_API_KEY"] = "a-value-from-outside"
    if source == "command":
        given["DBCONN_TRUST"] = "1"
        project.write(
            "dbconn.yaml", project.read("dbconn.yaml") + "secrets_from: {command: [echo, 'a-value-{name}']}\n"
        )
    if source == "variable":
        given["SOME_VARIABLE"] = "a-value-from-outside"
        text = project.read("dbconn.yaml").replace("{secret: api_key}", "{env: SOME_VARIABLE}")
        project.write("dbconn.yaml", text)
    assert project("plan", environment=given).code == 0
    assert project("deploy", "--yes", environment=given).code == 0
    assert list(ciphertext(project)) == ["API_KEY"]


def test_a13_each_tenant_has_its_own_values(project: World) -> None:
    text = project.read("dbconn.yaml").replace(
        "    options:\n", "    tenants: {dev: {configuration: {URL: dev}}}\n    options:\n"
    )
    project.write("dbconn.yaml", text.replace("{secret: api_key}", "{secret: api_key}\n      URL: everywhere"))
    assert project("deploy", "--yes").code == 0
    assert values(project)["URL"] == "dev"


def test_a14_a_plan_needs_no_value_at_all(deployed: World) -> None:
    deployed.outside.store.delete(value_service(DOMAIN), "api_key")
    edit(deployed)
    done = deployed("plan")
    assert done.code == 0
    assert "script login" in done.out


def test_measured_a_save_in_the_dashboard_keeps_the_values_and_is_told(deployed: World) -> None:
    tenant: Any = deployed.app.state.tenant
    dashboard_save(tenant, next(iter(tenant.connections.values())))
    assert "saved again" in deployed("plan").out
    edit(deployed)
    assert deployed("deploy", "--yes").code == 0
    assert values(deployed) == {"API_KEY": API_KEY}
