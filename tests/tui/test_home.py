"""Home: rows at once, the tenant's side as it arrives, and never a blank wall."""

from __future__ import annotations

from dataclasses import replace

import pytest
from screen_text import screen_lines, screen_text, screen_words, settle
from scripted_backend import AUDIT, DEV, FINDING, NOW, PROD, ROWS, ScriptedBackend
from textual.message import Message
from textual.widgets import Input

from dbconn_tui.deploy.values import Plan
from dbconn_tui.errors import MissingScopeError, ProjectError, UnreachableError
from dbconn_tui.problems import Place, Problem, Severity
from dbconn_tui.project.values import Tenant
from dbconn_tui.tui import messages
from dbconn_tui.tui.app import DbconnApp
from dbconn_tui.tui.screens.confirm import ConfirmScreen
from dbconn_tui.tui.screens.details import DetailsScreen
from dbconn_tui.tui.screens.home import HomeScreen
from dbconn_tui.tui.screens.plan import PlanScreen
from dbconn_tui.tui.screens.tenants import TenantsScreen
from dbconn_tui.tui.screens.test import TestScreen
from dbconn_tui.tui.widgets.status_table import StatusTable

pytestmark = pytest.mark.anyio


async def test_files_are_shown_before_the_tenant_answers(backend: ScriptedBackend) -> None:
    backend.gate.clear()
    seen: list[Message] = []
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24), message_hook=seen.append) as pilot:
        await pilot.pause()
        await pilot.pause()
        assert app.state.reading
        assert app.state.reviewed is None
        text = screen_text(app)
        assert "partner-portal" in text
        assert "old-intranet" not in text
        assert "… reading the connections" in text
        # Keys work while the tenant is slow.
        await pilot.press("j")
        assert app.screen.query_one(StatusTable).cursor_row == 1
        backend.gate.set()
        await settle(pilot)
        assert not app.state.reading
        assert "old-intranet" in screen_text(app)
        assert app.screen.query_one(StatusTable).cursor_row == 1
    kinds = [type(message) for message in seen if isinstance(message, messages.ProjectOpened | messages.TenantRead)]
    assert kinds.index(messages.ProjectOpened) < kinds.index(messages.TenantRead)


async def test_the_table_at_80_columns(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        lines = [line.rstrip() for line in screen_lines(app)]
    assert lines[0].split() == ["dev", "acme-dev.eu.auth0.com", "›", "Connections", "live,", "read", "just", "now"]
    assert lines[1].split() == ["Connection", "State", "Scripts", "Lint", "Values", "Deployed"]
    assert lines[2:7] == [
        "✓ legacy-users   in sync                       7/7     ✓    2/2    2h ago",
        "~ partner-portal changed here: 3 items         7/7     ✓    2/2    3d ago",
        "≠ crm-import     changed on the tenant: 1 item 7/7     !1   2/2    1m ago",
        "+ staging-sql    not deployed yet              7/7     ✓    2/2    never",
        "? old-intranet   only on the tenant            –       –    –      –",
    ]
    assert lines[-2] == " ✓ 1 in sync   ~ 1 changed   + 1 new   ≠ 1 drift   ? 1 only there"


async def test_details_are_beside_the_table_when_there_is_room(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(150, 40)) as pilot:
        await settle(pilot)
        await pilot.press("j", "j")
        await settle(pilot)
        text = screen_words(app)
        assert "scripts/crm-import/login.js:3:5 configuration-unused" in text
        assert "script:login was changed on the tenant" in text
        await pilot.resize_terminal(80, 24)
        await settle(pilot)
        assert "configuration-unused" not in screen_words(app)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, DetailsScreen)
        assert "configuration-unused" in screen_words(app)
        await pilot.press("escape")
        assert isinstance(app.screen, HomeScreen)


async def test_a_dead_tenant_is_said_in_place_and_rows_stay(backend: ScriptedBackend) -> None:
    backend.tenant = PROD
    backend.read_error = UnreachableError("acme.eu.auth0.com did not answer within 30 s", "Look at the network.")
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        text = screen_words(app)
        assert "⏸ not reachable" in text
        assert "last read 2h ago" in text
        assert "did not answer within 30 s" in text
        assert "→ Look at the network." in text
        assert "⏸ partner-portal" in text
        assert not app._notifications
        await pilot.press("c")
        assert "did not answer within 30 s" in app.clipboard
        backend.read_error = None
        await pilot.press("r")
        await settle(pilot)
        text = screen_words(app)
        assert "not reachable" not in text
        assert "live, read just now" in text


