"""Try: a form from the signature, a run, what came of it; unsaved texts, protected tenants, a stop."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from screen_text import screen_lines, screen_text, screen_words, settle
from scripted_backend import PROD, ScriptedBackend
from scripted_runs import FAULT, run
from textual.pilot import Pilot
from textual.widgets import Button

from dbconn_tui.errors import RefusedError, UnresolvedValueError
from dbconn_tui.problems import Place
from dbconn_tui.project.cases import Case
from dbconn_tui.project.read import read_project
from dbconn_tui.project.values import SecretReference
from dbconn_tui.secret_store.memory_store import MemoryStore
from dbconn_tui.tasks.outside import Outside
from dbconn_tui.tui.app import DbconnApp
from dbconn_tui.tui.runs import TryRequest, more_arguments, run_setup
from dbconn_tui.tui.saved_cases import case_entry, cases_of, save_case
from dbconn_tui.tui.screens.ask_text import AskTextScreen
from dbconn_tui.tui.screens.confirm import ConfirmScreen
from dbconn_tui.tui.screens.editor import EditorScreen
from dbconn_tui.tui.screens.error import ErrorScreen
from dbconn_tui.tui.screens.home import HomeScreen
from dbconn_tui.tui.screens.try_script import TryScreen

pytestmark = pytest.mark.anyio


async def open_try(pilot: Pilot[Any]) -> TryScreen:
    await settle(pilot)
    await pilot.press("j", "t")
    await settle(pilot)
    screen = pilot.app.screen
    assert isinstance(screen, TryScreen)
    return screen


@pytest.mark.parametrize("size", [(80, 24), (150, 40)])
async def test_a_run_with_arguments_and_everything_that_came_of_it(
    backend: ScriptedBackend, size: tuple[int, int]
) -> None:
    backend.runs = [run(result={"email": "robin@example.com"}, problems=[FAULT]), run()]
    app = DbconnApp(backend)
    async with app.run_test(size=size) as pilot:
        await open_try(pilot)
        assert "f5 runs login: the file as it is saved, with the values of dev." in screen_words(app)
        await pilot.press(*"robin@x", "tab", *"Secret-Word-1", "f5")
        await settle(pilot)
        (request,) = backend.requests
        assert isinstance(request, TryRequest)
        assert (request.key, request.kind, request.values) == ("partner-portal", "login", "dev")
        assert request.given == {"email": "robin@x", "password": "Secret-Word-1"}
        words = screen_words(app)
        assert "✗ login: bad-profile – gave a profile" in words
        assert "412 ms of 20 s" in words
        assert "line 2: the profile has no user_id" in words
        assert "2 callback(null, {});" in words
        assert "login ✗" in screen_lines(app)[1]
        for place in (screen_text(app), repr(request)):
            assert "Secret-Word-1" not in place
        # Enter in a field runs as well; the result is compared with the run before.
        await pilot.press("enter")
        await settle(pilot)
        assert "login ✓" in screen_lines(app)[1]
        app.screen.query_one("#result").focus()
        await pilot.press("c")
        assert "Result against the run before" in app.clipboard
        for words_ in ("12 ms", "warn", "slow store", "users.example.com:443", "Node 22.3.0, as tenants do"):
            assert words_ in app.clipboard
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, HomeScreen)


async def test_every_kind_has_the_fields_of_its_signature(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_try(pilot)
        await pilot.press(*"robin@x")
        shown: dict[str, list[str]] = {}
        for _ in range(4):
            rows = [row for row in screen.query(".field-row") if row.display]
            shown[screen._kind] = [(row.id or "").removeprefix("row-") for row in rows]
            await pilot.press("f3")
            await settle(pilot)
        assert shown == {
            "login": ["email", "password", "values"],
            "get_user": ["email", "values"],
            "create": ["email", "password", "more", "values"],
            "change_email": ["email", "new_email", "verified", "values"],
        }
        # What was typed stays from kind to kind.
        await pilot.press("f2", "tab", *"new@x", "tab", "space", "f5")
        await settle(pilot)
        (request,) = backend.requests
        assert isinstance(request, TryRequest)
        assert request.given == {"email": "robin@x", "new_email": "new@x", "verified": True}
        await pilot.press("f2", "tab", "tab", *"plan", "f5")
        await settle(pilot)
        assert "more arguments are NAME=VALUE" in screen_words(app)
        assert len(backend.requests) == 1


async def test_a_protected_tenant_wants_its_name_before_users_are_changed(backend: ScriptedBackend) -> None:
    backend.tenant = PROD
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_try(pilot)
        assert "values of prod (PROTECTED)" in screen_words(app)
        await pilot.press("f5")
        await settle(pilot)
        assert len(backend.requests) == 1
        await pilot.press("f3", "f3", "f5")
        await settle(pilot)
        assert isinstance(app.screen, ConfirmScreen)
        assert app.screen.query_one("#cancel", Button).has_focus
        assert "Run with the values of prod?" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        assert len(backend.requests) == 1
        await pilot.press("f5")
        await settle(pilot)
        await pilot.press(*"prod", "enter")
        await settle(pilot)
        request = backend.requests[1]
        assert (request.values, request.confirmed) == ("prod", True)


async def test_a_run_is_shown_while_it_lasts_and_can_be_stopped(backend: ScriptedBackend) -> None:
    backend.run_gate.clear()
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_try(pilot)
        await pilot.press("f5")
        await pilot.pause()
        backend.clock += 3
        app.screen._tick()  # type: ignore[attr-defined]
        await pilot.pause()
        assert "running login: 3 s of 20 s" in screen_words(app)
        await pilot.press("f5", "ctrl+c")
        await settle(pilot)
        assert len(backend.requests) == 1
        assert "Stopped: login was stopped and its process ended" in screen_words(app)
        backend.run_error = UnresolvedValueError("PG_URL is not available", "dbconn secrets set pg_url")
        backend.run_gate.set()
        await pilot.press("f5")
        await settle(pilot)
        assert "PG_URL is not available → dbconn secrets set pg_url" in screen_words(app)


async def test_the_editor_runs_what_it_holds_saved_or_not(backend: ScriptedBackend) -> None:
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("j", "e")
        await settle(pilot)
        await pilot.press(*"// new", "enter", "f5")
        await settle(pilot)
        assert "runs the text that is not saved" in screen_words(app)
        await pilot.press("f5")
        await settle(pilot)
        (request,) = backend.requests
        assert isinstance(request, TryRequest)
        assert request.unsaved is not None
        assert request.unsaved.file == "scripts/partner-portal/login.js"
        assert request.unsaved.text.startswith("// new\n")
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, EditorScreen)
        assert app.screen.unsaved


CASES = (
    Case(
        "logs in",
        "login",
        {"email": "robin@x", "password": SecretReference("test_password")},
        "profile",
        {"email": "robin@x"},
        None,
        Place(),
    ),
    Case("is refused", "login", {"email": "nobody@x", "password": "pw"}, "refused", None, None, Place()),
    Case("is found", "get_user", {"email": "robin@x"}, None, None, None, Place()),
)


async def test_saved_cases_fill_the_form_and_run_together(backend: ScriptedBackend) -> None:
    backend.saved = CASES
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await open_try(pilot)
        assert "· logs in profile, 1 profile field" in screen_words(app)
        assert "is found" not in screen_words(app)
        screen.query_one("#cases").focus()
        await pilot.press("enter", "f5")
        await settle(pilot)
        (request,) = backend.requests
        assert isinstance(request, TryRequest)
        # What the case looks up is left to it.
        assert (request.case, request.given) == ("logs in", {"email": "robin@x"})
        assert "✓ logs in" in screen_words(app)
        await pilot.press("f9")
        await settle(pilot)
        assert [one.case for one in backend.requests[1:] if isinstance(one, TryRequest)] == ["logs in", "is refused"]
        words = screen_words(app)
        assert "✗ is refused" in words
        assert "the case asks for something else: the answer is profile, not refused" in words
        await pilot.press("f3")
        await settle(pilot)
        assert "· is found keeps the contract" in screen_words(app)


async def test_arguments_are_saved_as_a_case_without_the_password(backend: ScriptedBackend) -> None:
    backend.saved = CASES
    app = DbconnApp(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_try(pilot)
        await pilot.press(*"robin@x", "tab", *"Secret-Word-1", "f5", "ctrl+s")
        await settle(pilot)
        assert isinstance(app.screen, AskTextScreen)
        await pilot.press(*"logs in", "enter")
        await settle(pilot)
        assert "There is a case of that name" in screen_words(app)
        await pilot.press(*" again", "enter")
        await settle(pilot)
        arguments = {"email": "robin@x", "password": {"secret": "test_password"}}
        entry = {"kind": "login", "args": arguments, "answer": "profile"}
        assert ("save_case", ("partner-portal", "logs in again", entry)) in backend.calls
        backend.run_error = RefusedError("login.yaml stays as it is: a comment", "Put these lines in by hand:")
        await pilot.press("ctrl+s", *"x", "enter")
        await settle(pilot)
        assert isinstance(app.screen, ErrorScreen)


def test_a_case_goes_into_its_file_and_is_read_again(tmp_path: Path) -> None:
    scripts = tmp_path / "scripts" / "users"
    scripts.mkdir(parents=True)
    (scripts / "login.js").write_text("function login(e, p, c) { c(null); }\n", encoding="utf-8")
    (tmp_path / "dbconn.yaml").write_text("version: 1\nconnections: {users: {}}\n", encoding="utf-8")
    outside = Outside({}, tmp_path, tmp_path, tmp_path / "state", MemoryStore())
    entry = case_entry("login", {"email": "Zoë: <z@x>", "password": "typed", "verified": True}, "profile")
    assert save_case(outside, None, "users", "first: one", entry) == "tests/users/login.yaml"
    file = tmp_path / "tests" / "users" / "login.yaml"
    file.write_text(f"# ours\n{file.read_text(encoding='utf-8')}", encoding="utf-8")
    save_case(outside, None, "users", "second", case_entry("login", {"email": "a@x"}, None))
    cases, problems = cases_of(outside, None, "users")
    assert problems == ()
    assert [(one.name, one.answer, dict(one.arguments)) for one in cases] == [
        (
            "first: one",
            "profile",
            {"email": "Zoë: <z@x>", "password": SecretReference("test_password"), "verified": True},
        ),
        ("second", None, {"email": "a@x"}),
    ]
    text = file.read_text(encoding="utf-8")
    assert text.startswith("# ours\n")
    assert "typed" not in text
    file.write_text("[", encoding="utf-8")
    with pytest.raises(RefusedError):
        save_case(outside, None, "users", "third", entry)
    assert file.read_text(encoding="utf-8") == "["


PROJECT = """\
version: 1
tenants: {dev: {domain: dev.example.com}, prod: {domain: prod.example.com, protected: true}}
connections:
  users: {scripts: {login: login.js}, options: {enable_script_context: true}}
  others: {scripts: {login: login.js}, only: [prod], tenants: {local: {configuration: {URL: "http://localhost"}}}}
"""


def test_whose_values_a_run_gets(tmp_path: Any) -> None:
    (tmp_path / "login.js").write_text("function login(e, p, c) { c(null); }\n", encoding="utf-8")
    (tmp_path / "dbconn.yaml").write_text(PROJECT, encoding="utf-8")
    project, _ = read_project(tmp_path / "dbconn.yaml")
    assert project is not None
    dev, prod = project.tenants["dev"], project.tenants["prod"]
    assert run_setup(project, ["users"], dev).chosen == "dev"
    assert run_setup(project, ["users"], prod).chosen == "local"
    assert run_setup(project, ["users"], None).values == ("local", "dev", "prod")
    others = run_setup(project, ["others"], replace(dev, name="dev"))
    assert (others.chosen, others.values, others.protected) == ("local", ("local", "prod"), frozenset({"prod"}))
    assert run_setup(project, ["users", "others"], dev).context == frozenset({"users"})
    assert more_arguments("user.plan='very free' context.organization.id=org_1") == {
        "user.plan": "very free",
        "context.organization.id": "org_1",
    }
