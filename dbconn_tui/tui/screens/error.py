"""ErrorScreen: a failure that stays until it is read, and can be copied."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from dbconn_tui.tui.port import Failure
from dbconn_tui.tui.widgets.line_view import Line, LineView

if TYPE_CHECKING:
    from dbconn_tui.tui.app import DbconnApp


class ErrorScreen(ModalScreen[None]):
    """What happened and what to do next; `c` copies it, esc or enter closes."""

    BINDINGS = [Binding("escape,enter,q", "dismiss", "Close"), Binding("c", "copy", "Copy")]

    def __init__(self, failure: Failure) -> None:
        super().__init__()
        self.failure = failure

    def compose(self) -> ComposeResult:
        """A dialog with the failure."""
        with Vertical(classes="dialog -danger") as dialog:
            dialog.border_title = f"✗ {self.failure.title}"
            yield LineView(id="lines")
            yield Static("c copy   esc close", classes="hint", markup=False)

    def on_mount(self) -> None:
        """Fill in the message, the problems and the hint."""
        lines = [Line(text) for text in self.failure.message.splitlines()]
        for problem in self.failure.problems:
            lines.append(Line(str(problem), "bad" if problem.blocks else "caution", "✗ " if problem.blocks else "! "))
            if problem.hint:
                lines.append(Line(problem.hint, "", "  → "))
        if self.failure.hint:
            lines += [Line(), Line(self.failure.hint, "", "→ ")]
        self.query_one(LineView).show_lines(lines)

    def action_copy(self) -> None:
        """Copy the whole message."""
        cast("DbconnApp", self.app).copy(self.failure.text, "message")
