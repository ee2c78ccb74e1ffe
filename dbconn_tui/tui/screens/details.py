"""DetailsScreen: everything known about one connection, over the screen that asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from dbconn_tui.tui.widgets.line_view import Line, LineView, plain_text

if TYPE_CHECKING:
    from dbconn_tui.tui.app import DbconnApp


class DetailsScreen(ModalScreen[None]):
    """A title and lines; `c` copies them, esc closes."""

    BINDINGS = [Binding("escape,enter,q", "dismiss", "Close"), Binding("c", "copy", "Copy")]

    def __init__(self, title: str, lines: tuple[Line, ...]) -> None:
        super().__init__()
        self._title, self._lines = title, lines

    def compose(self) -> ComposeResult:
        """A dialog with the lines."""
        with Vertical(classes="dialog -tall") as dialog:
            dialog.border_title = self._title
            yield LineView(id="lines")
            yield Static("c copy   esc close", classes="hint", markup=False)

    def on_mount(self) -> None:
        """Fill in the lines."""
        self.query_one(LineView).show_lines(self._lines)

    def action_copy(self) -> None:
        """Copy the lines."""
        cast("DbconnApp", self.app).copy(plain_text(self._lines), "details")
