"""Progress: the only writer to stderr; notes, errors, and what a task is doing.

At a terminal steps share one redrawn line, elsewhere each is a plain line. A stderr that is gone
never stops a task: nobody is left to be told.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import Final, TextIO

from dbconn_tui.cli.text import Part, Span, Style, encodable, paint, width
from dbconn_tui.errors import DbconnError
from dbconn_tui.events import Event, EventKind

_LINE_WIDTH: Final = 78
"""Cells of the redrawn line; a longer one would wrap and could not be taken back."""

_PASSING: Final = frozenset({EventKind.STEP, EventKind.WRITING, EventKind.WAITING, EventKind.VERIFIED})
"""Kinds that matter only while they last: at a terminal they share the redrawn line."""


class Progress:
    """Writes to stderr. `redraws` = a terminal that can take a line back; `quiet` leaves only errors."""

    def __init__(
        self,
        stream: TextIO,
        *,
        colour: bool,
        redraws: bool,
        quiet: bool,
        verbose: bool,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        self._stream = stream
        self._wall_clock = wall_clock
        self._colour = colour
        self._redraws = redraws
        self._quiet = quiet
        self._verbose = verbose
        self._drawn = False
        self._done = 0
        self.expected = 0
        """How many connections will be written; 0 = not known."""

    def note(self, *parts: Part) -> None:
        """One line that stays, unless quiet."""
        if not self._quiet:
            self._line(parts)

    def error(self, failure: DbconnError) -> None:
        """A failure in one line, and what to do next in another."""
        self._line([Span("error: ", Style.RED), failure.message])
        if failure.hint:
            self._line([Span("  next: ", Style.DIM), failure.hint])

    def say(self, *parts: Part) -> None:
        """One line even when quiet: what belongs to an error or to a question."""
        self._line(parts)

    def ask(self, question: str) -> None:
        """A question, the cursor left behind it."""
        self.clear()
        self._write(encodable(paint([question], colour=False), self._stream.encoding))

    def event(self, event: Event) -> None:
        """Show one event of a task."""
        if self._quiet:
            return
        if event.kind in (EventKind.WRITTEN, EventKind.FAILED):
            self._done += 1
        if event.kind is EventKind.REQUEST:
            if self._verbose:
                self._line([Span(self._request(event), Style.DIM)])
            return
        text = self._words(event)
        if self._redraws and (event.kind in _PASSING or event.kind is EventKind.WRITTEN):
            self._draw(text)
        elif event.kind is EventKind.WRITING or (event.kind is EventKind.VERIFIED and not self._verbose):
            return
        elif event.kind is EventKind.FAILED:
            self._line([Span("✗ ", Style.RED), text])
        else:
            self._line([text])

    def _words(self, event: Event) -> str:
        where = f"{event.connection}: " if event.connection else ""
        count = f"[{min(self._done + (event.kind is EventKind.WRITING), self.expected)}/{self.expected}] "
        counted = self.expected and event.kind in (EventKind.WRITING, EventKind.WRITTEN, EventKind.FAILED)
        return f"{count if counted else ''}{where}{event.message}"

    def _request(self, event: Event) -> str:
        """One line of the API log: time of day, method, path, status, milliseconds, budget left, request id."""
        when = datetime.fromtimestamp(self._wall_clock()).isoformat(" ", "milliseconds")[11:]
        left = "" if event.budget_left is None else f"  {event.budget_left} left"
        name = f"  {event.request_id}" if event.request_id else ""
        return f"{when}  {event.message}  {event.seconds * 1000:.0f} ms{left}{name}"

    def clear(self) -> None:
        """Take the redrawn line away."""
        if self._drawn:
            self._write("\r\x1b[K")
            self._drawn = False

    def _draw(self, text: str) -> None:
        safe = paint([text], colour=False).replace("\n", " ").replace("\t", " ")
        while width(safe) > _LINE_WIDTH:
            safe = safe[:-2] + "…"
        self._write("\r\x1b[K" + encodable(safe, self._stream.encoding))
        self._drawn = True

    def _line(self, parts: tuple[Part, ...] | list[Part]) -> None:
        self.clear()
        self._write(encodable(paint(parts, colour=self._colour), self._stream.encoding) + "\n")

    def _write(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError):
            return
