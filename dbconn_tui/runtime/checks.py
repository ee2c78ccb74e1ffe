"""Checks: one promise each that a connection's scripts must keep, and the calls that show whether they do."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Protocol

from dbconn_tui.problems import Problem, Severity
from dbconn_tui.runtime.verdict import Answer, Run, said

Json = Any

PATIENCE: Final = 10.0
"""Seconds after which a script must have given a hanging store up (rules.md `runtime-budget`)."""


class Store(StrEnum):
    """The state the user store is in, or is made to seem to be in."""

    UP = "up"
    DOWN = "down"
    """Every connection is refused."""
    HANGS = "hangs"
    """Every connection is taken and nothing ever answers."""
    LATE = "late"
    """What was right comes, but seconds later."""


class Call(Protocol):
    """Runs one script with arguments by name."""

    def __call__(self, kind: str, given: Mapping[str, Json], store: Store = Store.UP) -> Awaitable[Run]:
        """The run. With a store that hangs the limit is PATIENCE."""


class State(StrEnum):
    """What came of a check."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Check:
    """One check. `message` says why it failed or was skipped; `problems` are findings of its runs."""

    name: str
    state: State
    message: str = ""
    problems: tuple[Problem, ...] = ()
    runs: tuple[Run, ...] = ()

    @property
    def milliseconds(self) -> float:
        """What its runs took together."""
        return sum(run.duration for run in self.runs)


def ignore_check(check: Check) -> None:
    """An on_check for callers that do not watch."""


def never() -> bool:
    """A stop_requested for callers that do not stop."""
    return False


@dataclass(frozen=True, slots=True)
class KnownUser:
    """A user that is in the store already, for connections whose scripts cannot make one."""

    email: str
    password: str = field(repr=False)


class BrokenPromiseError(Exception):
    """A check does not come out as it must."""


@dataclass(slots=True)
class Calls:
    """The calls of one check, each of which must keep its contract. `runs` are those made since it was cleared."""

    call: Call
    runs: list[Run] = field(default_factory=list)

    async def run(self, kind: str, given: Mapping[str, Json], store: Store = Store.UP) -> Run:
        """One run. Raises BrokenPromiseError with the script's worst problem."""
        return self.judged(await self.call(kind, given, store))

    def judged(self, run: Run) -> Run:
        """A run that was made, as one of this check's. Raises BrokenPromiseError."""
        self.runs.append(run)
        if not run.kept:
            worst = next(one for one in run.problems if one.severity is Severity.ERROR)
            raise BrokenPromiseError(f"{run.kind}: {worst.message} ({worst.place})")
        return run

    async def expect(self, kind: str, given: Mapping[str, Json], *answers: Answer, when: str) -> Run:
        """One run whose answer must be one of these. Raises BrokenPromiseError."""
        run = await self.run(kind, given)
        if run.answer not in answers:
            wanted = " or ".join(_MUST[answer] for answer in answers)
            raise BrokenPromiseError(f"{kind} {said(run)} {when}; it must {wanted}")
        return run

    async def login(self, email: str, password: str, *, when: str) -> Run:
        """A login that must give a profile. Raises BrokenPromiseError."""
        return await self.expect("login", {"email": email, "password": password}, Answer.PROFILE, when=when)

    async def refuse(self, email: str, password: str, *, when: str, or_nobody: bool = False) -> Run:
        """A login that must be refused; `or_nobody`, or say that there is nobody. Raises BrokenPromiseError."""
        answers = (Answer.REFUSED, Answer.NOT_FOUND) if or_nobody else (Answer.REFUSED,)
        return await self.expect("login", {"email": email, "password": password}, *answers, when=when)

    def check(self, name: str, failure: str) -> Check:
        """The check that these calls made; it failed when there is a failure."""
        problems = tuple(dict.fromkeys(problem for run in self.runs for problem in run.problems))
        return Check(name, State.FAILED if failure else State.PASSED, failure, problems, tuple(self.runs))


_MUST: Final = {
    Answer.PROFILE: "give the profile",
    Answer.NOT_FOUND: "find nothing: `callback(null)`",
    Answer.DONE: "say that it is done",
    Answer.NOT_DONE: "say that it is not done: `callback(null, false)`",
    Answer.REFUSED: "refuse with the error class that Auth0 knows",
    Answer.FAILED: "fail with an Error",
    Answer.NONE: "answer",
}
