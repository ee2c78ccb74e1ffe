"""Problem: one finding of reading or linting, with its place; and how problems are ordered and counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad it is when the finding is true; belongs to the rule."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Certainty(StrEnum):
    """How sure the analysis is; belongs to the finding."""

    CERTAIN = "certain"
    POSSIBLE = "possible"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where in a file: lines and columns count from 1, columns in characters; 0 means the whole file.

    `file` is shown to people: relative to the project folder, with forward slashes.
    """

    file: str = ""
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0

    def __str__(self) -> str:
        if not self.line:
            return self.file
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. `rule` is a kebab-case id; `hint` says what to do next and may be empty."""

    rule: str
    severity: Severity
    message: str
    place: Place = Place()
    hint: str = ""
    certainty: Certainty = Certainty.CERTAIN
    connection: str = ""
    """The connection's key in dbconn.yaml, where one is meant."""

    @property
    def effective_severity(self) -> Severity:
        """A possible finding of an error rule is a warning (design §6)."""
        if self.severity is Severity.ERROR and self.certainty is Certainty.POSSIBLE:
            return Severity.WARNING
        return self.severity

    @property
    def blocks(self) -> bool:
        """Whether it makes `lint` exit 1 and stops a deploy."""
        return self.effective_severity is Severity.ERROR

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place.file else ""
        return f"{where}{self.message}"


_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


def sort_problems(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """By file, line, column, then severity and rule; duplicates dropped."""
    unique = dict.fromkeys(problems)
    return tuple(
        sorted(unique, key=lambda p: (p.place, _ORDER[p.effective_severity], p.rule, p.message)),
    )


def count_problems(problems: Iterable[Problem]) -> Mapping[Severity, int]:
    """How many of each effective severity; every severity has an entry."""
    counts = dict.fromkeys(Severity, 0)
    for problem in problems:
        counts[problem.effective_severity] += 1
    return counts


def has_errors(problems: Iterable[Problem]) -> bool:
    """Whether any problem blocks."""
    return any(problem.blocks for problem in problems)
