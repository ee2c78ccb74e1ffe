"""SettingTable: keys down, with their value and the layer it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.text import Text
from textual.binding import Binding
from textual.widgets import DataTable

from dbconn_tui.tui.actions import BY_ID, bindings
from dbconn_tui.tui.setting_words import value_words
from dbconn_tui.tui.widgets.status_table import shorten

if TYPE_CHECKING:
    from dbconn_tui.project.settings import Setting

SOURCE_WIDTH = 20
"""Cells of the last column."""


class SettingTable(DataTable[Text]):
    """Shows settings; posts DataTable's own RowHighlighted and RowSelected."""

    COMPONENT_CLASSES = {"state--caution", "state--quiet"}
    BINDINGS = [
        Binding("enter", "select_cursor", BY_ID["settings.edit"].title, show=True, id="settings.edit"),
        *bindings("list"),
    ]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, cursor_type="row", cell_padding=0)
        self._settings: tuple[Setting, ...] = ()

    @property
    def current(self) -> Setting | None:
        """The setting under the cursor."""
        return self._settings[self.cursor_row] if 0 <= self.cursor_row < len(self._settings) else None

    def show_settings(self, settings: Sequence[Setting]) -> None:
        """Show these; the cursor stays on its key."""
        before, place = self.current, self.scroll_offset.y
        self._settings = tuple(settings)
        self._fill()
        titles = [one.title for one in self._settings]
        row = titles.index(before.title) if before is not None and before.title in titles else 0
        self.move_cursor(row=row, animate=False)
        self.scroll_to(y=place, animate=False)

    def on_resize(self) -> None:
        """Fit the columns to the new width."""
        self.show_settings(self._settings)

    def _fill(self) -> None:
        self.clear(columns=True)
        room = self.size.width - 2 - SOURCE_WIDTH - 2
        if room < 30:
            return
        key = min(max([len(one.title) for one in self._settings] + [10]) + 2, room * 3 // 5)
        for heading, width in (("", 2), ("Key", key), ("Value", room - key), ("From", SOURCE_WIDTH)):
            self.add_column(Text(heading), width=width)
        quiet = self.get_component_rich_style("state--quiet", partial=True)
        caution = self.get_component_rich_style("state--caution", partial=True)
        for one in self._settings:
            layered = " on " in one.source
            look = caution if layered else quiet if not one.said else ""
            value = value_words(one.value) if one.said else "taken away" if one.layers else "–"
            mark = "●" if layered else "·" if one.said else " "
            self.add_row(
                Text(mark, look),
                Text(shorten(one.title, key - 1), "bold" if one.said else quiet, no_wrap=True),
                Text(shorten(value.replace("\n", "↵"), room - key - 1), quiet if not one.said else "", no_wrap=True),
                Text(shorten(one.source or "–", SOURCE_WIDTH - 1), look, no_wrap=True),
            )

    def action_go_first(self) -> None:
        """Move to the first row."""
        self.move_cursor(row=0)

    def action_go_last(self) -> None:
        """Move to the last row."""
        self.move_cursor(row=self.row_count - 1)
