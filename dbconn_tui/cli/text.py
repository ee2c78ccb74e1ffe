"""Text for people: spans with a style, made safe for a terminal, painted or not, laid out in columns. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Style(StrEnum):
    """The SGR parameter of each style; a state is never told by its colour alone."""

    BOLD = "1"
    DIM = "2"
    RED = "31"
    GREEN = "32"
    YELLOW = "33"
    CYAN = "36"
    RED_WORD = "31;7"
    """A word that was removed within a line."""
    GREEN_WORD = "32;7"


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a line in one style."""

    text: str
    style: Style | None = None


Part = str | Span
"""A piece of a line; a plain string has no style."""


def _visible(code: int) -> str:
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


_UNSAFE: Final = {
    code: _visible(code)
    for code in (*range(0x20), *range(0x7F, 0xA0), 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
    if chr(code) not in "\n\t"
}
"""Control characters and those that turn the writing direction: they could rewrite what a terminal shows."""

_PLAIN: Final = str.maketrans(
    {"✓": "v", "✗": "x", "≠": "!", "…": "...", "→": "->", "·": "-", "–": "-", "—": "-", "“": '"', "”": '"', "’": "'"}
)


def clean(text: str) -> str:
    """The text with control characters and direction marks written out, e.g. `\\x1b`."""
    return text.translate(_UNSAFE)


def paint(parts: Sequence[Part], *, colour: bool) -> str:
    """The parts as one safe string, with escape sequences only when `colour`."""
    pieces = []
    for part in parts:
        span = part if isinstance(part, Span) else Span(part)
        text = clean(span.text)
        pieces.append(f"\x1b[{span.style}m{text}\x1b[0m" if colour and span.style and text else text)
    return "".join(pieces)


def encodable(text: str, encoding: str | None) -> str:
    """The text with what `encoding` lacks replaced: signs by ASCII ones, the rest by escapes."""
    encoding = encoding or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.translate(_PLAIN).encode(encoding, "backslashreplace").decode(encoding)
    return text


def width(text: str) -> int:
    """Cells that a text takes on a terminal."""
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in clean(text)
    )


def columns(rows: Sequence[Sequence[Part]], *, gap: int = 2) -> list[list[Part]]:
    """The rows as lines of parts, every column as wide as its widest cell; the last one is not padded."""
    plain = [[cell if isinstance(cell, str) else cell.text for cell in row] for row in rows]
    count = max((len(row) for row in plain), default=0)
    widths = [max((width(row[index]) for row in plain if index < len(row)), default=0) for index in range(count)]
    lines: list[list[Part]] = []
    for row, texts in zip(rows, plain, strict=True):
        line: list[Part] = []
        for index, cell in enumerate(row):
            line.append(cell)
            if index < len(row) - 1:
                line.append(" " * (widths[index] - width(texts[index]) + gap))
        lines.append(line)
    return lines


def counted(number: int, noun: str, plural: str = "") -> str:
    """`1 script`, `2 scripts`, `3 entries` (with `plural`)."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"
