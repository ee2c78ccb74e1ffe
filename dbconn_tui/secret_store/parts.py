"""Long values in parts: which entries a value needs, and whether entries found make a value again.

Some keyrings take little: Windows' holds 2,560 bytes of UTF-16 an entry, hence 1,200 bytes of UTF-8.
A long value lives in the entries `NAME#a1`, `NAME#a2`, … (or `#b…`), and the entry NAME holds a
header that names the slot, the number of parts, and length and SHA-256 of the whole. A new value
goes to the slot that the header does not name, so the old one stays whole until the header is replaced.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Final

LARGEST_PART: Final = 1_200
"""Bytes of UTF-8 in one entry."""

SLOTS: Final = ("a", "b")

_MARK: Final = "dbconn-parts:"
_HEADER: Final = re.compile(r"dbconn-parts:1:([ab]):([0-9]{1,6}):([0-9]{1,9}):([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class PartsHeader:
    """What the entry NAME says about a value in parts: `length` in bytes, `digest` SHA-256 in hex."""

    slot: str
    count: int
    length: int
    digest: str

    def __str__(self) -> str:
        return f"{_MARK}1:{self.slot}:{self.count}:{self.length}:{self.digest}"


def needs_parts(text: str) -> bool:
    """Whether a value is too long for one entry, or would be taken for a header."""
    return len(text.encode()) > LARGEST_PART or text.startswith(_MARK)


def claims_parts(entry: str) -> bool:
    """Whether the text of an entry stands for a value in parts, readable or not."""
    return entry.startswith(_MARK)


def read_header(entry: str) -> PartsHeader | None:
    """The header in an entry, or None when it holds a value itself or a damaged header."""
    match = _HEADER.fullmatch(entry)
    if match is None:
        return None
    return PartsHeader(match[1], int(match[2]), int(match[3]), match[4])


def part_name(name: str, slot: str, number: int) -> str:
    """The entry of part `number`, counted from 1; `#` occurs in no name of a secret."""
    return f"{name}#{slot}{number}"


def split(text: str, slot: str) -> tuple[PartsHeader, tuple[str, ...]]:
    """A value as header and parts of at most LARGEST_PART bytes, never cut inside a character."""
    data = text.encode()
    parts = []
    start = 0
    while start < len(data):
        end = min(start + LARGEST_PART, len(data))
        while end < len(data) and data[end] & 0xC0 == 0x80:
            end -= 1
        parts.append(data[start:end].decode())
        start = end
    return PartsHeader(slot, len(parts), len(data), hashlib.sha256(data).hexdigest()), tuple(parts)


def join(header: PartsHeader, parts: tuple[str, ...]) -> str | None:
    """The value, or None when the parts are not exactly those of the header."""
    data = "".join(parts).encode(errors="surrogatepass")
    if len(data) != header.length or hashlib.sha256(data).hexdigest() != header.digest:
        return None
    return data.decode()
