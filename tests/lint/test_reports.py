"""The text report and its carets; the JSON report; explain."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbconn_tui.errors import ExitCode, UsageError
from dbconn_tui.lint.check import lint_script
from dbconn_tui.lint.explain import explain, rules_json, rules_table
from dbconn_tui.lint.reports import json_report, summary, text_report
from dbconn_tui.lint.rule import Rule
from dbconn_tui.lint.rules import RULES
from dbconn_tui.problems import Certainty, Place, Problem, Severity


def problem_at(
    line: int,
    column: int,
    end_column: int,
    *,
    severity: Severity = Severity.ERROR,
    certainty: Certainty = Certainty.CERTAIN,
    hint: str = "Mend it.",
) -> Problem:
    place = Place("a.js", line, column, line, end_column)
    return Problem("some-rule", severity, "it is wrong", place, hint, certainty)


def report(problem: Problem, source: str) -> list[str]:
    return text_report([problem], {"a.js": source}, colour=False).splitlines()


def test_the_text_report_shows_the_line_and_a_caret() -> None:
    assert report(problem_at(2, 3, 6), "one\nx two y\r\nthree") == [
        "a.js:2:3: error: it is wrong [some-rule]",
        "  2 | x two y",
        "    |   ^^^",
        "  hint: Mend it.",
        "",
        "1 error",
    ]


@pytest.mark.parametrize(
    ("line", "column", "shown", "carets"),
    [
        ("\tabc", 2, "    abc", "    ^"),
        ("a\tbc", 3, "a   bc", "    ^"),
        ("漢字 = x;", 6, "漢字 = x;", "       ^"),
        ("漢字", 2, "漢字", "  ^^"),
        ("e\u0301x", 3, "e\u0301x", " ^"),
        ("a\u200bb", 2, "a�b", " ^"),
        ("a\x1b[31mb", 2, "a␛[31mb", " ^"),
        ("", 1, "", "^"),
        ("ab", 3, "ab", "  ^"),
    ],
)
def test_the_caret_stands_under_its_character(line: str, column: int, shown: str, carets: str) -> None:
    _, code, under, *_ = report(problem_at(1, column, column + 1, hint=""), line)
    assert code == f"  1 | {shown}".rstrip()
    assert under == f"    | {carets}"


def test_a_long_line_is_cut_around_the_caret() -> None:
    line = "a" * 5_000 + "BAD" + "b" * 5_000
    _, code, under, *_ = report(problem_at(1, 5_001, 5_004), line)
    assert len(code) < 120
    assert code[under.index("^") : under.rindex("^") + 1] == "BAD"
    assert code.startswith("  1 | …a")
    assert code.endswith("b…")


def test_a_finding_over_several_lines_is_underlined_to_the_end_of_its_first() -> None:
    problem = Problem("some-rule", Severity.WARNING, "wrong", Place("a.js", 1, 3, 9, 2))
    assert report(problem, "a {\n}")[1:3] == ["  1 | a {", "    |   ^"]


def test_a_place_without_a_line_or_source_is_shown_without_code() -> None:
    whole = Problem("some-rule", Severity.INFO, "it is large", Place("a.js"))
    assert report(whole, "text")[0] == "a.js: info: it is large [some-rule]"
    assert text_report([problem_at(1, 1, 2)], {}, colour=False).count("|") == 0
    assert text_report([problem_at(99, 1, 2)], {"a.js": "one"}, colour=False).count("|") == 0


def test_possible_findings_are_warnings_and_said_to_be_possible() -> None:
    possible = problem_at(1, 1, 2, certainty=Certainty.POSSIBLE)
    assert report(possible, "x")[0] == "a.js:1:1: warning: it is wrong [some-rule, possible]"
    [told] = json_report([possible])["problems"]
    assert (told["severity"], told["certainty"]) == ("warning", "possible")


def test_colours_only_where_asked_for_and_always_ended() -> None:
    coloured = text_report([problem_at(1, 1, 2)], {"a.js": "x"}, colour=True)
    assert "\x1b[1;31merror:\x1b[0m" in coloured
    plain = re.sub("\x1b\\[[0-9;]*m", "", coloured)
    assert plain == text_report([problem_at(1, 1, 2)], {"a.js": "x"}, colour=False)
    assert coloured.count("\x1b[0m") * 2 == coloured.count("\x1b[")


def test_no_problems_are_no_text() -> None:
    assert text_report([], {}, colour=True) == ""
    assert summary([]) == "no problems"


def test_the_summary_counts_what_counts() -> None:
    problems = [problem_at(n, 1, 2, severity=severity) for n, severity in enumerate([*Severity, Severity.WARNING])]
    assert summary(problems) == "1 error, 2 warnings, 1 info"


def test_json_has_the_promised_shape() -> None:
    told = json.loads(json.dumps(json_report(lint_script("login", "function Login(a) {}", file="a.js"))))
    assert told["version"] == 1
    assert told["problems"][0] == {
        "rule": "script-params",
        "severity": "error",
        "certainty": "certain",
        "file": "a.js",
        "line": 1,
        "column": 1,
        "end_line": 1,
        "end_column": 18,
        "message": "login is called with (identifier, password, callback) or "
        "(identifier, password, context, callback), but the function takes 1 parameter (a)",
        "hint": "Names are free; number and order are not.",
    }


@given(
    source=st.text(st.characters(codec=None), max_size=60),
    place=st.tuples(*[st.integers(0, 70)] * 4),
    message=st.text(st.characters(codec=None), max_size=20),
)
def test_no_source_and_no_message_can_speak_to_the_terminal(
    source: str,
    place: tuple[int, int, int, int],
    message: str,
) -> None:
    problem = Problem("some-rule", Severity.ERROR, message, Place("a.js", *place))
    told = text_report([problem], {"a.js": source}, colour=False)
    told.encode()
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", told)
    assert told.count("\n") <= 6


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.id) for rule in RULES])
def test_explain_tells_every_rule(rule: Rule) -> None:
    told = explain(rule.id)
    assert told.startswith(f"{rule.id} ({rule.severity.value}, ")
    for part in ("Bad:", "Good:", "Source: ", "off", rule.title):
        assert part in told
    assert max(map(len, told.splitlines())) < 200
    assert ("dbconn-ignore: " + rule.id in told.split("Source:")[1]) == rule.ignorable


def test_explain_suggests_for_an_unknown_rule() -> None:
    with pytest.raises(UsageError) as raised:
        explain("script_sintax")
    assert raised.value.exit_code is ExitCode.USAGE
    assert "`script-syntax`" in raised.value.hint


def test_the_tables_list_every_rule() -> None:
    assert [line.split()[0] for line in rules_table().splitlines()] == [rule.id for rule in RULES]
    assert [row["id"] for row in rules_json()] == [rule.id for rule in RULES]
