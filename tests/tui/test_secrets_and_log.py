"""Secrets by name and state, never by value; and the log of requests."""

from __future__ import annotations

import pytest
from screen_text import screen_text, screen_words, settle
from scripted_backend import ScriptedBackend
from textual import events
from textual.widgets import Button

from dbconn_tui.errors import UsageError
from dbconn_tui.events import Event, EventKind
from dbconn_tui.sensitive import Sensitive
from dbconn_tui.tasks.secrets import ReferencedValue
from dbconn_tui.tui.app import DbconnApp
from dbconn_tui.tui.screens.ask import AskScreen
from dbconn_tui.tui.screens.home import HomeScreen
from dbconn_tui.tui.screens.log import LogScreen
from dbconn_tui.tui.screens.secrets import SecretsScreen
from dbconn_tui.tui.screens.set_secret import SetSecretScreen
from dbconn_tui.tui.secret_table import join_rows
from dbconn_tui.tui.state import LONGEST_LOG, AppState, logged

pytestmark = pytest.mark.anyio

VALUE = "correct-horse-battery"


@pytest.mark.parametrize("size", [(80, 24), (150, 40)])
async def test_names_by_tenants_with_their_states(backend: ScriptedBackend, size: tuple[int, int]) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await pilot.press("s")
        await settle(pilot)
        words = screen_words(app)
        assert "Name dev prod audit Used by" in words
        assert "✓ PG_HOST – environment – crm-import.PG_HOST" in words
        assert "! api_key set MISSING – staging-sql.API_KEY +1" in words
        assert "2 names ! 1 missing" in words
        await pilot.press("j", "right")
        await settle(pilot)
        words = screen_words(app)
        assert "missing on prod" in words
        assert "dbconn secrets set api_key --tenant prod" in words


async def test_a_value_is_typed_hidden_and_never_drawn(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        await pilot.press("s")
        await settle(pilot)
        # A variable of the environment is not stored here.
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, SecretsScreen)
        await pilot.press("j", "right", "enter")
        await settle(pilot)
        assert isinstance(app.screen, SetSecretScreen)
        await pilot.press(*VALUE)
        await settle(pilot)
        assert "21 characters" in screen_text(app)
        assert VALUE[:6] not in app.export_screenshot()
        backend.secret_error = UsageError("api_key differs from API_KEY only in case", "Use that name.")
        await pilot.press("enter")
        await settle(pilot)
        assert "differs from API_KEY only in case" in screen_words(app)
        backend.secret_error = None
        await pilot.press("enter", *VALUE, "enter")
        await settle(pilot)
        assert backend.stored["prod", "api_key"].reveal() == VALUE
        assert VALUE not in screen_text(app)
        assert "api_key is stored for prod" in screen_words(app)
        reads = [name for name, _ in backend.calls].count("open")
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, HomeScreen)
        assert [name for name, _ in backend.calls].count("open") == reads + 1


async def test_pasted_lines_are_all_kept(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("s", "j", "enter")
        await settle(pilot)
        assert app.focused is not None
        app.focused.post_message(events.Paste("-----BEGIN-----\nabc\n-----END-----\n"))
        await settle(pilot)
        assert "in 3 lines" in screen_text(app)
        assert "BEGIN" not in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        assert backend.stored["dev", "api_key"].reveal() == "-----BEGIN-----\nabc\n-----END-----\n"


async def test_deleting_asks_first_and_only_where_one_is_stored(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("s", "j", "right", "x")
        await settle(pilot)
        assert isinstance(app.screen, SecretsScreen)
        await pilot.press("left", "x")
        await settle(pilot)
        assert isinstance(app.screen, AskScreen)
        assert app.screen.query_one("#cancel", Button).has_focus
        await pilot.press("enter")
        await settle(pilot)
        assert "delete_secret" not in [name for name, _ in backend.calls]
        await pilot.press("x", "y")
        await settle(pilot)
        assert ("delete_secret", ("dev", "api_key")) in backend.calls


async def test_without_a_keyring_the_way_out_is_said(backend: ScriptedBackend) -> None:
    backend.no_store = "this machine has no keyring"
    backend.secret_rows = ()
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("s")
        await settle(pilot)
        words = screen_words(app)
        assert "this machine has no keyring" in words
        assert "no connection needs a value" in words


def test_rows_join_what_each_tenant_needs() -> None:
    here = ReferencedValue("secret", "key", ("users.KEY",), "keyring")
    there = ReferencedValue("secret", "key", ("users.KEY", "crm.KEY"), "", "set it")
    rows = join_rows({"dev": [here], "prod": [there, ReferencedValue("env", "HOST", ("crm.HOST",), "")]})
    assert [(row.kind, row.name, row.used_by) for row in rows] == [
        ("env", "HOST", ("crm.HOST",)),
        ("secret", "key", ("users.KEY", "crm.KEY")),
    ]
    assert [rows[1].words(tenant) for tenant in ("dev", "prod", "audit")] == ["set", "MISSING", "–"]
    assert repr(Sensitive(VALUE)).find(VALUE) == -1


async def test_the_log_shows_every_request_as_it_is_answered(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("at")
        await settle(pilot)
        assert isinstance(app.screen, LogScreen)
        assert "No request yet." in screen_text(app)
        backend.tell(Event(EventKind.STEP, "reading"))
        backend.tell(Event(EventKind.REQUEST, "GET /api/v2/connections 200", seconds=0.81))
        backend.tell(Event(EventKind.REQUEST, "PATCH /api/v2/connections/con_1 429", seconds=0.2))
        await settle(pilot)
        words = screen_words(app)
        assert "0.81 s GET /api/v2/connections 200" in words
        assert "2 requests 1.0 s in all ✗ 1 refused" in words
        await pilot.press("c")
        assert "PATCH /api/v2/connections/con_1 429" in app.clipboard


def test_the_log_does_not_grow_without_end() -> None:
    state = AppState()
    for number in range(LONGEST_LOG + 5):
        state = logged(state, Event(EventKind.REQUEST, f"GET /{number} 200"), 1.0)
    assert len(state.log) == LONGEST_LOG
    assert state.log[0].words == "GET /5 200"
