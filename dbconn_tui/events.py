"""Event: what happened while a task ran, for whoever watches (a progress line, a screen, a log)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class EventKind(StrEnum):
    """The kinds of thing that can happen."""

    STEP = "step"
    """A named step of a task begins, e.g. reading the tenant."""
    REQUEST = "request"
    """One HTTP request was answered; `message` is `METHOD path status`, never a body."""
    WAITING = "waiting"
    """Nothing happens for `seconds`, e.g. because of a rate limit."""
    WRITING = "writing"
    """A write of `connection` begins."""
    WRITTEN = "written"
    """A write of `connection` was answered and compared."""
    FAILED = "failed"
    """The work on `connection` failed; `message` says why."""
    VERIFIED = "verified"
    """Reading back showed what was sent."""
    NOTE = "note"
    """Something worth knowing that stops nothing."""
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. Never holds a configuration value or a token.

    Of a REQUEST also `budget_left`, the requests that may follow at once (None = the answer did not say), and
    `request_id`, what the tenant calls it (empty = nothing).
    """

    kind: EventKind
    message: str
    connection: str = ""
    seconds: float = 0.0
    budget_left: int | None = None
    request_id: str = ""


OnEvent = Callable[[Event], None]


def ignore(event: Event) -> None:
    """An OnEvent for callers that do not watch."""
