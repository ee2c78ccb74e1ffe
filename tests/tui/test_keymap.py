"""The user's own keys: from keys.yaml to the binding; what cannot be used is named with its line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from screen_text import screen_words, settle
from scripted_backend import ScriptedBackend

from dbconn_tui.problems import Place
from dbconn_tui.secret_store.memory_store import MemoryStore
from dbconn_tui.tasks.keymap import KeymapFile, read_keymap
from dbconn_tui.tasks.outside import Outside
from dbconn_tui.tui.app import DbconnApp
from dbconn_tui.tui.keymap import check_keymap
from dbconn_tui.tui.screens.error import ErrorScreen
from dbconn_tui.tui.screens.plan import PlanScreen


def outside_with(tmp_path: Path, content: bytes | None) -> Outside:
    if content is not None:
        (tmp_path / "keys.yaml").write_bytes(content)
    return Outside({"DBCONN_KEYS": "keys.yaml"}, tmp_path, tmp_path, tmp_path / "state", MemoryStore())


def checked(**keys: str) -> tuple[dict[str, str], list[str]]:
    names = {name.replace("__", "."): value for name, value in keys.items()}
    places = {name: Place("keys.yaml", line, 1) for line, name in enumerate(names, start=1)}
    keymap = check_keymap(KeymapFile("keys.yaml", names, places))
    return keymap.keys, [f"{problem} {problem.hint}" for problem in keymap.problems]


def test_without_a_file_nothing_is_changed(tmp_path: Path) -> None:
    file = read_keymap(outside_with(tmp_path, None))
    assert (dict(file.keys), file.problems) == ({}, ())


def test_the_file_is_read_with_the_place_of_every_id(tmp_path: Path) -> None:
    file = read_keymap(outside_with(tmp_path, b"# mine\nhome.plan: P\nhome.new: 'ctrl+n, f7'\napp.scripts: 9\n"))
    assert dict(file.keys) == {"home.plan": "P", "home.new": "ctrl+n, f7", "app.scripts": "9"}
    assert file.places["home.new"].line == 3
    assert check_keymap(file).keys["home.new"] == "ctrl+n,f7"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"- a\n", "must hold keys and values"),
        (b"home.plan: [p]\n", "must be text"),
        (b"home.plan: {\n", ""),
        (b"\xff\xfe", "UTF-16"),
        (b"home.plan: p\nhome.plan: q\n", ""),
    ],
)
def test_a_broken_file_is_a_problem_with_a_place(tmp_path: Path, content: bytes, said: str) -> None:
    (problem, *_) = read_keymap(outside_with(tmp_path, content)).problems
    assert said in problem.message
    assert problem.place.file.endswith("keys.yaml")


@given(content=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_file_breaks_the_app(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    check_keymap(read_keymap(outside_with(tmp_path_factory.mktemp("keys"), content)))


def test_what_cannot_be_used_is_said_and_the_rest_is_used() -> None:
    keys, problems = checked(home__plan="P", home__plam="q", home__new=" , ", app__theme="T")
    assert keys == {"home.plan": "P"}
    assert problems == [
        "keys.yaml:2:1: there is no action home.plam Did you mean home.plan?",
        "keys.yaml:3:1: home.new would have no key Name one, such as ctrl+l or F.",
        "keys.yaml:4:1: app.theme has no key of its own It is in the palette, ctrl+p.",
    ]


@pytest.mark.parametrize("taken", ["p", "ctrl+q", "j"])
def test_a_key_that_something_else_on_the_screen_has_is_refused(taken: str) -> None:
    keys, problems = checked(home__new=taken)
    assert keys == {}
    assert "already" in problems[0]


def test_two_actions_may_change_their_keys_over() -> None:
    keys, problems = checked(home__plan="n", home__new="p")
    assert (keys, problems) == ({"home.plan": "n", "home.new": "p"}, [])


@pytest.mark.anyio
async def test_an_own_key_works_and_is_shown(backend: ScriptedBackend) -> None:
    backend.own_keys = KeymapFile("keys.yaml", {"home.plan": "P"}, {"home.plan": Place("keys.yaml", 1, 1)})
    app = DbconnApp(backend)
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await pilot.press("p")
        await settle(pilot)
        assert not isinstance(app.screen, PlanScreen)
        assert "P Plan" in screen_words(app)
        await pilot.press("P")
        await settle(pilot)
        assert isinstance(app.screen, PlanScreen)


@pytest.mark.anyio
async def test_an_unknown_action_is_said_and_stays_until_read(backend: ScriptedBackend) -> None:
    file = KeymapFile("keys.yaml", {"home.plam": "P"}, {"home.plam": Place("keys.yaml", 1, 1)})
    backend.own_keys = replace(file)
    app = DbconnApp(backend)
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        assert isinstance(app.screen, ErrorScreen)
        assert "there is no action home.plam" in screen_words(app)
