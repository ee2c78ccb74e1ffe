"""The three-way table: what files, record and live say of one item decides its state (design §5.3). Pure.

Each side is a fingerprint, or None where it has nothing.
"""

from __future__ import annotations

from typing import Final

from dbconn_tui.deploy.values import ItemState

NOT_AVAILABLE: Final = b""
"""The files give a configuration value, but it is not available on this machine."""


def decide(
    files: bytes | None, record: bytes | None, live: bytes | None, *, dashboard_drops: bool = False
) -> ItemState:
    """The state of a script or option leaf. `dashboard_drops`: saving in the dashboard removes this script kind."""
    if files is None:
        return _decide_without_files(record, live)
    if files == live:
        return ItemState.IN_SYNC
    if record is None:
        return ItemState.NEW if live is None else ItemState.UNDECIDED
    if live is None and dashboard_drops:
        return ItemState.DROPPED_BY_DASHBOARD
    if record == live:
        return ItemState.YOUR_CHANGE
    return ItemState.DRIFT if record == files else ItemState.CONFLICT


def _decide_without_files(record: bytes | None, live: bytes | None) -> ItemState:
    if live is None:
        return ItemState.NOTHING
    if record is None:
        return ItemState.FOREIGN
    return ItemState.REMOVED if record == live else ItemState.CONFLICT


def decide_option(files: bytes | None, record: bytes | None, live: bytes | None) -> ItemState:
    """The state of an option leaf: like `decide`, but one taken out of the files is released and stays."""
    state = decide(files, record, live)
    return ItemState.RELEASED if state is ItemState.REMOVED else state


def decide_configuration(files: bytes | None, record: bytes | None, *, live: bool) -> ItemState:
    """The state of a configuration key; of live only its existence is known (design §5.3, §5.4).

    `files` is NOT_AVAILABLE when the value cannot be had here.
    """
    if files is None:
        if not live:
            return ItemState.NOTHING
        return ItemState.FOREIGN if record is None else ItemState.REMOVED
    if record is None:
        return ItemState.UNDECIDED if live else ItemState.NEW
    if files == NOT_AVAILABLE:
        return ItemState.NOT_COMPARED if live else ItemState.DRIFT
    if live:
        return ItemState.IN_SYNC if record == files else ItemState.YOUR_CHANGE
    return ItemState.DRIFT if record == files else ItemState.CONFLICT
