"""StatusTable: one row a connection; columns give way to the width, nothing is cut without a sign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len, set_cell_size
from rich.text import Text
from textual.binding import Binding
from textual.theme import Theme
from textual.widgets import DataTable

from dbconn_tui.tui.actions import BY_ID, bindings
from dbconn_tui.tui.wording import age

if TYPE_CHECKING:
    from dbconn_tui.tasks.status import StatusRow

SHORTEST_NAME: Final = 12
"""Cells that a name keeps before columns are given up."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, and the order in which it gives way (0 = never)."""

    heading: str
    gives_way: int = 0


COLUMNS: Final = (
    Column(" "),
    Column("Connection"),
    Column("State"),
    Column("Scripts", 2),
    Column("Lint", 4),
    Column("Values", 3),
    Column("Deployed", 1),
)
SYMBOL, NAME, STATE = 0, 1, 2
SCROLLBAR: Final = 2
"""Cells."""
ROOMY: Final = 90
"""From this width on, columns stand further apart."""


def row_cells(row: StatusRow, now: float, *, paused: bool, marked: bool | None = None) -> tuple[str, ...]:
    """A row's texts in the order of COLUMNS; `paused` = the tenant did not answer, its columns are the last known.

    `marked` None = no row is, so that nothing stands before the names.
    """
    own = bool(row.scripts_expected)
    symbol = "⏸" if paused and row.state.name in _OF_THE_TENANT else row.state.symbol
    return (
        symbol,
        row.key if marked is None else f"{'●' if marked else ' '} {row.key}",
        row.words,
        f"{row.scripts}/{row.scripts_expected}" if own else "–",
        _lint(row) if own else "–",
        f"{row.values}/{row.values_needed}" if own else "–",
        _deployed(row, now),
    )


_OF_THE_TENANT: Final = frozenset(
    {"IN_SYNC", "CHANGED", "NEW", "DRIFT", "CONFLICT", "UNDECIDED", "BLOCKED", "ONLY_ON_TENANT", "UNKNOWN"}
)


def _deployed(row: StatusRow, now: float) -> str:
    if row.deployed is None:
        return "never" if row.state.name == "NEW" else "–"
    return age(now - row.deployed)


def _lint(row: StatusRow) -> str:
    if row.errors:
        return f"✗{row.errors}"
    return f"!{row.warnings}" if row.warnings else "✓"


def fit(widths: Sequence[int], available: int, gap: int) -> dict[int, int]:
    """Column index → width in cells, gap included, of the columns that fit; names shrink last, to SHORTEST_NAME."""
    shown = list(range(len(widths)))
    gaps = [1 if index == SYMBOL else gap for index in shown]
    order = sorted((index for index in shown if COLUMNS[index].gives_way), key=lambda i: COLUMNS[i].gives_way)

    def needed(name: int) -> int:
        return sum((name if index == NAME else widths[index]) + gaps[index] for index in shown)

    while needed(min(widths[NAME], SHORTEST_NAME)) > available and order:
        shown.remove(order.pop(0))
    spare = available - needed(0)
    name = min(widths[NAME], max(SHORTEST_NAME, spare))
    room = available - needed(name)
    state = widths[STATE] if room >= 0 else max(8, widths[STATE] + room)
    fitted = {NAME: name, STATE: state}
    return {index: fitted.get(index, widths[index]) + gaps[index] for index in shown}


def shorten(text: str, width: int) -> str:
    """The text in at most `width` cells, with `…` where something is missing."""
    return text if cell_len(text) <= width else set_cell_size(text, max(0, width - 1)).rstrip() + "…"


_LOOKS: Final = {
    "IN_SYNC": "state--good",
    "CHANGED": "state--caution",
    "NEW": "state--new",
    "LINT": "state--bad",
    "VALUES": "state--bad",
    "DRIFT": "state--bad",
    "CONFLICT": "state--bad",
    "UNDECIDED": "state--bad",
    "BLOCKED": "state--bad",
}


class StatusTable(DataTable[Text]):
    """The table of connections; posts DataTable's own RowHighlighted and RowSelected with the key as row key."""

    COMPONENT_CLASSES = {"state--good", "state--caution", "state--new", "state--bad", "state--quiet"}
    BINDINGS = [
        Binding("enter", "select_cursor", BY_ID["home.details"].title, show=True, id="home.details"),
        *bindings("list"),
    ]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, cursor_type="row", cell_padding=0)
        self._rows: tuple[StatusRow, ...] = ()
        self._filled: tuple[StatusRow, ...] = ()
        self._shown: tuple[object, ...] = ()
        self._now = 0.0
        self._paused = False
        self._marks: frozenset[str] = frozenset()

    def show_rows(
        self, rows: Sequence[StatusRow], now: float, *, paused: bool, marks: frozenset[str] = frozenset()
    ) -> None:
        """Show these rows, those of `marks` with a dot; the cursor stays on its connection."""
        self._rows, self._now, self._paused, self._marks = tuple(rows), now, paused, marks
        self._fill()

    @property
    def current_row(self) -> StatusRow | None:
        """The connection under the cursor."""
        return self._filled[self.cursor_row] if 0 <= self.cursor_row < len(self._filled) else None

    def on_resize(self) -> None:
        """Fit the columns to the new width."""
        self._fill()

    def on_mount(self) -> None:
        """Paint again in another theme, once its colours are known."""
        self.app.theme_changed_signal.subscribe(self, self._theme_changed)

    def _theme_changed(self, theme: Theme) -> None:
        self.call_after_refresh(self._paint_again)

    def _paint_again(self) -> None:
        self._shown = ()
        self._fill()

    def _fill(self) -> None:
        if not self.size.width:
            return
        cells = [
            row_cells(row, self._now, paused=self._paused, marked=row.key in self._marks if self._marks else None)
            for row in self._rows
        ]
        widths = [
            max([cell_len(column.heading), *(cell_len(row[index]) for row in cells)])
            for index, column in enumerate(COLUMNS)
        ]
        columns = fit(widths, self.size.width - SCROLLBAR, 3 if self.size.width >= ROOMY else 1)
        shown = (tuple(columns.items()), tuple(cells))
        current = self.current_row
        if shown == self._shown:
            self._filled = self._rows
            return
        self._shown = shown
        place = self.scroll_offset.y
        self.clear(columns=True)
        for index, width in columns.items():
            self.add_column(Text(COLUMNS[index].heading), width=width, key=str(index))
        for row, texts in zip(self._rows, cells, strict=True):
            self.add_row(*(self._cell(row, index, texts[index], columns[index]) for index in columns), key=row.key)
        self._filled = self._rows
        keys = [row.key for row in self._rows]
        self.move_cursor(row=keys.index(current.key) if current and current.key in keys else 0, animate=False)
        self.scroll_to(y=place, animate=False)

    def _cell(self, row: StatusRow, index: int, text: str, width: int) -> Text:
        look = ""
        if index in (SYMBOL, STATE):
            quiet = self._paused and row.state.name in _OF_THE_TENANT
            look = "state--quiet" if quiet else _LOOKS.get(row.state.name, "state--quiet")
        style = self.get_component_rich_style(look, partial=True) if look else ""
        return Text(shorten(text, width - 1), style, no_wrap=True)

    def action_go_first(self) -> None:
        """Move to the first row."""
        self.move_cursor(row=0)

    def action_go_last(self) -> None:
        """Move to the last row."""
        self.move_cursor(row=self.row_count - 1)
