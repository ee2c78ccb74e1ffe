"""Against a real Node and a real store: a script is tried, then a text nobody saved, then the life cycle is played."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator

import pytest
from screen_text import screen_words, settle, settle_typing

from dbconn_tui import passwords
from dbconn_tui.errors import NodeError
from dbconn_tui.runtime.life_cycle import PREFIX
from dbconn_tui.runtime.node import find_node
from dbconn_tui.tasks.demo import DemoWorld, demo_world, prepare_for_app
from dbconn_tui.tui.app import DbconnApp
from dbconn_tui.tui.backend import TaskBackend
from dbconn_tui.tui.screens.ask import AskScreen
from dbconn_tui.tui.screens.editor import EditorScreen
from dbconn_tui.tui.screens.home import HomeScreen
from dbconn_tui.tui.screens.test import TestScreen
from dbconn_tui.tui.screens.try_script import TryScreen
from dbconn_tui.tui.widgets.line_view import LineView, plain_text

pytestmark = pytest.mark.anyio


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[DemoWorld]:
    """The demo's project with its store, whose hashes are made cheap."""
    environment = {"PATH": os.environ.get("PATH", "")}
    try:
        find_node(environment)
    except NodeError as failure:
        pytest.skip(failure.message)
    monkeypatch.setattr(passwords, "_COST", 2**4)
    with demo_world(environment) as world:
        asyncio.run(prepare_for_app(world))
        yield world


async def test_try_and_test(world: DemoWorld) -> None:
    app = DbconnApp(TaskBackend(world.outside, world.project_file), world.tenant.name)
    user = world.store.users.all()[0]
    login = world.outside.folder / "scripts" / "legacy-users" / "login.js"
    saved = login.read_text(encoding="utf-8")
    async with app.run_test(size=(150, 40)) as pilot:
        await settle(pilot)
        await pilot.press("j", "t")
        await settle(pilot)
        assert isinstance(app.screen, TryScreen)
        await pilot.press(*user.email, "tab", *"wrong-word-77", "f5")
        await settle(pilot)
        words = screen_words(app)
        assert "✓ login: ok – refused the user" in words
        assert "WrongUsernameOrPasswordError" in words
        await pilot.press("f3", "f5")
        await settle(pilot)
        assert f'"email": "{user.email}"' in screen_words(app)
        # A text that nobody saved.
        await pilot.press("escape", "e")
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, EditorScreen)
        assert screen.editor is not None
        screen.editor.put("function login(email, password, callback) {\n  callback(null, { email });\n}\n")
        await settle_typing(pilot)
        await pilot.press("f5", "f5")
        await settle(pilot)
        await pilot.press("f5")
        await settle(pilot)
        shown = plain_text(app.screen.query_one("#result", LineView).lines)
        assert "✗ login: bad-profile" in shown
        assert "the profile has no user_id" in shown
        assert login.read_text(encoding="utf-8") == saved
        await pilot.press("escape", "escape")
        await settle(pilot)
        await pilot.press("y")
        await settle(pilot)
        await pilot.press("T", "f5")
        await settle(pilot)
        assert isinstance(app.screen, TestScreen)
        play = app.screen._play
        assert play.outcome is not None
        assert play.symbol == "✓", screen_words(app)
        assert len(play.checks) == len(play.names)
        assert made_users(world) == []
        await pilot.press("c")
        assert "sign-up" in app.clipboard
        assert world.store.client_secret.reveal() not in app.clipboard
        # Left in the middle, the test's user goes all the same, at the latest with the app.
        await pilot.press("f5")
        while not made_users(world):
            await pilot.pause(0.002)
        await pilot.press("escape")
        await pilot.pause()
        # On a slow machine it may be over by now; then nothing is asked.
        if isinstance(app.screen, AskScreen):
            await pilot.press("y")
            await pilot.pause()
        assert isinstance(app.screen, HomeScreen)
    assert made_users(world) == []


def made_users(world: DemoWorld) -> list[str]:
    return [one.email for one in world.store.users.all() if one.email.startswith(PREFIX)]
