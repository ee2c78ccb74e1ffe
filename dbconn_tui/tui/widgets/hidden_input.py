"""HiddenInput: a field for a secret; what is typed is never drawn, and pasted lines are kept."""

from __future__ import annotations

from textual import events
from textual.widgets import Input

from dbconn_tui.sensitive import Sensitive


class HiddenInput(Input):
    """Shows dots. A key in PEM form has several lines, of which a plain Input would keep the first alone."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, password=True, placeholder="type or paste the value", select_on_focus=False)

    def _on_paste(self, event: events.Paste) -> None:
        if event.text:
            self.insert_text_at_cursor(event.text)
        event.stop()
        # The base class's own handler would insert the first line once more.
        event.prevent_default()

    @property
    def size_words(self) -> str:
        """How much was typed, without showing it."""
        lines = len(self.value.splitlines())
        return f"{len(self.value)} characters" + (f" in {lines} lines" if lines > 1 else "")

    def take(self) -> Sensitive:
        """What was typed; the field is empty from then on."""
        taken = Sensitive(self.value)
        self.value = ""
        return taken
