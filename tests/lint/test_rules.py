"""Every rule's own examples, and the order of the list."""

from __future__ import annotations

from pathlib import Path

import pytest

from dbconn_tui.lint.check import lint_connection, lint_script
from dbconn_tui.lint.rule import Example, Rule
from dbconn_tui.lint.rules import BY_ID, RULES
from dbconn_tui.lint.severities import PRESETS, SEVERITY_WORDS
from dbconn_tui.problems import Place, Problem
from dbconn_tui.project.values import Connection, Script, TextValue

BAD = [pytest.param(rule, example, id=f"{rule.id}-{n}") for rule in RULES for n, example in enumerate(rule.bad)]
GOOD = [pytest.param(rule, example, id=f"{rule.id}-{n}") for rule in RULES for n, example in enumerate(rule.good)]


def problems_of(rule: Rule, example: Example) -> tuple[Problem, ...]:
    alone = len(example.scripts) == 1 and not example.options and not example.lint and not example.configuration
    if rule.script is not None and alone:
        [(kind, text)] = example.scripts.items()
        return lint_script(kind, text, file=f"{kind}.js", preset=example.preset)
    connection = Connection(
        key="users",
        name=example.name,
        enabled_clients=example.clients,
        scripts={kind: Script(kind, Path(f"{kind}.js"), f"{kind}.js", text) for kind, text in example.scripts.items()},
        import_mode=example.import_mode,
        configuration={
            key: TextValue(value or "x") for key, _, value in (one.partition("=") for one in example.configuration)
        },
        options=example.options,
        lint=example.lint,
        place=Place("dbconn.yaml", 2, 3, 2, 8),
    )
    return lint_connection(connection, preset=example.preset)


@pytest.mark.parametrize(("rule", "example"), BAD)
def test_the_bad_example_breaks_the_rule(rule: Rule, example: Example) -> None:
    found = [problem for problem in problems_of(rule, example) if problem.rule == rule.id]
    assert found
    for problem in found:
        assert problem.hint or rule.id == "script-syntax"
        assert not problem.message[0].isupper()
        assert not problem.message.endswith(".")


@pytest.mark.parametrize(("rule", "example"), GOOD)
def test_the_good_example_keeps_the_rule(rule: Rule, example: Example) -> None:
    assert [problem for problem in problems_of(rule, example) if problem.rule == rule.id] == []


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.id) for rule in RULES])
def test_each_rule_is_told_whole(rule: Rule) -> None:
    assert rule.title.endswith(".")
    assert rule.why
    assert rule.source
    # Named for people, who have the published documents and none of ours.
    assert ".md" not in rule.source
    assert rule.bad
    assert rule.good
    assert rule.script is not None or rule.connection is not None


def test_rules_are_sorted_and_each_has_its_file() -> None:
    ids = [rule.id for rule in RULES]
    assert ids == sorted(ids)
    assert len(set(ids)) == len(ids)
    folder = Path(__file__).parents[2] / "dbconn_tui" / "lint" / "rules"
    files = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    assert files == {id.replace("-", "_") for id in ids}


def test_presets_name_rules_and_severities_that_exist() -> None:
    for table in PRESETS.values():
        assert table.keys() <= BY_ID.keys()
        assert set(table.values()) <= set(SEVERITY_WORDS)
