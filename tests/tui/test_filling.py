"""What stands behind the editor: texts kept for the next start, a template's texts, tabs that fold."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from screen_text import screen_words, settle

from dbconn_tui.errors import UsageError
from dbconn_tui.project.write import write_file
from dbconn_tui.secret_store.memory_store import MemoryStore
from dbconn_tui.tasks.add import plan_addition, write_addition
from dbconn_tui.tasks.outside import Outside
from dbconn_tui.tasks.refill import write_refill
from dbconn_tui.tasks.templates import one_template
from dbconn_tui.tasks.workspace import open_project, open_workspace
from dbconn_tui.tui.app import DbconnApp
from dbconn_tui.tui.backend import TaskBackend
from dbconn_tui.tui.editor_lines import MORE, is_rare, tabs_of
from dbconn_tui.tui.filling import plan_refill_of, refill_lines, template_texts
from dbconn_tui.tui.recovery import FOLDER, find_texts, keep_texts
from dbconn_tui.tui.screens.ask import AskScreen
from dbconn_tui.tui.screens.editor import EditorScreen
from dbconn_tui.tui.script_files import ScriptSet, fix_text, open_scripts
from dbconn_tui.tui.widgets.line_view import plain_text

PROJECT = "version: 1\ntenants: {dev: {domain: dev.example.com}}\n"


@pytest.fixture
def outside(tmp_path: Path) -> Outside:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "dbconn.yaml").write_text(PROJECT, encoding="utf-8")
    outside = Outside({}, folder, tmp_path, tmp_path / "state", MemoryStore())
    project, _ = open_project(outside)
    write_addition(plan_addition(project, "users", one_template(outside, "generic"), {}))
    return outside


def scripts_of(outside: Outside) -> ScriptSet:
    return open_scripts(open_workspace(outside), "users")


def test_texts_are_kept_privately_until_they_are_saved(outside: Outside) -> None:
    scripts = scripts_of(outside)
    keep_texts(outside.state_folder, scripts, {"login": "// mine", "change_username": "// new"}, 5.0)
    found = find_texts(outside.state_folder, scripts)
    assert [(one.kind, one.text, one.time) for one in found] == [
        ("login", "// mine", 5.0),
        ("change_username", "// new", 5.0),
    ]
    assert "mine" not in repr(found)
    if os.name == "posix":
        (path, *_) = (outside.state_folder / FOLDER).iterdir()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    # What the file says by now is nothing to take back; what is not unsaved any more goes.
    login = scripts.file("login")
    assert login is not None
    write_file(login.path, b"// mine")
    assert [one.kind for one in find_texts(outside.state_folder, scripts_of(outside))] == ["change_username"]
    keep_texts(outside.state_folder, scripts, {}, 6.0)
    assert list((outside.state_folder / FOLDER).iterdir()) == []


def test_a_damaged_copy_and_a_folder_that_cannot_be_written_are_no_failure(outside: Outside) -> None:
    scripts = scripts_of(outside)
    keep_texts(outside.state_folder, scripts, {"login": "// mine"}, 5.0)
    (path,) = (outside.state_folder / FOLDER).iterdir()
    path.write_text("{", encoding="utf-8")
    assert find_texts(outside.state_folder, scripts) == ()
    blocked = outside.folder / "dbconn.yaml"
    keep_texts(blocked, scripts, {"login": "// mine"}, 5.0)
    assert find_texts(blocked, scripts) == ()


def test_a_template_gives_missing_scripts_and_newer_texts(outside: Outside) -> None:
    name, texts = template_texts(outside, None, "users")
    assert name == "generic"
    verify = outside.folder / "scripts" / "users" / "verify.js"
    assert texts["verify"] == verify.read_text(encoding="utf-8")
    edited = verify.read_text(encoding="utf-8") + "// mine\n"
    verify.write_text(edited, encoding="utf-8")
    refill = plan_refill_of(outside, None, "users")
    assert not refill.changes
    base = outside.folder / ".dbconn" / "rendered" / "users" / "verify.js"
    base.write_text(
        base.read_text(encoding="utf-8").replace("function verify", "// older\nfunction verify"), encoding="utf-8"
    )
    verify.write_text(edited.replace("function verify", "// older\nfunction verify"), encoding="utf-8")
    refill = plan_refill_of(outside, None, "users")
    text = plain_text(tuple(refill_lines(refill)))
    assert "~ scripts/users/verify.js: merged" in text
    assert [line[0] for line in text.splitlines() if "// older" in line] == ["-"]
    write_refill(refill)
    assert verify.read_text(encoding="utf-8") == edited
    with pytest.raises(UsageError):
        template_texts(outside, None, "nobody")


def test_lint_mends_the_text_that_is_in_the_editor(outside: Outside) -> None:
    scripts = scripts_of(outside)
    text = "function login(identifier, password, callback) {\n  callback(new Error('x'));\n};\n"
    mended, rules = fix_text(scripts, "login", text)
    assert mended == text.replace("};", "}")
    assert rules == ("script-single-function",)
    assert fix_text(scripts, "login", mended) == (mended, ())


def test_rare_kinds_fold_until_they_are_touched(outside: Outside) -> None:
    scripts = scripts_of(outside)
    rare = [one.kind for one in scripts.missing if is_rare(one.kind)]
    assert {"change_username", "change_phone_number"} <= set(rare)
    tabs = tabs_of(scripts, {}, frozenset(), frozenset({"login"}))
    assert tabs[-1].id == MORE
    assert tabs[-1].label == f"+{len(rare)}"
    assert tabs[0].mark == "… ~"
    touched = tabs_of(scripts, {}, frozenset({rare[0]}), active=rare[-1])
    shown = {tab.id for tab in touched}
    assert {rare[0], rare[-1]} <= shown


@pytest.mark.anyio
async def test_a_newer_text_is_shown_refused_and_written(outside: Outside) -> None:
    verify = outside.folder / "scripts" / "users" / "verify.js"
    base = outside.folder / ".dbconn" / "rendered" / "users" / "verify.js"
    newest = verify.read_text(encoding="utf-8")
    older = f"// older\n{newest}"
    for file in (verify, base):
        file.write_text(older, encoding="utf-8")
    app = DbconnApp(TaskBackend(outside, outside.folder / "dbconn.yaml"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("e")
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, EditorScreen)
        for answer, expected in (("escape", older), ("y", newest)):
            screen.action_refill()
            await settle(pilot)
            assert isinstance(app.screen, AskScreen)
            assert "~ scripts/users/verify.js: updated" in screen_words(app)
            await pilot.press(answer)
            await settle(pilot)
            assert verify.read_text(encoding="utf-8") == expected
        screen.action_refill()
        await settle(pilot)
        assert "Nothing to fill in" in screen_words(app)
