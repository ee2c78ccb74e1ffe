"""AskTextScreen: asks for one line of text, and says at once what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from dbconn_tui.tui.widgets.line_view import Line, LineView


class AskTextScreen(ModalScreen[str | None]):
    """One field; enter answers with its text, esc with None. `fault` says why a text cannot be taken, or nothing."""

    BINDINGS = [Binding("escape", "dismiss(None)", "Cancel")]

    def __init__(
        self, title: str, lines: tuple[Line, ...], fault: Callable[[str], str], *, value: str = "", hint: str = ""
    ) -> None:
        super().__init__()
        self._title, self._lines, self._fault, self._value, self._hint = title, lines, fault, value, hint

    def compose(self) -> ComposeResult:
        """A dialog with lines and the field."""
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = self._title
            yield LineView(id="lines")
            yield Input(self._value, id="text", placeholder=self._hint, select_on_focus=False)
            yield Static("", id="fault", classes="hint", markup=False)

    def on_mount(self) -> None:
        """The field has the focus."""
        self.query_one(LineView).show_lines(self._lines)
        self.query_one(Input).focus()
        self._typed()

    @on(Input.Changed)
    def _typed(self) -> None:
        text = self.query_one(Input).value.strip()
        fault = self._fault(text) if text else ""
        self.query_one("#fault", Static).update(f"✗ {fault}" if fault else "enter takes it   esc cancel")

    @on(Input.Submitted)
    def _submitted(self) -> None:
        text = self.query_one(Input).value.strip()
        if text and not self._fault(text):
            self.dismiss(text)
