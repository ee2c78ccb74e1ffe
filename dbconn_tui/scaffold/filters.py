"""The filters through which alone a value enters a script; each makes text that cannot break out of its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from dbconn_tui.scaffold.template import Value

_SHORT: Final = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t", "`": "\\x60"}
_AFTER: Final = {("*", "/"): "\\/", ("<", "/"): "\\/", ("$", "{"): "\\x7b", ("<", "!"): "\\x21", ("%", ">"): "\\x3e"}
"""What a character becomes behind another: the ends of comments, of HTML and of a template literal's text."""


def javascript(value: Value) -> str:
    """The JavaScript literal of a value: `true`, `42`, or a single-quoted string that evaluates to exactly the text.

    Also safe inside a comment, a template literal and an HTML page: quotes, backslashes, line ends
    (U+2028 and U+2029 too), `*/`, `</`, `<!--`, `${`, backticks and unprintable characters are escaped.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    pieces: list[str] = []
    previous = ""
    for character in value:
        pieces.append(_AFTER.get((previous, character)) or _escaped(character))
        previous = character
    return f"'{''.join(pieces)}'"


def _escaped(character: str) -> str:
    short = _SHORT.get(character)
    if short is not None:
        return short
    if character.isprintable():
        return character
    code = ord(character)
    if code > 0xFFFF:
        return f"\\u{{{code:x}}}"
    return f"\\u{code:04x}" if code > 0xFF else f"\\x{code:02x}"


FILTERS: Final[Mapping[str, Callable[[Value], str]]] = MappingProxyType(
    {
        "js": javascript,
    }
)
"""Filter name in a script source → function. Nothing else may end a `<%= … %>`."""
