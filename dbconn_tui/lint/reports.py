"""Problems as text with the code line and a caret, and as JSON. Pure: values in, text out."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from dbconn_tui.lint.wording import counted
from dbconn_tui.problems import Certainty, Place, Problem, Severity, count_problems, sort_problems

_TAB: Final = 4
_WIDEST: Final = 100
"""Cells of a code line that are shown; of a longer one, the part around the caret."""
_BEFORE_CARET: Final = 60
_LONGEST: Final = 300
"""Characters to either side of the caret that are looked at."""

_COUNTED: Final = (Severity.ERROR, Severity.WARNING)
_RESET: Final = "\x1b[0m"
_BOLD: Final = "\x1b[1m"
_DIM: Final = "\x1b[2m"
_COLOURS: Final[Mapping[Severity, str]] = {
    Severity.ERROR: "\x1b[1;31m",
    Severity.WARNING: "\x1b[1;33m",
    Severity.INFO: "\x1b[1;36m",
}


def text_report(problems: Iterable[Problem], sources: Mapping[str, str], *, colour: bool) -> str:
    """The problems for people, a blank line between them and a count at the end; "" for none.

    `sources` maps the files of places to their texts; a file that is not there is shown without its
    line. What a script holds is shown without control characters, so it cannot speak to the terminal.
    """
    ordered = sort_problems(problems)
    if not ordered:
        return ""
    lines: dict[str, list[str]] = {}
    for file in {problem.place.file for problem in ordered} & sources.keys():
        lines[file] = sources[file].split("\n")
    blocks = [_block(problem, lines.get(problem.place.file, []), colour) for problem in ordered]
    return "\n\n".join([*blocks, summary(ordered)]) + "\n"


def summary(problems: Iterable[Problem]) -> str:
    """`2 errors, 1 warning, 3 info`: the severities that occur, worst first; "no problems" for none."""
    counts = count_problems(problems)
    said = [counted(counts[severity], severity.value) for severity in _COUNTED if counts[severity]]
    if counts[Severity.INFO]:
        said.append(f"{counts[Severity.INFO]:,} {Severity.INFO.value}")
    return ", ".join(said) or "no problems"


def json_report(problems: Iterable[Problem]) -> dict[str, Any]:
    """The object of `lint --json` (design §4). Ends are exclusive; line 0 means the whole file."""
    return {
        "version": 1,
        "problems": [
            {
                "rule": problem.rule,
                "severity": problem.effective_severity.value,
                "certainty": problem.certainty.value,
                "file": problem.place.file,
                "line": problem.place.line,
                "column": problem.place.column,
                "end_line": problem.place.end_line,
                "end_column": problem.place.end_column,
                "message": problem.message,
                "hint": problem.hint,
            }
            for problem in sort_problems(problems)
        ],
    }


def _block(problem: Problem, lines: list[str], colour: bool) -> str:
    def painted(text: str, code: str) -> str:
        return f"{code}{text}{_RESET}" if colour and text else text

    severity = problem.effective_severity
    possible = ", possible" if problem.certainty is Certainty.POSSIBLE else ""
    where = painted(_plain(str(problem.place)), _BOLD)
    head = [
        f"{where}:" if where else "",
        painted(f"{severity.value}:", _COLOURS[severity]),
        _plain(problem.message),
        painted(f"[{problem.rule}{possible}]", _DIM),
    ]
    said = [" ".join(part for part in head if part)]
    if 0 < problem.place.line <= len(lines):
        code, caret = _excerpt(lines[problem.place.line - 1].removesuffix("\r"), problem.place)
        number = str(problem.place.line)
        margin = " " * len(number)
        said.append(f"{painted(f'  {number} |', _DIM)} {code}".rstrip())
        said.append(f"{painted(f'  {margin} |', _DIM)} {painted(caret, _COLOURS[severity])}")
    if problem.hint:
        said.append(f"  {painted('hint:', _DIM)} {_plain(problem.hint)}")
    return "\n".join(said)


def _excerpt(line: str, place: Place) -> tuple[str, str]:
    """The code line as shown and the carets under it, both cut to a window around the place."""
    # No more of a minified line is looked at than could be shown.
    skipped = max(place.column - 1 - _LONGEST, 0)
    cells = _cells(line[skipped : skipped + 2 * _LONGEST])
    first = min(max(place.column - 1 - skipped, 0), len(cells))
    last = min(place.end_column - 1 - skipped, len(cells)) if place.end_line == place.line else len(cells)
    start, end = 0, len(cells)
    if _width(cells) > _WIDEST:
        start = first
        while start > 0 and _width(cells[start - 1 : first]) <= _BEFORE_CARET:
            start -= 1
        end = start
        while end < len(cells) and _width(cells[start : end + 1]) <= _WIDEST:
            end += 1
    left, right = "…" if start or skipped else "", "…" if end < len(cells) else ""
    shown = left + "".join(cell for cell, _ in cells[start:end]) + right
    blank = " " * (len(left) + _width(cells[start:first]))
    return shown, blank + "^" * max(_width(cells[first : min(last, end)]), 1)


def _width(cells: Sequence[tuple[str, int]]) -> int:
    return sum(width for _, width in cells)


def _cells(line: str) -> list[tuple[str, int]]:
    """For each character what is shown for it, and how many columns of a screen that takes."""
    cells = []
    column = 0
    for character in line:
        shown, width = _visible(character), 1
        if character == "\t":
            width = _TAB - column % _TAB
            shown = " " * width
        elif unicodedata.category(shown) in ("Mn", "Me"):
            # Drawn over the character before it.
            width = 0
        elif unicodedata.east_asian_width(shown) in ("W", "F"):
            width = 2
        cells.append((shown, width))
        column += width
    return cells


def _plain(text: str) -> str:
    return "".join(map(_visible, text))


def _visible(character: str) -> str:
    """The character, or something to see in the place of one that is invisible or would move the cursor."""
    if " " <= character <= "~":
        return character
    if character < " ":
        return chr(0x2400 + ord(character))
    return "\ufffd" if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") else character
