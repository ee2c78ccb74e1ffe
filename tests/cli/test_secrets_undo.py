"""secrets undo, and rotating one secret: set, deploy, one PATCH, verified."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dbconn_tui.secret_store.values import value_service

if TYPE_CHECKING:
    from tests.cli.conftest import World

SERVICE = value_service("dev.example.com")
FIRST = "the-first-value-of-all"
SECOND = "the-second-value-of-all"


@pytest.fixture
def two(project: World) -> World:
    """The project with SECOND stored in place of FIRST."""
    for value in (FIRST, SECOND):
        assert project("secrets", "set", "api_key", stdin=value).code == 0
    return project


def stored(world: World) -> str | None:
    value = world.outside.store.get(SERVICE, "api_key")
    return value.reveal() if value else None


def on_the_tenant(world: World) -> str | None:
    tenant = world.app.state.tenant
    found: str | None = tenant.vault.open(tenant.by_name("users").options["configuration"]["API_KEY"])
    return found


def test_undo_swaps_the_two_values(two: World) -> None:
    result = two("secrets", "undo", "api_key")
    assert (result.code, stored(two)) == (0, FIRST)
    assert FIRST not in result.out + result.err
    assert two("secrets", "undo", "api_key", "--json").json["secrets"][0]["state"] == "restored"
    assert stored(two) == SECOND


def test_setting_says_that_the_value_before_is_kept(project: World) -> None:
    result = project("secrets", "set", "api_key", stdin=FIRST)
    assert "dbconn secrets undo api_key" in result.err
    again = project("secrets", "set", "api_key", stdin=FIRST)
    assert "undo" not in again.err


def test_setting_the_same_value_again_keeps_the_one_before(two: World) -> None:
    assert two("secrets", "set", "api_key", stdin=SECOND).code == 0
    two("secrets", "undo", "api_key")
    assert stored(two) == FIRST


def test_nothing_to_undo_is_said(project: World) -> None:
    result = project("secrets", "undo", "api_key")
    assert result.code == 3
    assert "no earlier value of api_key" in result.err
    assert project("secrets", "undo", "1st").code == 3


def test_deleting_leaves_no_earlier_value_behind(two: World) -> None:
    assert two("secrets", "delete", "api_key").code == 0
    assert two("secrets", "undo", "api_key").code == 3
    assert stored(two) is None


def test_no_reference_reaches_the_kept_value(two: World) -> None:
    two.write("dbconn.yaml", two.read("dbconn.yaml").replace("{secret: api_key}", '{secret: "previous:api_key"}'))
    assert two("plan").code == 3


def test_rotating_a_secret_is_set_and_deploy_with_exactly_one_patch(two: World) -> None:
    assert two("deploy", "--yes").code == 0
    assert two("deploy", "--yes").code == 0
    before = len(two.requests)
    assert two("secrets", "set", "api_key", stdin="the-rotated-value").code == 0
    result = two("deploy", "--yes")
    assert result.code == 0, result.err
    writes = [(method, path) for method, path in two.requests[before:] if method != "GET" and "/api/" in path]
    connection = two.app.state.tenant.by_name("users")
    assert writes == [("PATCH", f"/api/v2/connections/{connection.id}")]
    assert on_the_tenant(two) == "the-rotated-value"
    assert two("plan", "--detailed-exitcode").code == 0


def test_undo_and_deploy_take_the_rotation_back(two: World) -> None:
    assert two("deploy", "--yes").code == 0
    assert two("secrets", "undo", "api_key").code == 0
    assert two("plan", "--detailed-exitcode").code == 2
    assert two("deploy", "--yes").code == 0
    assert on_the_tenant(two) == FIRST
