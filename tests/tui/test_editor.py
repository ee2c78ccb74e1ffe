"""The editor: tabs, live lint, marks, find, saving, and what happens when a file changes under it."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from screen_text import screen_lines, screen_text, screen_words, settle, settle_typing
from scripted_backend import LOGIN_BEFORE, ScriptedBackend
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widgets import Button

from dbconn_tui.tui.app import DbconnApp
from dbconn_tui.tui.screens.ask import AskScreen
from dbconn_tui.tui.screens.editor import EditorScreen
from dbconn_tui.tui.screens.home import HomeScreen
from dbconn_tui.tui.screens.pick import PickScreen
from dbconn_tui.tui.screens.plan import PlanScreen
from dbconn_tui.tui.widgets.problem_list import ProblemList
from dbconn_tui.tui.widgets.script_editor import ScriptEditor
from dbconn_tui.tui.widgets.script_tabs import visible

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def _lint_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dbconn_tui.tui.screens.editor.LINT_PAUSE", 0.001)
    # Files are looked at when a test says so.
    monkeypatch.setattr("dbconn_tui.tui.screens.scripts.WATCH_PAUSE", 3_600.0)


async def open_editor(pilot: Pilot[Any]) -> EditorScreen:
    await settle(pilot)
    await pilot.press("j", "e")
    await settle(pilot)
    screen = pilot.app.screen
    assert isinstance(screen, EditorScreen)
    return screen


async def look_at_files(pilot: Pilot[Any], screen: EditorScreen) -> None:
    screen._watch()
    await settle(pilot)


async def test_an_editor_is_made_when_its_tab_is_first_shown(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_editor(pilot)
        assert [one.kind for one in screen.query(ScriptEditor)] == ["login"]
        assert screen_lines(app)[1].split() == ["login", "✓", "~", "get_user", "✓", "verify", "–", "settings"]
        assert "const client = connect(configuration.PG_URL);" in screen_text(app)
        await pilot.press("f3")
        await settle(pilot)
        assert [one.kind for one in screen.query(ScriptEditor)] == ["login", "get_user"]
        assert "function getUser() {}" in screen_text(app)
        await pilot.press("f3")
        await settle(pilot)
        assert "function verify(email, callback) {" in screen_text(app)
        await pilot.press("f3")
        await settle(pilot)
        assert "configuration.PG_URL {secret: pg_url}" in screen_words(app)
        assert screen.unsaved == ()
        await pilot.press("f2", "f2", "f2")
        await settle(pilot)
        assert screen.editor is not None
        assert screen.editor.kind == "login"


async def test_problems_appear_while_typing_and_f8_goes_through_them(backend: ScriptedBackend) -> None:
    backend.disk["get_user"] = b"// one\n// BAD\n"
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_editor(pilot)
        assert "get_user ✗1" in screen_lines(app)[1]
        await pilot.press("end", "space", *"BAD")
        await settle_typing(pilot)
        assert "login ✗1 ~ •" in screen_lines(app)[1]
        assert "✗ 1:45 no-such-word BAD stands here" in screen_words(app)
        await pilot.press("down", "home", *"HMM")
        await settle_typing(pilot)
        assert "login ✗1 !1 ~ •" in screen_lines(app)[1]
        await pilot.press("f8")
        await settle(pilot)
        assert screen.editor is not None
        assert screen.editor.kind == "get_user"
        assert screen.editor.cursor_location == (1, 3)
        await pilot.press("f8")
        await settle(pilot)
        assert screen.editor.kind == "login"
        assert screen.editor.cursor_location == (0, 44)
        await pilot.press("f8")
        assert screen.editor.cursor_location == (1, 2)
        await pilot.press("f7")
        assert screen.query_one(ProblemList).has_focus
        await pilot.press("g", "enter")
        assert screen.editor.has_focus
        assert screen.editor.cursor_location == (0, 44)


async def test_typing_goes_on_while_lint_is_slow(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_editor(pilot)
        backend.lint_gate.clear()
        lints = len(backend.calls)
        await pilot.press(*"BAD")
        while ("lint_texts", ("login", "get_user")) not in backend.calls[lints:]:
            await pilot.pause(0.002)
        await pilot.press(*"BAD")
        assert screen.editor is not None
        assert screen.editor.text.startswith("BADBAD")
        backend.lint_gate.set()
        await settle_typing(pilot)
        assert "✗1" in screen_lines(app)[1]


async def test_marks_appear_on_lines_that_were_painted_before(backend: ScriptedBackend) -> None:
    """TextArea keeps painted lines: without emptying that cache a new mark would not be seen."""
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_editor(pilot)
        editor = screen.editor
        assert editor is not None
        assert not underlined(editor.render_line(3))
        problems = await backend.lint_texts(screen._scripts, {"login": "\n\n\n  const BAD"})  # type: ignore[arg-type]
        editor.show_problems(problems["login"])
        await pilot.pause()
        assert underlined(editor.render_line(3)) == "que"
        editor.show_problems(())
        await pilot.pause()
        assert not underlined(editor.render_line(3))


def underlined(strip: Strip) -> str:
    return "".join(segment.text for segment in strip if segment.style is not None and segment.style.underline)


async def test_javascript_is_coloured_and_a_long_script_is_not(backend: ScriptedBackend) -> None:
    backend.disk["get_user"] = b"const a = 1;\n" * 1_100
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_editor(pilot)
        assert screen.editor is not None
        colours = {segment.style.color for segment in screen.editor.render_line(0) if segment.style}
        assert len(colours) > 3
        assert "no colours: long" not in screen_text(app)
        await pilot.press("f3")
        await settle(pilot)
        assert "no colours: long" in screen_text(app)


async def test_saving_writes_the_file_and_leaving_reads_the_project_again(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_editor(pilot)
        await pilot.press(*"// new", "enter")
        await settle_typing(pilot)
        assert screen.unsaved == ("scripts/partner-portal/login.js",)
        assert "login.js • not saved" in screen_text(app)
        await pilot.press("f6")
        await settle(pilot)
        assert isinstance(app.screen, EditorScreen)
        assert "a plan is made from the files" in screen_words(app)
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert backend.disk["login"] == f"// new\n{LOGIN_BEFORE}".encode()
        assert "not saved" not in screen_text(app)
        opened = [call for call in backend.calls if call[0] == "open"]
        await pilot.press("f6")
        await settle(pilot)
        assert isinstance(app.screen, PlanScreen)
        assert len([call for call in backend.calls if call[0] == "open"]) == len(opened) + 1
        await pilot.press("escape", "f3", "f3")
        await settle(pilot)
        await pilot.press("down", *"callback(null, true);", "ctrl+s")
        await settle_typing(pilot)
        assert backend.disk["verify"] == b"function verify(email, callback) {\ncallback(null, true);\n}\n"
        assert "verify –" not in screen_text(app)
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, HomeScreen)


@pytest.mark.parametrize("keys", [("escape",), ("ctrl+q",)])
async def test_nothing_unsaved_is_lost_unasked(backend: ScriptedBackend, keys: tuple[str, ...]) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_editor(pilot)
        await pilot.press("x", *keys)
        await settle(pilot)
        assert isinstance(app.screen, AskScreen)
        assert "scripts/partner-portal/login.js is not saved" in screen_words(app)
        assert app.screen.query_one("#cancel", Button).has_focus
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, EditorScreen)
        assert app.screen.unsaved
        await pilot.press(*keys)
        await settle(pilot)
        await pilot.press("y")
        await pilot.pause()
        assert not app.is_running or isinstance(app.screen, HomeScreen)
    assert backend.disk["login"] == LOGIN_BEFORE.encode()


async def test_a_file_changed_outside_is_taken_over_unless_something_is_unsaved(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_editor(pilot)
        await pilot.press("down", "down")
        backend.disk["login"] = b"// theirs\n// BAD\n// end\n"
        await look_at_files(pilot, screen)
        assert screen.editor is not None
        assert screen.editor.text.startswith("// theirs")
        assert screen.editor.cursor_location[0] == 2
        assert "login ✗1" in screen_lines(app)[1]
        await pilot.press("x")
        backend.disk["login"] = b"// theirs again\n"
        await look_at_files(pilot, screen)
        assert screen.editor.text.startswith("// theirs\n")
        assert "login.js changed on the disk" in screen_words(app)
        # Saving writes over it only after a question.
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert isinstance(app.screen, AskScreen)
        await pilot.press("escape")
        await settle(pilot)
        await pilot.press("ctrl+r")
        await settle(pilot)
        assert "What you changed in scripts/partner-portal/login.js" in screen_words(app)
        await pilot.press("y")
        await settle(pilot)
        assert screen.editor.text == "// theirs again\n"
        assert screen.unsaved == ()
        assert "changed on the disk" not in screen_words(app)
        await pilot.press("y")
        backend.disk["login"] = b"// a third time\n"
        await look_at_files(pilot, screen)
        await pilot.press("ctrl+s")
        await settle(pilot)
        await pilot.press("y")
        await settle(pilot)
        assert backend.disk["login"] == b"// theirs again\ny"
        assert screen.unsaved == ()


async def test_a_change_between_two_looks_is_not_written_over(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_editor(pilot)
        await pilot.press("x")
        backend.disk["login"] = b"// theirs\n"
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert backend.disk["login"] == b"// theirs\n"
        assert screen.unsaved
        assert "changed on the disk" in screen_words(app)


async def test_fixes_are_shown_before_they_are_in_the_text(backend: ScriptedBackend) -> None:
    backend.disk["login"] = b"// BAD\n// fine\n"
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_editor(pilot)
        await pilot.press("f9")
        await settle(pilot)
        assert isinstance(app.screen, AskScreen)
        assert "Mends no-such-word" in screen_words(app)
        assert "+ // GOOD" in screen_words(app)
        await pilot.press("escape")
        await settle(pilot)
        assert screen.unsaved == ()
        await pilot.press("f9")
        await settle(pilot)
        await pilot.press("y")
        await settle_typing(pilot)
        assert screen.editor is not None
        assert screen.editor.text == "// GOOD\n// fine\n"
        assert "login ✓ ~ •" in screen_lines(app)[1]
        assert backend.disk["login"] == b"// BAD\n// fine\n"
        await pilot.press("f9")
        await settle(pilot)
        assert "Nothing that lint mends safely: there is no problem" in screen_words(app)
        await pilot.press("ctrl+z")
        await settle(pilot)
        assert screen.unsaved == ()


async def test_a_new_script_begins_empty_or_with_the_templates_text(backend: ScriptedBackend) -> None:
    backend.template = "rest-api"
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_editor(pilot)
        await pilot.press("ctrl+n")
        await settle(pilot)
        assert isinstance(app.screen, PickScreen)
        assert "verify from the template rest-api" in screen_words(app)
        await pilot.press("enter")
        await settle_typing(pilot)
        assert screen.editor is not None
        assert screen.editor.text.startswith("function verify(email, callback) {\n  callback(null, true)")
        assert screen.unsaved == ("scripts/partner-portal/verify.js",)
        screen.action_refill()
        await settle(pilot)
        assert "scripts/partner-portal/verify.js is not saved" in screen_words(app)
        await pilot.press("ctrl+s")
        await settle(pilot)
        screen.action_refill()
        await settle(pilot)
        assert "does not say which template it was made from" in screen_words(app)


async def test_what_an_earlier_run_lost_is_offered_once(backend: ScriptedBackend) -> None:
    backend.kept = {"get_user": "// precious\n"}
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("j", "e")
        await settle(pilot)
        assert isinstance(app.screen, AskScreen)
        assert "scripts/get_user.js: a text of 3m ago was never saved" in screen_words(app)
        await pilot.press("enter")
        await settle(pilot)
        # Cancel leaves it where it is.
        assert backend.kept == {"get_user": "// precious\n"}
        await pilot.press("escape", "e")
        await settle(pilot)
        await pilot.press("y")
        await settle_typing(pilot)
        screen = app.screen
        assert isinstance(screen, EditorScreen)
        assert screen.editor is not None
        assert screen.editor.text == "// precious\n"
        assert backend.kept == {"get_user": "// precious\n"}
        await pilot.press("x")
        screen._keep()
        await settle(pilot)
        assert backend.kept == {"get_user": "x// precious\n"}
        # Left on purpose, it does not come back.
        await pilot.press("escape")
        await settle(pilot)
        await pilot.press("y")
        await settle(pilot)
        assert backend.kept == {}
        assert isinstance(app.screen, HomeScreen)


async def test_find_steps_through_the_matches(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_editor(pilot)
        await pilot.press("ctrl+f", *"CLIENT.")
        await settle(pilot)
        assert screen.editor is not None
        assert screen.editor.selected_text == "client."
        assert "match 1 of 2" in screen_text(app)
        await pilot.press("enter")
        assert screen.editor.selection.start == (4, 2)
        await pilot.press("enter")
        assert screen.editor.selection.start == (2, 2)
        await pilot.press("up", "escape")
        assert screen.editor.selection.start == (4, 2)
        assert screen.editor.has_focus
        await pilot.press("ctrl+f", *"nowhere")
        await settle(pilot)
        assert "is not in it" in screen_text(app)


@pytest.mark.parametrize("text", ["a\r\nb\nc", "a = 'x\u2028y';\n"])
async def test_a_text_that_would_come_out_changed_is_only_shown(backend: ScriptedBackend, text: str) -> None:
    backend.disk["login"] = text.encode()
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_editor(pilot)
        assert "unusual line ends" in screen_words(app)
        await pilot.press("x", "ctrl+s")
        await settle(pilot)
        assert screen.unsaved == ()
    assert backend.disk["login"] == text.encode()


async def test_windows_line_ends_are_kept(backend: ScriptedBackend) -> None:
    backend.disk["login"] = b"// a\r\n// b\r\n"
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_editor(pilot)
        await pilot.press("end", "x", "ctrl+s")
        await settle(pilot)
    assert backend.disk["login"] == b"// ax\r\n// b\r\n"


async def test_ones_own_editor_opens_the_saved_file(backend: ScriptedBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    app = DbconnApp(backend)
    ran: list[list[str]] = []

    def call(command: list[str]) -> int:
        ran.append(command)
        backend.disk["login"] = b"// from outside\n"
        return 0

    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_editor(pilot)
        await pilot.press("f4")
        await settle(pilot)
        assert "Set VISUAL or EDITOR" in screen_words(app)
        monkeypatch.setattr(backend, "editor_command", lambda file: ["nano", str(file.path)])
        monkeypatch.setattr("subprocess.call", call)
        monkeypatch.setattr(app, "suspend", nullcontext)
        await pilot.press("x", "f4")
        await settle(pilot)
        assert ran == []
        assert "ctrl+s saves it first" in screen_words(app)
        await pilot.press("backspace", "f4")
        await settle(pilot)
        assert ran == [["nano", "/login.js"]]
        assert screen.editor is not None
        assert screen.editor.text == "// from outside\n"


@given(st.lists(st.integers(3, 20), min_size=1, max_size=12), st.data(), st.integers(20, 150))
def test_the_active_tab_is_always_shown(widths: list[int], data: st.DataObject, room: int) -> None:
    active = data.draw(st.integers(0, len(widths) - 1))
    shown = visible(widths, active, room)
    assert active in shown
    assert sum(widths[index] for index in shown) <= room
    if sum(widths) <= room:
        assert list(shown) == list(range(len(widths)))
