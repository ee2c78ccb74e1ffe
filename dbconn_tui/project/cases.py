"""Cases: calls of scripts that a project keeps beside them, in tests/KEY/*.yaml, with what must come of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from dbconn_tui.problems import Place, Problem, Severity, has_errors, sort_problems
from dbconn_tui.project.check import Check
from dbconn_tui.project.document import LARGEST_FILE, decode, read_document
from dbconn_tui.project.overlay import configuration_value
from dbconn_tui.project.schema import SCRIPT_KINDS
from dbconn_tui.project.shapes import Anything, Choice, Group, Key, MapOf, Text
from dbconn_tui.project.values import EnvironmentReference, Json, Project, SecretReference

FOLDER: Final = "tests"
"""Beside dbconn.yaml; a folder below it for each connection's key."""

ANSWERS: Final = ("profile", "not-found", "done", "not-done", "refused", "failed")
"""What a callback can say (`runtime.verdict.Answer`)."""

CASES: Final = MapOf(
    Group(
        (
            Key("kind", Choice(SCRIPT_KINDS), "The script that is called.", required=True),
            Key("args", MapOf(Anything()), "Its arguments by the names of `dbconn try --arg`.", "none"),
            Key("answer", Choice(ANSWERS), "What the callback must say.", "anything that keeps the contract"),
            Key("profile", MapOf(Anything()), "Fields that the profile must have; it may have more.", "not compared"),
            Key("error", Text(shortest=1), "The class of the error that the callback must get.", "not compared"),
        ),
        layered=True,
    ),
    Text(shortest=1, longest=200),
    "case",
)
"""One file of cases: a map from a case's name to the case."""


def cases_schema() -> dict[str, Json]:
    """A file of cases as a JSON Schema (draft 2020-12), for editors."""
    from dbconn_tui.project.json_schema import schema_of

    return schema_of(CASES, {}, "Calls of a connection's scripts, and what must come of each.", "cases of dbconn test")


@dataclass(frozen=True, slots=True)
class Case:
    """One call of one script, and what must come of it: None where nothing is asked.

    `arguments` are values by name; a SecretReference or EnvironmentReference stands for a value that is looked up.
    """

    name: str
    kind: str
    arguments: Mapping[str, Json | SecretReference | EnvironmentReference] = field(repr=False)
    answer: str | None
    profile: Mapping[str, Json] | None
    error: str | None
    place: Place
    places: Mapping[str, Place] = field(default_factory=dict, repr=False)
    """Argument name → where it stands."""


def read_cases(project: Project, key: str) -> tuple[tuple[Case, ...], tuple[Problem, ...]]:
    """The cases of a connection, files by name and cases in their file's order; and every problem, by place.

    None at all when a problem is an error. A connection without a folder has no cases.
    """
    cases: dict[str, Case] = {}
    problems: list[Problem] = []
    folder = project.root / FOLDER / key
    files = (
        sorted(path for path in folder.glob("*.y*ml") if path.suffix in (".yaml", ".yml")) if folder.is_dir() else []
    )
    for file in files:
        for found in _read_file(file, f"{FOLDER}/{key}/{file.name}"):
            if isinstance(found, Problem):
                problems.append(found)
            elif (first := cases.setdefault(found.name, found)) is not found:
                message = f"the case {found.name!r} is also at {first.place}"
                problems.append(Problem("case-name-taken", Severity.ERROR, message, found.place, connection=key))
    return (() if has_errors(problems) else tuple(cases.values())), sort_problems(problems)


def _read_file(file: Path, shown: str) -> Iterator[Case | Problem]:
    try:
        with file.open("rb") as opened:
            data = opened.read(LARGEST_FILE + 1)
    except OSError as failure:
        yield Problem("file-unreadable", Severity.ERROR, f"{shown} cannot be read: {failure.strerror}", Place(shown))
        return
    text, problems = decode(data, shown)
    yield from problems
    if text is None:
        return
    document = read_document(text, shown)
    yield from document.problems
    if document.root is None:
        return
    check = Check(shown)
    values = check.value(document.root, CASES, ())
    yield from check.problems
    if has_errors([*document.problems, *check.problems]):
        return
    for name, case in values.items():
        yield _case(name, case or {}, check.places)


def _case(name: str, given: Mapping[str, Json], places: Mapping[tuple[str | int, ...], Place]) -> Case | Problem:
    place = places[(name,)]
    if given.get("kind") is None:
        return Problem(
            "missing-key", Severity.ERROR, f"{name} lacks the key 'kind'", place, "The script that is called."
        )
    arguments = given.get("args") or {}
    return Case(
        name,
        given["kind"],
        {argument: _referenced(value) for argument, value in arguments.items()},
        given.get("answer"),
        given.get("profile"),
        given.get("error"),
        place,
        {argument: places[(name, "args", argument)] for argument in arguments},
    )


def _referenced(value: Json) -> Json:
    """A map with `secret` or `env` alone stands for a value that is looked up."""
    if isinstance(value, dict) and len(value) == 1 and isinstance(value.get("secret", value.get("env")), str):
        return configuration_value(value)
    return value
