"""The action table: keys, footer, palette, help and the user's keymap all come from it."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from screen_text import screen_lines, screen_text, settle
from scripted_backend import ScriptedBackend
from textual.command import CommandPalette

from dbconn_tui.tasks.status import StatusState
from dbconn_tui.tui.actions import ACTIONS, PLACES
from dbconn_tui.tui.app import DbconnApp
from dbconn_tui.tui.keys import all_keys
from dbconn_tui.tui.palette import ActionProvider
from dbconn_tui.tui.screens.help import HelpScreen, help_lines
from dbconn_tui.tui.screens.home import HomeScreen
from dbconn_tui.tui.screens.plan import PlanScreen
from dbconn_tui.tui.widgets.key_bar import KeyBar

MOST_IN_FOOTER = 7
SCREENS = [place for place in PLACES if place not in ("list", "text", "everywhere")]
WINDOW_COLOURS = {"ff5f57", "febc2e", "28c840", "c5c8c6"}
"""Of the frame that an exported picture draws around the screen."""


def test_every_action_is_complete_and_its_id_unique() -> None:
    assert max(Counter(action.id for action in ACTIONS).values()) == 1
    for action in ACTIONS:
        assert action.title, action.id
        assert action.help, action.id
        assert action.where in PLACES, action.id
        assert action.keys or action.palette, action.id


@pytest.mark.parametrize("place", SCREENS)
def test_no_key_means_two_things_in_one_place(place: str) -> None:
    keys = Counter(
        key for action in ACTIONS if action.where in (place, "everywhere") for key in action.keys.split(",") if key
    )
    assert [key for key, count in keys.items() if count > 1] == []


def test_keys_that_terminals_confuse_are_not_used() -> None:
    # ctrl+m is enter, ctrl+i tab, ctrl+h backspace.
    used = {key for action in ACTIONS for key in action.keys.split(",")}
    assert not used & {"ctrl+m", "ctrl+i", "ctrl+h"}


@pytest.mark.anyio
async def test_the_footer_is_readable_at_80_columns(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        _assert_whole(app)
        await pilot.press("e")
        await settle(pilot)
        _assert_whole(app)
        await pilot.press("escape", "p")
        await settle(pilot)
        _assert_whole(app)
        await pilot.press("a", "d")
        await settle(pilot)
        await pilot.press("y")
        await settle(pilot)
        _assert_whole(app)


def _assert_whole(app: DbconnApp) -> None:
    bar = app.screen.query_one(KeyBar)
    shown = [binding.description for binding, _ in bar.shown()]
    last = screen_lines(app)[-1]
    assert 0 < len(shown) <= MOST_IN_FOOTER
    assert "…" not in last.replace("Deploy…", "")
    for description in shown:
        assert f" {description} " in f"{last} "


@pytest.mark.anyio
async def test_help_lists_every_action_of_the_place_with_its_key(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("question_mark")
        await settle(pilot)
        assert isinstance(app.screen, HelpScreen)
        lines = help_lines("home", all_keys(app))
        text = "\n".join(f"{line.gutter}{line.text}" for line in lines)
        for action in ACTIONS:
            if action.where in ("home", "everywhere"):
                assert action.help in text
        await pilot.press("escape", "f1")
        await settle(pilot)
        assert isinstance(app.screen, HelpScreen)
        await pilot.press("escape")
        assert isinstance(app.screen, HomeScreen)


@pytest.mark.anyio
async def test_palette_names_end_with_the_key_and_run_the_action(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        names = [entry.name for entry in ActionProvider(app.screen).entries()]
        assert "Plan  (p)" in names
        assert "Quit  (^q)" in names
        assert "Tenant: prod" in names
        assert "Deploy…  (d)" in names
        assert "Keep mine  (m)" not in names
        await pilot.press("ctrl+p")
        await settle(pilot)
        assert isinstance(app.screen, CommandPalette)
        await pilot.press(*"plan")
        await settle(pilot)
        await pilot.press("enter", "enter")
        await settle(pilot)
        assert isinstance(app.screen, PlanScreen)


@pytest.mark.anyio
async def test_the_users_keymap_changes_key_and_palette(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        app.set_keymap({"home.plan": "f7"})
        await settle(pilot)
        names = [entry.name for entry in ActionProvider(app.screen).entries()]
        assert "Plan  (f7)" in names
        await pilot.press("p")
        assert isinstance(app.screen, HomeScreen)
        await pilot.press("f7")
        await settle(pilot)
        assert isinstance(app.screen, PlanScreen)


@pytest.mark.anyio
async def test_without_colour_symbols_and_words_remain(
    backend: ScriptedBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        picture = app.export_screenshot()
        assert "≠ crm-import" in screen_text(app)
    colours = set(re.findall(r"fill: #([0-9a-f]{6})", picture))
    assert colours
    assert all(colour[0:2] == colour[2:4] == colour[4:6] for colour in colours - WINDOW_COLOURS)


def test_every_state_differs_in_words_and_only_kindred_ones_share_a_symbol() -> None:
    assert len({state.value for state in StatusState}) == len(StatusState)
    shared = Counter(state.symbol for state in StatusState)
    assert {symbol for symbol, count in shared.items() if count > 1} == {"≠", "✗"}


@pytest.mark.anyio
@pytest.mark.parametrize("theme", ["textual-light", "ansi-dark", "nord"])
async def test_a_theme_changed_on_the_way_looks_as_if_it_had_always_been(backend: ScriptedBackend, theme: str) -> None:
    app, fresh = DbconnApp(backend), DbconnApp(ScriptedBackend())
    fresh.theme = theme
    async with app.run_test(size=(100, 24)) as pilot:
        await settle(pilot)
        app.theme = theme
        await settle(pilot)
        home = styles(app)
        app.theme = "textual-dark"
        await pilot.press("p")
        await settle(pilot)
        app.theme = theme
        await settle(pilot)
        plan = styles(app)
    async with fresh.run_test(size=(100, 24)) as pilot:
        await settle(pilot)
        assert home == styles(fresh)
        await pilot.press("p")
        await settle(pilot)
        assert plan == styles(fresh)


def styles(app: DbconnApp) -> list[list[str]]:
    """The style of every piece of every line."""
    return [[str(segment.style) for segment in strip] for strip in app.screen._compositor.render_strips()]
