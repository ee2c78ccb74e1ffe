"""Deploying: the ladder before it, the lines that stay, stopping, failing, leaving."""

from __future__ import annotations

import pytest
from screen_text import screen_lines, screen_text, screen_words, settle
from scripted_backend import DEV, PROD, ScriptedBackend
from textual.pilot import Pilot
from textual.widgets import Button

from dbconn_tui.deploy.values import Outcome, OutcomeState
from dbconn_tui.errors import UnreachableError
from dbconn_tui.events import Event, EventKind
from dbconn_tui.project.values import Tenant
from dbconn_tui.tui.app import DbconnApp
from dbconn_tui.tui.screens.confirm import ConfirmScreen
from dbconn_tui.tui.screens.deploy import DeployScreen
from dbconn_tui.tui.screens.error import ErrorScreen
from dbconn_tui.tui.screens.plan import PlanScreen

pytestmark = pytest.mark.anyio

KEYS = ("partner-portal", "staging-sql")


async def ask(pilot: Pilot[None]) -> None:
    """Go to the plan, skip what is blocked, ask for the deploy."""
    await settle(pilot)
    await pilot.press("p", "a", "d")
    await settle(pilot)


def deployed(backend: ScriptedBackend) -> bool:
    return "deploy" in [name for name, _ in backend.calls]


async def test_cancel_has_the_focus_and_enter_takes_it(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await ask(pilot)
        assert isinstance(app.screen, ConfirmScreen)
        assert isinstance(app.focused, Button)
        assert app.focused.id == "cancel"
        assert "Create 1, change 1 on acme-dev.eu.auth0.com" in screen_words(app)
        assert "1 connection skipped" in screen_words(app)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, PlanScreen)
    assert not deployed(backend)


@pytest.mark.parametrize("key", ["n", "escape"])
async def test_refusing_sends_nothing(backend: ScriptedBackend, key: str) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await ask(pilot)
        await pilot.press(key)
        await settle(pilot)
        assert isinstance(app.screen, PlanScreen)
    assert not deployed(backend)


async def test_y_deploys_what_was_shown_and_the_lines_stay(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await ask(pilot)
        await pilot.press("y")
        await settle(pilot)
        assert isinstance(app.screen, DeployScreen)
        words = screen_words(app)
        assert "✓ partner-portal deployed 0.4 s" in words
        assert "✓ staging-sql deployed 0.4 s" in words
        assert "Deployed 2 in" in words
        await pilot.press("c")
        assert "✓ partner-portal  deployed  0.4 s" in app.clipboard
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, PlanScreen)
    assert ("deploy", KEYS) in backend.calls
    # The tenant is read again by itself.
    assert [name for name, _ in backend.calls].count("read") == 2


async def test_a_protected_tenant_wants_its_name(backend: ScriptedBackend) -> None:
    backend.tenant = PROD
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await ask(pilot)
        assert isinstance(app.focused, Button)
        assert app.focused.id == "cancel"
        button = app.screen.query_one("#deploy", Button)
        assert button.disabled
        await pilot.press(*"pro")
        assert button.disabled
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, ConfirmScreen)
        assert not deployed(backend)
        await pilot.press("d", "enter")
        await settle(pilot)
        assert isinstance(app.screen, DeployScreen)
    assert deployed(backend)


async def test_y_and_n_are_letters_where_a_name_is_typed(backend: ScriptedBackend) -> None:
    nynorsk = Tenant("ny", "acme-ny.eu.auth0.com", protected=True)
    backend.tenants, backend.tenant = (DEV, nynorsk), nynorsk
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await ask(pilot)
        await pilot.press("n", "y")
        await settle(pilot)
        assert isinstance(app.screen, ConfirmScreen)
        assert app.screen.allowed
    assert not deployed(backend)


async def test_progress_and_waits_are_shown_and_the_deploy_is_not_left(backend: ScriptedBackend) -> None:
    backend.deploy_gate.clear()
    backend.events = (
        Event(EventKind.WRITING, "updating", "partner-portal"),
        Event(EventKind.WRITTEN, "updated", "partner-portal", 0.6),
        Event(EventKind.WRITING, "creating", "staging-sql"),
        Event(EventKind.WAITING, "the tenant asks to wait", "staging-sql", 2.0),
    )
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await ask(pilot)
        await pilot.press("y")
        await pilot.pause()
        await pilot.pause()
        words = screen_words(app)
        assert "partner-portal updated 0.6 s" in words
        assert "staging-sql creating" in words
        assert "the tenant asks to wait: 2 s" in words
        for key in ("escape", "1", "ctrl+t", "r"):
            await pilot.press(key)
            assert isinstance(app.screen, DeployScreen)
        await pilot.press("ctrl+q")
        await pilot.pause()
        assert isinstance(app.screen, ErrorScreen)
        await pilot.press("escape", "ctrl+c")
        await pilot.pause()
        assert backend.stop_requested()
        assert "stopping after this step" in screen_text(app)
        await pilot.resize_terminal(150, 40)
        await pilot.pause()
        backend.outcomes = (
            Outcome("partner-portal", "partner-portal", OutcomeState.DEPLOYED, seconds=0.6),
            Outcome("staging-sql", "staging-sql", OutcomeState.NOT_ATTEMPTED, "stopped before this connection"),
        )
        backend.deploy_gate.set()
        await settle(pilot)
        words = screen_words(app)
    assert "· staging-sql stopped before this connection" in words
    assert "Deployed 1, not attempted 1 in" in words
    assert "1 connection not done" in words


async def test_a_failure_says_why_and_what_next(backend: ScriptedBackend) -> None:
    backend.outcomes = (
        Outcome(
            "partner-portal", "partner-portal", OutcomeState.FAILED, "the tenant said no", "Look at `dbconn plan`."
        ),
        Outcome("staging-sql", "staging-sql", OutcomeState.DEPLOYED),
    )
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await ask(pilot)
        await pilot.press("y")
        await settle(pilot)
        words = screen_words(app)
        assert "✗ partner-portal the tenant said no" in words
        assert "→ Look at `dbconn plan`." in words
        assert app.state.deploy is not None
        assert not app.state.deploy.succeeded


async def test_a_deploy_that_breaks_off_is_no_success(backend: ScriptedBackend) -> None:
    class Broken(ScriptedBackend):
        async def deploy(self, *arguments: object, **more: object) -> tuple[Outcome, ...]:
            raise UnreachableError("the network is gone", "r reads again.")

    broken = Broken()
    app = DbconnApp(broken)
    async with app.run_test(size=(80, 24)) as pilot:
        await ask(pilot)
        await pilot.press("y")
        await settle(pilot)
        words = screen_words(app)
    assert "Broken off" in words
    assert "the network is gone" in words
    assert "not done" in words


async def test_the_context_bar_names_the_protected_tenant_on_every_screen(backend: ScriptedBackend) -> None:
    backend.tenant = PROD
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        firsts = [screen_lines(app)[0]]
        await pilot.press("p")
        await settle(pilot)
        firsts.append(screen_lines(app)[0])
        await pilot.press("a", "d")
        await settle(pilot)
        await pilot.press(*"prod", "enter")
        await settle(pilot)
        firsts.append(screen_lines(app)[0])
    assert all("PROD PROTECTED" in first and PROD.domain in first for first in firsts)
    assert [first.split("›")[1].split()[0] for first in firsts] == ["Connections", "Plan", "Deploy"]
