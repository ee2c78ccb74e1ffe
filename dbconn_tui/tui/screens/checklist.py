"""ChecklistScreen: good practice that no file shows; what was looked at is ticked off until dbconn is left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from dbconn_tui.tui.actions import bindings
from dbconn_tui.tui.port import Opened
from dbconn_tui.tui.screens.frame import FrameScreen
from dbconn_tui.tui.state import AppState
from dbconn_tui.tui.widgets.context_bar import ContextBar
from dbconn_tui.tui.widgets.entry_list import EntryList
from dbconn_tui.tui.widgets.key_bar import KeyBar
from dbconn_tui.tui.widgets.line_view import Line, LineView
from dbconn_tui.tui.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from dbconn_tui.lint.checklist import Item

WHO: Final = {"run": "a run tells", "tenant": "the tenant tells", "person": "only a person can tell"}
"""Who can tell → in words."""


def as_text(items: Sequence[Item], ticked: frozenset[str]) -> str:
    """The list in Markdown, for an issue or a pull request."""
    return "\n".join(f"- [{'x' if one.rule in ticked else ' '}] {one.title} {one.how}" for one in items)


class ChecklistScreen(FrameScreen):
    """The items left, what to do about the one under the cursor right."""

    PLACE = "checklist"
    BINDINGS = bindings("checklist")

    def __init__(self, keys: Sequence[str]) -> None:
        super().__init__()
        self._keys = tuple(keys)
        self._opened: Opened | None = None
        self._items: tuple[Item, ...] = ()

    def compose(self) -> ComposeResult:
        """The frame and its parts."""
        yield ContextBar(f"{self._keys[0]} › Checklist" if len(self._keys) == 1 else "Checklist")
        with Container(classes="two-panes"):
            yield EntryList(id="items", classes="pane-list")
            yield LineView(id="item")
        yield StatusLine(id="summary")
        yield KeyBar()

    def on_mount(self) -> None:
        """The list has the focus."""
        super().on_mount()
        self.query_one(EntryList).border_title = "What lint cannot see"
        self.query_one(EntryList).focus()

    def show(self, state: AppState) -> None:
        """The items that apply, and what is ticked."""
        if state.opened is not None and state.opened is not self._opened and state.opened.handle is not None:
            self._opened = state.opened
            self.start("checklist", self._read(state.opened))
        elif self._items:
            self._fill()

    async def _read(self, opened: Opened) -> None:
        self._items = await self.dbconn.backend.checklist(opened, self._keys)
        self._fill()

    def _fill(self) -> None:
        ticked = self.dbconn.state.ticked
        options = self.query_one(EntryList)
        place = options.highlighted or 0
        options.clear_options()
        for one in self._items:
            text = Text(no_wrap=True, overflow="ellipsis")
            text.append("[x] " if one.rule in ticked else "[ ] ", "bold")
            text.append(one.title, "italic" if one.rule in ticked else "")
            options.add_option(Option(text, id=one.rule))
        options.highlighted = min(place, len(self._items) - 1) if self._items else None
        done = sum(one.rule in ticked for one in self._items)
        self.query_one(StatusLine).show_parts(
            [f"{done} of {len(self._items)} ticked", "ticks are kept until dbconn is left"]
        )

    @property
    def item(self) -> Item | None:
        """The item under the cursor."""
        index = self.query_one(EntryList).highlighted
        return self._items[index] if index is not None and index < len(self._items) else None

    @on(OptionList.OptionHighlighted)
    def _show_item(self) -> None:
        item, view = self.item, self.query_one(LineView)
        if item is not None:
            view.border_title = Text(item.rule)
            view.show_lines(tuple(_lines(item)))

    @on(OptionList.OptionSelected)
    def action_tick(self) -> None:
        """Tick it off, or take the tick back."""
        if self.item is not None:
            self.dbconn.tick_item(self.item.rule)

    def action_copy(self) -> None:
        """Copy the list with its ticks."""
        self.dbconn.copy(as_text(self._items, self.dbconn.state.ticked), "checklist")


def _lines(item: Item) -> Iterator[Line]:
    yield Line(item.title, "title")
    yield Line(item.how)
    yield Line()
    yield Line(f"{WHO[item.by]}; {item.source}", "muted")
