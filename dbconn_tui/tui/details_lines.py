"""Everything known about one connection as lines, for the pane beside the table and the details screen. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from dbconn_tui.problems import Severity
from dbconn_tui.tui.plan_lines import connection_lines
from dbconn_tui.tui.widgets.line_view import Line
from dbconn_tui.tui.wording import age, plural

if TYPE_CHECKING:
    from dbconn_tui.tasks.status import StatusRow

_SEVERITIES: Final = {Severity.ERROR: ("✗ ", "bad"), Severity.WARNING: ("! ", "caution"), Severity.INFO: ("i ", "")}


def details_lines(row: StatusRow, now: float) -> Iterator[Line]:
    """The row in words, then lint findings with their places, then the plan. `now` is seconds since 1970."""
    yield Line(f"{row.state.symbol} {row.words}", "title")
    yield Line()
    if row.scripts_expected:
        yield Line(f"Scripts   {row.scripts} of {row.scripts_expected}")
        yield Line(f"Lint      {plural(row.errors, 'error')}, {plural(row.warnings, 'warning')}")
        yield Line(f"Values    {row.values} of {row.values_needed} available here")
    yield Line(f"Deployed  {age(now - row.deployed) if row.deployed is not None else 'not known to this machine'}")
    if row.problems:
        yield Line()
        yield Line("Lint", "title")
    for problem in row.problems:
        symbol, look = _SEVERITIES[problem.effective_severity]
        yield Line(f"{problem.place}  {problem.rule}" if problem.place.file else problem.rule, look, symbol)
        yield Line(problem.message, "", "  ")
        if problem.hint:
            yield Line(problem.hint, "muted", "  ")
    if row.plan is not None:
        yield Line()
        yield Line("Plan", "title")
        yield from connection_lines(row.plan)
