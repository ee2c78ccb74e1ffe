"""The three-way table of design §5.3: every row, and the laws that hold for all of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbconn_tui.deploy.three_way import NOT_AVAILABLE, decide, decide_configuration, decide_option
from dbconn_tui.deploy.values import ItemState

X, Y, Z = b"x", b"y", b"z"

ROWS = [
    ("in sync without a record", X, None, X, ItemState.IN_SYNC),
    ("in sync with it", X, X, X, ItemState.IN_SYNC),
    ("in sync, an old record", X, Y, X, ItemState.IN_SYNC),
    ("new", X, None, None, ItemState.NEW),
    ("undecided", X, None, Y, ItemState.UNDECIDED),
    ("your change", X, Y, Y, ItemState.YOUR_CHANGE),
    ("drift: changed there", X, X, Y, ItemState.DRIFT),
    ("drift: gone there", X, X, None, ItemState.DRIFT),
    ("conflict", X, Y, Z, ItemState.CONFLICT),
    ("conflict: gone there", X, Y, None, ItemState.CONFLICT),
    ("foreign", None, None, X, ItemState.FOREIGN),
    ("removed by you", None, X, X, ItemState.REMOVED),
    ("removed here, changed there", None, X, Y, ItemState.CONFLICT),
    ("removed on both sides", None, X, None, ItemState.NOTHING),
    ("nothing at all", None, None, None, ItemState.NOTHING),
]


@pytest.mark.parametrize(("files", "record", "live", "state"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_each_row_of_the_table(files: bytes | None, record: bytes | None, live: bytes | None, state: ItemState) -> None:
    assert decide(files, record, live) is state


@pytest.mark.parametrize("record", [X, Y])
def test_a_script_that_the_dashboard_drops_is_written_again_without_a_flag(record: bytes) -> None:
    state = decide(X, record, None, dashboard_drops=True)
    assert state is ItemState.DROPPED_BY_DASHBOARD
    assert state.writes


def test_a_script_that_the_dashboard_drops_still_conflicts_when_it_was_changed() -> None:
    assert decide(X, Y, Z, dashboard_drops=True) is ItemState.CONFLICT


def test_an_option_taken_out_of_the_files_is_released_and_not_written() -> None:
    state = decide_option(None, X, X)
    assert state is ItemState.RELEASED
    assert not state.writes


CONFIGURATION_ROWS = [
    ("new", X, None, False, ItemState.NEW),
    ("there before dbconn", X, None, True, ItemState.UNDECIDED),
    ("in sync", X, X, True, ItemState.IN_SYNC),
    ("rotated", X, Y, True, ItemState.YOUR_CHANGE),
    ("gone there", X, X, False, ItemState.DRIFT),
    ("rotated and gone there", X, Y, False, ItemState.CONFLICT),
    ("foreign", None, None, True, ItemState.FOREIGN),
    ("removed by you", None, X, True, ItemState.REMOVED),
    ("removed on both sides", None, X, False, ItemState.NOTHING),
    ("nothing", None, None, False, ItemState.NOTHING),
    ("not available here", NOT_AVAILABLE, X, True, ItemState.NOT_COMPARED),
    ("not available here, new", NOT_AVAILABLE, None, False, ItemState.NEW),
    ("not available here, there before", NOT_AVAILABLE, None, True, ItemState.UNDECIDED),
    ("not available here, gone there", NOT_AVAILABLE, X, False, ItemState.DRIFT),
]


@pytest.mark.parametrize(
    ("files", "record", "live", "state"), [r[1:] for r in CONFIGURATION_ROWS], ids=[r[0] for r in CONFIGURATION_ROWS]
)
def test_each_row_for_a_configuration_key(
    files: bytes | None, record: bytes | None, live: bool, state: ItemState
) -> None:
    assert decide_configuration(files, record, live=live) is state


sides = st.sampled_from([None, X, Y, Z])


@given(files=sides, record=sides, live=sides, drops=st.booleans())
def test_the_table_is_total_and_exclusive(
    files: bytes | None, record: bytes | None, live: bytes | None, drops: bool
) -> None:
    state = decide(files, record, live, dashboard_drops=drops)
    assert not (state.writes and state.refuses)
    assert (files == live) == (state in (ItemState.IN_SYNC, ItemState.NOTHING))


@given(files=sides, record=sides, live=sides, drops=st.booleans())
def test_after_a_write_nothing_is_left_to_do(
    files: bytes | None, record: bytes | None, live: bytes | None, drops: bool
) -> None:
    if decide(files, record, live, dashboard_drops=drops).writes:
        assert not decide(files, files, files, dashboard_drops=drops).writes


@given(record=sides, live=st.sampled_from([X, Y, Z]))
def test_what_the_files_never_managed_is_never_written(record: bytes | None, live: bytes) -> None:
    if record is None:
        assert decide(None, record, live) is ItemState.FOREIGN
    elif record != live:
        assert decide(None, record, live).refuses


@given(files=st.sampled_from([X, Y, Z]), record=sides, live=st.sampled_from([X, Y, Z]))
def test_a_foreign_change_is_never_overwritten_unasked(files: bytes, record: bytes | None, live: bytes) -> None:
    if live not in (files, record):
        assert decide(files, record, live).refuses
