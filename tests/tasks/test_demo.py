"""The demo's project and its walk, in this process."""

from __future__ import annotations

import pytest

from dbconn_tui.deploy.values import ConnectionState
from dbconn_tui.errors import DbconnError, NodeError
from dbconn_tui.runtime.node import find_node
from dbconn_tui.tasks import demo
from dbconn_tui.tasks.access import open_tenant
from dbconn_tui.tasks.plan import plan_connections
from dbconn_tui.tasks.workspace import open_workspace


@pytest.mark.anyio
async def test_the_app_is_shown_one_new_and_one_changed_connection() -> None:
    with demo.demo_world() as world:
        await demo.prepare_for_app(world)
        workspace = open_workspace(world.outside)
        async with open_tenant(world.outside, workspace.tenant) as tenant:
            plan = (await plan_connections(world.outside, workspace, tenant)).plan
        states = {one.key: one.state for one in plan.connections}
        folder = world.outside.folder
    assert states == {demo.CHANGED: ConnectionState.CHANGE, demo.CONNECTION: ConnectionState.CREATE}
    (change,) = next(one.changes for one in plan.connections if one.key == demo.CHANGED)
    assert change.item == "script:login"
    assert not folder.exists()


def has_node() -> bool:
    """Whether the `node` extra is here; the demo's tasks see no PATH."""
    try:
        find_node({})
    except NodeError:
        return False
    return True


@pytest.mark.anyio
async def test_every_step_of_the_walk_is_really_done() -> None:
    with demo.demo_world() as world:
        titles = [step.title async for step in demo.walk_through(world)]
    assert titles == [
        "project made",
        "local tenant and sample user store started",
        "connection legacy-users added from the template rest-api",
        "lint clean",
        "tested against the user store" if has_node() else "not tested",
        "planned",
        "deployed",
        "verified by reading back",
        "second plan is empty",
        "logged in through the tenant, by the script that was deployed" if has_node() else "not logged in",
    ]


@pytest.mark.anyio
async def test_a_step_that_comes_out_wrong_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    with demo.demo_world() as world:
        original = demo.add_demo_connection

        def add_and_break(world: demo.DemoWorld) -> object:
            addition = original(world)
            login = next(file.path for file in addition.files if file.kind == "login")
            login.write_text("function login(identifier, callback) {}\n", encoding="utf-8")
            return addition

        monkeypatch.setattr(demo, "add_demo_connection", add_and_break)
        with pytest.raises(DbconnError, match="lint found"):
            async for _ in demo.walk_through(world):
                pass
