"""Progress and wording: pure functions over events and plans."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbconn_tui.deploy.values import ConnectionState, ItemState, Outcome, OutcomeState
from dbconn_tui.events import Event, EventKind
from dbconn_tui.tui.progress import DeployLine, DeployProgress, LineState, advance, as_text, break_off, finish, summary
from dbconn_tui.tui.widgets.status_table import COLUMNS, NAME, SHORTEST_NAME, STATE, fit
from dbconn_tui.tui.wording import (
    CONNECTION_SYMBOLS,
    CONNECTION_WORDS,
    ITEM_SHORT_WORDS,
    ITEM_SYMBOLS,
    ITEM_WORDS,
    SUMMARY_WORDS,
    age,
)

START = DeployProgress("dev", "acme.auth0.com", (DeployLine("a"), DeployLine("b")), 100.0)

events = st.builds(
    Event,
    st.sampled_from(EventKind),
    st.text(max_size=20),
    st.sampled_from(["", "a", "b", "elsewhere"]),
    st.floats(0, 60),
)
outcomes = st.lists(
    st.builds(Outcome, st.sampled_from(["a", "b", "c"]), st.just("x"), st.sampled_from(OutcomeState)), max_size=3
)


@given(st.lists(events, max_size=30), outcomes)
def test_whatever_happens_every_connection_keeps_one_line_and_ends_settled(
    happened: list[Event], ended: list[Outcome]
) -> None:
    progress = START
    for event in happened:
        progress = advance(progress, event)
        assert progress.running
        assert [line.key for line in progress.lines] == ["a", "b"]
    done = finish(progress, ended, 103.5)
    assert not done.running
    assert not {line.state for line in done.lines} & {LineState.WAITING, LineState.WRITING, LineState.WRITTEN}
    assert done.settled == 2
    assert summary(done, 999.0) in as_text(done, 999.0)


def test_success_means_everything_is_as_planned() -> None:
    good = (Outcome("a", "a", OutcomeState.DEPLOYED), Outcome("b", "b", OutcomeState.UNCHANGED))
    assert finish(START, good, 103.5).succeeded
    assert summary(finish(START, good, 103.5), 0) == "Deployed 1, unchanged 1 in 3.5 s"
    bad = (good[0], Outcome("b", "b", OutcomeState.REFUSED, "the tenant changed"))
    assert not finish(START, bad, 103.5).succeeded
    assert not break_off(START, "gone", 101.0).succeeded


def test_a_wait_is_over_when_anything_else_happens() -> None:
    waiting = advance(START, Event(EventKind.WAITING, "rate limit", seconds=2.0))
    assert waiting.waiting == 2.0
    assert advance(waiting, Event(EventKind.REQUEST, "PATCH /x 200")).waiting == 0.0


def test_a_line_keeps_what_was_done_when_it_was_verified() -> None:
    written = advance(START, Event(EventKind.WRITTEN, "created", "a", 0.4))
    verified = advance(written, Event(EventKind.VERIFIED, "read back and compared", "a"))
    assert verified.lines[0] == DeployLine("a", LineState.DONE, "created, read back and compared", seconds=0.4)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-3, "just now"), (4.9, "just now"), (42, "42s ago"), (60, "1m ago"), (7_300, "2h ago"), (260_000, "3d ago")],
)
def test_age(seconds: float, words: str) -> None:
    assert age(seconds) == words


def test_every_state_has_its_words_and_symbols() -> None:
    from dbconn_tui.tasks.status import StatusState

    assert set(ITEM_SYMBOLS) == set(ITEM_WORDS) == set(ITEM_SHORT_WORDS) == set(ItemState)
    assert set(CONNECTION_SYMBOLS) == set(CONNECTION_WORDS) == set(ConnectionState)
    assert set(SUMMARY_WORDS) == {state.name for state in StatusState}


@given(st.lists(st.integers(1, 60), min_size=len(COLUMNS), max_size=len(COLUMNS)), st.integers(50, 250))
def test_columns_fit_and_name_and_state_are_never_given_up(widths: list[int], available: int) -> None:
    columns = fit(widths, available, 1)
    assert {NAME, STATE} <= set(columns)
    assert columns[NAME] - 1 >= min(widths[NAME], SHORTEST_NAME)
    if widths[0] <= 2:
        assert sum(columns.values()) <= available
