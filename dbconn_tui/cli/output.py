"""Output: the only writer to stdout; results for people as lines, for programs as one JSON object."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any, Final, TextIO

from dbconn_tui.cli.text import Part, encodable, paint

JSON_VERSION: Final = 1
"""The `version` of every JSON answer (design §4)."""


def wants_colour(stream: TextIO, environment: Mapping[str, str], *, no_color: bool) -> bool:
    """Whether to paint on a stream: --no-color > NO_COLOR > FORCE_COLOR > TERM=dumb > whether it is a terminal."""
    if no_color or environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return True
    return environment.get("TERM") != "dumb" and stream.isatty()


class Output:
    """Writes results. `before` is called ahead of each write, so that a progress line can make room."""

    def __init__(self, stream: TextIO, *, colour: bool, before: Callable[[], None] = lambda: None) -> None:
        self._stream = stream
        self.colour = colour
        self._before = before

    def line(self, *parts: Part) -> None:
        """One line. Raises BrokenPipeError when the reader is gone, OSError when it cannot be written."""
        self._write(paint(parts, colour=self.colour) + "\n")

    def text(self, text: str) -> None:
        """A text of several lines, with a final newline added where it lacks one."""
        self._write(paint([text.removesuffix("\n")], colour=False) + "\n")

    def painted(self, text: str) -> None:
        """A report that is safe for a terminal and painted already."""
        self._write(text)

    def answer(self, content: Mapping[str, Any]) -> None:
        """One JSON object with the version of the answers' shape."""
        self.document({"version": JSON_VERSION, **content})

    def document(self, content: Mapping[str, Any]) -> None:
        """One JSON object as it is."""
        import json

        self._write(json.dumps(content, indent=2, ensure_ascii=False) + "\n")

    def flush(self) -> None:
        """Hand over everything written. Raises OSError."""
        self._stream.flush()

    def _write(self, text: str) -> None:
        self._before()
        self._stream.write(encodable(text, self._stream.encoding))


def silence(stream: TextIO) -> None:
    """Point a stream whose reader is gone at nothing, so that the interpreter's last flush cannot fail."""
    try:
        descriptor = stream.fileno()
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, descriptor)
        os.close(nothing)
    except (OSError, ValueError):
        return
