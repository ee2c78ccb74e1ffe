"""ScriptTabs: one line with a tab for each script; when they do not fit, the ones around the active one are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text
from textual.widget import Widget


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab: what it stands for, its text, and a look of this widget for its mark."""

    id: str
    label: str
    mark: str = ""
    look: str = ""

    @property
    def cells(self) -> int:
        """Its width on screen."""
        return cell_len(self.label) + (cell_len(self.mark) + 1 if self.mark else 0) + 2


def visible(widths: Sequence[int], active: int, room: int) -> range:
    """The indexes of the tabs that are shown: the active one, and as many around it as fit, the left ones first."""
    first, last, used = active, active + 1, widths[active] if widths else 0
    while True:
        if first > 0 and used + widths[first - 1] <= room:
            first -= 1
            used += widths[first]
        elif last < len(widths) and used + widths[last] <= room:
            used += widths[last]
            last += 1
        else:
            return range(first, last)


class ScriptTabs(Widget):
    """Shows tabs; a click runs the screen's action `show_tab` with the tab's id."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES = {"tab--active", "tab--other", "tab--bad", "tab--caution", "tab--good", "tab--muted"}

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.auto_links = False
        self._tabs: tuple[Tab, ...] = ()
        self._active = ""

    def show_tabs(self, tabs: Sequence[Tab], active: str) -> None:
        """Show these tabs, one of them as the active one."""
        if (tuple(tabs), active) != (self._tabs, self._active):
            self._tabs, self._active = tuple(tabs), active
            self.refresh()

    def jumps(self) -> Iterator[tuple[int, Callable[[], object]]]:
        """The column of each tab on screen, and what shows it."""
        shown = self._shown()
        column = 2
        for index in shown:
            tab = self._tabs[index]
            yield column, partial(self.call_later, self.run_action, f"screen.show_tab({tab.id!r})")
            column += tab.cells

    def _shown(self) -> range:
        """The indexes of the tabs that fit."""
        ids = [tab.id for tab in self._tabs]
        if self._active not in ids:
            return range(0)
        return visible([tab.cells for tab in self._tabs], ids.index(self._active), self.size.width - 4)

    def render(self) -> Text:
        """` login ✗2  get_user ✓ …`, with ‹ and › where more are hidden."""
        text = Text(no_wrap=True, end="")
        shown = self._shown()
        if not shown:
            return text
        text.append("‹ " if shown.start else "  ")
        for index in shown:
            tab = self._tabs[index]
            style = self.get_component_rich_style("tab--active" if tab.id == self._active else "tab--other")
            click = Style.from_meta({"@click": f"screen.show_tab({tab.id!r})"})
            text.append(f" {tab.label}", style + click)
            if tab.mark:
                look = self.get_component_rich_style(f"tab--{tab.look}", partial=True) if tab.look else Style()
                text.append(f" {tab.mark}", style + look + click)
            text.append(" ", style + click)
        text.append(" ›" if shown.stop < len(self._tabs) else "")
        return text
