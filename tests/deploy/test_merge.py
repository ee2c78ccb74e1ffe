"""What is sent: everything the tenant had, what the files say over it, and no pair the platform refuses."""

from __future__ import annotations

from typing import Any

import pytest
from deploy_builders import make_connection

from dbconn_tui.deploy.merge import LEGACY_PASSWORD_OPTIONS, merge_options

LEGACY = {"passwordPolicy": "good", "password_history": {"enable": True, "size": 5}}
NEWER = {"password_options": {"complexity": {"min_length": 15}}}


def sent(live: dict[str, Any] | None, options: dict[str, Any] | None = None, **rest: Any) -> dict[str, Any]:
    return dict(merge_options(make_connection(options=options or {}, **rest), live).options)


def test_unknown_options_and_unknown_script_kinds_go_back_as_received() -> None:
    live = {
        "a_future_option": {"deep": [1, {"x": None}]},
        "require_usernameXYZ": True,
        "customScripts": {"login": "old", "change_hat_size": "function changeHatSize() {}"},
        "upstream_params": {},
    }
    options = sent(live, {"mfa": {"active": True}})
    assert options["a_future_option"] == live["a_future_option"]
    assert options["require_usernameXYZ"] is True
    assert options["upstream_params"] == {}
    assert options["customScripts"] == {
        "login": "function login() {}\n",
        "change_hat_size": "function changeHatSize() {}",
    }
    assert options["mfa"] == {"active": True}


def test_a_leaf_beside_a_managed_leaf_stays() -> None:
    live = {"mfa": {"active": False, "return_enroll_settings": True}}
    assert sent(live, {"mfa": {"active": True}})["mfa"] == {"active": True, "return_enroll_settings": True}


def test_what_was_read_is_not_changed() -> None:
    live = {"mfa": {"active": False}, "customScripts": {"login": "old"}}
    sent(live, {"mfa": {"active": True}})
    assert live == {"mfa": {"active": False}, "customScripts": {"login": "old"}}


def test_no_empty_script_map_is_ever_sent() -> None:
    assert "customScripts" not in sent({"customScripts": {}}, scripts={})
    assert "customScripts" not in sent(None, scripts={})


def test_a_new_connection_says_both_switches() -> None:
    options = sent(None)
    assert options["enabledDatabaseCustomization"] is True
    assert options["import_mode"] is False


def test_import_mode_that_the_files_leave_out_is_left_alone() -> None:
    assert sent({"import_mode": True})["import_mode"] is True


@pytest.mark.parametrize(
    ("files", "kept", "dropped"),
    [
        ({}, ["password_options"], list(LEGACY)),
        ({"passwordPolicy": "fair"}, ["passwordPolicy"], ["password_options"]),
        ({"password_options": {"history": {"active": True}}}, ["password_options"], list(LEGACY)),
    ],
    ids=["the files name neither", "the files name the older group", "the files name the newer group"],
)
def test_one_password_group_is_sent(files: dict[str, Any], kept: list[str], dropped: list[str]) -> None:
    merged = merge_options(make_connection(options=files), {**LEGACY, **NEWER})
    assert set(kept) <= set(merged.options)
    assert not set(dropped) & set(merged.options)
    assert merged.notes, "leaving something out is said"
    assert not merged.blocked


def test_one_group_alone_is_sent_whole() -> None:
    assert sent(dict(LEGACY))["password_history"] == {"enable": True, "size": 5}
    assert sent(dict(NEWER))["password_options"] == NEWER["password_options"]
    assert "passwordPolicy" in LEGACY_PASSWORD_OPTIONS


def test_files_that_set_both_password_groups_are_blocked() -> None:
    merged = merge_options(make_connection(options={"passwordPolicy": "good", **NEWER}), {})
    assert merged.blocked


def test_attributes_in_the_files_leave_out_what_excludes_them() -> None:
    attributes = {"attributes": {"email": {"identifier": {"active": True}}}}
    live = {"requires_username": True, "validation": {"username": {"min": 1, "max": 15}}}
    merged = merge_options(make_connection(options=attributes), live)
    assert "requires_username" not in merged.options
    assert "validation" not in merged.options
    assert len(merged.notes) == 2


def test_requires_username_on_a_connection_with_attributes_is_blocked_not_guessed() -> None:
    live = {"attributes": {"email": {"identifier": {"active": True}}}}
    merged = merge_options(make_connection(options={"requires_username": True}), live)
    assert [blocker.item for blocker in merged.blocked] == ["option:requires_username"]


def test_requires_username_false_beside_attributes_is_fine() -> None:
    live = {"attributes": {"email": {}}, "requires_username": False}
    merged = merge_options(make_connection(options={}), live)
    assert not merged.blocked
    assert merged.options["requires_username"] is False


def test_a_stored_unique_false_is_echoed() -> None:
    live = {"attributes": {"email": {"unique": False, "identifier": {"active": False}}}}
    options = sent(live, {"attributes": {"email": {"profile_required": True}}})
    assert options["attributes"]["email"]["unique"] is False


@pytest.mark.parametrize(("live", "files"), [(False, True), (None, False)])
def test_changing_unique_later_is_blocked(live: bool | None, files: bool) -> None:
    stored = {"attributes": {"email": {} if live is None else {"unique": live}}}
    merged = merge_options(make_connection(options={"attributes": {"email": {"unique": files}}}), stored)
    assert [blocker.item for blocker in merged.blocked] == ["option:attributes.email.unique"]


def test_turning_script_context_off_again_is_blocked() -> None:
    merged = merge_options(make_connection(options={"enable_script_context": False}), {"enable_script_context": True})
    assert merged.blocked
    assert not merge_options(make_connection(options={}), {"enable_script_context": True}).blocked
