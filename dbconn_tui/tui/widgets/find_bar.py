"""FindBar: one line to search a script; it says what was asked, the screen does the finding."""

from __future__ import annotations

from dataclasses import dataclass

from textual.binding import Binding
from textual.message import Message
from textual.widgets import Input


class FindBar(Input):
    """An input that is hidden until it is opened; enter and the arrows step through the matches, esc closes."""

    BINDINGS = [
        Binding("enter,down", "step(1)", "Next match", show=False),
        Binding("up", "step(-1)", "Match before", show=False),
        Binding("escape", "close", "Close", show=False),
    ]

    @dataclass
    class Step(Message):
        """Go to the next (1) or the previous (-1) match."""

        by: int

    @dataclass
    class Closed(Message):
        """The bar was closed; back to the text."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, placeholder="find: enter next, up the one before, esc closes", compact=True)

    def open(self) -> None:
        """Show it, with the last words ready to be typed over."""
        self.add_class("-shown")
        self.focus()
        self.select_all()

    def action_step(self, by: int) -> None:
        """Ask for another match."""
        self.post_message(self.Step(by))

    def action_close(self) -> None:
        """Hide it."""
        self.remove_class("-shown")
        self.post_message(self.Closed())
