"""From an empty folder to a rollback, by keyboard alone, against a tenant in another process and a real user store."""

from __future__ import annotations

import json
import os
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from screen_text import screen_words, settle, settle_typing
from textual.pilot import Pilot
from textual.widgets import Input

from dbconn_tui import passwords
from dbconn_tui.errors import NodeError
from dbconn_tui.local_tenant.server import Address, tenant_process
from dbconn_tui.runtime.node import find_node
from dbconn_tui.sample_store.store import run_sample_store
from dbconn_tui.secret_store.memory_store import MemoryStore
from dbconn_tui.tasks.outside import Outside
from dbconn_tui.tasks.status import StatusState
from dbconn_tui.tui.app import DbconnApp
from dbconn_tui.tui.backend import TaskBackend
from dbconn_tui.tui.screens.add import AddScreen
from dbconn_tui.tui.screens.deploy import DeployScreen
from dbconn_tui.tui.screens.details import DetailsScreen
from dbconn_tui.tui.screens.editor import EditorScreen
from dbconn_tui.tui.screens.login import LoginScreen
from dbconn_tui.tui.screens.plan import PlanScreen
from dbconn_tui.tui.screens.secrets import SecretsScreen
from dbconn_tui.tui.screens.templates import TemplatesScreen
from dbconn_tui.tui.screens.test import TestScreen
from dbconn_tui.tui.screens.try_script import TryScreen

pytestmark = pytest.mark.anyio

KEY = "legacy"


