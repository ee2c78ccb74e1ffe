"""Places count characters and lines as an editor does, whatever the characters and line ends are."""

from __future__ import annotations

import pytest

from benchmarks.lint_corpus import Specimen, specimens
from dbconn_tui.lint.check import lint_script

WIDE = "/*😀é漢\u0301*/"
"""Eight characters, of one to four bytes, and one that stands on another."""
SAMPLE = [
    specimen
    for specimen in [*specimens("broken"), *specimens("right")][::7]
    if "`" not in specimen.text and "/*" not in specimen.text and "script-syntax" not in specimen.rules
]

Found = list[tuple[str, int, int, int, int]]


def found(kind: str, text: str) -> Found:
    problems = lint_script(kind, text, file="script.js", preset="strict")
    places = [(problem.rule, problem.place) for problem in problems]
    return sorted((rule, at.line, at.column, at.end_line, at.end_column) for rule, at in places)


@pytest.fixture(scope="module", params=SAMPLE, ids=lambda specimen: specimen.name)
def specimen(request: pytest.FixtureRequest) -> Specimen:
    return request.param


def test_other_line_ends_move_nothing(specimen: Specimen) -> None:
    assert found(specimen.kind, specimen.text.replace("\n", "\r\n")) == found(specimen.kind, specimen.text)


def test_wide_characters_count_one_each(specimen: Specimen) -> None:
    moved = "".join(f"{WIDE}{line}" for line in specimen.text.splitlines(keepends=True))
    by = len(WIDE)
    expected = [
        (rule, line, column + by, end_line, end_column + by)
        for rule, line, column, end_line, end_column in found(specimen.kind, specimen.text)
    ]
    assert found(specimen.kind, moved) == expected


def test_a_tab_counts_one(specimen: Specimen) -> None:
    lines = specimen.text.splitlines(keepends=True)
    saved = [(len(line) - len(line.lstrip(" "))) // 2 for line in lines]
    tabbed = "".join("\t" * by + line[2 * by :] for line, by in zip(lines, saved, strict=True))
    saved.append(0)
    expected = sorted(
        (rule, line, column - saved[line - 1], end_line, end_column - saved[end_line - 1])
        for rule, line, column, end_line, end_column in found(specimen.kind, specimen.text)
    )
    assert found(specimen.kind, tabbed) == expected
