"""Keywords of auth0-deploy-cli, which it replaces anywhere: `##KEY##` by text, `@@KEY@@` by JSON (api.md §8.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_KEYWORD: Final = re.compile(r"(##|@@)([A-Za-z_][A-Za-z0-9_.-]*)\1")

# Characters for private use stand in for the marks while YAML is read: `#` begins a comment there and `@`
# cannot begin a value, but deploy-cli puts the values in before it reads, so both may stand unquoted.
_STAND_INS: Final = {"##": "\ue0d0\ue0d0", "@@": "\ue0d1\ue0d1"}
_MARKS: Final = {stand_in: marks for marks, stand_in in _STAND_INS.items()}
_STAND_IN: Final = re.compile("|".join(_MARKS))

_UNQUOTED: Final = re.compile(r"([:\[,]\s*)(@@[A-Za-z_][A-Za-z0-9_.-]*@@)(?=\s*[,\]}\n\r])")


@dataclass(frozen=True, slots=True)
class Keyword:
    """One keyword in a text: its name without the marks, and where it begins, counted from 0."""

    name: str
    written: str
    start: int


def find_keywords(text: str) -> Iterator[Keyword]:
    """Every keyword of a text, in order."""
    for match in _KEYWORD.finditer(text):
        yield Keyword(match[2], match[0], match.start())


def sole_keyword(text: str) -> str | None:
    """The name of the keyword that is all of a text; None for any other text."""
    match = _KEYWORD.fullmatch(text)
    return match[2] if match else None


def hide_keywords(text: str) -> str:
    """A YAML text whose keywords are plain words of the same length; `show_keywords` takes it back."""
    return _KEYWORD.sub(lambda match: f"{_STAND_INS[match[1]]}{match[2]}{_STAND_INS[match[1]]}", text)


def show_keywords(text: str) -> str:
    """A text with the marks of its keywords back in place."""
    return _STAND_IN.sub(lambda match: _MARKS[match[0]], text)


def quote_keywords(text: str) -> str:
    """A JSON text whose keywords that stand for a whole value are in quotes, as JSON needs them."""
    return _UNQUOTED.sub(r'\1"\2"', text)
