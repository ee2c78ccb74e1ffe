"""The board of a test: which checks are played, what became of each, and how long they took. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from dbconn_tui.problems import Severity
from dbconn_tui.runtime.checks import Check, State
from dbconn_tui.runtime.verdict import duration_words
from dbconn_tui.tui.bars import bar
from dbconn_tui.tui.widgets.line_view import Line

if TYPE_CHECKING:
    from dbconn_tui.tasks.connection_tests import BoardStep, ConnectionTest

BAR: Final = 20
"""Cells."""
MARKS: Final = {State.PASSED: ("✓ ", "good"), State.FAILED: ("✗ ", "bad"), State.SKIPPED: ("– ", "muted")}


@dataclass(frozen=True, slots=True)
class Play:
    """One connection's checks: `names` in order, `checks` those that are over, `outcome` when all is over."""

    connection: str
    variant: str = ""
    names: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    outcome: ConnectionTest | None = None

    @property
    def title(self) -> str:
        """`users`, `users with organization`."""
        return f"{self.connection} {self.variant}".strip()

    def count(self, state: State) -> int:
        """How many checks came out so."""
        return sum(check.state is state for check in self.checks)

    @property
    def symbol(self) -> str:
        """`·` before it, `…` in the middle, then `✓`, `✗`, or `–` when nothing was played."""
        if self.count(State.FAILED) or (self.outcome is not None and self.outcome.left_behind):
            return "✗"
        if self.outcome is not None:
            return "✓" if self.count(State.PASSED) else "–"
        return "…" if self.names else "·"

    @property
    def words(self) -> str:
        """`12 of 14`, then `12 passed, 1 failed, 1 skipped`."""
        if not self.names:
            return "not played yet"
        if self.outcome is None:
            return f"{len(self.checks)} of {len(self.names)}"
        return ", ".join(f"{self.count(state)} {state}" for state in State if self.count(state))


def advance(plays: Sequence[Play], step: BoardStep) -> tuple[Play, ...]:
    """The plays after a step. A variant that was not announced before stands after its connection's others."""
    found = [*plays]
    at = next(
        (i for i, one in enumerate(found) if (one.connection, one.variant) == (step.connection, step.variant)), -1
    )
    if at < 0:
        at = max((i for i, one in enumerate(found) if one.connection == step.connection), default=len(found) - 1) + 1
        found.insert(at, Play(step.connection, step.variant))
    if step.check is None:
        found[at] = replace(found[at], names=step.names, checks=())
    else:
        found[at] = replace(found[at], checks=(*found[at].checks, step.check))
    return tuple(found)


def settle(plays: Sequence[Play], tests: Sequence[ConnectionTest]) -> tuple[Play, ...]:
    """The plays with their outcomes."""
    by_title = {(test.connection, test.variant): test for test in tests}
    return tuple(replace(one, outcome=by_title.get((one.connection, one.variant))) for one in plays)


def board_lines(play: Play) -> Iterator[Line]:
    """A line a check with a bar for its time, what failed below it, and at the end how long each script takes."""
    width = max((len(name) for name in play.names), default=0)
    longest = max((check.milliseconds for check in play.checks), default=0.0)
    for check in play.checks:
        symbol, look = MARKS[check.state]
        took = bar(check.milliseconds / longest, BAR) if longest and check.runs else ""
        time = duration_words(check.milliseconds) if check.runs else "skipped"
        yield Line(f"{check.name:<{width}}  {took:<{BAR}}  {time:>7}", look, symbol)
        if check.message:
            yield Line(check.message, "" if check.state is State.FAILED else "muted", "    ")
        for problem in check.problems:
            if problem.severity is Severity.WARNING:
                yield Line(str(problem), "caution", "    ! ")
    running = play.outcome is None and bool(play.names)
    for index, name in enumerate(play.names[len(play.checks) :]):
        now = running and index == 0
        yield Line(
            f"{name:<{width}}  {'running' if now else ''}".rstrip(), "" if now else "muted", "… " if now else "· "
        )
    if play.outcome is not None:
        yield from _outcome_lines(play.outcome)


def _outcome_lines(test: ConnectionTest) -> Iterator[Line]:
    if test.durations:
        yield Line()
        yield Line("Scripts: median, 95 % below, runs", "title")
    longest = max((one.p95 for one in test.durations), default=0.0)
    for one in test.durations:
        share = bar(one.median / longest if longest else 0.0, BAR)
        words = f"{duration_words(one.median):>7} {duration_words(one.p95):>7}  {one.count:>3}"
        yield Line(f"{one.kind:<20}{share:<{BAR}}  {words}", "", "  ")
    yield Line()
    if test.left_behind:
        yield Line(f"The test user {test.left_behind} is still in the store: delete it by hand.", "bad", "✗ ")
    mode = "import mode" if test.import_mode else "users stay in the store"
    yield Line(f"{mode}, Node {test.node}", "muted")


def summary_parts(plays: Sequence[Play]) -> list[str]:
    """`✓ 12 passed`, `✗ 1 failed`, `– 3 skipped` over all plays."""
    totals = {state: sum(play.count(state) for play in plays) for state in State}
    return [f"{MARKS[state][0]}{totals[state]} {state}" for state in State if totals[state]]
