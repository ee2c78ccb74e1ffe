"""Ways through the app: jumping, going to a place by its name or number, and files that change meanwhile."""

from __future__ import annotations

import pytest
from screen_text import screen_text, screen_words, settle
from scripted_backend import ScriptedBackend
from textual.command import CommandInput

from dbconn_tui.tasks.watch import Look
from dbconn_tui.tui.app import DbconnApp
from dbconn_tui.tui.screens.ask import AskScreen
from dbconn_tui.tui.screens.editor import EditorScreen
from dbconn_tui.tui.screens.history import HistoryScreen
from dbconn_tui.tui.screens.home import HomeScreen
from dbconn_tui.tui.screens.jump import JumpScreen
from dbconn_tui.tui.screens.log import LogScreen
from dbconn_tui.tui.screens.plan import PlanScreen
from dbconn_tui.tui.screens.secrets import SecretsScreen

pytestmark = pytest.mark.anyio


async def test_a_jump_goes_to_a_tab_in_two_keys(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await pilot.press("e")
        await settle(pilot)
        await pilot.press("ctrl+o")
        await settle(pilot)
        assert isinstance(app.screen, JumpScreen)
        assert " a " in screen_text(app)
        assert " s " in screen_text(app)
        await pilot.press("s")
        await settle(pilot)
        assert isinstance(app.screen, EditorScreen)
        assert app.screen.editor is not None
        assert "getUser" in app.screen.editor.text


async def test_a_jump_gives_the_focus_to_a_pane(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(150, 40)) as pilot:
        await settle(pilot)
        await pilot.press("p")
        await settle(pilot)
        before = app.screen.focused
        await pilot.press("ctrl+o", "s")
        await settle(pilot)
        assert isinstance(app.screen, PlanScreen)
        assert app.screen.focused is not before
        assert app.screen.focused is app.screen.focus_chain[1]


async def test_any_other_key_ends_the_jump_and_does_nothing(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        for key in ("escape", "P", "ctrl+o"):
            await pilot.press("ctrl+o")
            await settle(pilot)
            assert isinstance(app.screen, JumpScreen)
            await pilot.press(key)
            await settle(pilot)
            assert isinstance(app.screen, HomeScreen), key


async def test_numbers_go_to_the_main_screens_and_leave_nothing_behind(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        for key, screen in (
            ("3", PlanScreen),
            ("4", SecretsScreen),
            ("5", HistoryScreen),
            ("3", PlanScreen),
            ("1", HomeScreen),
            ("6", LogScreen),
            ("1", HomeScreen),
            ("2", EditorScreen),
        ):
            await pilot.press(key)
            await settle(pilot)
            assert isinstance(app.screen, screen), key
            assert len(app.screen_stack) <= 2


async def test_go_to_finds_a_script_by_letters_of_its_name(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await pilot.press("ctrl+g")
        await settle(pilot)
        app.screen.query_one(CommandInput).value = "legacy get_u"
        await settle(pilot)
        await pilot.pause(0.3)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, EditorScreen)
        assert app.screen.key == "legacy-users"
        assert app.screen.editor is not None
        assert "getUser" in app.screen.editor.text


async def test_what_is_not_saved_is_asked_about_before_going_elsewhere(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await pilot.press("e")
        await settle(pilot)
        await pilot.press("x")
        await settle(pilot)
        app.action_go("plan")
        await settle(pilot)
        assert isinstance(app.screen, AskScreen)
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, EditorScreen)


async def test_a_file_changed_outside_is_read_again_and_named(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await settle(pilot)
        opened = backend.calls.count(("open", None))
        backend.files = Look({"dbconn.yaml": (2, 1)})
        app.look_at_files()
        await settle(pilot)
        assert backend.calls.count(("open", None)) == opened + 1
        assert "Changed on the disk, read again: dbconn.yaml" in screen_words(app)
        app.look_at_files()
        await settle(pilot)
        assert backend.calls.count(("open", None)) == opened + 1


async def test_while_an_editor_is_open_it_looks_after_its_files_itself(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await pilot.press("e")
        await settle(pilot)
        opened = backend.calls.count(("open", None))
        backend.files = Look({"dbconn.yaml": (2, 1)})
        app.look_at_files()
        await settle(pilot)
        assert backend.calls.count(("open", None)) == opened
