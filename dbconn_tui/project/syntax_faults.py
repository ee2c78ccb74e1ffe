"""Syntax faults: what PyYAML's parsers say, in words that tell what to do, at the place that helps.

libyaml and the pure parser word the same fault differently; the table holds a part of either.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from dbconn_tui.problems import Place, Problem, Severity


@dataclass(frozen=True, slots=True)
class _Fault:
    """How to say a fault. `said` are parts of what the parser says; `opened` points to what was opened
    (the parser's context) instead of where the parser gave up."""

    said: tuple[str, ...]
    message: str
    hint: str
    opened: bool = False
    rule: str = "yaml-syntax"


_QUOTES = "Put the text in quotes."
_INDENT = "Keys of one map begin in the same column; check the quotes and brackets above."

_FAULTS: Final = (
    _Fault(
        ("mapping values are not allowed",),
        "a second key on this line, or a line indented too far",
        "Put a text that holds `: ` in quotes; otherwise check the indentation.",
    ),
    _Fault(
        ("found unexpected end of stream", "found unexpected document"),
        "a quote is opened here and never closed",
        "Close it, or double it inside single quotes.",
        opened=True,
    ),
    _Fault(("',' or ']'",), "a list is opened here and not closed properly", "Check its commas and `]`.", opened=True),
    _Fault(("',' or '}'",), "a map is opened here and not closed properly", "Check its commas and `}`.", opened=True),
    _Fault(
        ("did not find expected node content", "expected the node content"),
        "a value is missing here",
        "Give a value, or close the bracket.",
    ),
    _Fault(("could not find expected ':'",), "this is no `key: value`: the colon is missing", _QUOTES, opened=True),
    _Fault(("cannot start any token",), "this character cannot begin a value", _QUOTES),
    _Fault(
        ("alphabetic or numeric character",),
        "`&` and `*` begin the name of an anchor, of letters, digits, - and _",
        _QUOTES,
    ),
    _Fault(
        ("unknown escape character", "escape code", "hexdecimal", "escape sequence"),
        "YAML knows no such backslash escape",
        "Use single quotes, where a backslash is a backslash, or double it.",
    ),
    _Fault(
        ("block sequence entries are not allowed", "sequence entries are not allowed"),
        "a list cannot begin here",
        "Begin the list on a line of its own, below its key.",
    ),
    _Fault(("mapping keys are not allowed",), "a `?` cannot begin a key here", _QUOTES),
    _Fault(("expected '-' indicator",), "a key stands where the list above goes on", _INDENT),
    _Fault(
        (
            "expected chomping or indentation",
            "expected indentation indicator",
            "comment or a line break",
            "comment or line break",
        ),
        "nothing but a comment may stand behind `|` or `>`",
        "Begin the text on the next line.",
    ),
    _Fault(
        ("undefined tag handle", "tag handle", "parsing a tag", "scanning a tag", "tag URI"),
        "YAML tags are not read here",
        "Take it out; put a text that begins with ! in quotes.",
        rule="yaml-tag",
    ),
    _Fault(
        ("directive", "incompatible YAML document", "%YAML", "%TAG", "version number"),
        "a line that begins with % is for the YAML program itself and not needed",
        "Take the line out.",
    ),
    _Fault(
        ("<document start>",),
        "this belongs to nothing above",
        "Write `key: value`; a list or a text alone cannot be followed by anything.",
    ),
    _Fault(("did not find expected key", "<block end>"), "this does not fit what stands before it", _INDENT),
)


def explain_fault(fault: Any, text: str, file: str) -> Problem:
    """A parser's MarkedYAMLError as a problem at its place."""
    said = f"{fault.problem or ''} {fault.context or ''}"
    known = next((entry for entry in _FAULTS if any(part in said for part in entry.said)), None)
    mark = fault.problem_mark or fault.context_mark
    if known is None:
        return Problem("yaml-syntax", Severity.ERROR, f"not valid YAML: {fault.problem}", _place(mark, file), _INDENT)
    if known.opened and fault.context_mark is not None:
        mark = fault.context_mark
    message = known.message
    if known.said == ("cannot start any token",) and mark.index < len(text):
        message = f"`{text[mark.index]}` cannot begin a value"
    return Problem(known.rule, Severity.ERROR, message, _place(mark, file), known.hint)


def _place(mark: Any, file: str) -> Place:
    if mark is None:
        return Place(file)
    return Place(file, mark.line + 1, mark.column + 1, mark.line + 1, mark.column + 2)
