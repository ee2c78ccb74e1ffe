"""The whole way by keyboard against a real local tenant: home, plan, deploy, in sync; and the tenant going away."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest
from screen_text import screen_words, settle

from dbconn_tui.tasks.demo import DemoWorld, demo_world, prepare_for_app
from dbconn_tui.tasks.status import StatusState
from dbconn_tui.tui.app import DbconnApp
from dbconn_tui.tui.backend import TaskBackend
from dbconn_tui.tui.screens.deploy import DeployScreen
from dbconn_tui.tui.screens.error import ErrorScreen
from dbconn_tui.tui.widgets.line_view import LineView, plain_text

pytestmark = pytest.mark.anyio


@pytest.fixture
def world() -> Iterator[DemoWorld]:
    """A project with a new and a changed connection, its local tenant and its user store, all on 127.0.0.1."""
    with demo_world() as world:
        asyncio.run(prepare_for_app(world))
        yield world


def app_for(world: DemoWorld) -> DbconnApp:
    return DbconnApp(TaskBackend(world.outside, world.project_file), world.tenant.name)


def states(app: DbconnApp) -> dict[str, StatusState]:
    return {row.key: row.state for row in app.state.status.rows} if app.state.status else {}


@pytest.mark.parametrize("size", [(80, 24), (150, 40)])
async def test_home_plan_deploy_in_sync(world: DemoWorld, size: tuple[int, int]) -> None:
    app = app_for(world)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        assert set(states(app).values()) == {StatusState.NEW, StatusState.CHANGED}
        await pilot.press("p")
        await settle(pilot)
        assert "Plan: 1 to create, 1 to change, 0 in sync" in screen_words(app)
        shown = []
        for _ in range(12):
            await pilot.press("right_square_bracket")
            shown.append(plain_text(app.screen.query_one(LineView).lines))
        secret = world.store.client_secret.reveal()
        assert not any(secret in text for text in shown)
        await pilot.press("d")
        await settle(pilot)
        assert "Create 1, change 1" in screen_words(app)
        await pilot.press("y")
        await settle(pilot)
        assert isinstance(app.screen, DeployScreen)
        assert app.state.deploy is not None
        assert app.state.deploy.succeeded, screen_words(app)
        assert "Deployed 2 in" in screen_words(app)
        await pilot.press("escape")
        await settle(pilot)
        assert "Plan: 0 to create, 0 to change, 2 in sync" in screen_words(app)
        await pilot.press("escape")
        await settle(pilot)
        assert set(states(app).values()) == {StatusState.IN_SYNC}
        assert "in sync" in screen_words(app)


async def test_files_edited_outside_and_a_tenant_that_went_away(world: DemoWorld) -> None:
    app = app_for(world)
    text = world.project_file.read_text(encoding="utf-8")
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        world.project_file.write_text("connections: [", encoding="utf-8")
        await pilot.press("r")
        await settle(pilot)
        assert app.state.project_failure is not None
        assert "dbconn.yaml:2:1:" in screen_words(app)
        world.project_file.write_text(text, encoding="utf-8")
        await pilot.press("r")
        await settle(pilot)
        assert states(app)["partner-portal"] is StatusState.CHANGED
    # Port 1 of this machine: nothing listens there.
    world.project_file.write_text(text.replace(world.tenant.domain, "http://127.0.0.1:1"), encoding="utf-8")
    environment = {"AUTH0_DOMAIN": "http://127.0.0.1:1", "AUTH0_CLIENT_ID": "x", "AUTH0_CLIENT_SECRET": "y"}
    outside = replace(world.outside, environment=environment)
    away = DbconnApp(TaskBackend(outside, world.project_file), world.tenant.name)
    async with away.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        words = screen_words(away)
        assert "⏸ not reachable" in words
        assert "legacy-users" in words
        assert not away.can_deploy


async def test_a_value_that_is_missing_refuses_the_deploy_with_its_hint(world: DemoWorld) -> None:
    from dbconn_tui.secret_store.values import value_service
    from dbconn_tui.tasks.demo import SECRET

    world.outside.store.delete(value_service(world.tenant.domain), SECRET)
    app = app_for(world)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert StatusState.VALUES in states(app).values()
        await pilot.press("p", "d")
        await settle(pilot)
        assert isinstance(app.screen, ErrorScreen)
        assert f"dbconn secrets set {SECRET}" in screen_words(app)
