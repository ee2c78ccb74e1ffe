"""Syntax errors of a script: the only module that knows quickjs.

A text is compiled and never run: `throw` stands before it in the same program, which the engine
compiles as a whole first. Nothing in the text can close that, since nothing is opened. Time and
memory are limited all the same. The measured reasons for the engine: reference feasibility.md §A2.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class FaultCause(StrEnum):
    """What kind of syntax fault it is, for whoever words it."""

    SYNTAX = "syntax"
    ENDS_EARLY = "ends-early"
    """A bracket, string or comment is still open at the end."""
    MODULE = "module"
    """`import` or `export`: the platform evaluates one function expression, not an ES module."""
    AWAIT = "await"
    """`await` outside an async function."""
    ODD_CHARACTER = "odd-character"
    """An invisible or typographic character, usually pasted from a document."""
    KEYWORD = "keyword"
    """A deploy-cli keyword, `@@X@@` or `##X##`, outside a string."""
    CONFLICT = "conflict"
    """The marks of a merge that nobody resolved."""
    NOT_CHECKED = "not-checked"
    """Nested too deeply, or too large, for the compiler's limits."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault at a character offset. `offset` is None when the compiler names no place."""

    cause: FaultCause
    message: str
    offset: int | None


_TIME_LIMIT: Final = 0.5
"""Seconds."""
_MEMORY_LIMIT: Final = 64 * 1024 * 1024
"""Bytes."""
_STATEMENT: Final = "throw '';\n"
_EXPRESSION: Final = "throw '';dbconn=\n"
"""Makes an anonymous function legal, as in the platform's `(SCRIPT)(…)`."""
_LONE_RETURN: Final = re.compile("\r(?!\n)")
_PLACE: Final = re.compile(r"\s*at <input>:(\d+):(\d+)")
_UNCLOSED: Final = "unexpected end of "


def compile_fault(text: str) -> Fault | None:
    """The first syntax fault of a script, or None when it compiles as statements or as an expression.

    `text` must be free of NUL and surrogates. When both readings fail, the one that got further counts.
    """
    # A line end to JavaScript either way, but quickjs counts it in some places only.
    text = _LONE_RETURN.sub("\n", text)
    as_statements = _compile(_STATEMENT, text)
    if as_statements is None:
        return None
    as_expression = _compile(_EXPRESSION, text)
    if as_expression is None:
        return None
    if as_statements.offset is None or as_expression.offset is None:
        return as_statements
    return as_expression if as_expression.offset > as_statements.offset else as_statements


def _compile(prefix: str, text: str) -> Fault | None:
    # Imported at the first parse: it costs 10 ms, which `dbconn --help` must not pay.
    import quickjs

    context = quickjs.Context()
    context.set_time_limit(_TIME_LIMIT)
    context.set_memory_limit(_MEMORY_LIMIT)
    try:
        context.eval(prefix + text)
    except quickjs.StackOverflow:
        return Fault(FaultCause.NOT_CHECKED, "the script is nested too deeply to be checked", None)
    except quickjs.JSException as raised:
        said = str(raised)
        if said.startswith("SyntaxError: "):
            return _fault(said.removeprefix("SyntaxError: "), text)
        if said.startswith("InternalError: "):
            return Fault(FaultCause.NOT_CHECKED, "the script is too large to be checked", None)
    return None


def _fault(said: str, text: str) -> Fault:
    message, _, rest = said.partition("\n")
    place = _PLACE.match(rest)
    if place is None:
        private = re.search(r"'(#.+)'", message)
        found = text.find(private[1]) if private else -1
        return Fault(FaultCause.SYNTAX, message, found if found >= 0 else None)
    # The prefix is the program's first line.
    offset = _offset(text, int(place[1]) - 1, int(place[2]))
    if message.startswith(_UNCLOSED):
        what = message.removeprefix(_UNCLOSED)
        return Fault(FaultCause.ENDS_EARLY, f"a {what} begins here and is never closed", offset)
    if not text[offset:].strip():
        return Fault(FaultCause.ENDS_EARLY, "the script ends before a bracket opened earlier is closed", offset)
    before = text[:offset].rstrip()
    if re.search(r"(?<![\w$.])await$", before):
        return Fault(FaultCause.AWAIT, "`await` outside an async function", len(before) - len("await"))
    return Fault(FaultCause.SYNTAX, message, offset)


def _offset(text: str, line: int, column: int) -> int:
    """The offset of quickjs's line and column: both from 1, the column in UTF-8 bytes."""
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
        if not start:
            return len(text)
    before = text[start : start + column].encode()[: column - 1]
    return start + len(before.decode(errors="ignore"))
