"""The door of the served app: one address opens it once, for one browser, and for no page of somebody else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbconn_tui.tui.browser.door import Answer, Door

HERE = "127.0.0.1:4100"


@pytest.fixture
def door() -> Door:
    return Door(4100, token="the-token", session="the-session")


def test_the_address_opens_once(door: Door) -> None:
    assert door.address == "http://127.0.0.1:4100/?token=the-token"
    assert door.answer(HERE, None, "the-token", None) is Answer.OPENED
    assert door.answer(HERE, None, "the-token", None) is Answer.USED_UP
    assert door.answer(HERE, None, "the-token", "the-session") is Answer.USED_UP


def test_who_was_let_in_stays_in(door: Door) -> None:
    assert door.answer(HERE, None, "the-token", None) is Answer.OPENED
    for origin in (None, "http://127.0.0.1:4100"):
        assert door.answer(HERE, origin, None, "the-session") is Answer.IN


@pytest.mark.parametrize("cookie", [None, "", "the-sessio", "the-session2", "the-token", "\udc80"])
def test_nobody_else_comes_in(door: Door, cookie: str | None) -> None:
    assert door.answer(HERE, None, None, cookie) is Answer.STRANGER


def test_a_wrong_token_does_not_use_the_address_up(door: Door) -> None:
    assert door.answer(HERE, None, "guessed", None) is Answer.USED_UP
    assert door.answer(HERE, None, "the-token", None) is Answer.OPENED


@pytest.mark.parametrize("host", ["localhost:4100", "127.0.0.1", "127.0.0.1:4101", "rebound.example:4100", ""])
def test_a_name_that_somebody_made_point_here_is_refused(door: Door, host: str) -> None:
    assert door.answer(host, None, None, "the-session") is Answer.STRANGER
    assert door.answer(host, None, "the-token", None) is Answer.STRANGER
    assert door.answer(HERE, None, "the-token", None) is Answer.OPENED


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1:4100", "http://127.0.0.1:4101"])
def test_a_page_of_somebody_else_is_refused_in_the_right_browser(door: Door, origin: str) -> None:
    assert door.answer(HERE, origin, None, "the-session") is Answer.STRANGER


@given(st.text(), st.none() | st.text())
def test_guessing_never_opens(token: str, cookie: str | None) -> None:
    assert Door(4100).answer(HERE, None, token, cookie) is Answer.USED_UP


def test_two_doors_have_nothing_in_common() -> None:
    one, other = Door(4100), Door(4101)
    assert len({one.token, other.token, one.session, other.session}) == 4
    assert one.cookie != other.cookie
    assert one.token not in repr(one)
    assert one.session not in repr(one)
