"""Who changed what drifted: out of the tenant's log where the token may read it, else how to allow that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from dbconn_tui.local_tenant.api_log import ApiEvent
from dbconn_tui.local_tenant.faults import Fault, FaultKind
from dbconn_tui.local_tenant.settings import ALL_SCOPES

if TYPE_CHECKING:
    from tests.cli.conftest import World


def edit(world: World, *, user: str = "", client_id: str = "", agent: str = "", later: float = 7200) -> None:
    """Change the login script on the tenant as somebody does, so many seconds later."""
    tenant = world.app.state.tenant
    stored = tenant.by_name("users")
    scripts = {**stored.options["customScripts"], "login": "function login(a, b, callback) { callback(null); }"}
    tenant.put(replace(stored, options={**stored.options, "customScripts": scripts}))
    world.outside.clock.now += later  # type: ignore[attr-defined]
    path = f"/api/v2/connections/{stored.id}"
    at = world.outside.wall_clock()
    tenant.api_events.append(ApiEvent("PATCH", path, at, 200, client_id=client_id, user=user, user_agent=agent))


def log_reads(world: World) -> int:
    return sum(path == "/api/v2/logs" for _, path in world.requests)


@pytest.fixture
def deployed(project: World) -> World:
    assert project("deploy", "--yes").code == 0
    return project


def test_a_person_at_the_dashboard_is_named_with_the_time(deployed: World) -> None:
    edit(deployed, user="Ada Example")
    planned = deployed("plan").out
    assert "last changed on the tenant by Ada Example, 2023-11-15 00:13 UTC in the dashboard" in planned
    assert log_reads(deployed) == 1


def test_an_application_is_named_with_its_agent(deployed: World) -> None:
    edit(deployed, client_id="another-client", agent="deploy-cli/8.43.0")
    assert "by another-client, 2023-11-15 00:13 UTC with deploy-cli/8.43.0" in deployed("plan").out


def test_the_newest_change_counts_and_nothing_is_read_without_drift(deployed: World) -> None:
    deployed("plan")
    assert log_reads(deployed) == 0
    edit(deployed, user="Ada Example")
    edit(deployed, user="Grace Example")
    assert "Grace Example" in deployed("plan").out
    assert "Ada Example" not in deployed("plan").out


def test_our_own_deploy_is_not_blamed_when_the_log_lacks_the_change(deployed: World) -> None:
    edit(deployed, user="Ada Example")
    deployed.app.state.tenant.api_events.pop()
    assert "last changed" not in deployed("plan").out


def test_what_happened_before_our_deploy_is_no_answer(deployed: World) -> None:
    edit(deployed, user="Ada Example", later=-7200)
    assert "last changed" not in deployed("plan").out


def test_without_the_scope_it_says_how_to_grant_it(
    make_world: Callable[..., World], fill: Callable[[World], Any]
) -> None:
    world = make_world(scopes=tuple(scope for scope in ALL_SCOPES if scope != "read:logs"))
    fill(world)
    world("deploy", "--yes")
    assert "read:logs" not in world("plan").out
    edit(world, user="Ada Example")
    result = world("plan")
    assert result.code == 0
    assert "with the scope read:logs a plan says who changed a connection" in result.out
    assert "Machine to Machine" in result.out
    assert log_reads(world) == 0


def test_a_log_that_cannot_be_read_is_no_failure_of_the_plan(deployed: World) -> None:
    edit(deployed, user="Ada Example")
    deployed.app.state.faults.add(Fault(FaultKind.HTML, "GET", "/api/v2/logs", times=10, status=403))
    result = deployed("plan")
    assert result.code == 0
    assert "who changed it is not known" in result.out
    assert "was changed on the tenant" in result.out


def test_a_name_in_the_log_cannot_write_over_the_terminal(deployed: World) -> None:
    edit(deployed, user="Ada\x1b[2J\nExample")
    planned = deployed("plan").out
    assert "\x1b" not in planned
    assert "by Ada [2J Example," in planned
