"""History: what each write changed, and the way back through a plan."""

from __future__ import annotations

from dataclasses import replace

import pytest
from screen_text import screen_text, screen_words, settle
from scripted_backend import CHANGED, DEV, LOGIN_AFTER, LOGIN_BEFORE, ScriptedBackend

from dbconn_tui.deploy.history import HistoryEntry
from dbconn_tui.deploy.values import Blocker
from dbconn_tui.errors import UsageError
from dbconn_tui.tui.app import DbconnApp
from dbconn_tui.tui.past import past_writes
from dbconn_tui.tui.screens.confirm import ConfirmScreen
from dbconn_tui.tui.screens.deploy import DeployScreen
from dbconn_tui.tui.screens.error import ErrorScreen
from dbconn_tui.tui.screens.history import HistoryScreen
from dbconn_tui.tui.screens.plan import PlanScreen

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("size", [(80, 24), (150, 40)])
async def test_writes_with_what_they_changed(backend: ScriptedBackend, size: tuple[int, int]) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await pilot.press("j", "h")
        await settle(pilot)
        words = screen_words(app)
        assert "1m ago changed: login +2 -2" in words
        assert "1d ago created: login" in words
        assert "legacy-users" not in words
        assert "2 writes from this machine a shows 1 more" in words
        assert "u goes back to before this" in words
        assert "- const query = 'SELECT id FROM users WHERE email = ' + email;" in words
        await pilot.press("a")
        await settle(pilot)
        assert "legacy-users created: values only" in screen_words(app)
        await pilot.press("y")
        assert app.clipboard == "dbconn rollback partner-portal"
        await pilot.press("j", "y")
        assert app.clipboard == "dbconn rollback partner-portal --to 20270114-080000-0000000a"
        await pilot.press("escape")


async def test_going_back_is_a_plan_that_is_confirmed(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("j", "h")
        await settle(pilot)
        backend.gate.clear()
        await pilot.press("u")
        await pilot.pause()
        assert isinstance(app.screen, PlanScreen)
        assert "Reading" in screen_text(app)
        await pilot.press("d")
        backend.gate.set()
        await settle(pilot)
        assert isinstance(app.screen, PlanScreen)
        assert "Rollback" in screen_text(app).splitlines()[0]
        await pilot.press("space", "m", "d")
        await settle(pilot)
        assert isinstance(app.screen, ConfirmScreen)
        assert "Roll back on dev?" in screen_text(app)
        await pilot.press("y")
        await settle(pilot)
        assert isinstance(app.screen, DeployScreen)
        assert ("plan_rollback", ("partner-portal", None, frozenset())) in backend.calls
        assert ("deploy", ("partner-portal",)) in backend.calls
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, HistoryScreen)
        assert [name for name, _ in backend.calls].count("history") == 2


async def test_an_older_write_is_gone_back_to_and_brakes_are_lifted_there(backend: ScriptedBackend) -> None:
    brake = Blocker("the script verify would be deleted on the tenant", "", "delete-script", "script:verify")
    backend.going_back = replace(CHANGED, blocked=(brake,))
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("j", "h")
        await settle(pilot)
        await pilot.press("j", "u")
        await settle(pilot)
        await pilot.press("g", "b")
        await settle(pilot)
        await pilot.press("y")
        await settle(pilot)
        allowed = frozenset({"delete-script:partner-portal"})
        assert backend.calls[-1] == ("plan_rollback", ("partner-portal", "20270114-080000-0000000a", allowed))
        assert app.state.choices is None
        await pilot.press("escape")
        await settle(pilot)
        assert app.state.rollback is None


async def test_without_a_way_back_it_says_so(backend: ScriptedBackend) -> None:
    backend.rollback_error = UsageError("no connection partner-portal in the project", "There are: none yet.")
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("h", "u")
        await settle(pilot)
        # The only write of this one created it: nothing was before.
        assert isinstance(app.screen, HistoryScreen)
        await pilot.press("escape", "j", "h")
        await settle(pilot)
        await pilot.press("u")
        await settle(pilot)
        assert isinstance(app.screen, ErrorScreen)
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, HistoryScreen)
        backend.past = ()
        await pilot.press("r")
        await settle(pilot)
        assert "No writes of partner-portal from this machine yet" in screen_text(app)


async def test_what_was_live_before_is_written_to_a_file(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("j", "h")
        await settle(pilot)
        backend.export_error = UsageError("it is there already", "Choose another name.")
        await pilot.press("e")
        await settle(pilot)
        assert "only digests are known" in screen_words(app)
        await pilot.press("enter")
        await settle(pilot)
        name = "partner-portal-before-20270115-080000-0000000b.json"
        assert backend.calls[-1] == ("write_new", (name, '{"name": "partner-portal"}\n'))
        assert "Not exported: it is there already" in screen_words(app)
        # What it created was not there before.
        await pilot.press("j", "e")
        await settle(pilot)
        assert isinstance(app.screen, HistoryScreen)


def test_entries_become_changes_by_item_and_values_are_masked() -> None:
    before = {
        "options": {
            "customScripts": {"login": LOGIN_BEFORE, "verify": "// hunter2-of-the-tenant\n"},
            "mfa": {"active": False},
            "configuration": {"OLD": "0a1b", "PG_URL": "2c3d"},
        }
    }
    sent = {
        "display_name": "Partners",
        "options": {
            "customScripts": {"login": LOGIN_AFTER},
            "mfa": {"active": True},
            "configuration": {"NEW": "(set)", "PG_URL": "(set)"},
        },
    }
    entry = HistoryEntry("1", 5.0, "users", "users", "dev", DEV.domain, "rollback", sent, before)
    older = replace(entry, id="0", verb="deploy", before=None)
    writes = past_writes((entry, older), lambda text: text.replace("hunter2-of-the-tenant", "***"))
    assert [write.what for write in writes] == ["rolled back", "created"]
    assert [write.last for write in writes] == [True, False]
    assert {change.item: (change.before, change.after) for change in writes[0].changes} == {
        "script:login": (LOGIN_BEFORE, LOGIN_AFTER),
        "script:verify": ("// ***\n", ""),
        "option:mfa.active": ("false", "true"),
        "display_name": ("", '"Partners"'),
        "configuration:NEW": ("", ""),
        "configuration:OLD": ("", ""),
    }
    assert writes[1].scripts == ("login",)
