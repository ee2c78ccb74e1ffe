"""StatusLine: the line above the keys: a summary of what the screen shows."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.text import Text
from textual.widgets import Static


class StatusLine(Static):
    """Shows as many of its parts as fit, the first ones first."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self.parts: tuple[str, ...] = ()

    def show_parts(self, parts: Sequence[str]) -> None:
        """Show these texts side by side."""
        self.parts = tuple(part for part in parts if part)
        self.refresh()

    def render(self) -> Text:
        """The parts, three spaces apart, closer where the width asks for it."""
        width = self.content_size.width
        for gap in ("   ", "  "):
            text = gap.join(self.parts)
            if cell_len(text) <= width:
                return Text(text, no_wrap=True)
        shown = list(self.parts)
        while len(shown) > 1 and cell_len(" ".join([*shown, "…"])) > width:
            shown.pop()
        cut = len(shown) < len(self.parts)
        return Text(" ".join([*shown, "…"] if cut else shown), no_wrap=True, overflow="ellipsis")
