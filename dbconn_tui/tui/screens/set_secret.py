"""SetSecretScreen: asks for one value, hidden; answers with it, or None."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from dbconn_tui.sensitive import Sensitive
from dbconn_tui.tui.widgets.hidden_input import HiddenInput
from dbconn_tui.tui.widgets.line_view import Line, LineView


class SetSecretScreen(ModalScreen[Sensitive | None]):
    """One hidden field; enter answers, esc cancels. Nothing of the value is drawn but its length."""

    BINDINGS = [Binding("escape", "dismiss(None)", "Cancel")]

    def __init__(self, name: str, tenant: str, lines: tuple[Line, ...]) -> None:
        super().__init__()
        self._secret, self._tenant, self._lines = name, tenant, lines

    def compose(self) -> ComposeResult:
        """A dialog with who uses it, and the field."""
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = f"Value of {self._secret} on {self._tenant}"
            yield LineView(id="lines")
            yield HiddenInput(id="value")
            yield Static("", id="size", classes="hint", markup=False)

    def on_mount(self) -> None:
        """The field has the focus."""
        self.query_one(LineView).show_lines(self._lines)
        self.query_one(HiddenInput).focus()
        self._typed()

    @on(Input.Changed)
    def _typed(self) -> None:
        field = self.query_one(HiddenInput)
        words = f"{field.size_words}: enter stores it" if field.value else "nothing typed yet"
        self.query_one("#size", Static).update(f"{words}   esc cancel")

    @on(Input.Submitted)
    def _submitted(self) -> None:
        field = self.query_one(HiddenInput)
        if field.value:
            self.dismiss(field.take())
