"""Deciding on the plan: keep mine, take theirs, lift a brake, give up a key; always planned anew, never silently."""

from __future__ import annotations

from dataclasses import replace

import pytest
from screen_text import screen_text, screen_words, settle
from scripted_backend import BLOCKED, CHANGED, DEV, LOGIN_AFTER, LOGIN_BEFORE, TAKING, ScriptedBackend
from textual.widgets import Button

from dbconn_tui.deploy.values import Blocker, Change, ConnectionPlan, ConnectionState, ItemState, Plan
from dbconn_tui.errors import UsageError
from dbconn_tui.tui.app import DbconnApp
from dbconn_tui.tui.decisions import EFFECTS, effect_of
from dbconn_tui.tui.screens.ask import AskScreen
from dbconn_tui.tui.screens.error import ErrorScreen
from dbconn_tui.tui.screens.plan import PlanScreen

pytestmark = pytest.mark.anyio

BRAKED = ConnectionPlan(
    "legacy-users",
    "legacy-users",
    ConnectionState.BLOCKED,
    (
        Change("script:change_email", ItemState.REMOVED, LOGIN_BEFORE, ""),
        Change("configuration:OLD_KEY", ItemState.FOREIGN),
    ),
    (
        Blocker(
            "the script change_email would be deleted on the tenant",
            "If that is meant, pass --allow delete-script:legacy-users",
            brake="delete-script",
            item="script:change_email",
        ),
        Blocker(
            "the tenant has the configuration key OLD_KEY, which the files do not give",
            "Add OLD_KEY under connections.legacy-users.configuration, or pass --drop-configuration OLD_KEY.",
            item="configuration:OLD_KEY",
        ),
    ),
    live_id="con_9",
)


async def test_keep_mine_plans_anew_and_the_confirmation_names_it(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("p")
        await settle(pilot)
        assert "m keeps mine" in screen_words(app)
        assert "--overwrite-drift" not in screen_words(app)
        await pilot.press("m")
        await settle(pilot)
        assert backend.choices is not None
        assert backend.choices.overwrite == {"crm-import/script:login"}
        assert "keep mine: 1" in screen_text(app)
        await pilot.press("d")
        await settle(pilot)
        assert "login: drift, overwritten as asked" in screen_words(app)
        await pilot.press("escape", "m")
        await settle(pilot)
        assert backend.choices.overwrite == frozenset()
        assert "drift: 1 script" in screen_words(app)


async def test_while_the_plan_is_made_anew_nothing_can_be_deployed(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("p")
        await settle(pilot)
        backend.gate.clear()
        await pilot.press("m")
        await pilot.pause()
        assert app.state.reading
        await pilot.press("d", "m", "j")
        await pilot.pause()
        assert "check" not in [name for name, _ in backend.calls]
        backend.gate.set()
        await settle(pilot)
        assert app.can_deploy
        assert app.state.choices is not None
        assert app.state.choices.overwrite


async def test_a_decision_is_forgotten_when_the_tenant_changed_again(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("p")
        await settle(pilot)
        moved = replace(BLOCKED, changes=(Change("script:login", ItemState.DRIFT, "// a third text", LOGIN_AFTER),))
        backend.plan = Plan("dev", DEV.domain, (CHANGED, moved))
        await pilot.press("m")
        await settle(pilot)
        assert backend.choices is not None
        assert backend.choices.overwrite == frozenset()
        assert "crm-import/script:login changed on the tenant again" in screen_words(app)
        assert "drift" in screen_text(app)
        await pilot.press("r")
        await settle(pilot)
        assert "changed on the tenant again" not in screen_words(app)
        assert backend.choices is None


async def test_taking_theirs_is_shown_first_and_keeps_what_else_was_decided(backend: ScriptedBackend) -> None:
    backend.taking = replace(TAKING, lost=("scripts/crm-import/login.js",), left=("display_name: not here",))
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("p")
        await settle(pilot)
        await pilot.press("m", "t")
        await settle(pilot)
        await pilot.press("t")
        await settle(pilot)
        assert isinstance(app.screen, AskScreen)
        assert app.screen.query_one("#cancel", Button).has_focus
        words = screen_words(app)
        assert "scripts/crm-import/login.js +2 -2" in words
        assert "is not committed to git" in words
        await pilot.press("enter")
        await settle(pilot)
        assert "take" not in [name for name, _ in backend.calls]
        await pilot.press("t")
        await settle(pilot)
        await pilot.press("y")
        await settle(pilot)
        assert ("take", ("scripts/crm-import/login.js",)) in backend.calls
        assert backend.calls[-1][0] == "read"
        assert backend.choices is not None
        assert isinstance(app.screen, PlanScreen)


async def test_what_cannot_be_taken_says_why(backend: ScriptedBackend) -> None:
    backend.taking_error = UsageError("the tenant gives no configuration value back", "Adopt it.")
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("p", "t")
        await settle(pilot)
        assert isinstance(app.screen, ErrorScreen)
        assert "gives no configuration value back" in screen_words(app)


async def test_a_brake_is_lifted_only_after_its_sentence_and_only_there(backend: ScriptedBackend) -> None:
    backend.plan = Plan("dev", DEV.domain, (BRAKED,))
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("p")
        await settle(pilot)
        await pilot.press("b")
        await settle(pilot)
        words = screen_words(app)
        assert "delete-script: the script change_email would be deleted on the tenant" in words
        assert "without it that no longer works" in words
        await pilot.press("n", "b", "y")
        await settle(pilot)
        assert backend.choices is not None
        assert backend.choices.allow == {"delete-script:legacy-users"}
        await pilot.press("x")
        await settle(pilot)
        assert "configuration.OLD_KEY of legacy-users will be deleted" in screen_words(app)
        await pilot.press("y")
        await settle(pilot)
        assert backend.choices.drop_configuration == {"legacy-users/OLD_KEY"}
        await pilot.press("d")
        await settle(pilot)
        words = screen_words(app)
        assert "without it that no longer works" in words
        assert "configuration.OLD_KEY will be deleted" in words


async def test_keys_that_decide_do_nothing_where_nothing_is_to_decide(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("p", "g", "j")
        await settle(pilot)
        before = list(backend.calls)
        await pilot.press("m", "t", "b", "x")
        await settle(pilot)
        assert isinstance(app.screen, PlanScreen)
        assert backend.calls == before


async def test_decisions_are_of_one_tenant(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("p")
        await settle(pilot)
        await pilot.press("m")
        await settle(pilot)
        app.action_switch_tenant("prod")
        await settle(pilot)
        assert backend.choices is None


def test_every_brake_says_what_users_feel() -> None:
    from dbconn_tui.cli.choices import BRAKES

    assert set(EFFECTS) == set(BRAKES)
    for brake in BRAKES:
        assert effect_of(Blocker("why", brake=brake)).endswith(".")
