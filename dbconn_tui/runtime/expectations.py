"""Expectations: whether a run came out as a case says it must. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from dbconn_tui.problems import Severity
from dbconn_tui.project.cases import Case
from dbconn_tui.runtime.verdict import Answer, Run, said

Json = Any


def difference(case: Case, run: Run) -> str:
    """What differs from what the case asks, one sentence; empty when nothing does."""
    if not run.kept:
        worst = next(one for one in run.problems if one.severity is Severity.ERROR)
        return f"{run.kind}: {worst.message} ({worst.place})"
    if case.answer is not None and run.answer.value != case.answer:
        return f"{run.kind} {said(run)}; the case asks for {case.answer}"
    if case.error is not None and run.error_class != case.error:
        return f"{run.kind} {said(run)}; the case asks for the error {case.error}"
    if case.profile is None:
        return ""
    if run.answer is not Answer.PROFILE:
        return f"{run.kind} {said(run)}; the case asks for a profile"
    return next(_differing(case.profile, run.raw_result, run.result, ""), "")


def _differing(
    wanted: Mapping[str, Json], found: Mapping[str, Json], shown: Mapping[str, Json], path: str
) -> Iterator[str]:
    """What differs in `found`; `shown` is the same with secrets masked, for the words."""
    for name, value in wanted.items():
        where = f"{path}.{name}" if path else name
        other = found.get(name)
        if isinstance(value, dict) and isinstance(other, dict):
            yield from _differing(value, other, shown.get(name) or {}, where)
        elif value is None and other is None:
            continue
        elif name not in found:
            yield f"the profile has no {where}; the case asks for {_json(value)}"
        elif type(value) is not type(other) or value != other:
            yield f"{where} of the profile is {_json(shown.get(name))}; the case asks for {_json(value)}"


def _json(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False)
