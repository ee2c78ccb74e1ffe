"""Test: the board fills in, a failure is told in its place, a stop ends it after the check under way."""

from __future__ import annotations

from typing import Any

import pytest
from screen_text import screen_text, screen_words, settle
from scripted_backend import PROD, ScriptedBackend
from scripted_runs import CHECKS
from textual.pilot import Pilot

from dbconn_tui.errors import NodeError
from dbconn_tui.runtime.checks import State
from dbconn_tui.tasks.connection_tests import BoardStep
from dbconn_tui.tui.app import DbconnApp
from dbconn_tui.tui.bars import bar, timeline
from dbconn_tui.tui.board import Play, advance
from dbconn_tui.tui.runs import TestRequest
from dbconn_tui.tui.screens.ask import AskScreen
from dbconn_tui.tui.screens.confirm import ConfirmScreen
from dbconn_tui.tui.screens.home import HomeScreen
from dbconn_tui.tui.screens.test import TestScreen

pytestmark = pytest.mark.anyio


async def open_test(pilot: Pilot[Any]) -> TestScreen:
    await settle(pilot)
    await pilot.press("j", "T")
    await settle(pilot)
    screen = pilot.app.screen
    assert isinstance(screen, TestScreen)
    return screen


@pytest.mark.parametrize("size", [(80, 24), (150, 40)])
async def test_the_board_fills_in(backend: ScriptedBackend, size: tuple[int, int]) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=size) as pilot:
        await open_test(pilot)
        assert "f5 plays what Auth0 does with the scripts, with the values of dev." in screen_words(app)
        await pilot.press("o")
        await pilot.pause()
        assert "also a store that hangs" in screen_words(app)
        await pilot.press("f5")
        await settle(pilot)
        (request,) = backend.requests
        assert isinstance(request, TestRequest)
        assert request == TestRequest(("partner-portal",), "dev", False, quick=False)
        words = screen_words(app)
        assert "✗ partner-portal 1 passed, 1 failed, 1 skipped" in words
        assert "✓ sign-up" in words
        assert "✗ login" in words
        assert "login gave another user_id the second time" in words
        assert "✓ 1 passed ✗ 1 failed – 1 skipped" in words
        await pilot.press("c")
        assert "login" in app.clipboard
        assert "12 ms" in app.clipboard


async def test_a_stop_waits_for_the_check_under_way(backend: ScriptedBackend) -> None:
    backend.check_gate.clear()
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_test(pilot)
        await pilot.press("f5")
        await pilot.pause()
        assert "… sign-up running" in screen_words(app)
        # Leaving asks, and Cancel stays.
        await pilot.press("escape")
        await settle_modal(pilot)
        assert isinstance(app.screen, AskScreen)
        assert "its user is deleted again" in screen_words(app)
        await pilot.press("enter")
        await pilot.pause()
        assert app.screen is screen
        await pilot.press("f5", "ctrl+c")
        await pilot.pause()
        assert "stopping after this check" in screen_words(app)
        backend.check_gate.set()
        await settle(pilot)
        assert len(backend.requests) == 1
        assert screen._play.count(State.SKIPPED) == len(CHECKS)
        assert "Stopped: the rest was not played" in screen_words(app)
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, HomeScreen)


async def settle_modal(pilot: Pilot[Any]) -> None:
    await pilot.pause()
    await pilot.pause()


async def test_a_protected_tenant_and_a_machine_without_node(backend: ScriptedBackend) -> None:
    backend.tenant = PROD
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_test(pilot)
        await pilot.press("f5")
        await settle(pilot)
        assert isinstance(app.screen, ConfirmScreen)
        await pilot.press("escape")
        await settle(pilot)
        assert backend.requests == []
        backend.run_error = NodeError("Node is not here", "Install Node 22.")
        await pilot.press("f5")
        await settle(pilot)
        await pilot.press(*"prod", "enter")
        await settle(pilot)
        assert backend.requests[0].confirmed
        assert "Node is not here → Install Node 22." in screen_words(app)
        assert "· partner-portal not played yet" in screen_words(app)
        # Another one's values: nothing is asked.
        backend.run_error = None
        await pilot.press("v")
        await pilot.press("v", "f5")
        await settle(pilot)
        assert backend.requests[1].values == "local"
        assert "✗ partner-portal" in screen_text(app)


def test_a_variant_that_comes_up_stands_with_its_connection() -> None:
    plays = (Play("a"), Play("b"))
    plays = advance(plays, BoardStep("a", "", ("login",)))
    plays = advance(plays, BoardStep("a", "", (), CHECKS[0]))
    plays = advance(plays, BoardStep("a", "with organization", ("login",)))
    assert [play.title for play in plays] == ["a", "a with organization", "b"]
    assert [play.words for play in plays] == ["1 of 1", "0 of 1", "not played yet"]
    assert [play.symbol for play in plays] == ["…", "…", "·"]


def test_bars_never_hide_a_time_and_never_grow_too_long() -> None:
    assert bar(0, 10) == ""
    assert bar(0.0001, 10) == "▏"
    assert bar(0.5, 10) == "█████"
    assert bar(7, 10) == "██████████"
    assert all(len(timeline(at, 20, 32)) == 32 for at in (0, 0.4, 19.99, 25))
