"""What projects really have: names in any writing, hundreds of connections, a script of 100 kB."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rich.cells import cell_len
from screen_text import screen_lines, screen_text, screen_words, settle, settle_typing
from scripted_backend import CHANGED, ROWS, ScriptedBackend, row

from dbconn_tui.deploy.values import ConnectionPlan, ConnectionState
from dbconn_tui.tasks.status import StatusState
from dbconn_tui.tui.app import DbconnApp
from dbconn_tui.tui.screens.editor import EditorScreen
from dbconn_tui.tui.widgets.status_table import StatusTable

pytestmark = pytest.mark.anyio

NAMES = ("国际用户门户连接", "مستخدمون-البوابة", "👩‍🚀-crew-🇩🇪", "e\u0301te\u0301", "n" * 90)


async def test_names_in_any_writing_keep_every_screen_in_its_columns(backend: ScriptedBackend) -> None:
    plans = tuple(replace(CHANGED, key=name, name=name) for name in NAMES)
    backend.plan = replace(backend.plan, connections=plans)
    backend.rows = tuple(row(plan, StatusState.CHANGED, changes=3) for plan in plans)
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        for keys in ((), ("enter",), ("escape", "p"), ("right_square_bracket",), ("G",)):
            await pilot.press(*keys)
            await settle(pilot)
            assert {cell_len(line) for line in screen_lines(app)} == {80}, keys
        await pilot.press("1")
        await settle(pilot)
        lines = [line for line in screen_lines(app) if "changed here" in line]
    # The state stands in the same column of the terminal beside each name.
    assert {cell_len(line[: line.index("changed here")]) for line in lines} == {
        cell_len(lines[0][: lines[0].index("changed here")])
    }
    assert len(lines) == len(NAMES)


async def test_200_connections_are_scrolled_filtered_and_marked(backend: ScriptedBackend) -> None:
    plans = tuple(ConnectionPlan(f"users-{n:03}", f"users-{n:03}", ConnectionState.UNCHANGED) for n in range(200))
    backend.rows = tuple(row(plan, StatusState.IN_SYNC) for plan in plans) + ROWS
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "✓ 201 in sync" in screen_words(app)
        await pilot.press("G")
        await settle(pilot)
        assert "old-intranet" in screen_text(app)
        await pilot.press("g", *["pagedown"] * 3)
        await settle(pilot)
        table = app.screen.query_one(StatusTable)
        assert table.cursor_row > 40
        key = table.current_row.key if table.current_row else ""
        assert key in screen_text(app)
        await pilot.press("slash", *"s-19", "enter", "a")
        await settle(pilot)
        assert table.row_count == 10
        assert "● 10 marked showing 10 of 205" in screen_words(app)
        await pilot.press("escape")
        await settle(pilot)
        assert table.row_count == 205


async def test_100_kilobytes_are_edited(backend: ScriptedBackend) -> None:
    lines = [f"  const line{number} = {'x' * 30!r};" for number in range(1_920)]
    text = "\n".join(["function login(email, password, callback) {", *lines, "  callback(null);", "}", ""])
    assert len(text) > 100_000
    backend.disk["login"] = text.encode()
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("j", "e")
        await settle(pilot)
        assert isinstance(app.screen, EditorScreen)
        await pilot.press("ctrl+end", *"// BAD")
        await settle_typing(pilot)
        assert "// BAD" in screen_text(app)
        assert "login ✗1" in screen_text(app)
        await pilot.press("ctrl+s")
        await settle(pilot)
    assert backend.disk["login"] == (text + "// BAD").encode()
