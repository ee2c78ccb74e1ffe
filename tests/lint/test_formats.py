"""SARIF, GitHub annotations and JUnit of problems."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dbconn_tui.lint.check import lint_script
from dbconn_tui.lint.formats import github_report, junit_report, sarif_report
from dbconn_tui.problems import Certainty, Place, Problem, Severity

PROBLEM = Problem(
    "no-eval", Severity.ERROR, "`eval` runs a text", Place("scripts/a b/login.js", 2, 3, 2, 7), "Write the code itself."
)
POSSIBLE = Problem("rule-x", Severity.ERROR, "100 % odd:\nyes, really", Place("x,y.js"), certainty=Certainty.POSSIBLE)
NOTE = Problem("no-console", Severity.INFO, "left", Place("x,y.js", 1, 1, 3, 2))
NOWHERE = Problem("connection-name", Severity.WARNING, "odd name")

TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}
NATURAL = {"type": "integer", "minimum": 1}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
SARIF: dict[str, Any] = {
    "type": "object",
    "required": ["version", "runs"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["tool"],
                "additionalProperties": False,
                "properties": {
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name"],
                                "properties": {
                                    "name": {"type": "string"},
                                    "version": {"type": "string"},
                                    "rules": {
                                        "type": "array",
                                        "uniqueItems": True,
                                        "items": {
                                            "type": "object",
                                            "required": ["id"],
                                            "additionalProperties": False,
                                            "properties": {
                                                "id": {"type": "string"},
                                                "shortDescription": TEXT,
                                                "fullDescription": TEXT,
                                                "help": TEXT,
                                                "defaultConfiguration": {
                                                    "type": "object",
                                                    "additionalProperties": False,
                                                    "properties": {"level": LEVEL},
                                                },
                                            },
                                        },
                                    },
                                },
                                "additionalProperties": False,
                            },
                        },
                        "additionalProperties": False,
                    },
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "originalUriBaseIds": {
                        "type": "object",
                        "additionalProperties": {
                            "type": "object",
                            "properties": {"uri": {"type": "string"}, "description": TEXT},
                            "additionalProperties": False,
                        },
                    },
                    "results": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["message"],
                            "additionalProperties": False,
                            "properties": {
                                "ruleId": {"type": "string"},
                                "ruleIndex": {"type": "integer", "minimum": -1},
                                "level": LEVEL,
                                "message": TEXT,
                                "properties": {"type": "object"},
                                "locations": {
                                    "type": "array",
                                    "items": {
                                        "type": "object",
                                        "additionalProperties": False,
                                        "properties": {
                                            "physicalLocation": {
                                                "type": "object",
                                                "required": ["artifactLocation"],
                                                "additionalProperties": False,
                                                "properties": {
                                                    "artifactLocation": {
                                                        "type": "object",
                                                        "properties": {
                                                            "uri": {"type": "string", "pattern": "^[^ \\\\]*$"},
                                                            "uriBaseId": {"type": "string"},
                                                        },
                                                        "additionalProperties": False,
                                                    },
                                                    "region": {
                                                        "type": "object",
                                                        "properties": dict.fromkeys(
                                                            ("startLine", "startColumn", "endLine", "endColumn"),
                                                            NATURAL,
                                                        ),
                                                        "additionalProperties": False,
                                                    },
                                                },
                                            },
                                        },
                                    },
                                },
                            },
                        },
                    },
                },
            },
        },
    },
}
"""The part of the SARIF 2.1.0 standard that a log like ours uses (sections 3.13 to 3.52)."""

PLACES = st.builds(
    lambda file, line, column, more: Place(file, line, column, line + more if line else 0, column + 1 if line else 0),
    st.sampled_from(["", "login.js", "ünï/ø ö.js", "a,b:c%.js"]),
    st.integers(0, 50),
    st.integers(1, 90),
    st.integers(0, 3),
)
PROBLEMS = st.lists(
    st.builds(
        Problem,
        rule=st.sampled_from(["no-eval", "script-size", "unheard-of"]),
        severity=st.sampled_from(Severity),
        message=st.text(st.characters(codec=None), min_size=1, max_size=40),
        place=PLACES,
        hint=st.text(st.characters(codec=None), max_size=20),
        certainty=st.sampled_from(Certainty),
    ),
    max_size=6,
)


def test_sarif_says_what_where_and_how_bad() -> None:
    log = sarif_report([NOTE, PROBLEM, POSSIBLE], version="1.0")
    jsonschema.validate(log, SARIF)
    [run] = log["runs"]
    first = run["results"][0]
    assert first["ruleId"] == "no-eval"
    assert first["level"] == "error"
    assert first["message"]["text"] == "`eval` runs a text. Write the code itself."
    [location] = first["locations"]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == "scripts/a%20b/login.js"
    assert location["physicalLocation"]["region"] == {"startLine": 2, "startColumn": 3, "endLine": 2, "endColumn": 7}
    assert run["tool"]["driver"]["rules"][first["ruleIndex"]]["id"] == "no-eval"
    assert [result["level"] for result in run["results"]] == ["error", "warning", "note"]


def test_a_sarif_log_without_problems_still_has_its_run() -> None:
    log = sarif_report([], version="1.0")
    jsonschema.validate(log, SARIF)
    assert log["runs"][0]["results"] == []


@settings(deadline=None)
@given(PROBLEMS)
def test_any_problem_makes_valid_reports(problems: list[Problem]) -> None:
    log = sarif_report(problems, version="1.0")
    jsonschema.validate(log, SARIF)
    json.dumps(log).encode()
    root = ElementTree.fromstring(junit_report(problems, ["login.js"]).encode())
    assert int(root.attrib["tests"]) == len(root.findall(".//testcase"))
    assert int(root.attrib["failures"]) == len(root.findall(".//failure"))
    lines = github_report(problems).split("\n")
    assert len(lines) - 1 == len(set(problems))
    assert all(line.startswith(("::error ", "::warning ", "::notice ")) for line in lines[:-1])


@pytest.mark.parametrize(
    ("problem", "line"),
    [
        (
            PROBLEM,
            "::error file=scripts/a b/login.js,line=2,endLine=2,col=3,endColumn=6,title=no-eval"
            "::`eval` runs a text%0AWrite the code itself.",
        ),
        (POSSIBLE, "::warning file=x%2Cy.js,title=rule-x (possible)::100 %25 odd:%0Ayes, really"),
        (NOTE, "::notice file=x%2Cy.js,line=1,endLine=3,title=no-console::left"),
        (NOWHERE, "::warning title=connection-name::odd name"),
    ],
)
def test_github_annotations(problem: Problem, line: str) -> None:
    assert github_report([problem]) == f"{line}\n"


def test_junit_counts_what_fails_and_keeps_clean_files() -> None:
    text = junit_report([PROBLEM, NOTE], ["clean.js", "x,y.js", "scripts/a b/login.js"])
    root = ElementTree.fromstring(text.encode())
    assert {suite.attrib["name"]: suite.attrib["failures"] for suite in root} == {
        "clean.js": "0",
        "x,y.js": "0",
        "scripts/a b/login.js": "1",
    }
    assert root.find(".//failure[@type='error']") is not None
    assert root.find(".//system-out") is not None


def test_the_reports_of_a_real_script() -> None:
    text = "function login(email, password, callback) {\n  return callback(null, eval('1'));\n}\n"
    problems = lint_script("login", text, file="login.js")
    jsonschema.validate(sarif_report(problems, version="1.0"), SARIF)
    assert "file=login.js,line=2" in github_report(problems)
