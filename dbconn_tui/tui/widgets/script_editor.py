"""ScriptEditor: Textual's TextArea for one script, with JavaScript colours and marks under what lint found."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import Binding
from textual.geometry import Offset
from textual.theme import Theme
from textual.widgets import TextArea
from textual.widgets.text_area import Selection, TextAreaTheme

if TYPE_CHECKING:
    from dbconn_tui.problems import Problem

MOST_COLOURED_LINES: Final = 1_000
"""Every key looks at the whole text again for its colours: 46 ms at 1,000 lines (ux.md §6)."""

_TOKENS: Final = {
    "comment": "script--comment",
    "constant": "script--number",
    "constant.builtin": "script--number",
    "constructor": "script--type",
    "function": "script--function",
    "function.builtin": "script--function",
    "function.method": "script--function",
    "keyword": "script--keyword",
    "number": "script--number",
    "string": "script--string",
    "string.special": "script--string",
    "variable.builtin": "script--type",
}
"""Token of the JavaScript highlighting query → component class."""


class ScriptEditor(TextArea):
    """Edits one script. `kind` is its key in customScripts."""

    BINDINGS = [
        Binding("ctrl+home", "go_to_start", "Start", show=False),
        Binding("ctrl+end", "go_to_end", "End", show=False),
    ]
    COMPONENT_CLASSES = {"problem--error", "problem--warning", "problem--info", *_TOKENS.values()}

    def __init__(self, kind: str, text: str) -> None:
        coloured = text.count("\n") < MOST_COLOURED_LINES
        super().__init__(
            text,
            language="javascript" if coloured else None,
            soft_wrap=False,
            show_line_numbers=True,
            tab_behavior="indent",
            id=f"editor-{kind}",
        )
        self.kind = kind
        self.indent_width = 2
        self.coloured = coloured
        self.problems: tuple[Problem, ...] = ()
        self._judge(text)

    def _judge(self, text: str) -> None:
        # Unusual line ends would come out changed: such a text is only looked at here.
        self.faithful = self.text == text
        self.read_only = not self.faithful

    def action_go_to_start(self) -> None:
        """To the first line, as editors do; TextArea has no key for it."""
        self.move_cursor((0, 0))

    def action_go_to_end(self) -> None:
        """To the end of the text."""
        self.move_cursor(self.document.end)

    def scroll_cursor_visible(self, center: bool = False, animate: bool = False) -> Offset:
        """In the middle of the lines only: sideways no further than needed, so that lines keep their beginnings."""
        if center:
            self.scroll_to(x=0, y=max(0, self.cursor_location[0] - self.size.height // 2), animate=False, force=True)
        return super().scroll_cursor_visible(animate=animate)

    def on_mount(self) -> None:
        """Take the colours of the theme, and of every other one chosen later."""
        self._take_colours()
        self.app.theme_changed_signal.subscribe(self, self._theme_changed)

    def _theme_changed(self, theme: Theme) -> None:
        self.call_after_refresh(self._take_colours)

    def _take_colours(self) -> None:
        styles = {token: Style(color=self.get_component_rich_style(name).color) for token, name in _TOKENS.items()}
        name = f"script-{self.app.theme}"
        self.register_theme(TextAreaTheme(name, syntax_styles=styles))
        self.theme = name
        self._paint_again()

    async def _on_key(self, event: events.Key) -> None:
        # TextArea's own handler, which is called next, takes escape to move the focus on; here it leaves the screen.
        if event.key == "escape":
            event.prevent_default()

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Mark these problems; they replace those marked before."""
        if tuple(problems) != self.problems:
            self.problems = tuple(problems)
            self._paint_again()

    def _paint_again(self) -> None:
        """Paint every line anew: without emptying this private cache a line without an edit keeps its old marks."""
        self._line_cache.clear()
        self.refresh()

    def get_line(self, line_index: int) -> Text:
        """The line with its problems underlined; a foreground colour would be lost under the syntax colours."""
        line = super().get_line(line_index)
        for problem in self.problems:
            place = problem.place
            if place.line <= line_index + 1 <= max(place.line, place.end_line):
                start = place.column - 1 if place.line == line_index + 1 else 0
                end = place.end_column - 1 if place.end_line == line_index + 1 else len(line)
                look = self.get_component_rich_style(f"problem--{problem.effective_severity.value}")
                line.stylize(Style(underline=True, bgcolor=look.bgcolor), max(0, start), max(end, start + 1))
        return line

    def go_to(self, line: int, column: int) -> None:
        """Put the cursor on a line and column, both from 1, and bring it into sight."""
        last = self.document.line_count - 1
        row = min(max(0, line - 1), last)
        self.move_cursor((row, min(max(0, column - 1), len(self.document.get_line(row)))), center=True)

    def put(self, text: str) -> None:
        """Put another text in place of all of it, as one step that can be undone."""
        place = self.cursor_location
        self.replace(text, (0, 0), self.document.end)
        self.go_to(place[0] + 1, place[1] + 1)

    def take(self, text: str) -> None:
        """Hold what its file holds now, in place of everything; there is nothing to undo then."""
        place = self.cursor_location
        self.coloured = text.count("\n") < MOST_COLOURED_LINES
        self.language = "javascript" if self.coloured else None
        self.load_text(text)
        self._judge(text)
        self.go_to(place[0] + 1, place[1] + 1)

    def find(self, words: str, by: int) -> str:
        """Select a match of a text, without regard to case, and say which: the first from the cursor on, 1 on, 1 back.

        `by` is 0, 1 or -1. Empty for an empty text.
        """
        found = _matches([self.document.get_line(row) for row in range(self.document.line_count)], words)
        if not found:
            return f"“{words}” is not in it" if words else ""
        later = [index for index, one in enumerate(found) if one.start >= self.selection.start]
        index = later[0] if later else 0
        if by < 0 or (by and found[index] == self.selection):
            index = (index + by) % len(found)
        self.selection = found[index]
        self.scroll_cursor_visible(center=True)
        return f"match {index + 1} of {len(found)} for “{words}”"


def _matches(lines: Sequence[str], words: str) -> list[Selection]:
    """Where a text occurs, top to bottom."""
    # A character may have more letters in lower case; matches are told in those of the line itself.
    pattern = re.compile(re.escape(words), re.IGNORECASE)
    return [
        Selection((row, match.start()), (row, match.end()))
        for row, line in enumerate(lines)
        for match in (pattern.finditer(line) if words else ())
    ]
