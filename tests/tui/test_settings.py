"""Settings: layers seen, a change shown before it is written, refused with the lines to paste."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from screen_text import screen_text, screen_words, settle, settle_typing
from scripted_backend import ScriptedBackend
from textual.pilot import Pilot
from textual.widgets import Input

from dbconn_tui.project.schema import CONFIGURATION_VALUE, OVERLAY
from dbconn_tui.project.shapes import Anything, Choice, Flag, ListOf, Number, Text, walk
from dbconn_tui.tui.app import DbconnApp
from dbconn_tui.tui.screens.ask_text import AskTextScreen
from dbconn_tui.tui.screens.edit_setting import EditSettingScreen
from dbconn_tui.tui.screens.home import HomeScreen
from dbconn_tui.tui.screens.settings import SettingsScreen
from dbconn_tui.tui.setting_words import (
    configuration_value,
    configuration_way,
    parse_words,
    shape_words,
    value_words,
)

pytestmark = pytest.mark.anyio

TEXT = """\
version: 1
tenants: {dev: {domain: d.example.com}, prod: {domain: p.example.com}}
connections:
  partner-portal:
    import_mode: false   # until the move
    configuration: {URL: &url "http://a", COPY: *url}
    tenants: {dev: {import_mode: true}}
"""


@pytest.fixture
def config(backend: ScriptedBackend, tmp_path: Path) -> Path:
    folder = tmp_path / "scripts" / "partner-portal"
    folder.mkdir(parents=True)
    (folder / "login.js").write_text("function login(i, p, c) { c(null); }\n", encoding="utf-8")
    backend.config = tmp_path / "dbconn.yaml"
    backend.config.write_text(TEXT, encoding="utf-8")
    return backend.config


async def open_settings(pilot: Pilot[Any]) -> SettingsScreen:
    await settle(pilot)
    await pilot.press("j", "o")
    await settle(pilot)
    screen = pilot.app.screen
    assert isinstance(screen, SettingsScreen)
    return screen


@pytest.mark.parametrize("size", [(80, 24), (150, 40)])
async def test_layers_are_seen_tenant_by_tenant(backend: ScriptedBackend, config: Path, size: tuple[int, int]) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=size) as pilot:
        await open_settings(pilot)
        words = screen_words(app)
        assert "● import_mode true connection on dev" in words
        assert "connection false dbconn.yaml:5:18" in words
        assert "→ connection on dev true dbconn.yaml:7:34" in words
        await pilot.press("v")
        await settle(pilot)
        assert "· import_mode false connection" in screen_words(app)
        assert "on dev it is true" in screen_words(app)
        await pilot.press("a")
        await settle(pilot)
        assert "showing 3 of" in screen_words(app)
        await pilot.press("a", "slash", *"passwordpol", "enter")
        await settle(pilot)
        assert "How strong a password must be." in screen_words(app)
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, SettingsScreen)
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, HomeScreen)


async def test_a_change_is_shown_and_then_written(backend: ScriptedBackend, config: Path) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_settings(pilot)
        await pilot.press("enter")
        await settle_typing(pilot)
        assert isinstance(app.screen, EditSettingScreen)
        assert "dbconn.yaml says so already" in screen_words(app)
        await pilot.press("space")
        await settle_typing(pilot)
        assert "+ tenants: {dev: {import_mode: false}}" in screen_words(app)
        assert "enter writes it" in screen_words(app)
        await pilot.press("escape")
        await settle(pilot)
        assert config.read_text(encoding="utf-8") == TEXT
        await pilot.press("enter", "space")
        await settle_typing(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert app.screen is screen
        assert "tenants: {dev: {import_mode: false}}" in config.read_text(encoding="utf-8")
        assert "# until the move" in config.read_text(encoding="utf-8")
        # Taking it out of the layer shows the one below.
        await pilot.press("enter", "ctrl+x")
        await settle_typing(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert "dev: {import_mode" not in config.read_text(encoding="utf-8")
        assert "· import_mode false connection" in screen_words(app)
        opened = [call for call in backend.calls if call[0] == "open"]
        await pilot.press("escape")
        await settle(pilot)
        assert len([call for call in backend.calls if call[0] == "open"]) == len(opened) + 1


async def test_a_change_that_only_a_person_can_make_gives_the_lines(backend: ScriptedBackend, config: Path) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(150, 40)) as pilot:
        await open_settings(pilot)
        await pilot.press("j", "enter")
        await settle_typing(pilot)
        assert "configuration.URL" in screen_text(app)
        app.screen.query_one("#way").focus()
        await pilot.press("right")
        app.screen.query_one("#value", Input).value = "portal_url"
        await settle_typing(pilot)
        assert "dbconn does not make this change by itself" in screen_words(app)
        await pilot.press("ctrl+y")
        assert "URL: {secret: portal_url}" in app.clipboard
        await pilot.press("enter", "escape")
        await settle(pilot)
        assert config.read_text(encoding="utf-8") == TEXT


async def test_a_new_key_is_named_first_and_a_file_changed_outside_is_not_written_over(
    backend: ScriptedBackend, config: Path
) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_settings(pilot)
        await pilot.press("n")
        await settle(pilot)
        assert isinstance(app.screen, AskTextScreen)
        await pilot.press(*"URL")
        await settle(pilot)
        assert "It is in the table" in screen_words(app)
        await pilot.press("enter", *"S", "enter")
        await settle(pilot)
        assert isinstance(app.screen, EditSettingScreen)
        await pilot.press(*"5000")
        app.screen.query_one("#way").focus()
        await pilot.press("right")
        await settle_typing(pilot)
        assert "must be the name of a secret" in screen_words(app)
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert isinstance(app.screen, EditSettingScreen)
        await pilot.press("left")
        await settle_typing(pilot)
        assert 'URLS: "5000"' in screen_words(app)
        other = f"{TEXT}# somebody was here\n"
        config.write_text(other, encoding="utf-8")
        await pilot.press("enter")
        await settle(pilot)
        assert "changed on the disk since it was read" in screen_words(app)
        assert config.read_text(encoding="utf-8") == other


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)


@given(JSON)
def test_a_configuration_value_and_its_form_are_the_same(value: Any) -> None:
    assert value_words(value) is not None
    for way in ("text", "secret", "env"):
        if isinstance(value, str) and value.strip() == value:
            assert configuration_way(configuration_value(way, value)) == (way, value)


def test_words_become_values_of_the_shape() -> None:
    assert parse_words(Flag(), "true") is True
    assert parse_words(Choice((1, 2)), "2") == 2
    assert parse_words(Number(1, 9), "7") == 7
    assert parse_words(Number(1, 9), "seven") == "seven"
    assert parse_words(ListOf(Text()), "a, b") == ["a", "b"]
    assert parse_words(ListOf(Text()), '["a, b"]') == ["a, b"]
    assert parse_words(Anything(), "word") == "word"
    reference = next(key.shape for path, key in walk(OVERLAY) if path == ("test_user", "password"))
    assert parse_words(reference, "{secret: test_password}") == {"secret": "test_password"}
    assert "{secret: …}" in shape_words(reference)
    assert configuration_value("keep", "") == {"keep": "live"}
    assert shape_words(Number(1, 72)) == "a whole number, 1 to 72"
    assert "secret" in shape_words(CONFIGURATION_VALUE)
