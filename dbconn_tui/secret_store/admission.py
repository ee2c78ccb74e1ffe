"""Admission: what may be stored as a secret, and under which names."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Final

from dbconn_tui.errors import UsageError
from dbconn_tui.sensitive import Sensitive

LARGEST_SECRET: Final = 100_000
"""Bytes of UTF-8; a keyring is no place for files."""

_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
_CIPHERTEXT_2022: Final = re.compile(r"2\.0\$[0-9a-f]{32}\$[0-9a-f]{32}\$[0-9a-f]{32,}")
_VERSION_TEXT: Final = re.compile(rb"[0-9]+\.[0-9]+\$")


@dataclass(frozen=True, slots=True)
class Admitted:
    """A value that may be stored; `stripped_newline` says that one line end was taken off, to be told to the user."""

    value: Sensitive
    stripped_newline: bool


def check_name(name: str) -> None:
    """Raises UsageError unless `name` may name a secret (design §3 "Secrets")."""
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} cannot name a secret.",
            "Begin with a letter, then letters, digits and underscores, at most 64 in all.",
        )


def admit(text: str) -> Admitted:
    """Takes exactly one final line end off and checks the rest; raises UsageError, never quoting the value."""
    value = text.removesuffix("\n")
    stripped = len(value) < len(text)
    if stripped:
        value = value.removesuffix("\r")
    if not value:
        raise UsageError("The value is empty; nothing was stored.", "`dbconn secrets delete` removes a value.")
    if "\0" in value:
        raise UsageError("The value holds a NUL character; nothing was stored.", "Secrets are text.")
    try:
        size = len(value.encode())
    except UnicodeEncodeError:
        raise UsageError("The value is not UTF-8 text; nothing was stored.", "Encode binary data as base64.") from None
    if size > LARGEST_SECRET:
        raise UsageError(f"The value is {size:,} bytes long, more than {LARGEST_SECRET:,}; nothing was stored.")
    if looks_like_ciphertext(value):
        raise UsageError(
            "The value looks like the ciphertext that the Management API returns; nothing was stored.",
            "Scripts would get it as it is. Enter the plain value; the tenant encrypts it.",
        )
    return Admitted(Sensitive(value), stripped)


def looks_like_ciphertext(text: str) -> bool:
    """Whether a value has one of the three forms in which the API returned configuration values (api.md §4.1)."""
    text = text.strip()
    if _CIPHERTEXT_2022.fullmatch(text):
        return True
    match _message(text):
        case [(1, key), (2, content), (3, _)] if _is_sealed_key(key):
            return [number for number, _ in _fields(content)] == [1, 2, 3]
        case [(1, _), (2, content), (3, version)] if _VERSION_TEXT.match(version):
            inner = _message(content.decode("ascii", errors="replace"))
            return bool(inner) and _is_sealed_key(inner[0][1])
    return False


def _is_sealed_key(data: bytes) -> bool:
    """Whether bytes are an encrypted key as of 2025: 32 bytes, a 12-byte nonce and a 16-byte tag."""
    return [(number, len(value)) for number, value in _fields(data)] == [(1, 32), (2, 12), (3, 16)]


def _message(text: str) -> list[tuple[int, bytes]]:
    """The fields of a base64 text that is one protobuf message of byte strings, or an empty list."""
    try:
        return _fields(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError):
        return []


def _fields(data: bytes) -> list[tuple[int, bytes]]:
    """(field number, bytes) of a protobuf message of byte strings only; empty when the bytes are none.

    Lengths of up to two bytes are read: ciphertext of more than 16,383 bytes is not expected.
    """
    found = []
    position = 0
    while position + 1 < len(data):
        tag, length = data[position], data[position + 1]
        position += 2
        if length & 0x80 and position < len(data):
            length = length & 0x7F | data[position] << 7
            position += 1
        if tag & 7 != 2 or position + length > len(data):
            return []
        found.append((tag >> 3, data[position : position + length]))
        position += length
    return found if position == len(data) else []
