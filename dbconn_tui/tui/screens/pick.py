"""PickScreen: one of a few things."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from dbconn_tui.tui.widgets.entry_list import EntryList


class PickScreen(ModalScreen[str | None]):
    """A list of ids with their words; answers with the chosen id, None when it was closed."""

    BINDINGS = [Binding("escape,q", "dismiss(None)", "Close")]

    def __init__(self, title: str, options: Sequence[tuple[str, str]], note: str = "") -> None:
        super().__init__()
        self._title, self._options, self._note = title, tuple(options), note

    def compose(self) -> ComposeResult:
        """A dialog with a line for each."""
        with Vertical(classes="dialog -wide") as dialog:
            dialog.border_title = self._title
            options = [Option(Text(words, no_wrap=True, overflow="ellipsis"), id=id) for id, words in self._options]
            yield EntryList(*options, id="picks")
            note = f"{self._note}   " if self._note else ""
            yield Static(f"{note}enter takes it   esc close", classes="hint", markup=False)

    def on_mount(self) -> None:
        """Begin with the first."""
        self.query_one(EntryList).highlighted = 0 if self._options else None
        self.query_one(EntryList).focus()

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option.id)
