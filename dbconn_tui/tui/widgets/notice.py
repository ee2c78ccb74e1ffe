"""Notice: a message that stays in its place on a screen until its reason is gone."""

from __future__ import annotations

from rich.text import Text
from textual.widgets import Static

from dbconn_tui.tui.port import NO_ANSWER, Failure


class Notice(Static):
    """Shows a failure, or a hint in two lines; hidden while there is nothing to say."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self.text = ""

    def show_failure(self, failure: Failure | None, *, error: bool = False) -> None:
        """Show what happened and what to do next; None hides it."""
        self.set_class(failure is not None, "-shown")
        self.set_class(error, "-error")
        self.text = f"{failure.title}: {failure.text}" if failure else ""
        if failure is None:
            return
        words = Text("⏸ " if failure.code in NO_ANSWER else "✗ " if error else "i ")
        words.append(f"{failure.title}: ", "bold")
        words.append(failure.message)
        if failure.hint:
            words.append(f"\n  → {failure.hint}")
        self.update(words)
