"""The filters through which alone a value enters a script; each makes text that cannot break out of its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from dbconn_tui.scaffold.conversion import brief
from dbconn_tui.scaffold.identifiers import PLAIN, Dialect, object_key, property_access, quote
from dbconn_tui.scaffold.profile_fields import ProfileFields
from dbconn_tui.scaffold.template import Answer

NO_VALUE: Final = "there is no value to write here; put it between <% if … %> and <% endif %>"
_SHORT: Final = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t", "`": "\\x60"}
_AFTER: Final = {("*", "/"): "\\/", ("<", "/"): "\\/", ("$", "{"): "\\x7b", ("<", "!"): "\\x21", ("%", ">"): "\\x3e"}
"""What a character becomes behind another: the ends of comments, of HTML and of a template literal's text."""


def javascript(value: Answer) -> str:
    """The JavaScript literal of a value: `true`, `42`, or a single-quoted string that evaluates to exactly the text.

    A list becomes an array of such strings. Raises ValueError for a variable that is not asked.

    Also safe inside a comment, a template literal and an HTML page: quotes, backslashes, line ends
    (U+2028 and U+2029 too), `*/`, `</`, `<!--`, `${`, backticks and unprintable characters are escaped.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(javascript(entry) for entry in value)}]"
    if value is None:
        raise ValueError(NO_VALUE)
    if isinstance(value, Mapping | ProfileFields):
        raise ValueError("profile fields have no JavaScript literal; loop over their root, user_metadata, app_metadata")
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


def _named(value: Answer, write: Callable[[str], str]) -> str:
    if not value or not isinstance(value, str):
        raise ValueError(NO_VALUE)
    try:
        return write(value)
    except ValueError as rule:
        raise ValueError(f"a name {rule}; {brief(value)} is not") from None


def filters_for(dialect: Dialect) -> Mapping[str, Callable[[Answer], str]]:
    """Filter name in a script source → function. Nothing else may end a `<%= … %>`.

    `js` a value as a JavaScript literal · `identifier` a name quoted for the dialect · `property` what reads
    that column, field or attribute of an object (`.email`) · `key` the key of an object literal. The last
    three raise ValueError for an empty name and for one that does not fit the dialect.
    """
    return MappingProxyType(
        {
            "js": javascript,
            "identifier": lambda value: _named(value, lambda name: quote(name, dialect)),
            "property": lambda value: _named(value, lambda name: property_access(name, dialect)),
            "key": lambda value: _named(value, object_key),
        }
    )


FILTER_NAMES: Final = tuple(filters_for(PLAIN))
