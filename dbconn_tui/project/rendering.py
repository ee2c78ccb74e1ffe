"""Rendering: JSON values as YAML text for dbconn.yaml: block style, short lists and references in one line.

The same value always gives the same text. Words that any YAML version takes for something else than
text are put in quotes.
"""

from __future__ import annotations

import re
from typing import Final

from dbconn_tui.project.scalars import ScalarKind, read_plain
from dbconn_tui.project.values import Json

STEP: Final = "  "
"""One level of indentation."""

_LONGEST_LINE_LIST: Final = 80
"""Characters; a longer list gets a line for each item."""

_REFERENCES: Final = frozenset({"secret", "env", "keep"})
_PLAIN = re.compile(r"[A-Za-z0-9_/.](?:[A-Za-z0-9_./@+()=-]|:(?=[^\s:])| (?=[A-Za-z0-9_(/.@]))*", re.ASCII)
_PLAIN_IN_FLOW = re.compile(r"[A-Za-z0-9_/.](?:[A-Za-z0-9_./@+()=-]|:(?=[^\s:])| (?=[A-Za-z0-9_(/.@]))*", re.ASCII)
_OLD_BOOLEANS: Final = frozenset("yYnN")
"""Booleans in YAML 1.1 that PyYAML takes for text."""

_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_RAW = re.compile("[\x20-\x7e\xa1-\u1fff\u2030-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


def entry_lines(key: str, value: Json) -> list[str]:
    """One key and its value as lines without indentation."""
    if fits_in_line(value):
        return [f"{text(key)}: {inline(value)}"]
    return [f"{text(key)}:", *(f"{STEP}{line}" for line in block_lines(value))]


def block_lines(value: Json) -> list[str]:
    """A map or list that is not empty as lines without indentation."""
    if isinstance(value, dict):
        return [line for name, below in value.items() for line in entry_lines(name, below)]
    lines: list[str] = []
    for item in value:
        first, *rest = [inline(item)] if fits_in_line(item) else block_lines(item)
        lines += [f"- {first}", *(f"{STEP}{line}" for line in rest)]
    return lines


def fits_in_line(value: Json) -> bool:
    """Whether a value stands behind its key: single values, references, empty and short plain lists."""
    if isinstance(value, dict):
        return not value or (len(value) == 1 and next(iter(value)) in _REFERENCES)
    if isinstance(value, list):
        return not any(isinstance(item, dict | list) for item in value) and len(inline(value)) <= _LONGEST_LINE_LIST
    return True


def inline(value: Json) -> str:
    """Any value in one line: maps and lists in flow style."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{text(name)}: {inline(below)}" for name, below in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(inline(item) for item in value) + "]"
    if isinstance(value, str):
        return text(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value)


def text(value: str, style: str = "") -> str:
    """A text as a scalar: plain where that is safe everywhere, else quoted; `style` `'` or `"` asks for quotes."""
    safe = _PLAIN.fullmatch(value) and value not in _OLD_BOOLEANS and read_plain(value)[0] is ScalarKind.TEXT
    if safe and style not in ("'", '"'):
        return value
    if style == "'" and all(_RAW.fullmatch(character) for character in value):
        return "'" + value.replace("'", "''") + "'"
    return '"' + "".join(map(_escaped, value)) + '"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if _RAW.fullmatch(character):
        return character
    number = ord(character)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
