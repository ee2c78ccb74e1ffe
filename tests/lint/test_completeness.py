"""Every rule is held to scripts that break it, and to right ones that look as if they did."""

from __future__ import annotations

from difflib import SequenceMatcher

import pytest

from benchmarks.lint_corpus import specimens
from dbconn_tui.lint.rule import Example, Rule
from dbconn_tui.lint.rules import RULES

ALIKE = 0.5
"""A right example and a broken one share at least so much of their text."""

BROKEN = {expected.rule for specimen in specimens("broken") for expected in specimen.expected}
NEAR = {rule for specimen in specimens("right") for rule in specimen.near}


def told(example: Example) -> str:
    """All of an example that lint looks at."""
    scripts = "\n".join(f"{kind}:\n{text}" for kind, text in example.scripts.items())
    settings = (
        example.import_mode,
        example.options,
        example.configuration,
        example.lint,
        example.name,
        example.clients,
    )
    return f"{scripts}\n{settings}"


def has_near_example(rule: Rule) -> bool:
    return any(
        SequenceMatcher(None, told(bad), told(good), autojunk=False).ratio() >= ALIKE
        for bad in rule.bad
        for good in rule.good
    )


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.id) for rule in RULES])
def test_a_rule_has_a_broken_script_and_a_near_miss(rule: Rule) -> None:
    assert rule.id in BROKEN or rule.bad
    assert rule.id in NEAR or has_near_example(rule)


def test_near_misses_in_whole_scripts_cover_most_rules_about_scripts() -> None:
    about_scripts = {rule.id for rule in RULES if rule.script is not None}
    assert len(NEAR & about_scripts) >= 0.9 * len(about_scripts), sorted(about_scripts - NEAR)
