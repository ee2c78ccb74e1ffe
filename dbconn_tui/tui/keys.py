"""The keys in force, by action id, as people read them: the table's own, or the user's keymap's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.binding import Binding

from dbconn_tui.tui.actions import PLACES, bindings

if TYPE_CHECKING:
    from textual.app import App
    from textual.screen import Screen


def keys_in_force(app: App[Any], screen: Screen[Any]) -> dict[str, str]:
    """Action id → key, of what can be done on a screen now, the user's keymap applied."""
    shown: dict[str, str] = {}
    for active in screen.active_bindings.values():
        if active.binding.id and active.enabled:
            shown.setdefault(active.binding.id, app.get_key_display(active.binding))
    return shown


def all_keys(app: App[Any]) -> dict[str, str]:
    """Action id → key, of the whole table."""
    shown: dict[str, str] = {}
    for binding in Binding.make_bindings(bindings(*PLACES)):
        if binding.id:
            shown.setdefault(binding.id, app.get_key_display(binding))
    return shown
