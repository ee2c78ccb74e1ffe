"""FilterBar: one line of letters that shows only some rows; the screen does the filtering."""

from __future__ import annotations

from textual.widgets import Input


class FilterBar(Input):
    """An input that is hidden until it is opened; posts Input's own Changed and Submitted."""

    def __init__(self, placeholder: str, *, id: str | None = None) -> None:
        super().__init__(id=id, placeholder=placeholder, compact=True)

    def open(self) -> None:
        """Show it, ready to be typed into."""
        self.add_class("-shown")
        self.focus()

    def close(self) -> bool:
        """Empty and hide it; whether it was there."""
        was_shown = self.has_class("-shown") or bool(self.value)
        self.value = ""
        self.remove_class("-shown")
        return was_shown
