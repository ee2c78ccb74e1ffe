"""Problems for other programs: SARIF 2.1.0, GitHub annotations, JUnit. Pure: values in, text or plain values out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from dbconn_tui.lint.rules import BY_ID
from dbconn_tui.problems import Certainty, Place, Problem, Severity, sort_problems

_LEVELS: Final[Mapping[Severity, str]] = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_COMMANDS: Final[Mapping[Severity, str]] = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "notice",
}
_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_NOT_IN_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def sarif_report(problems: Iterable[Problem], *, version: str) -> dict[str, Any]:
    """One SARIF 2.1.0 log with one run; `version` is dbconn's. Columns count characters, ends are exclusive.

    Files are relative to `%SRCROOT%`. Of the rules only those that were broken are described.
    """
    ordered = sort_problems(problems)
    ids = sorted({problem.rule for problem in ordered})
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {"name": "dbconn", "version": version, "rules": [_sarif_rule(id) for id in ids]},
                },
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "The project's folder."}}},
                "results": [_sarif_result(problem, ids.index(problem.rule)) for problem in ordered],
            },
        ],
    }


def _sarif_rule(id: str) -> dict[str, Any]:
    rule = BY_ID.get(id)
    if rule is None:
        return {"id": id}
    return {
        "id": id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.why},
        "help": {"text": f"{rule.why}\nSource: {rule.source}"},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _sarif_result(problem: Problem, rule_index: int) -> dict[str, Any]:
    message = f"{problem.message}. {problem.hint}" if problem.hint else problem.message
    result: dict[str, Any] = {
        "ruleId": problem.rule,
        "ruleIndex": rule_index,
        "level": _LEVELS[problem.effective_severity],
        "message": {"text": _printable(message)},
        "properties": {"certainty": problem.certainty.value},
    }
    if problem.connection:
        result["properties"]["connection"] = problem.connection
    if problem.place.file:
        location: dict[str, Any] = {
            "artifactLocation": {"uri": quote(problem.place.file), "uriBaseId": "%SRCROOT%"},
        }
        if problem.place.line:
            location["region"] = _region(problem.place)
        result["locations"] = [{"physicalLocation": location}]
    return result


def _region(place: Place) -> dict[str, int]:
    region = {"startLine": place.line, "startColumn": max(place.column, 1)}
    if place.end_line:
        region |= {"endLine": place.end_line, "endColumn": max(place.end_column, 1)}
    return region


def github_report(problems: Iterable[Problem]) -> str:
    """One workflow command a problem, as GitHub Actions turns into annotations; "" for none."""
    return "".join(f"{_annotation(problem)}\n" for problem in sort_problems(problems))


def _annotation(problem: Problem) -> str:
    place = problem.place
    named: dict[str, str] = {}
    if place.file:
        named["file"] = place.file
    if place.line:
        named |= {"line": str(place.line), "endLine": str(place.end_line or place.line)}
        if place.end_line in (0, place.line):
            # GitHub reads columns only within one line, and counts the last one in.
            last = max(place.column, place.end_column - 1)
            named |= {"col": str(max(place.column, 1)), "endColumn": str(max(last, 1))}
    possible = " (possible)" if problem.certainty is Certainty.POSSIBLE else ""
    named["title"] = f"{problem.rule}{possible}"
    properties = ",".join(f"{name}={_escaped(value, ':,')}" for name, value in named.items())
    said = f"{problem.message}\n{problem.hint}" if problem.hint else problem.message
    return f"::{_COMMANDS[problem.effective_severity]} {properties}::{_escaped(said, '')}"


def _escaped(text: str, more: str) -> str:
    """A value of a workflow command: percent signs and line ends cannot stand in it as they are."""
    escaped = _printable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    for character in more:
        escaped = escaped.replace(character, f"%{ord(character):02X}")
    return escaped


def junit_report(problems: Iterable[Problem], files: Iterable[str]) -> str:
    """JUnit XML: a suite for each of `files`, a case a problem; a file without any is one passed case.

    Errors and warnings are failures, notes are passed cases with their text as output.
    """
    by_file: dict[str, list[Problem]] = {file: [] for file in files}
    for problem in sort_problems(problems):
        by_file.setdefault(problem.place.file, []).append(problem)
    suites = [_suite(file, found) for file, found in by_file.items()]
    cases = sum(max(len(found), 1) for found in by_file.values())
    failures = sum(_failures(found) for found in by_file.values())
    head = f'<testsuites name="dbconn lint" tests="{cases}" failures="{failures}" errors="0">'
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', head, *suites, "</testsuites>"]) + "\n"


def _failures(problems: list[Problem]) -> int:
    return sum(problem.effective_severity is not Severity.INFO for problem in problems)


def _suite(file: str, problems: list[Problem]) -> str:
    name = _attribute(file or "dbconn")
    lines = [f'  <testsuite name={name} tests="{max(len(problems), 1)}" failures="{_failures(problems)}" errors="0">']
    if not problems:
        lines.append(f'    <testcase name="lint" classname={name}/>')
    for problem in problems:
        place = f" ({problem.place.line}:{problem.place.column})" if problem.place.line else ""
        lines.append(f"    <testcase name={_attribute(problem.rule + place)} classname={name}>")
        text = escape(_in_xml(f"{problem}\n{problem.hint}".rstrip()))
        if problem.effective_severity is Severity.INFO:
            lines.append(f"      <system-out>{text}</system-out>")
        else:
            kind = problem.effective_severity.value
            lines.append(f'      <failure type="{kind}" message={_attribute(problem.message)}>{text}</failure>')
        lines.append("    </testcase>")
    return "\n".join([*lines, "  </testsuite>"])


def _attribute(text: str) -> str:
    return quoteattr(_in_xml(text))


def _in_xml(text: str) -> str:
    return _NOT_IN_XML.sub("\ufffd", text)


def _printable(text: str) -> str:
    """Text without halves of surrogate pairs, which no encoding takes."""
    return text.encode(errors="replace").decode()
