"""A connection from a template: every file is seen before it is written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from screen_text import screen_text, screen_words, settle, settle_typing
from scripted_backend import ScriptedBackend
from textual.pilot import Pilot
from textual.widgets import Input

from dbconn_tui.scaffold.catalogue import find_template, shipped_folder
from dbconn_tui.secret_store.memory_store import MemoryStore
from dbconn_tui.tasks.init import make_project
from dbconn_tui.tasks.outside import Outside
from dbconn_tui.tui.app import DbconnApp
from dbconn_tui.tui.backend import TaskBackend
from dbconn_tui.tui.screens.add import AddScreen
from dbconn_tui.tui.screens.ask import AskScreen
from dbconn_tui.tui.screens.home import HomeScreen
from dbconn_tui.tui.screens.templates import TemplatesScreen
from dbconn_tui.tui.template_lines import asked, offered, variable_text
from dbconn_tui.tui.widgets.line_view import LineView, plain_text

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def _preview_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dbconn_tui.tui.screens.add.PREVIEW_PAUSE", 0.001)


@pytest.fixture
def outside(tmp_path: Path) -> Outside:
    """An empty project without a tenant."""
    outside = Outside({}, tmp_path, tmp_path, tmp_path / ".state", MemoryStore())
    make_project(outside, tmp_path)
    return outside


async def settle_preview(pilot: Pilot[Any]) -> str:
    await settle_typing(pilot)
    return plain_text(pilot.app.screen.query_one("#preview", LineView).lines)


async def open_form(pilot: Pilot[Any], template: str) -> AddScreen:
    await settle(pilot)
    await pilot.press("n")
    await settle(pilot)
    screen = pilot.app.screen
    assert isinstance(screen, TemplatesScreen)
    while screen.template is not None and screen.template.name != template:
        await pilot.press("j")
        await pilot.pause()
    await pilot.press("enter")
    await settle(pilot)
    form = pilot.app.screen
    assert isinstance(form, AddScreen)
    return form


async def test_from_an_empty_project_to_a_connection(outside: Outside) -> None:
    app = DbconnApp(TaskBackend(outside))
    script = outside.folder / "scripts" / "legacy" / "login.js"
    async with app.run_test(size=(150, 40)) as pilot:
        form = await open_form(pilot, "rest-api")
        await pilot.press("ctrl+s", *"legacy")
        preview = await settle_preview(pilot)
        assert "+ scripts/legacy/login.js" in preview
        assert "+   legacy:" in preview
        assert not script.exists()
        await pilot.press("enter")
        assert form.focused is not None
        assert form.focused.id == "variable-api_url"
        assert "(url)" in screen_words(app)
        form.query_one("#variable-api_url", Input).value = "ftp://nowhere"
        await settle_preview(pilot)
        assert "api_url must start with https://" in screen_words(app)
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert not script.exists()
        form.query_one("#variable-api_url", Input).value = "https://users.example.com"
        assert "https://users.example.com" in await settle_preview(pilot)
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert isinstance(app.screen, HomeScreen)
        assert script.exists()
        assert "https://users.example.com" in (outside.folder / "dbconn.yaml").read_text(encoding="utf-8")
        assert "legacy" in screen_text(app)


async def test_a_file_that_is_there_is_replaced_only_after_a_question(outside: Outside) -> None:
    script = outside.folder / "scripts" / "legacy" / "login.js"
    script.parent.mkdir(parents=True)
    script.write_text("// mine\n", encoding="utf-8")
    app = DbconnApp(TaskBackend(outside))
    async with app.run_test(size=(80, 24)) as pilot:
        await open_form(pilot, "generic")
        await pilot.press(*"legacy")
        assert "is there with other content" in await settle_preview(pilot)
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert isinstance(app.screen, AskScreen)
        await pilot.press("enter")
        await settle(pilot)
        assert script.read_text(encoding="utf-8") == "// mine\n"
        await pilot.press("ctrl+s")
        await settle(pilot)
        await pilot.press("y")
        await settle(pilot)
        assert script.read_text(encoding="utf-8") != "// mine\n"


async def test_what_does_not_fit_is_said_in_place(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_form(pilot, "generic")
        await pilot.press("x")
        await settle_preview(pilot)
        assert "the name is taken" in screen_words(app)
        await pilot.press("escape", "escape")
        await settle(pilot)
        assert isinstance(app.screen, HomeScreen)


def test_only_what_the_answers_ask_for_is_asked() -> None:
    template = find_template("postgresql", (shipped_folder(),))
    defaults = {one.name: variable_text(one) for one in template.variables}
    every = {one.name for one in template.variables}
    conditional = [one for one in template.variables if one.when]
    assert conditional
    names = asked(template, defaults)
    assert names < every
    for one in template.variables:
        if offered(one):
            assert variable_text(one) in offered(one)
    # Each one that depends on a choice comes up with the right answer to it.
    for one in conditional:
        answers = dict(defaults)
        for condition in one.when:
            for value in condition.one_of[:1]:
                answers[condition.variable] = str(value).lower() if isinstance(value, bool) else str(value)
            if condition.filled:
                answers[condition.variable] = "given_name"
        if all(other.variable in asked(template, answers) for other in one.when):
            assert one.name in asked(template, answers)
