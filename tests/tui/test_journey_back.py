"""Against a real local tenant: edit, deploy, drift by someone else, take theirs, keep mine, roll back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from screen_text import screen_words, settle, settle_typing

from dbconn_tui.tasks.access import open_tenant
from dbconn_tui.tasks.demo import CHANGED, DemoWorld, demo_world, prepare_for_app
from dbconn_tui.tasks.status import StatusState
from dbconn_tui.tasks.workspace import open_workspace
from dbconn_tui.tui.app import DbconnApp
from dbconn_tui.tui.backend import TaskBackend
from dbconn_tui.tui.screens.editor import EditorScreen
from dbconn_tui.tui.screens.plan import PlanScreen

pytestmark = pytest.mark.anyio


@pytest.fixture
def world() -> Iterator[DemoWorld]:
    """A project with a new and a changed connection, and its local tenant."""
    with demo_world() as world:
        asyncio.run(prepare_for_app(world))
        yield world


async def live_login(world: DemoWorld, change: Callable[[str], str] | None = None) -> str:
    """The live login script; with `change` someone else saves another one first."""
    workspace = open_workspace(world.outside)
    async with open_tenant(world.outside, workspace.tenant) as tenant:
        live = (await tenant.find_connections([CHANGED])).by_name(CHANGED)
        assert live is not None
        options: dict[str, Any] = dict(live.options)
        if change is not None:
            login = change(options["customScripts"]["login"])
            options["customScripts"] = {**options["customScripts"], "login": login}
            await tenant.update_connection(live.id, {"options": options})
        text: str = options["customScripts"]["login"]
        return text


async def test_edit_deploy_drift_decide_and_back(world: DemoWorld) -> None:
    file = world.outside.folder / "scripts" / CHANGED / "login.js"
    first = await live_login(world)
    app = DbconnApp(TaskBackend(world.outside, world.project_file), world.tenant.name)
    async with app.run_test(size=(80, 24)) as pilot:

        def state() -> StatusState:
            assert app.state.status is not None
            return next(row.state for row in app.state.status.rows if row.key == CHANGED)

        async def press(*keys: str) -> None:
            await pilot.press(*keys)
            await settle(pilot)

        async def deploy() -> None:
            await press("d")
            await press("y")
            assert app.state.deploy is not None
            assert app.state.deploy.succeeded, screen_words(app)
            await press("escape")

        await settle(pilot)
        # A mistake is marked while it is typed, and is gone when it is taken back.
        await press("g", "e")
        assert isinstance(app.screen, EditorScreen)
        assert app.screen.key == CHANGED
        await press(*"}{", "enter", "up")
        await settle_typing(pilot)
        assert "✗" in screen_words(app), screen_words(app)
        await press("ctrl+z", "ctrl+z", "ctrl+home", *"// mine", "enter", "ctrl+s")
        assert file.read_text(encoding="utf-8").startswith("// mine\n")
        await press("f6")
        assert isinstance(app.screen, PlanScreen)
        assert app.screen.entry is not None
        await deploy()
        await press("1")
        mine = await live_login(world)
        assert mine.startswith("// mine\n")
        assert state() is StatusState.IN_SYNC

        # Someone else saves the script: theirs comes into the file.
        theirs = await live_login(world, lambda text: f"// theirs\n{text}")
        await press("r")
        assert state() is StatusState.DRIFT
        await press("p")
        await press("t")
        assert "is not committed to git" in screen_words(app)
        await press("y")
        assert file.read_text(encoding="utf-8") == theirs
        await press("1")
        assert state() is StatusState.IN_SYNC

        # They do it again: mine is kept.
        await live_login(world, lambda text: f"// again\n{text}")
        await press("r")
        await press("p")
        await press("m")
        await deploy()
        assert await live_login(world) == theirs

        # Back, through a plan.
        await press("1", "g", "h")
        await press("u")
        assert "rolls back to before deploy" in screen_words(app)
        await deploy()
        assert (await live_login(world)).startswith("// again\n")
        await press("r")
        await press("j", "j", "u")
        await deploy()
        assert await live_login(world) == first
