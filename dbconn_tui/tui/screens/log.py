"""LogScreen: every request of this session with its status and its time; bodies are never kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from textual.app import ComposeResult

from dbconn_tui.tui.actions import bindings
from dbconn_tui.tui.screens.frame import FrameScreen
from dbconn_tui.tui.state import AppState, LogEntry
from dbconn_tui.tui.widgets.context_bar import ContextBar
from dbconn_tui.tui.widgets.key_bar import KeyBar
from dbconn_tui.tui.widgets.line_view import Line, LineView, plain_text
from dbconn_tui.tui.widgets.status_line import StatusLine
from dbconn_tui.tui.wording import plural

REFUSED = 400
"""The first status that is no success."""


def log_lines(entries: Sequence[LogEntry]) -> Iterator[Line]:
    """One line a request, oldest first: when, how long, method, path, status, budget left, the tenant's id for it."""
    if not entries:
        yield Line("No request yet.", "muted")
    for entry in entries:
        when = datetime.fromtimestamp(entry.time).strftime("%H:%M:%S")
        seconds = f"{entry.seconds:6.2f} s" if entry.seconds else "        "
        bad = entry.status >= REFUSED
        left = "" if entry.budget_left is None else f"  {entry.budget_left} left"
        name = f"  {entry.request_id}" if entry.request_id else ""
        yield Line(f"{entry.words}{left}{name}", "bad" if bad else "", f"{'✗' if bad else '✓'} {when} {seconds}  ")


class LogScreen(FrameScreen):
    """Shows the state's log and follows it while its end is in sight."""

    PLACE = "log"
    BINDINGS = bindings("log")

    def compose(self) -> ComposeResult:
        """The frame and its parts."""
        yield ContextBar("Requests")
        yield LineView(id="log-lines")
        yield StatusLine(id="summary")
        yield KeyBar()

    def show(self, state: AppState) -> None:
        """Show the requests so far."""
        view = self.query_one(LineView)
        lines = tuple(log_lines(state.log))
        if lines != view.lines:
            at_end = view.scroll_offset.y >= view.max_scroll_y
            view.show_lines(lines, keep_place=True)
            if at_end:
                view.scroll_end(animate=False)
        total = sum(entry.seconds for entry in state.log)
        refused = sum(entry.status >= REFUSED for entry in state.log)
        parts = [plural(len(state.log), "request"), f"{total:.1f} s in all" if total else ""]
        self.query_one(StatusLine).show_parts([*parts, f"✗ {refused} refused" if refused else ""])

    def action_copy(self) -> None:
        """Copy all lines."""
        self.dbconn.copy(plain_text(self.query_one(LineView).lines), "lines")
