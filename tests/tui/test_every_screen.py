"""Every screen at 80 columns: its footer, its keys, the way of the focus; and every question refused and accepted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from screen_text import screen_lines, settle
from scripted_backend import ScriptedBackend
from textual.keys import key_to_character
from textual.pilot import Pilot
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Button, TextArea

from dbconn_tui.tui.actions import ACTIONS, PLACES, Action
from dbconn_tui.tui.app import DbconnApp
from dbconn_tui.tui.keys import all_keys
from dbconn_tui.tui.palette import ActionProvider
from dbconn_tui.tui.screens.ask import AskScreen
from dbconn_tui.tui.screens.error import ErrorScreen
from dbconn_tui.tui.screens.help import help_lines
from dbconn_tui.tui.widgets.key_bar import KeyBar
from dbconn_tui.tui.widgets.line_view import Line

pytestmark = pytest.mark.anyio

WAYS: dict[str, tuple[tuple[str, ...], ...]] = {
    "home": (),
    "plan": (("p",),),
    "deploy": (("p", "a", "d"), ("y",)),
    "editor": (("g", "j", "e"),),
    "history": (("h",),),
    "secrets": (("s",),),
    "tenants": (("ctrl+t",),),
    "settings": (("g", "j", "o"),),
    "try": (("g", "j", "t"),),
    "test": (("g", "j", "T"),),
    "problems": (("g", "j", "j", "l"),),
    "checklist": (("l",), ("L",)),
    "doctor": (("D",),),
    "log": (("at",),),
    "templates": (("n",),),
    "add": (("n",), ("enter",)),
}
"""Place → the keys that lead there from home; what is in one group is pressed without waiting."""

MOST_KEYS, WIDEST = 7, 76
LEAVES = {"app.quit"}
"""Ends the app; what it asks before is tested elsewhere."""
NEEDS_A_TERMINAL = {"editor.external"}
"""Gives the terminal to another program, which a test without one cannot."""
IN_A_PANE = {"editor.settings"}
"""Works in a pane of the screen that has to have the focus."""
IN_LISTS = {action.id for action in ACTIONS if action.where in ("list", "text")}
NOT_IN_PALETTE = IN_LISTS | {"app.palette", "home.doctor"}
"""Moving within a list, the palette itself, and a second key for an action of everywhere."""


@pytest.fixture
def config(backend: ScriptedBackend, tmp_path: Path) -> ScriptedBackend:
    """The scripted project with a dbconn.yaml for the settings."""
    backend.config = tmp_path / "dbconn.yaml"
    backend.config.write_text(
        "version: 1\ntenants: {dev: {domain: d.example.com}, prod: {domain: p.example.com}}\n"
        "connections:\n  partner-portal: {configuration: {URL: 'http://a'}}\n",
        encoding="utf-8",
    )
    folder = tmp_path / "scripts" / "partner-portal"
    folder.mkdir(parents=True)
    (folder / "login.js").write_text("function login(i, p, c) { c(null); }\n", encoding="utf-8")
    return backend


async def go(pilot: Pilot[Any], place: str) -> Screen[Any]:
    await settle(pilot)
    for keys in WAYS[place]:
        await pilot.press(*keys)
        await settle(pilot)
    screen = pilot.app.screen
    assert type(screen).__module__.rpartition(".")[2] in (place, "try_script"), screen
    return screen


def of(place: str) -> list[Action]:
    return [action for action in ACTIONS if action.where == place]


def test_there_is_a_way_to_every_place() -> None:
    assert set(WAYS) == set(PLACES) - {"list", "text", "everywhere"}


@pytest.mark.parametrize("place", WAYS)
async def test_keys_footer_and_focus(config: ScriptedBackend, place: str) -> None:
    app = DbconnApp(config)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await go(pilot, place)
        _check_footer(app, screen)
        _check_bindings(screen, place)
        await _check_focus(pilot, screen)
        await _press_everything(pilot, screen, place)


def _check_footer(app: DbconnApp, screen: Screen[Any]) -> None:
    """At most seven keys in 76 columns, none cut, and every line as wide as the terminal."""
    assert {cell_len(line) for line in screen_lines(app)} == {80}
    bars = screen.query(KeyBar)
    if isinstance(screen, ModalScreen):
        assert not bars
        return
    shown = [binding.description for binding, _ in bars.first().shown()]
    assert 0 < len(shown) <= MOST_KEYS, shown
    last = screen_lines(app)[-1].rstrip()
    assert len(last) <= WIDEST, last
    assert all(one in last for one in shown)


def _check_bindings(screen: Screen[Any], place: str) -> None:
    """Every key of the table is bound here, or its action says that it cannot be done now."""
    bound = {active.binding.id for active in screen.active_bindings.values()}
    keys = set(screen.active_bindings)
    everywhere = [] if isinstance(screen, ModalScreen) else of("everywhere")
    for action in of(place) + everywhere:
        if action.keys and action.id not in bound | IN_A_PANE:
            refused = _refused(screen, action)
            # The focused list has the key for the same, or the focused field takes it as a letter.
            own = set(action.keys.split(",")) & keys
            assert refused or own or _typed(screen, action), action.id


def _refused(screen: Screen[Any], action: Action) -> bool:
    name = action.run.partition("(")[0]
    node, name = (screen.app, name.removeprefix("app.")) if name.startswith("app.") else (screen, name)
    return node.check_action(name, ()) is not True


def _typed(screen: Screen[Any], action: Action) -> bool:
    """Whether the focused field takes every key of the action as a letter."""
    focused = screen.focused
    return focused is not None and all(
        focused.check_consume_key(key, key_to_character(key)) for key in action.keys.split(",")
    )


async def _check_focus(pilot: Pilot[Any], screen: Screen[Any]) -> None:
    """tab (in a script, where it indents, f7) goes through everything that can be scrolled or used, and comes back."""
    chain = [widget for widget in screen.focus_chain if widget.display]
    for widget in screen.query(Widget):
        if widget.display and widget.region and widget.max_scroll_y > 0:
            assert any(one in chain for one in (widget, *widget.ancestors, *widget.query(Widget))), widget
    begun = pilot.app.focused
    seen: list[Widget | None] = []
    for _ in chain:
        seen.append(pilot.app.focused)
        await pilot.press("f7" if isinstance(pilot.app.focused, TextArea) else "tab")
    if chain:
        assert begun is not None
        assert set(seen) == set(chain)
        assert pilot.app.focused is begun


async def _press_everything(pilot: Pilot[Any], screen: Screen[Any], place: str) -> None:
    """Press every key of the place; whatever it opens is closed again, and nothing breaks."""
    app = pilot.app
    assert isinstance(app, DbconnApp)
    focus = app.focused
    for action in of(place):
        if action.id in NEEDS_A_TERMINAL:
            continue
        for key in filter(None, action.keys.split(",")):
            await pilot.press(key)
            await settle(pilot)
            assert app.is_running, action.id
            if isinstance(app.screen, ErrorScreen):
                assert "fault" not in app.screen.failure.title, (action.id, app.screen.failure.text)
            while app.screen is not screen and len(app.screen_stack) > 1:
                await app.pop_screen()
            if app.screen is not screen:
                screen = await go(pilot, place)
                focus = app.focused
            screen.set_focus(focus)


async def test_what_is_offered_everywhere_works(config: ScriptedBackend) -> None:
    app = DbconnApp(config)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await go(pilot, "plan")
        for action in of("everywhere"):
            if action.id not in LEAVES:
                await app.run_action(action.run, screen)
                await settle(pilot)
                assert not isinstance(app.screen, ErrorScreen), action.id
                while len(app.screen_stack) > 1:
                    await app.pop_screen()
                screen = await go(pilot, "plan")


async def test_no_action_without_help_and_a_palette_entry(config: ScriptedBackend) -> None:
    app = DbconnApp(config)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        everywhere = {entry.help for entry in ActionProvider(app.screen).entries()}
        for place in PLACES:
            text = "\n".join(line.text for line in help_lines(place, all_keys(app)))
            for action in of(place):
                assert action.help in text, action.id
                assert action.palette or action.id in NOT_IN_PALETTE, action.id
                if place == "everywhere" and action.palette:
                    assert action.help in everywhere, action.id


QUESTION = (Line("Something is lost then.", "bad", "! "),)


ANSWERS = {
    ("enter",): False,
    ("escape",): False,
    ("n",): False,
    ("y",): True,
    ("right", "enter"): True,
    ("tab", "enter"): True,
    ("right", "left", "enter"): False,
}


async def test_a_question_is_refused_unless_it_is_accepted(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        for keys, answer in ANSWERS.items():
            answers: list[bool | None] = []
            app.push_screen(AskScreen("Delete it?", QUESTION, "Delete", danger=True), answers.append)
            await settle(pilot)
            assert isinstance(app.focused, Button)
            assert app.focused.id == "cancel"
            await pilot.press(*keys)
            await settle(pilot)
            assert answers == [answer], keys
