"""Programming errors: shown whole, without the values of variables, and never a frozen app."""

from __future__ import annotations

import pytest
from screen_text import screen_words, settle
from scripted_backend import ScriptedBackend

from dbconn_tui.tui.app import DbconnApp
from dbconn_tui.tui.screens.error import ErrorScreen

pytestmark = pytest.mark.anyio

SECRET = "hunter2-in-a-local-variable"


class Faulty(DbconnApp):
    """An app with a handler that fails while a secret is in a local variable."""

    def action_fail(self) -> None:
        password = SECRET
        raise ZeroDivisionError(len(password))


async def test_a_crash_prints_a_traceback_without_variables(
    backend: ScriptedBackend, capfd: pytest.CaptureFixture[str]
) -> None:
    app = Faulty(backend)
    with pytest.raises(ZeroDivisionError):
        await _crash(app)
    text = capfd.readouterr().err
    assert "ZeroDivisionError" in text
    assert "action_fail" in text
    assert SECRET not in text


async def _crash(app: Faulty) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        app.call_later(app.action_fail)
        await pilot.pause()


async def test_a_fault_in_a_worker_is_shown_and_the_app_stays(backend: ScriptedBackend) -> None:
    backend.fault = KeyError("inner")
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.pause()
        assert isinstance(app.screen, ErrorScreen)
        assert "dbconn has a fault" in screen_words(app)
        assert not app.state.reading
        await pilot.press("c")
        assert "KeyError: 'inner'" in app.clipboard
        backend.fault = None
        await pilot.press("escape", "r")
        await settle(pilot)
        assert app.state.reviewed is not None
