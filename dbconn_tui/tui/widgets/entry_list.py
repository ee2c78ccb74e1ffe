"""EntryList: an OptionList with the keys of every list."""

from __future__ import annotations

from textual.widgets import OptionList

from dbconn_tui.tui.actions import bindings


class EntryList(OptionList):
    """A list whose rows stand for things; posts OptionList's own messages."""

    BINDINGS = bindings("list")

    def action_go_first(self) -> None:
        """Go to the first row."""
        self.action_first()

    def action_go_last(self) -> None:
        """Go to the last row."""
        self.action_last()
