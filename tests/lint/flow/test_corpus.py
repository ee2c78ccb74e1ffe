"""What lint says of the corpus: nothing certain of right scripts, and of broken ones what is known to be wrong."""

from __future__ import annotations

from collections import Counter

from benchmarks.lint_corpus import CALLBACK_RULES, judge
from dbconn_tui.lint.check import lint_script
from dbconn_tui.lint.rules import BY_ID
from dbconn_tui.problems import Certainty


def test_the_corpus_is_large_and_every_script_is_javascript(right_scripts, broken_scripts) -> None:
    assert len(right_scripts) >= 75
    assert len(broken_scripts) >= 75
    names = Counter(specimen.name for specimen in (*right_scripts, *broken_scripts))
    assert [name for name, times in names.items() if times > 1] == []
    for specimen in (*right_scripts, *broken_scripts):
        found = {problem.rule for problem in lint_script(specimen.kind, specimen.text, file="x.js")}
        assert "script-syntax" not in found or "script-syntax" in specimen.rules, specimen.name
        assert BY_ID.keys() >= specimen.rules, specimen.name


def test_right_scripts_have_no_certain_finding(right_scripts) -> None:
    assert not any(specimen.expected for specimen in right_scripts)
    said = {specimen.name: specimen.problems() for specimen in right_scripts}
    wrong = {
        name: [str(problem) for problem in problems if problem.certainty is Certainty.CERTAIN]
        for name, problems in said.items()
    }
    assert {name: problems for name, problems in wrong.items() if problems} == {}
    # Only possible ones, and of few scripts.
    assert sum(bool(problems) for problems in said.values()) <= len(said) * 0.03


def test_broken_scripts_are_found_and_nothing_else_is_said(broken_scripts) -> None:
    assert all(specimen.expected for specimen in broken_scripts)
    verdict = judge(broken_scripts)
    assert verdict.surplus == []
    assert verdict.too_sure == []
    assert verdict.recall(CALLBACK_RULES) >= 0.97, verdict.missed
    assert verdict.recall(verdict.rows) >= 0.97, verdict.missed
