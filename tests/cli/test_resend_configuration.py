"""A configuration value that somebody saved again on the tenant: a note in every plan, written back when asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dbconn_tui.local_tenant.control import change
from dbconn_tui.local_tenant.state import configuration_values

if TYPE_CHECKING:
    from tests.cli.conftest import World

NOTE = "saved again by somebody, perhaps changed"


@pytest.fixture
def deployed(project: World) -> World:
    assert project("deploy", "--yes").code == 0
    return project


def save_another(world: World) -> None:
    state = world.app.state.tenant
    change(state, state.by_name("users"), ("options", "configuration", "API_KEY"), "somebody-elses-value")


def live_value(world: World) -> str | None:
    state = world.app.state.tenant
    return dict(configuration_values(state.by_name("users"), state.vault))["API_KEY"]


def test_a_value_that_somebody_saved_again_is_a_note_and_no_drift(deployed: World) -> None:
    assert NOTE not in deployed("plan").out
    save_another(deployed)
    planned = deployed("plan", "--detailed-exitcode")
    assert planned.code == 0
    assert NOTE in planned.out
    (connection,) = deployed("plan", "--json").json["connections"]
    assert connection["state"] == "unchanged"
    assert "Nothing to do" in deployed("deploy", "--yes").out
    assert live_value(deployed) == "somebody-elses-value"


def test_it_is_written_back_when_asked_and_then_forgotten(deployed: World) -> None:
    ours = live_value(deployed)
    save_another(deployed)
    sent = deployed("deploy", "--yes", "--resend-configuration")
    assert sent.code == 0
    assert "sent again as asked" in sent.out
    assert live_value(deployed) == ours
    assert NOTE not in deployed("plan").out


def test_a_saved_plan_carries_the_wish(deployed: World) -> None:
    ours = live_value(deployed)
    save_another(deployed)
    assert deployed("plan", "--resend-configuration", "--out", "reviewed.plan").code == 0
    assert deployed("deploy", "--plan", "reviewed.plan", "--yes").code == 0
    assert live_value(deployed) == ours


def test_a_deploy_from_another_machine_is_no_reason_for_the_note(deployed: World) -> None:
    elsewhere = deployed.folder.parent / "another-state"
    here = deployed.outside.state_folder
    deployed.write("scripts/users/get_user.js", deployed.read("scripts/users/get_user.js") + "// more\n")
    object.__setattr__(deployed.outside, "state_folder", elsewhere)
    assert deployed("deploy", "--yes").code == 0
    object.__setattr__(deployed.outside, "state_folder", here)
    assert NOTE not in deployed("plan").out
