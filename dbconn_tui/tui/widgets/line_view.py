"""LineView: any number of lines with a gutter, wrapped to the width; a diff, a report, a help text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.theme import Theme

from dbconn_tui.tui.actions import bindings


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a gutter that wrapped parts leave blank, the text, a look, and spans of the text with their own look.

    Looks are the ends of component class names: `added`, `removed`, `muted`, `title`, `bad`, `caution`, `good`.
    """

    text: str = ""
    look: str = ""
    gutter: str = ""
    spans: tuple[tuple[int, int], ...] = ()
    span_look: str = ""


def plain_text(lines: Sequence[Line]) -> str:
    """The lines as text for the clipboard."""
    return "\n".join(f"{line.gutter}{line.text}".rstrip() for line in lines)


class LineView(ScrollView, can_focus=True):
    """Shows Lines; only those on screen are painted, so that a script of 100,000 bytes scrolls at once."""

    COMPONENT_CLASSES = {
        "line--added",
        "line--added-word",
        "line--bad",
        "line--caution",
        "line--good",
        "line--muted",
        "line--removed",
        "line--removed-word",
        "line--title",
    }
    DEFAULT_CSS = "LineView { scrollbar-gutter: stable; overflow-x: hidden; }"
    BINDINGS = bindings("text")

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines: tuple[Line, ...] = ()
        self._rows: list[tuple[Line, Text, bool]] = []
        self._wrapped_to = 0

    @property
    def lines(self) -> tuple[Line, ...]:
        """What is shown."""
        return self._lines

    def show_lines(self, lines: Sequence[Line], *, keep_place: bool = False) -> None:
        """Show these lines, from the top unless `keep_place`."""
        self._lines = tuple(lines)
        self._wrapped_to = 0
        self._wrap()
        if not keep_place:
            self.scroll_to(0, 0, animate=False)

    def on_resize(self) -> None:
        """Wrap to the new width."""
        self._wrap()

    def on_mount(self) -> None:
        """Paint again in another theme, once its colours are known."""
        self.app.theme_changed_signal.subscribe(self, self._theme_changed)

    def _theme_changed(self, theme: Theme) -> None:
        self.call_after_refresh(self._paint_again)

    def _paint_again(self) -> None:
        self._wrapped_to = 0
        self._wrap()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many rows as the wrapped lines need, for `height: auto`."""
        return sum(len(self._parts(line, width)) for line in self._lines)

    def _wrap(self) -> None:
        width = self.scrollable_content_region.width
        if width and width != self._wrapped_to:
            self._wrapped_to = width
            self._rows = [
                (line, part, index == 0) for line in self._lines for index, part in enumerate(self._parts(line, width))
            ]
            self.virtual_size = Size(width, len(self._rows))
        self.refresh(layout=self.styles.is_auto_height)

    def _parts(self, line: Line, width: int) -> list[Text]:
        text = Text(line.text.expandtabs(4), end="")
        room = max(8, width - cell_len(line.gutter))
        for start, end in line.spans:
            # Tabs move the characters behind them.
            text.stylize(
                self.look(line.span_look), len(line.text[:start].expandtabs(4)), len(line.text[:end].expandtabs(4))
            )
        if text.cell_len <= room:
            return [text]
        return list(text.wrap(self.app.console, room, tab_size=4))

    def look(self, look: str, *, partial: bool = False) -> Style:
        """The style of a look in the current theme; `partial` leaves out what the widget itself has."""
        if not look:
            return Style() if partial else self.rich_style
        return self.get_component_rich_style(f"line--{look}", partial=partial)

    def action_scroll_home(self) -> None:
        """To the first line at once: an animation over thousands of lines would only be in the way."""
        self.scroll_home(animate=False)

    def action_scroll_end(self) -> None:
        """To the last line at once."""
        self.scroll_end(animate=False)

    def render_line(self, y: int) -> Strip:
        """The strip of one row on screen."""
        width = self.scrollable_content_region.width
        index = y + self.scroll_offset.y
        if index >= len(self._rows):
            return Strip.blank(width, self.rich_style)
        line, part, first = self._rows[index]
        look = self.look(line.look)
        gutter_style = look + Style(color=self.look("muted").color) if line.gutter.strip().isdigit() else look
        gutter = line.gutter if first else " " * cell_len(line.gutter)
        segments = [Segment(gutter, gutter_style)] if gutter else []
        part = part.copy()
        part.stylize_before(look)
        segments += part.render(self.app.console)
        return Strip(segments).extend_cell_length(width, look).crop(0, width)
