"""DeployProgress: what the deploy screen shows, advanced by one event at a time. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from dbconn_tui.deploy.values import Outcome, OutcomeState
from dbconn_tui.events import Event, EventKind


class LineState(StrEnum):
    """How far one connection has come."""

    WAITING = "waiting"
    WRITING = "writing"
    WRITTEN = "written"
    DONE = "done"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    NOT_DONE = "not done"

    @property
    def symbol(self) -> str:
        """One character: the state without colour."""
        return _SYMBOLS[self]


_SYMBOLS: Final = {
    LineState.WAITING: "·",
    LineState.WRITING: "◐",
    LineState.WRITTEN: "◕",
    LineState.DONE: "✓",
    LineState.UNCHANGED: "✓",
    LineState.FAILED: "✗",
    LineState.NOT_DONE: "·",
}

_FROM_OUTCOME: Final = {
    OutcomeState.DEPLOYED: LineState.DONE,
    OutcomeState.UNCHANGED: LineState.UNCHANGED,
    OutcomeState.REFUSED: LineState.FAILED,
    OutcomeState.FAILED: LineState.FAILED,
    OutcomeState.NOT_ATTEMPTED: LineState.NOT_DONE,
}


@dataclass(frozen=True, slots=True)
class DeployLine:
    """One connection's line; `seconds` 0 = nothing was timed."""

    key: str
    state: LineState = LineState.WAITING
    message: str = ""
    hint: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class DeployProgress:
    """A deploy as far as it has come.

    `started` and `finished` are seconds since 1970. `step` is what happens now beside the connections,
    `waiting` the seconds of a wait that the last event announced. `broken` says why the deploy as a whole ended.
    """

    tenant: str
    domain: str
    lines: tuple[DeployLine, ...]
    started: float
    finished: float | None = None
    step: str = ""
    waiting: float = 0.0
    stopping: bool = False
    outcomes: tuple[Outcome, ...] = ()
    notes: tuple[str, ...] = ()
    broken: str = ""

    @property
    def running(self) -> bool:
        """Whether it still goes on."""
        return self.finished is None

    @property
    def settled(self) -> int:
        """How many connections need nothing more, of `len(lines)`."""
        return sum(line.state not in (LineState.WAITING, LineState.WRITING) for line in self.lines)

    @property
    def succeeded(self) -> bool:
        """Whether it ended and everything is as planned."""
        good = {OutcomeState.DEPLOYED, OutcomeState.UNCHANGED}
        return not self.running and not self.broken and all(outcome.state in good for outcome in self.outcomes)

    def seconds(self, now: float) -> float:
        """How long it took, or has taken at `now`."""
        return max(0.0, (self.finished if self.finished is not None else now) - self.started)


def advance(progress: DeployProgress, event: Event) -> DeployProgress:
    """The progress after an event; events of connections that aren't in it change the step only."""
    if event.kind is EventKind.WAITING:
        return replace(progress, waiting=event.seconds, step=event.message)
    if event.kind is EventKind.REQUEST:
        return replace(progress, waiting=0.0)
    progress = replace(progress, waiting=0.0)
    if event.kind is EventKind.STEP:
        return replace(progress, step=event.message)
    if event.kind is EventKind.NOTE:
        words = f"{event.connection}: {event.message}" if event.connection else event.message
        return replace(progress, notes=(*progress.notes, words))
    states = {
        EventKind.WRITING: LineState.WRITING,
        EventKind.WRITTEN: LineState.WRITTEN,
        EventKind.VERIFIED: LineState.DONE,
        EventKind.FAILED: LineState.FAILED,
    }
    if event.kind not in states:
        return progress
    return replace(
        progress,
        step="" if event.kind is EventKind.WRITING else progress.step,
        lines=tuple(
            _moved(line, states[event.kind], event) if line.key == event.connection else line for line in progress.lines
        ),
    )


def _moved(line: DeployLine, state: LineState, event: Event) -> DeployLine:
    verified = event.kind is EventKind.VERIFIED and line.message
    message = f"{line.message}, {event.message}" if verified else event.message
    return replace(line, state=state, message=message, seconds=event.seconds or line.seconds)


def finish(progress: DeployProgress, outcomes: Sequence[Outcome], now: float) -> DeployProgress:
    """The progress at its end: every line says what became of its connection."""
    by_key = {outcome.key: outcome for outcome in outcomes}
    return replace(
        progress,
        lines=tuple(_settle(line, by_key.get(line.key)) for line in progress.lines),
        outcomes=tuple(outcomes),
        finished=now,
        step="",
        waiting=0.0,
    )


def break_off(progress: DeployProgress, reason: str, now: float) -> DeployProgress:
    """The progress when the deploy as a whole failed: what was not answered is not done."""
    lines = tuple(
        replace(line, state=LineState.NOT_DONE, message="not done")
        if line.state in (LineState.WAITING, LineState.WRITING)
        else line
        for line in progress.lines
    )
    return replace(progress, lines=lines, finished=now, step="", waiting=0.0, broken=reason)


def _settle(line: DeployLine, outcome: Outcome | None) -> DeployLine:
    if outcome is None:
        return replace(line, state=LineState.NOT_DONE, message="not attempted")
    words = {
        OutcomeState.DEPLOYED: f"{line.message} and verified" if line.state is LineState.WRITTEN else "deployed",
        OutcomeState.UNCHANGED: "unchanged",
    }
    if outcome.state is OutcomeState.DEPLOYED and line.state is LineState.DONE:
        words[OutcomeState.DEPLOYED] = line.message
    message = outcome.message or words.get(outcome.state, outcome.state.value)
    return replace(
        line,
        state=_FROM_OUTCOME[outcome.state],
        message=message,
        hint=outcome.hint,
        seconds=outcome.seconds or line.seconds,
    )


def summary(progress: DeployProgress, now: float) -> str:
    """The last line: `Deployed 2, unchanged 1, failed 1 in 3.6 s`, or how far it is."""
    seconds = f"{progress.seconds(now):.1f} s"
    if progress.running:
        return f"{progress.settled} of {len(progress.lines)} written, {seconds}"
    if progress.broken:
        return f"Broken off after {seconds}: {progress.broken}"
    counts = Counter(outcome.state for outcome in progress.outcomes)
    parts = [f"{state.value.replace('-', ' ')} {counts[state]}" for state in OutcomeState if counts[state]]
    return f"{', '.join(parts) or 'nothing to do'} in {seconds}".capitalize()


def as_text(progress: DeployProgress, now: float) -> str:
    """Every line as plain text, for the clipboard."""
    lines = [f"Deploy to {progress.tenant} ({progress.domain})"]
    for line in progress.lines:
        seconds = f"  {line.seconds:.1f} s" if line.seconds else ""
        lines.append(f"{line.state.symbol} {line.key}  {line.message or line.state.value}{seconds}")
        lines += [f"    {line.hint}"] if line.hint else []
    lines += [f"note: {note}" for note in progress.notes]
    return "\n".join([*lines, summary(progress, now)])
