"""AskScreen: one question before something that cannot simply be undone; Cancel has the focus."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from dbconn_tui.tui.widgets.line_view import Line, LineView


class AskScreen(ModalScreen[bool]):
    """Shows lines and answers True only for `y` or the button; esc, n and Cancel answer False."""

    BINDINGS = [
        Binding("escape,n", "dismiss(False)", "Cancel"),
        Binding("y", "dismiss(True)", "Yes"),
        Binding("left", "app.focus_previous", show=False),
        Binding("right", "app.focus_next", show=False),
    ]

    def __init__(self, title: str, lines: tuple[Line, ...], yes: str, *, danger: bool = False) -> None:
        super().__init__()
        self._title, self._lines, self._yes, self._danger = title, lines, yes, danger

    def compose(self) -> ComposeResult:
        """A dialog with the lines and two buttons."""
        with Vertical(classes="dialog -danger" if self._danger else "dialog") as dialog:
            dialog.border_title = self._title
            yield LineView(id="lines")
            with Horizontal(classes="buttons"):
                yield Button("Cancel", id="cancel")
                yield Button(self._yes, id="yes", variant="error" if self._danger else "primary")
            yield Static(f"y {self._yes.lower()}   n or esc cancel", classes="hint", markup=False)

    def on_mount(self) -> None:
        """The safe answer has the focus."""
        self.query_one(LineView).show_lines(self._lines)
        self.query_one("#cancel", Button).focus()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "yes")