def control(address: Address, path: str, body: Any = None) -> Any:
    """What somebody else does on the tenant; without a body, what it holds."""
    request = urllib.request.Request(
        f"{address.url}/__control{path}",
        data=None if body is None else json.dumps(body).encode(),
        headers={"content-type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        return json.loads(answer.read() or b"null")


def live_login(address: Address) -> str:
    (one,) = control(address, "/connections")["connections"]
    text: str = one["options"]["customScripts"]["login"]
    return text


class Hands:
    """Presses keys and reads what is shown."""

    def __init__(self, app: DbconnApp, pilot: Pilot[None]) -> None:
        self.app, self.pilot = app, pilot

    async def press(self, *keys: str) -> str:
        await self.pilot.press(*keys)
        await settle(self.pilot)
        return screen_words(self.app)

    async def fill(self, **fields: str) -> None:
        for id_, value in fields.items():
            self.app.screen.query_one(f"#{id_.replace('_of_', '-')}", Input).value = value
        await settle_typing(self.pilot)

    @property
    def state(self) -> StatusState:
        assert self.app.state.status is not None
        return next(row.state for row in self.app.state.status.rows if row.key == KEY)

    async def deploy(self) -> None:
        asked = await self.press("d")
        await self.press("y")
        assert isinstance(self.app.screen, DeployScreen), asked
        assert self.app.state.deploy is not None
        assert self.app.state.deploy.succeeded, screen_words(self.app)
        await self.press("escape")


async def test_from_an_empty_folder_to_a_rollback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = {"PATH": os.environ.get("PATH", "")}
    try:
        find_node(environment)
    except NodeError as failure:
        pytest.skip(failure.message)
    monkeypatch.setattr(passwords, "_COST", 2**4)
    folder = tmp_path / "project"
    folder.mkdir()
    outside = Outside(environment, folder, tmp_path, tmp_path / "state", MemoryStore())
    with tenant_process("--control", "--http", "--plan", "none") as address, run_sample_store() as store:
        app = DbconnApp(TaskBackend(outside))
        async with app.run_test(size=(100, 30)) as pilot:
            hands = Hands(app, pilot)
            await settle(pilot)

            # A project, and the tenant it goes to.
            assert "Welcome to dbconn" in screen_words(app)
            assert "No connections yet" in await hands.press("n", "y")
            await hands.press("ctrl+t", "a")
            assert isinstance(app.screen, LoginScreen)
            secret = address.client_secret_file.read_text(encoding="utf-8").strip()
            await hands.fill(name="dev", domain=address.url, client=address.client_id, secret=secret)
            words = await hands.press("ctrl+s")
            assert isinstance(app.screen, DetailsScreen), words
            assert "Its scopes are enough to deploy" in words
            await hands.press("escape")

            # A connection from a template, and the value that it needs.
            await hands.press("n")
            assert isinstance(app.screen, TemplatesScreen)
            while app.screen.template is not None and app.screen.template.name != "rest-api":
                await hands.press("j")
            await hands.press("enter")
            assert isinstance(app.screen, AddScreen)
            await hands.fill(
                connection_of_name=KEY,
                variable_of_api_url=store.url,
                variable_of_token_url=store.token_url,
                variable_of_client_id=store.client_id,
            )
            await hands.press("ctrl+s")
            assert hands.state is StatusState.VALUES, screen_words(app)
            await hands.press("s")
            assert isinstance(app.screen, SecretsScreen)
            await hands.press("enter")
            value = store.client_secret.reveal()
            assert value not in await hands.press(*value, "enter")
            await hands.press("1")
            assert hands.state is StatusState.NEW, screen_words(app)

            # A mistake is marked, and mended by its key.
            login = folder / "scripts" / KEY / "login.js"
            await hands.press("e")
            assert isinstance(app.screen, EditorScreen)
            editor = app.screen.editor
            assert editor is not None
            line = next(n for n, text in enumerate(editor.text.split("\n")) if "function login" in text)
            editor.move_cursor((line, 0))
            await hands.press("end", "enter", *"begun = 1; console.log(begun);")
            await settle_typing(pilot)
            assert "implicit-global" in screen_words(app)
            assert "const begun" in await hands.press("f9")
            await hands.press("y")
            await settle_typing(pilot)
            assert "✗" not in screen_words(app)
            await hands.press("ctrl+s")
            assert "const begun = 1;" in login.read_text(encoding="utf-8")

            # The script runs, and the life cycle is played.
            user = store.users.all()[0]
            await hands.press("f5")
            assert isinstance(app.screen, TryScreen)
            assert "refused the user" in await hands.press(*user.email, "tab", *"wrong-word-77", "f5")
            await hands.press("escape")
            await hands.press("escape")
            await hands.press("T", "f5")
            assert isinstance(app.screen, TestScreen)
            assert app.screen._play.symbol == "✓", screen_words(app)

            # Deployed; somebody else changes it; theirs comes into the files.
            await hands.press("1", "p")
            assert isinstance(app.screen, PlanScreen)
            assert "Plan: 1 to create" in screen_words(app)
            await hands.deploy()
            mine = login.read_text(encoding="utf-8")
            assert live_login(address) == mine
            theirs = f"// by hand\n{mine}"
            path = ["options", "customScripts", "login"]
            control(address, "/set", {"connection": KEY, "path": path, "value": theirs})
            await hands.press("1", "r")
            assert hands.state is StatusState.DRIFT
            assert "changed on the tenant" in screen_words(app)
            await hands.press("p")
            assert "is not committed to git" in await hands.press("t")
            await hands.press("y")
            assert login.read_text(encoding="utf-8") == theirs
            await hands.press("1")
            assert hands.state is StatusState.IN_SYNC

            # A change more, and back again through a plan.
            login.write_text(f"// more\n{theirs}", encoding="utf-8")
            await hands.press("r")
            await hands.press("p")
            # The record still knows the text before theirs, so that this is a decision.
            assert "conflict" in screen_words(app)
            await hands.press("m")
            await hands.deploy()
            assert live_login(address).startswith("// more\n")
            await hands.press("1", "h")
            assert "rolls back to before deploy" in await hands.press("u")
            await hands.deploy()
            assert live_login(address) == theirs
        texts = [path.read_text(encoding="utf-8", errors="replace") for path in tmp_path.rglob("*") if path.is_file()]
        assert not any(value in text or secret in text for text in texts)
