"""HelpScreen: the keys that work here, from the action table."""

from __future__ import annotations

from collections.abc import Mapping

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from dbconn_tui.tui.actions import ACTIONS, PLACES
from dbconn_tui.tui.widgets.line_view import Line, LineView


def help_lines(place: str, keys: Mapping[str, str]) -> tuple[Line, ...]:
    """The actions of a place first, then of every list and text, then of everywhere.

    `keys` maps action ids to the keys in force, as shown to people.
    """
    lines: list[Line] = []
    for where in dict.fromkeys((place, "list", "text", "everywhere")):
        actions = [action for action in ACTIONS if action.where == where]
        if not actions:
            continue
        lines += [Line(), Line(PLACES[where], "title")]
        for action in actions:
            lines.append(Line(action.help, "", f"{keys.get(action.id, ''):>7}  {action.title:<20} "))
    lines += [
        Line(),
        Line("Symbols", "title"),
        Line("✓ in sync   ~ changed here   + new   ≠ drift, conflict or undecided   ✗ blocked"),
        Line("! value missing   ? only on the tenant   … not read yet   ⏸ tenant not reachable"),
    ]
    return tuple(lines[1:])


class HelpScreen(ModalScreen[None]):
    """A scrolling list of keys; esc closes."""

    BINDINGS = [Binding("escape,enter,q,question_mark,f1", "dismiss", "Close")]

    def __init__(self, place: str, keys: Mapping[str, str]) -> None:
        super().__init__()
        self._lines = help_lines(place, keys)

    def compose(self) -> ComposeResult:
        """A dialog with the lines."""
        with Vertical(classes="dialog -tall") as dialog:
            dialog.border_title = "Help"
            yield LineView(id="lines")
            yield Static("j k scroll   ctrl+p finds any action by its name   esc close", classes="hint", markup=False)

    def on_mount(self) -> None:
        """Fill in the lines."""
        self.query_one(LineView).show_lines(self._lines)
