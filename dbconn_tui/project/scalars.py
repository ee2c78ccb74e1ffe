"""Scalars: what an unquoted word of YAML stands for, and where YAML's versions disagree about it.

YAML 1.1 (which PyYAML and much else follows) takes `no` for false, `0123` for 83, `12:30` for 750 and
`2024-01-31` for a date; YAML 1.2 takes all of them for text or another number. Such a word is a
SURPRISE here: it has no meaning of its own, and whoever wrote it is asked to say which one is meant.
"""

from __future__ import annotations

import math
import re
from enum import Enum
from typing import Final

from dbconn_tui.project.values import Json


class ScalarKind(Enum):
    """What an unquoted word stands for."""

    TEXT = "text"
    EMPTY = "nothing"
    NULL = "null"
    BOOLEAN = "true or false"
    INTEGER = "a whole number"
    DECIMAL = "a decimal number"
    SWITCH = "yes, no, on or off"
    """True or false to YAML 1.1, text to YAML 1.2."""
    SURPRISE = "a surprise"


_WORDS: Final[dict[str, tuple[ScalarKind, Json]]] = {
    "": (ScalarKind.EMPTY, None),
    "<<": (ScalarKind.SURPRISE, None),
    "=": (ScalarKind.SURPRISE, None),
    **dict.fromkeys(("~", "null", "Null", "NULL"), (ScalarKind.NULL, None)),
    **dict.fromkeys(("true", "True", "TRUE"), (ScalarKind.BOOLEAN, True)),
    **dict.fromkeys(("false", "False", "FALSE"), (ScalarKind.BOOLEAN, False)),
    **dict.fromkeys(("yes", "Yes", "YES", "on", "On", "ON"), (ScalarKind.SWITCH, True)),
    **dict.fromkeys(("no", "No", "NO", "off", "Off", "OFF"), (ScalarKind.SWITCH, False)),
}
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})", re.ASCII)
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,17})\.[0-9]{1,18}([eE][-+][0-9]{1,3})?", re.ASCII)
_SURPRISE = re.compile(
    r"""
      [-+]?0b[0-1_]+ | [-+]?0o?[0-9_]+ | [-+]?0x[0-9a-fA-F_]+   # other bases
    | [-+]?[0-9][0-9_]*                                         # a sign, underscores, too many digits
    | [-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?              # base 60
    | [-+]?([0-9][0-9_]*)?\.?[0-9_]*([eE][-+]?[0-9]+)?          # other decimals
    | [-+]?\.(inf|Inf|INF) | \.(nan|NaN|NAN)
    | [0-9]{4}-[0-9]{1,2}-[0-9]{1,2}                            # dates, perhaps with a time and a zone
      (([Tt]|[\ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(\.[0-9]*)?[\ \t]*(Z|[-+][0-9]{1,2}(:[0-9]{2})?)?)?
    """,
    re.ASCII | re.VERBOSE,
)
_NUMBER_STARTS: Final = frozenset("0123456789+-.")
_LONGEST_NUMBER: Final = 60
"""Characters; what is longer is no number that anybody means, and is not matched against patterns."""


def read_plain(word: str) -> tuple[ScalarKind, Json]:
    """What an unquoted scalar stands for, and its value; None for EMPTY, NULL and SURPRISE."""
    if (known := _WORDS.get(word)) is not None:
        return known
    if word[0] not in _NUMBER_STARTS:
        return ScalarKind.TEXT, word
    if _INTEGER.fullmatch(word):
        return ScalarKind.INTEGER, int(word)
    if _DECIMAL.fullmatch(word) and math.isfinite(number := float(word)):
        return ScalarKind.DECIMAL, number
    if len(word) > _LONGEST_NUMBER:
        return (ScalarKind.SURPRISE if word.isdecimal() else ScalarKind.TEXT), (None if word.isdecimal() else word)
    looks_like_number = any(character in "0123456789" for character in word) or word[-1] in "fFnN"
    if looks_like_number and (_SURPRISE.fullmatch(word) or _DECIMAL.fullmatch(word)):
        return ScalarKind.SURPRISE, None
    return ScalarKind.TEXT, word