async def test_a_missing_scope_is_not_called_unreachable(backend: ScriptedBackend) -> None:
    backend.read_error = MissingScopeError("the application lacks read:connections", "Grant it.")
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        text = screen_text(app)
    assert "was not read" in text
    assert "not reachable" not in text


async def test_no_project_says_how_to_make_one(backend: ScriptedBackend) -> None:
    backend.project_error = ProjectError("no dbconn.yaml here or in a folder above", "`dbconn init` makes a project.")
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        text = screen_text(app)
        assert "no dbconn.yaml here" in text
        assert "`dbconn init` makes a project." in text
        backend.project_error = None
        await pilot.press("r")
        await settle(pilot)
        assert "partner-portal" in screen_text(app)


async def test_every_problem_of_a_broken_project_is_listed(backend: ScriptedBackend) -> None:
    wrong = Problem("unknown-key", Severity.ERROR, "unknown key scrpts", Place("dbconn.yaml", 14, 7), "Did you mean?")
    backend.project_error = ProjectError("dbconn.yaml has 1 error", "", (wrong, FINDING))
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        text = screen_text(app)
        assert "✗ dbconn.yaml:14:7: unknown key scrpts" in text
        assert "! scripts/crm-import/login.js:3:5" in text
        await pilot.press("c")
        assert "dbconn.yaml:14:7" in app.clipboard


