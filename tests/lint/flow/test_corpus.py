"""What lint says of the corpus: nothing certain of right scripts, and of broken ones what is known to be wrong."""

from __future__ import annotations

from collections import Counter

import pytest

from dbconn_tui.lint.check import lint_script
from dbconn_tui.lint.rules import BY_ID
from dbconn_tui.problems import Certainty, Problem

FAMILY = (
    "async-unhandled",
    "callback-error-type",
    "callback-missing",
    "callback-multiple",
    "callback-result-type",
    "callback-then-continue",
    "create-exists-error",
    "err-unchecked",
    "error-masked",
    "error-rewrapped",
    "floating-promise",
    "get-user-not-found",
    "login-credentials-error",
    "promise-not-awaited",
    "return-value-ignored",
    "script-noop-success",
    "throw-in-callback",
    "throw-in-script",
    "unreachable-code",
    "use-before-error-check",
    "validation-error-args",
    "wrong-credentials-args",
    "wrong-credentials-misuse",
)
"""The rules the corpus is about; what others say of its scripts is not looked at."""


def problems_of(specimen) -> list[Problem]:
    found = lint_script(specimen.kind, specimen.text, file=f"{specimen.name}.js", preset="strict")
    return [problem for problem in found if problem.rule in FAMILY]


def test_the_corpus_is_large_and_every_script_is_javascript(right_scripts, broken_scripts) -> None:
    assert len(right_scripts) >= 75
    assert len(broken_scripts) >= 75
    names = Counter(specimen.name for specimen in (*right_scripts, *broken_scripts))
    assert [name for name, times in names.items() if times > 1] == []
    for specimen in (*right_scripts, *broken_scripts):
        found = lint_script(specimen.kind, specimen.text, file="x.js")
        assert "script-syntax" not in {problem.rule for problem in found}, specimen.name
        assert all(expected.rule in BY_ID for expected in specimen.expected), specimen.name


def test_right_scripts_have_no_certain_finding(right_scripts) -> None:
    said = {specimen.name: problems_of(specimen) for specimen in right_scripts}
    wrong = {
        name: [str(problem) for problem in problems if problem.certainty is Certainty.CERTAIN]
        for name, problems in said.items()
    }
    assert {name: problems for name, problems in wrong.items() if problems} == {}
    # Only possible ones, and of few scripts.
    assert sum(bool(problems) for problems in said.values()) <= len(said) * 0.03


def test_broken_scripts_are_found_and_nothing_else_is_said(
    broken_scripts,
    right_scripts,
    capsys: pytest.CaptureFixture[str],
) -> None:
    table: dict[str, Counter[str]] = {rule: Counter() for rule in FAMILY}
    missed, surplus = [], []
    for specimen in broken_scripts:
        found = problems_of(specimen)
        places = {(problem.rule, problem.place.line): problem for problem in found}
        for expected in specimen.expected:
            row = table.setdefault(expected.rule, Counter())
            row["expected"] += 1
            problem = places.pop((expected.rule, expected.line), None)
            if problem is None:
                missed.append(f"{specimen.name}: {expected.rule} in line {expected.line}")
            else:
                row["found"] += 1
                row[problem.certainty.value] += 1
                assert not (problem.certainty is Certainty.CERTAIN and not expected.certain), specimen.name
        for problem in places.values():
            table.setdefault(problem.rule, Counter())["surplus"] += 1
            surplus.append(f"{specimen.name}: {problem.rule} in line {problem.place.line} ({problem.certainty})")
    with capsys.disabled():
        print(f"\n{len(right_scripts)} right and {len(broken_scripts)} broken scripts")
        print(f"{'rule':<28}{'expected':>9}{'found':>7}{'certain':>9}{'possible':>10}{'surplus':>9}")
        for rule, row in sorted(table.items()):
            counts = [row[word] for word in ("expected", "found", "certain", "possible", "surplus")]
            print(f"{rule:<28}" + "".join(f"{n:>{w}}" for n, w in zip(counts, (9, 7, 9, 10, 9), strict=True)))
    assert surplus == []
    total = sum(row["expected"] for row in table.values())
    assert len(missed) <= total * 0.03, missed
