"""Mutation check: a right script with one change in what becomes of the callback is found out."""

from __future__ import annotations

from benchmarks.lint_mutants import GOAL, mutants_of, score

EVERY = 3
"""`make bench` makes all mutants; a test that runs with every change takes a third of them."""


def test_mutants_are_caught(right_scripts) -> None:
    result = score(right_scripts, EVERY)
    assert result.made.total() >= 300
    assert set(result.made) == {"call removed", "call doubled", "return dropped", "catch dropped"}
    assert result.share >= GOAL, result.survivors


def test_a_catch_with_another_behind_it_is_no_mutant() -> None:
    chain = "function f(a, callback) {\n  a().catch(() => 1).then((b) => callback(null, b), callback);\n}\n"
    assert "catch dropped" not in {mutant.operator for mutant in mutants_of("verify", chain)}
    alone = "function f(a, callback) {\n  a().then((b) => callback(null, b)).catch(callback);\n}\n"
    assert "catch dropped" in {mutant.operator for mutant in mutants_of("verify", alone)}
