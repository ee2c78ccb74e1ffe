"""Arrivals: what comes in can be read; names of folders, files and secrets never meet."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbconn_tui.project.arrival import Arrival, admitted, entry_faults, name_fault, script_fault, without_nulls
from dbconn_tui.project.keywords import find_keywords, hide_keywords, quote_keywords, show_keywords, sole_keyword
from dbconn_tui.project.script_places import file_names, new_folder, setting_for
from dbconn_tui.project.secret_names import SecretNames

SCRIPTS = {"login": "function login() {}\n"}


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        ("login", "\ud800", "surrogate"),
        ("login", "\ufeffx", "byte order mark"),
        ("login", "a\x00b", "NUL"),
        ("login", " \n", "empty"),
        ("login", "x" * 1_048_577, "larger than 1 MB"),
        ("logn", "x", "slip of login"),
        ("a kind", "x", "letters, digits and underscores"),
    ],
)
def test_scripts_that_no_file_can_hold(kind: str, text: str, said: str) -> None:
    assert said in script_fault(kind, text)


def test_a_kind_from_the_future_is_fine() -> None:
    assert script_fault("migrate", "function migrate() {}") == ""


@pytest.mark.parametrize("name", ["", "a b", "a--b", "-a", "x" * 129, "ünder"])
def test_names_that_cannot_stand(name: str) -> None:
    assert name_fault(name)


def test_every_refused_part_is_left_out_and_the_rest_stays() -> None:
    arrival = Arrival(
        "users",
        {**SCRIPTS, "logn": "x"},
        display_name="x" * 129,
        configuration={"GOOD": {"secret": "good"}, "": {"secret": "empty"}, "BAD": {"secret": "1"}},
        enabled_clients=("a", "a"),
        options={"mfa": {"active": "yes", "return_enroll_settings": True}, "requires_usernam": True, "gone": None},
    )
    kept, left = admitted(arrival)
    assert kept.entry() == {
        "configuration": {"GOOD": {"secret": "good"}},
        "options": {"mfa": {"return_enroll_settings": True}},
    }
    assert kept.scripts == SCRIPTS
    assert {one.item for one in left} == {
        "script:logn",
        "display_name",
        "configuration:",
        "configuration:BAD",
        "enabled_clients",
        "option:mfa.active",
        "option:requires_usernam",
    }


TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=4) | st.sampled_from(["mfa", "validation"]), TREES, max_size=4))
def test_what_is_admitted_is_read_as_it_was(options: dict[str, Any]) -> None:
    arrival, _ = admitted(Arrival("users", SCRIPTS, options=options))
    assert entry_faults(arrival.entry()) == ()


def test_nulls_go_and_empty_maps_stay() -> None:
    assert without_nulls({"a": None, "b": {"c": None}, "d": {}, "e": {"f": {}, "g": None}}) == {"d": {}, "e": {"f": {}}}


@given(st.lists(st.sampled_from(["users", "Users", "USERS", "con", "users-2", "aux", "b"]), max_size=8))
def test_folders_are_apart_without_case(keys: list[str]) -> None:
    taken: set[str] = set()
    folders = [new_folder(key, taken) for key in keys]
    assert len({folder.casefold() for folder in folders}) == len(keys)
    assert not {folder.casefold() for folder in folders} & {"scripts/con", "scripts/aux"}


def test_files_are_apart_without_case_and_known_kinds_keep_theirs() -> None:
    names = file_names(["Migrate", "migrate", "login", "nul"])
    assert names["login"] == "login.js"
    assert len({name.casefold() for name in names.values()}) == 4
    assert "nul.js" not in names.values()


def test_the_setting_is_said_only_where_it_must_be() -> None:
    login = {"login": "login.js"}
    assert setting_for("users", "scripts/users", login, explicit=False) is None
    assert setting_for("users", "scripts/users", login, explicit=True) == "scripts/users"
    assert setting_for("Users", "scripts/Users-2", login, explicit=False) == "scripts/Users-2"
    assert setting_for("users", "scripts/users", {"migrate": "migrate.js"}, explicit=False) == {
        "migrate": "scripts/users/migrate.js"
    }


@given(st.lists(st.tuples(st.text(max_size=40), st.text(max_size=40)), max_size=6))
def test_secret_names_are_names_and_never_meet(pairs: list[tuple[str, str]]) -> None:
    names = SecretNames(["users_api_key"])
    made = [names.of_key(connection, key) for connection, key in pairs] + [names.of_key("users", "API_KEY")]
    assert len({name.casefold() for name in made} | {"users_api_key"}) == len(made) + 1
    for name in made:
        assert entry_faults({"configuration": {"K": {"secret": name}}}) == ()


def test_a_word_takes_the_spelling_that_the_project_has() -> None:
    names = SecretNames(["Db_Url"])
    assert names.of_word("DB_URL") == "Db_Url"
    assert names.of_word("OTHER") == names.of_word("OTHER") == "other"


def test_keywords() -> None:
    text = 'a: ##X##\nb: "@@Y_1@@" # ##Z##\nc: x##no ##\n'
    assert [(one.name, one.written) for one in find_keywords(text)] == [
        ("X", "##X##"),
        ("Y_1", "@@Y_1@@"),
        ("Z", "##Z##"),
    ]
    assert (sole_keyword("##X##"), sole_keyword("##X##/"), sole_keyword("##X@@")) == ("X", None, None)
    assert quote_keywords('{"a": @@X@@, "b": [@@Y@@], "c": "a: @@Z@@ b"}') == (
        '{"a": "@@X@@", "b": ["@@Y@@"], "c": "a: @@Z@@ b"}'
    )


@given(st.text(alphabet='#@Kx \n"', max_size=20))
def test_hidden_keywords_keep_their_places_and_come_back(text: str) -> None:
    assert len(hide_keywords(text)) == len(text)
    assert show_keywords(hide_keywords(text)) == text
