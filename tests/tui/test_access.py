"""Getting in: the welcome where there is no project, tenants added, tried and locked, an export taken over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from screen_text import screen_words, settle
from scripted_backend import PROD, ScriptedBackend
from textual.pilot import Pilot
from textual.widgets import Button, Input

from dbconn_tui.errors import AuthenticationError, NoProjectError, ProjectError
from dbconn_tui.project.read import read_project
from dbconn_tui.secret_store.memory_store import MemoryStore
from dbconn_tui.tasks.outside import Outside
from dbconn_tui.tui.access import DEMO
from dbconn_tui.tui.app import DbconnApp
from dbconn_tui.tui.backend import TaskBackend
from dbconn_tui.tui.screens.ask import AskScreen
from dbconn_tui.tui.screens.details import DetailsScreen
from dbconn_tui.tui.screens.error import ErrorScreen
from dbconn_tui.tui.screens.home import HomeScreen
from dbconn_tui.tui.screens.login import LoginScreen
from dbconn_tui.tui.screens.tenants import TenantsScreen

pytestmark = pytest.mark.anyio

SIZES = [(80, 24), (150, 40)]


@pytest.fixture
def nowhere(backend: ScriptedBackend) -> ScriptedBackend:
    """Started where there is no project."""
    backend.project_error = NoProjectError("no dbconn.yaml here or in a folder above")
    return backend


async def pressed(pilot: Pilot[Any], *keys: str) -> None:
    await pilot.press(*keys)
    await settle(pilot)


@pytest.mark.parametrize("size", SIZES)
async def test_without_a_project_the_first_screen_says_what_can_be_done(
    nowhere: ScriptedBackend, size: tuple[int, int]
) -> None:
    app = DbconnApp(nowhere)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        words = screen_words(app)
    assert "Welcome to dbconn" in words
    assert "n make a project in /home/robin/users" in words
    assert "i take over an export" in words
    assert "w see the demo" in words


async def test_a_project_is_made_after_a_question_and_opened(nowhere: ScriptedBackend) -> None:
    app = DbconnApp(nowhere)
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await pressed(pilot, "n")
        assert isinstance(app.screen, AskScreen)
        assert app.focused is app.screen.query_one("#cancel", Button)
        await pressed(pilot, "escape")
        assert ("make", "project") not in nowhere.calls
        await pressed(pilot, "n", "y")
        assert ("make", "project") in nowhere.calls
        assert "legacy-users" in screen_words(app)


async def test_the_demo_is_left_for_and_only_where_there_is_no_project(
    nowhere: ScriptedBackend,
) -> None:
    app = DbconnApp(nowhere)
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await pilot.press("w")
        await pilot.pause()
    assert app.return_value == DEMO
    with_project = DbconnApp(ScriptedBackend())
    async with with_project.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await pressed(pilot, "w")
        assert isinstance(with_project.screen, HomeScreen)


async def test_a_broken_project_is_no_reason_to_make_another(backend: ScriptedBackend) -> None:
    backend.project_error = ProjectError("dbconn.yaml has errors")
    app = DbconnApp(backend)
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await pressed(pilot, "n")
        assert isinstance(app.screen, HomeScreen)
        assert "Welcome" not in screen_words(app)


async def test_an_export_is_shown_before_it_is_taken_over(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await pressed(pilot, "i")
        app.screen.query_one(Input).value = "../auth0"
        await pressed(pilot, "enter")
        assert ("plan import", "../auth0") in backend.calls
        assert isinstance(app.screen, AskScreen)
        await pressed(pilot, "escape")
        assert not any(call[0] == "take" for call in backend.calls)


async def fill(pilot: Pilot[Any], **values: str) -> None:
    for name, value in values.items():
        pilot.app.screen.query_one(f"#{name}", Input).value = value
    await settle(pilot)


@pytest.mark.parametrize("size", SIZES)
async def test_a_tenant_is_added_once_its_credentials_work(backend: ScriptedBackend, size: tuple[int, int]) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await pressed(pilot, "ctrl+t", "a")
        assert isinstance(app.screen, LoginScreen)
        assert "a name is missing" in screen_words(app)
        await pressed(pilot, "ctrl+s")
        assert not any(call[0] == "log in" for call in backend.calls)
        await fill(pilot, name="qa", domain="acme-qa.eu.auth0.com", client="abc", secret="a-secret-of-mine")
        assert "a-secret-of-mine" not in screen_words(app)
        await pressed(pilot, "ctrl+s")
        assert ("log in", "qa acme-qa.eu.auth0.com abc 16") in backend.calls
        assert isinstance(app.screen, DetailsScreen)
        words = screen_words(app)
        assert "Its scopes are enough to plan" in words
        assert "To deploy, the application lacks:" in words
        assert "update:connections to write" in words
        await pressed(pilot, "escape")
        assert app.state.tenant is not None
        assert app.state.tenant.name == "qa"


async def test_wrong_credentials_are_said_in_the_form_and_nothing_is_lost(backend: ScriptedBackend) -> None:
    backend.access_error = AuthenticationError("the tenant refused the client secret", "Look it up in the dashboard.")
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pressed(pilot, "ctrl+t", "a")
        await fill(pilot, name="qa", domain="acme-qa.eu.auth0.com", client="abc", secret="wrong")
        await pressed(pilot, "ctrl+s")
        assert isinstance(app.screen, LoginScreen)
        assert "✗ the tenant refused the client secret → Look it up" in screen_words(app)
        assert app.screen.query_one("#domain", Input).value == "acme-qa.eu.auth0.com"
        assert app.screen.query_one("#secret", Input).value == ""


async def test_credentials_are_checked_without_changing_anything(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await pressed(pilot, "ctrl+t", "c")
        assert ("check access", "dev") in backend.calls
        assert isinstance(app.screen, DetailsScreen)
        await pressed(pilot, "escape")
        backend.access_error = AuthenticationError("no credentials for acme-dev.eu.auth0.com", "dbconn login dev")
        await pressed(pilot, "ctrl+t", "c")
        assert isinstance(app.screen, ErrorScreen)
        assert "No access to dev" in screen_words(app)


async def test_a_tenant_is_locked_after_a_question(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await pressed(pilot, "ctrl+t", "w")
        assert isinstance(app.screen, AskScreen)
        await pressed(pilot, "n")
        assert ("read only", "dev") not in backend.calls
        await pressed(pilot, "ctrl+t", "w", "y")
        assert ("read only", "dev") in backend.calls


async def test_a_file_that_is_not_edited_safely_gives_the_lines(backend: ScriptedBackend) -> None:
    backend.paste = "tenants:\n  dev:\n    read_only: true\n"
    app = DbconnApp(backend)
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await pressed(pilot, "ctrl+t", "w", "y")
        assert isinstance(app.screen, ErrorScreen)
        assert "read_only: true" in screen_words(app)


async def test_the_list_of_tenants_still_chooses(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await pressed(pilot, "ctrl+t")
        assert isinstance(app.screen, TenantsScreen)
        names = [tenant.name for tenant in backend.tenants]
        await pressed(pilot, *["down"] * names.index(PROD.name), "enter")
        assert app.state.tenant == PROD


async def test_in_an_empty_folder_a_project_is_made_and_locked_on_the_disk(tmp_path: Path) -> None:
    outside = Outside({"DBCONN_KEYS": "none"}, tmp_path, tmp_path, tmp_path / "state", MemoryStore())
    app = DbconnApp(TaskBackend(outside))
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        assert "Welcome to dbconn" in screen_words(app)
        await pressed(pilot, "n", "y")
        assert "No connections yet" in screen_words(app)
        file = tmp_path / "dbconn.yaml"
        file.write_text(file.read_text() + "tenants:\n  dev: {domain: acme.eu.auth0.com, client_id: a}\n")
        await app.backend.set_read_only("dev", True)
        project, _ = read_project(file)
        assert project is not None
        assert project.tenants["dev"].read_only
        await app.backend.set_read_only("dev", False)
        project, _ = read_project(file)
        assert project is not None
        assert not project.tenants["dev"].read_only