async def test_a_project_that_breaks_later_offers_no_old_plan(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        backend.project_error = ProjectError("dbconn.yaml has 1 error")
        await pilot.press("p", "r")
        await settle(pilot)
        assert not app.can_deploy
        await pilot.press("d")
        await settle(pilot)
        assert "dbconn.yaml has 1 error" in screen_text(app)
    assert not [call for call in backend.calls if call[0] in ("check", "deploy")]


async def test_no_connections_says_how_to_add_one(backend: ScriptedBackend) -> None:
    backend.rows, backend.plan = (), Plan("dev", DEV.domain, ())
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "n makes one from a template" in screen_text(app)


async def test_no_tenant_shows_the_files_and_asks_nothing_of_the_network(backend: ScriptedBackend) -> None:
    backend.tenants, backend.tenant, backend.last_read = (), Tenant("local", ""), None
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        text = screen_text(app)
        assert "No tenant set up" in text
        assert "partner-portal" in text
        await pilot.press("p")
        await settle(pilot)
        assert isinstance(app.screen, HomeScreen)
    assert [name for name, _ in backend.calls] == ["open", "close"]


async def test_several_tenants_are_offered_and_none_is_guessed(backend: ScriptedBackend) -> None:
    backend.tenant = None
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert isinstance(app.screen, TenantsScreen)
        assert "read" not in [name for name, _ in backend.calls]
        await pilot.press("down", "enter")
        await settle(pilot)
        assert isinstance(app.screen, HomeScreen)
        assert app.state.tenant == PROD
    assert ("read", "prod") in backend.calls


async def test_switching_the_tenant_drops_the_plan_of_the_other(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert app.state.reviewed is not None
        backend.gate.clear()
        await pilot.press("ctrl+t", "down", "enter")
        await pilot.pause()
        await pilot.pause()
        assert app.state.tenant == PROD
        assert app.state.reviewed is None
        assert "PROD PROTECTED" in screen_text(app)
        backend.gate.set()
        await settle(pilot)
        assert app.state.reviewed is not None
        assert app.state.reviewed.plan.tenant == "prod"


async def test_a_late_answer_of_the_other_tenant_is_dropped(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        reviewed = app.state.reviewed
        assert reviewed is not None
        late = replace(reviewed.status, tenant="prod", domain=PROD.domain)
        app.post_message(messages.TenantRead(PROD.domain, type(reviewed)(late, reviewed.plan)))
        await settle(pilot)
        assert app.state.reviewed is reviewed


async def test_a_read_only_tenant_shows_its_lock(backend: ScriptedBackend) -> None:
    backend.tenant = AUDIT
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "🔒 read-only" in screen_lines(app)[0]


async def test_filter(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("slash", *"portal")
        await settle(pilot)
        text = screen_text(app)
        assert "partner-portal" in text
        assert "legacy-users" not in text
        assert "showing 1 of 5" in text
        # Letters went into the field, not to the actions of the same keys.
        assert app.screen.query_one("#filter", Input).value == "portal"
        await pilot.press("enter", "y")
        assert app.clipboard == "partner-portal"
        await pilot.press("escape")
        await settle(pilot)
        assert "legacy-users" in screen_text(app)


async def test_vim_keys_move(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        table = app.screen.query_one(StatusTable)
        await pilot.press("G")
        assert table.cursor_row == len(ROWS) - 1
        await pilot.press("k")
        assert table.cursor_row == len(ROWS) - 2
        await pilot.press("g")
        assert table.cursor_row == 0


async def test_ages_go_on_without_a_reading(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        backend.clock = NOW + 130
        assert isinstance(app.screen, HomeScreen)
        app.screen._tick()
        await pilot.pause()
        assert "live, read 2m ago" in screen_lines(app)[0]


@pytest.mark.parametrize("names", ["国际用户门户连接", "مستخدمون", "👩‍🚀-crew", "n" * 90])
async def test_names_of_any_width_keep_the_columns(backend: ScriptedBackend, names: str) -> None:
    backend.rows = tuple(replace(one, key=names if one.key == "crm-import" else one.key) for one in ROWS)
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        lines = screen_lines(app)
    from rich.cells import cell_len

    assert {cell_len(line) for line in lines} == {80}
    assert any("changed on the tenant" in line for line in lines)


async def test_marked_connections_are_linted_tested_and_planned_together(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("j", "space", "space")
        await settle(pilot)
        lines = screen_lines(app)
        assert lines[2].startswith("✓   legacy-users")
        assert lines[3].startswith("~ ● partner-portal")
        assert lines[4].startswith("≠ ● crm-import")
        assert "● 2 marked" in lines[-2]
        await pilot.press("T")
        await settle(pilot)
        assert isinstance(app.screen, TestScreen)
        assert "2 connections" in screen_text(app)
        await pilot.press("escape", "l")
        await settle(pilot)
        assert "in 2 connections" in screen_text(app)
        await pilot.press("escape", "p")
        await settle(pilot)
        assert isinstance(app.screen, PlanScreen)
        assert app.state.skipped == {"legacy-users", "staging-sql", "old-intranet"}
        await pilot.press("escape", "a")
        await settle(pilot)
        assert "● 4 marked" in screen_text(app)
        await pilot.press("a")
        await settle(pilot)
        assert "marked" not in screen_lines(app)[-2]
        assert screen_lines(app)[3].startswith("~ partner-portal")


async def test_the_table_is_sorted_by_what_needs_a_hand(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        orders = []
        for _ in range(4):
            await pilot.press("x")
            await pilot.pause()
            orders.append([line.split()[1] for line in screen_lines(app)[2:7]])
    file = ["legacy-users", "partner-portal", "crm-import", "staging-sql", "old-intranet"]
    assert orders == [
        sorted(file),
        ["crm-import", "partner-portal", "staging-sql", "legacy-users", "old-intranet"],
        ["crm-import", "legacy-users", "partner-portal", "staging-sql", "old-intranet"],
        file,
    ]


async def test_a_deploy_from_home_goes_through_the_plan_and_its_question(backend: ScriptedBackend) -> None:
    backend.gate.clear()
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("d")
        await pilot.pause()
        assert isinstance(app.screen, HomeScreen)
        backend.gate.set()
        await settle(pilot)
        await pilot.press("j", "space", "d")
        await settle(pilot)
        assert isinstance(app.screen, ConfirmScreen)
        await pilot.press("n")
        await settle(pilot)
        assert isinstance(app.screen, PlanScreen)
        assert ("check", ("partner-portal",)) in backend.calls
        assert not [call for call in backend.calls if call[0] == "deploy"]
