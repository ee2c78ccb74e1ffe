"""Lint's findings, the checklist and the doctor: each with the way on."""

from __future__ import annotations

from dataclasses import replace

import pytest
from screen_text import screen_text, screen_words, settle
from scripted_backend import FINDING, ROWS, ScriptedBackend

from dbconn_tui.lint.checklist import ITEMS
from dbconn_tui.problems import Place
from dbconn_tui.tui.app import DbconnApp
from dbconn_tui.tui.screens.checklist import ChecklistScreen
from dbconn_tui.tui.screens.doctor import DoctorScreen
from dbconn_tui.tui.screens.editor import EditorScreen
from dbconn_tui.tui.screens.problems import ProblemsScreen

pytestmark = pytest.mark.anyio


async def test_a_finding_leads_to_its_line_in_the_editor(backend: ScriptedBackend) -> None:
    finding = replace(FINDING, place=Place("scripts/crm-import/get_user.js", 1, 10), connection="crm-import")
    backend.rows = tuple(replace(row, problems=(finding,)) if row.key == "crm-import" else row for row in ROWS)
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("j", "j", "l")
        await settle(pilot)
        assert isinstance(app.screen, ProblemsScreen)
        words = screen_words(app)
        assert "! scripts/crm-import/get_user.js:1:10 configuration-unused" in words
        assert "! 1 in 1 connection" in words
        await pilot.press("y")
        assert app.clipboard == "dbconn explain configuration-unused"
        await pilot.press("c")
        assert "configuration.API_URL is never read" in app.clipboard
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, EditorScreen)
        assert app.screen.editor is not None
        assert app.screen.editor.kind == "get_user"
        assert app.screen.editor.cursor_location == (0, 9)


async def test_the_checklist_is_ticked_off_and_copied(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("l", "L")
        await settle(pilot)
        assert isinstance(app.screen, ChecklistScreen)
        assert ("checklist", ("legacy-users",)) in backend.calls
        assert f"[ ] {ITEMS[0].title}" in screen_text(app)
        await pilot.press("space", "j", "enter", "j", "space", "space", "g")
        await settle(pilot)
        assert "2 of 4 ticked" in screen_text(app)
        assert ITEMS[0].how.split(",")[0] in screen_words(app)
        await pilot.press("c")
        assert [line[:5] for line in app.clipboard.splitlines()] == ["- [x]", "- [x]", "- [ ]", "- [ ]"]
        # They are still there when the list is opened again.
        await pilot.press("escape", "L")
        await settle(pilot)
        assert "2 of 4 ticked" in screen_text(app)


@pytest.mark.parametrize("size", [(80, 24), (150, 40)])
async def test_the_doctor_begins_with_what_failed_and_gives_the_fix(
    backend: ScriptedBackend, size: tuple[int, int]
) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await pilot.press("D")
        await settle(pilot)
        assert isinstance(app.screen, DoctorScreen)
        words = screen_words(app)
        assert "✗ update:connections is missing" in words
        assert "→ Grant it in the dashboard." in words
        assert "✓ 1 fine ! 1 worth a look ✗ 1 failed" in words
        await pilot.press("y")
        assert app.clipboard == "Grant it in the dashboard."
        await pilot.press("c")
        assert "✗ scopes: update:connections is missing\n    Grant it in the dashboard." in app.clipboard
        backend.findings = backend.findings[:1]
        await pilot.press("f5")
        await settle(pilot)
        assert [call for call in backend.calls if call[0] == "diagnose"] == [("diagnose", "dev")] * 2
        assert "failed" not in screen_text(app)
