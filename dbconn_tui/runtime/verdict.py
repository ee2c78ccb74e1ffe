"""Run: what came of one run of a script: the verdict, every finding with its place, and what was said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from dbconn_tui.problems import Place, Problem

Json = Any


class Verdict(StrEnum):
    """The word for a run. When several apply the first in this order is the cause of the others."""

    SYNTAX_ERROR = "syntax-error"
    NOT_ONE_FUNCTION = "not-one-function"
    OUT_OF_MEMORY = "out-of-memory"
    EXITED = "exited"
    DENIED = "denied"
    HOST_NOT_ALLOWED = "host-not-allowed"
    MISSING_MODULE = "missing-module"
    CALLED_TWICE = "called-twice"
    THREW = "threw"
    UNHANDLED_REJECTION = "unhandled-rejection"
    TIMEOUT = "timeout"
    NEVER_CALLED = "never-called"
    TOO_MUCH_OUTPUT = "too-much-output"
    WRONG_RESULT = "wrong-result"
    BAD_PROFILE = "bad-profile"
    OPEN_HANDLES = "open-handles"
    LATE_WORK = "late-work"
    LEAKED = "leaked"
    """A password or secret was logged, or left in an error or a global."""
    OK = "ok"


class Answer(StrEnum):
    """What the callback said, as far as it kept to the contract."""

    PROFILE = "profile"
    NOT_FOUND = "not-found"
    DONE = "done"
    NOT_DONE = "not-done"
    REFUSED = "refused"
    """An error of a class that the platform understands, e.g. wrong password, user exists."""
    FAILED = "failed"
    """Any other error."""
    NONE = "none"
    """The callback was not called, or said nothing usable."""

    @property
    def words(self) -> str:
        """What the script did, to follow its name."""
        return _ANSWER_WORDS[self]


_ANSWER_WORDS = {
    Answer.PROFILE: "gave a profile",
    Answer.NOT_FOUND: "found no such user",
    Answer.DONE: "did it",
    Answer.NOT_DONE: "did nothing: no such user",
    Answer.REFUSED: "refused the user",
    Answer.FAILED: "failed with an error",
    Answer.NONE: "gave no answer",
}


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line the script logged, masked; `at` in milliseconds after the start."""

    level: str
    text: str
    at: float
    after_callback: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Contact:
    """A host the script connected to, or tried to."""

    host: str
    port: int
    allowed: bool

    def __str__(self) -> str:
        return f"{self.host}:{self.port}" if self.port else self.host


@dataclass(frozen=True, slots=True)
class LogCode:
    """The event code that the tenant's log would have; `documented` is False where Auth0 does not say so."""

    code: str
    meaning: str
    documented: bool = True


@dataclass(frozen=True, slots=True)
class Run:
    """What came of one run. Texts are masked; `raw_result` is not and is for comparing only.

    `duration` is milliseconds until the callback, or until the end when there was no call; `limit` seconds.
    `error` holds the fields that leave the sandbox. `modules` are `name@version`.
    """

    kind: str
    verdict: Verdict
    answer: Answer
    problems: tuple[Problem, ...]
    duration: float
    wall: float
    limit: float
    node: str
    result: Json = None
    error: Mapping[str, Json] | None = None
    error_class: str = ""
    logs: tuple[LogLine, ...] = ()
    contacts: tuple[Contact, ...] = ()
    modules: tuple[str, ...] = ()
    log_code: LogCode | None = None
    raw_result: Json = field(default=None, repr=False)
    ranges: tuple[tuple[int, int, int], ...] = field(default=(), repr=False)
    """How often each block of the script ran, where that was counted (`coverage.Ranges`)."""

    @property
    def kept(self) -> bool:
        """Whether the script kept its contract, also when it refused the user."""
        return self.verdict is Verdict.OK

    @property
    def error_words(self) -> str:
        """The error in one line, `Class: message (code …)`; empty when there is none."""
        if self.error is None:
            return ""
        details = [f"{key} {self.error[key]}" for key in ("code", "user_id") if self.error.get(key)]
        name = f"{self.error_class}: " if self.error_class else ""
        more = f" ({', '.join(details)})" if details else ""
        return f"{name}{self.error.get('message', '')}{more}"


def duration_words(milliseconds: float) -> str:
    """`12 ms`, `3.4 s`."""
    return f"{milliseconds:.0f} ms" if milliseconds < 1000 else f"{milliseconds / 1000:.1f} s"


_SAID: Final = {
    Answer.PROFILE: "gave a profile",
    Answer.NOT_FOUND: "found nothing",
    Answer.DONE: "said that it is done",
    Answer.NOT_DONE: "said that it is not done",
    Answer.NONE: "gave no answer",
}


def said(run: Run) -> str:
    """What a run's callback said, to follow the name of its script."""
    if run.answer in _SAID:
        return _SAID[run.answer]
    error = run.error or {}
    name = f"{run.error_class}: " if run.error_class else ""
    return f"{'refused' if run.answer is Answer.REFUSED else 'failed'} with “{name}{error.get('message', '')}”"
