"""Failures as JSON answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dbconn_tui.errors import DbconnError, LintError, ProjectError
from dbconn_tui.problems import Problem


def failure_problems(failure: DbconnError) -> Sequence[Problem]:
    """The problems that a failure carries; most carry none."""
    return failure.problems if isinstance(failure, (ProjectError, LintError)) else ()


def failure_answer(failure: DbconnError) -> dict[str, Any]:
    """`{"error": {"code", "message", "hint"}}`, and `"problems"` where the failure carries some."""
    answer: dict[str, Any] = {"error": error_object(failure.code, failure.message, failure.hint)}
    problems = failure_problems(failure)
    if problems:
        from dbconn_tui.lint.reports import json_report

        answer["problems"] = json_report(problems)["problems"]
    return answer


def error_object(code: str, message: str, hint: str) -> dict[str, str]:
    """The shape of every `error` (design §4)."""
    return {"code": code, "message": message, "hint": hint}
