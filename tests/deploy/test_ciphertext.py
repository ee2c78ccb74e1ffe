"""Ciphertext that moved: a value saved again by somebody is noted, never called drift, and can be written again."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from deploy_builders import DOMAIN
from hypothesis import given
from hypothesis import strategies as st

from dbconn_tui.deploy.ciphertext import SeenCiphertext, ciphertext_digests, read_seen, write_seen

OPTIONS = {"configuration": {"URL": "2.0$aa$bb", "KEY": "2.0$cc$dd"}}
SEEN = SeenCiphertext(b"deployid", ciphertext_digests(OPTIONS))


def test_the_same_ciphertext_says_nothing() -> None:
    assert SEEN.saved_again(b"deployid", OPTIONS) == frozenset()


def test_another_ciphertext_under_the_same_deploy_names_the_key() -> None:
    moved = {"configuration": {**OPTIONS["configuration"], "KEY": "2.0$ee$ff"}}
    assert SEEN.saved_again(b"deployid", moved) == {"KEY"}


@pytest.mark.parametrize("deploy_id", [None, b"anothers"])
def test_after_another_deploy_nothing_is_said(deploy_id: bytes | None) -> None:
    moved = {"configuration": {"URL": "2.0$1$1", "KEY": "2.0$2$2"}}
    assert SEEN.saved_again(deploy_id, moved) == frozenset()


def test_keys_that_came_or_went_are_not_its_business() -> None:
    assert SEEN.saved_again(b"deployid", {"configuration": {"OTHER": "2.0$1$1"}}) == frozenset()
    assert SEEN.saved_again(b"deployid", {}) == frozenset()


def test_it_is_read_back_private_and_without_any_ciphertext(tmp_path: Path) -> None:
    state = tmp_path / "state"
    other = SeenCiphertext(b"otherone", {})
    write_seen(state, DOMAIN, {"Users": SEEN, "users": other})
    assert read_seen(state, DOMAIN) == {"Users": SEEN, "users": other}
    assert read_seen(state, "other.eu.auth0.com") == {}
    (file,) = (path for path in state.rglob("*") if path.is_file())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert b"cc$dd" not in file.read_bytes()


def test_what_is_remembered_of_others_stays(tmp_path: Path) -> None:
    write_seen(tmp_path, DOMAIN, {"one": SEEN})
    write_seen(tmp_path, DOMAIN, {"other": SEEN})
    assert set(read_seen(tmp_path, DOMAIN)) == {"one", "other"}


DAMAGED = [b"{}", b"[]", b'{"version":1,"connections":{"a":{"deploy_id":5,"digests":{}}}}']


@given(st.binary(max_size=60) | st.sampled_from(DAMAGED))
def test_a_damaged_file_counts_as_nothing_seen(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    state = tmp_path_factory.mktemp("state")
    write_seen(state, DOMAIN, {"Users": SEEN})
    (file,) = (path for path in state.rglob("*") if path.is_file())
    file.write_bytes(content)
    assert read_seen(state, DOMAIN) == {}
