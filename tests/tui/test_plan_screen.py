"""The plan: what it shows, what can be skipped, what stands in the way."""

from __future__ import annotations

from dataclasses import replace

import pytest
from screen_text import screen_lines, screen_text, screen_words, settle
from scripted_backend import BLOCKED, CREATED, DEV, PLAN, ScriptedBackend
from textual.widgets import OptionList

from dbconn_tui.deploy.values import Change, ConnectionPlan, ConnectionState, ItemState, Plan
from dbconn_tui.errors import LintError, RefusedError, UnreachableError
from dbconn_tui.tui.app import DbconnApp
from dbconn_tui.tui.screens.error import ErrorScreen
from dbconn_tui.tui.screens.home import HomeScreen
from dbconn_tui.tui.widgets.line_view import LineView

pytestmark = pytest.mark.anyio


async def test_the_list_and_the_difference_stand_side_by_side_or_stacked(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(150, 40)) as pilot:
        await settle(pilot)
        await pilot.press("p")
        await settle(pilot)
        options, text = app.screen.query_one(OptionList), app.screen.query_one(LineView)
        assert options.region.right <= text.region.x
        await pilot.resize_terminal(80, 24)
        await settle(pilot)
        assert options.region.bottom <= text.region.y
        assert options.region.width == text.region.width == 80
        words = screen_words(app)
    assert "Plan: 1 to create, 1 to change, 1 in sync, 1 to decide" in words
    assert "drift: 1 script" in words


async def test_what_blocks_comes_first_with_its_hint(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("p")
        await settle(pilot)
        lines = app.screen.query_one(LineView).lines
    assert lines[0].text == BLOCKED.blocked[0].reason
    assert lines[1].text.startswith("m keeps mine")


async def test_a_script_is_shown_as_a_difference_with_marked_words(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("p", "g", "]")
        await settle(pilot)
        view = app.screen.query_one(LineView)
        removed = next(line for line in view.lines if line.look == "removed")
        added = next(line for line in view.lines if line.look == "added")
        assert removed.text == "  const query = 'SELECT id FROM users WHERE email = ' + email;"
        assert "".join(removed.text[start:end] for start, end in removed.spans) == " + email"
        assert "".join(added.text[start:end] for start, end in added.spans) == "$1"
        before = len(view.lines)
        await pilot.press("left_curly_bracket")
        assert len(view.lines) < before
        await pilot.press("right_curly_bracket")
        assert len(view.lines) == before
        await pilot.press("c")
        assert "-   const query" in app.clipboard


async def test_configuration_is_shown_by_name_only(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(150, 40)) as pilot:
        await settle(pilot)
        await pilot.press("p", "g", "]", "]", "]")
        await settle(pilot)
        words = screen_words(app)
    assert "~ configuration.PG_URL: your change" in words
    assert "Values are never shown." in words


async def test_foreign_items_are_said_to_be_kept(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(150, 40)) as pilot:
        await settle(pilot)
        await pilot.press("p", "g", "j")
        await settle(pilot)
        words = screen_words(app)
    assert "change_email: foreign, kept as received" in words
    assert "12 options that the files do not manage, kept as received" in words


async def test_skipping_keeps_a_connection_out_of_the_deploy(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("p", "g", "j", "space", "a")
        await settle(pilot)
        assert app.state.skipped == {"crm-import"}
        await pilot.press("space")
        await settle(pilot)
        assert app.state.selected == ("staging-sql",)
        assert "2 skipped" in screen_words(app)
        await pilot.press("space", "a")
        await settle(pilot)
        assert app.state.skipped == frozenset()


async def test_a_refusal_stays_and_says_the_way_round_it(backend: ScriptedBackend) -> None:
    backend.check_error = RefusedError("crm-import: script:login was changed on the tenant", "Look at it.")
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("p", "d")
        await settle(pilot)
        assert isinstance(app.screen, ErrorScreen)
        words = screen_words(app)
        assert "crm-import: script:login was changed on the tenant" in words
        assert "skip that connection with space" in words
        await pilot.press("c")
        assert app.clipboard.startswith("crm-import: script:login was changed")
        assert isinstance(app.screen, ErrorScreen)
        await pilot.press("escape")
        assert not isinstance(app.screen, ErrorScreen)
    assert ("check", ("partner-portal", "crm-import", "staging-sql")) in backend.calls
    assert "deploy" not in [name for name, _ in backend.calls]


async def test_a_lint_refusal_lists_its_problems(backend: ScriptedBackend) -> None:
    from scripted_backend import FINDING

    backend.check_error = LintError("1 error that no deploy may carry", "Nothing was sent.", [FINDING])
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("p", "d")
        await settle(pilot)
        assert "scripts/crm-import/login.js:3:5" in screen_text(app)


async def test_nothing_to_deploy_asks_nothing(backend: ScriptedBackend) -> None:
    backend.plan = Plan("dev", DEV.domain, tuple(one for one in PLAN.connections if not (one.writes or one.blocked)))
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        await pilot.press("p", "d")
        await settle(pilot)
        assert [note.severity for note in app._notifications] == ["information"]
    assert "check" not in [name for name, _ in backend.calls]


async def test_an_old_plan_cannot_be_deployed_while_it_is_read_again(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("p")
        backend.gate.clear()
        await pilot.press("r")
        await pilot.pause()
        assert app.state.reading
        assert "crm-import" in screen_text(app)
        await pilot.press("d")
        await pilot.pause()
        assert "check" not in [name for name, _ in backend.calls]
        backend.read_error = UnreachableError("gone")
        backend.gate.set()
        await settle(pilot)
        assert not app.can_deploy


async def test_esc_goes_back_and_never_quits(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("p")
        await settle(pilot)
        for _ in range(3):
            await pilot.press("escape")
        assert isinstance(app.screen, HomeScreen)
        assert app.is_running


async def test_a_script_of_100_kilobytes_and_200_connections(backend: ScriptedBackend) -> None:
    script = "\n".join(f"  const line{number} = {'x' * 30};" for number in range(2_300))
    big = replace(CREATED, key="big", name="big", changes=(Change("script:login", ItemState.NEW, "", script),))
    many = tuple(ConnectionPlan(f"c{n:03}", f"c{n:03}", ConnectionState.UNCHANGED) for n in range(200))
    backend.plan = Plan("dev", DEV.domain, (big, *many))
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("p", "j", "enter", "G")
        await settle(pilot)
        assert "line2299" in screen_text(app)
        await pilot.press("shift+tab", "G")
        await settle(pilot)
        assert "c199" in screen_text(app)


async def test_enlarging_gives_the_difference_the_screen(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("p", "plus")
        await settle(pilot)
        assert app.screen.query_one(LineView).region.height == 21
        assert "Changes" not in "".join(screen_lines(app))
        await pilot.press("plus")
        await settle(pilot)
        assert app.screen.query_one(OptionList).has_focus
