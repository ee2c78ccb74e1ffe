"""The cases of a project's connections, ready to be run: checked against the scripts, their values looked up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from dbconn_tui.errors import ProjectError, UsageError
from dbconn_tui.problems import Problem, Severity, has_errors, sort_problems
from dbconn_tui.project.cases import FOLDER, Case, read_cases
from dbconn_tui.project.values import Connection, EnvironmentReference, Project, SecretReference
from dbconn_tui.runtime.arguments import call_arguments
from dbconn_tui.tasks.outside import Outside
from dbconn_tui.tasks.script_runs import RunnableConnection, look_up

Json = Any


@dataclass(frozen=True, slots=True)
class ReadyCase:
    """A case with its arguments' values; `missing` says what is not available here, and then it cannot be run."""

    case: Case
    arguments: Mapping[str, Json] = field(repr=False)
    missing: str = ""


def ready_cases(outside: Outside, project: Project, runnable: RunnableConnection) -> tuple[ReadyCase, ...]:
    """The cases of a connection in their files' order. Raises ProjectError with everything that is wrong with them."""
    connection = runnable.connection
    cases, problems = read_cases(project, connection.key)
    problems = sort_problems([*problems, *(one for case in cases for one in _problems(case, connection, runnable))])
    if has_errors(problems):
        errors = sum(problem.blocks for problem in problems)
        words = f"{errors} error{'s' if errors != 1 else ''}"
        raise ProjectError(f"the cases of {connection.key} have {words}", "", problems)
    return tuple(_ready(outside, project, runnable, case) for case in cases)


def find_case(cases: tuple[ReadyCase, ...], key: str, name: str, kind: str) -> ReadyCase:
    """The case of that name. Raises UsageError when there is none, or when it calls another script."""
    found = next((one for one in cases if one.case.name == name), None)
    if found is None:
        names = ", ".join(one.case.name for one in cases if one.case.kind == kind)
        hint = f"There are for {kind}: {names}." if names else f"Write it into {FOLDER}/{key}/NAME.yaml."
        raise UsageError(f"{key} has no case {name!r}", hint)
    if found.case.kind != kind:
        raise UsageError(f"the case {name!r} calls {found.case.kind}, not {kind}", f"It is at {found.case.place}.")
    return found


def _problems(case: Case, connection: Connection, runnable: RunnableConnection) -> Iterator[Problem]:
    """What is wrong with a case for these scripts, at the argument that it is about where it is about one."""
    if case.kind not in connection.scripts:
        message = f"{connection.key} has no script {case.kind}"
        hint = f"It has: {', '.join(connection.scripts) or 'none'}."
        yield Problem("case-script", Severity.ERROR, message, case.place, hint, connection=connection.key)
        return
    values = {name: "" if _is_reference(value) else value for name, value in case.arguments.items()}
    try:
        call_arguments(case.kind, values, context=runnable.context)
    except UsageError as mistake:
        named = next((name for name in case.places if name in mistake.message.replace("'", " ").split()), None)
        place = case.places[named] if named is not None else case.place
        hint = mistake.hint
        if "is not told" in mistake.message:
            hint = "Write it under `args` of the case."
        elif "is not text" in mistake.message:
            hint = "Put it in quotes."
        yield Problem("case-arguments", Severity.ERROR, mistake.message, place, hint, connection=connection.key)


def _ready(outside: Outside, project: Project, runnable: RunnableConnection, case: Case) -> ReadyCase:
    references = {name: value for name, value in case.arguments.items() if _is_reference(value)}
    if not references:
        return ReadyCase(case, case.arguments)
    values, missing = look_up(outside, project, runnable, references)
    found = {name: value.reveal() for name, value in values.items()}
    return ReadyCase(case, {**case.arguments, **found}, " ".join(missing.values()))


def _is_reference(value: Json) -> bool:
    return isinstance(value, SecretReference | EnvironmentReference)
