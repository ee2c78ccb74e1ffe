"""HomeScreen: every connection with its state; the files' columns at once, the tenant's as they arrive."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import DataTable, Input

from dbconn_tui.tui.access_lines import welcome_lines
from dbconn_tui.tui.actions import bindings
from dbconn_tui.tui.port import Failure
from dbconn_tui.tui.screens.frame import FrameScreen
from dbconn_tui.tui.state import AppState
from dbconn_tui.tui.widgets.context_bar import ContextBar
from dbconn_tui.tui.widgets.filter_bar import FilterBar
from dbconn_tui.tui.widgets.key_bar import KeyBar
from dbconn_tui.tui.widgets.line_view import Line, LineView
from dbconn_tui.tui.widgets.notice import Notice
from dbconn_tui.tui.widgets.status_line import StatusLine
from dbconn_tui.tui.widgets.status_table import StatusTable
from dbconn_tui.tui.wording import age, plural, status_summary

if TYPE_CHECKING:
    from dbconn_tui.tasks.status import StatusRow


def matching(rows: tuple[StatusRow, ...], words: str) -> tuple[StatusRow, ...]:
    """The rows whose name or state contains every word, without regard to case."""
    wanted = words.casefold().split()
    return tuple(row for row in rows if all(word in f"{row.key} {row.name} {row.words}".casefold() for word in wanted))


WEIGHTIEST: Final = ("LINT", "BLOCKED", "CONFLICT", "DRIFT", "UNDECIDED", "VALUES", "CHANGED", "NEW", "UNKNOWN")
"""States by how much they need a hand; all others come after them."""

SORTS: Final = ("file", "name", "state", "last deploy")
"""Orders of the table."""


def ordered(rows: tuple[StatusRow, ...], sort: str) -> tuple[StatusRow, ...]:
    """The rows in one of SORTS; equal ones stay as the file has them."""
    match sort:
        case "name":
            return tuple(sorted(rows, key=lambda row: row.key.casefold()))
        case "state":
            names = {name: index for index, name in enumerate(WEIGHTIEST)}
            return tuple(sorted(rows, key=lambda row: names.get(row.state.name, len(names))))
        case "last deploy":
            return tuple(sorted(rows, key=lambda row: -(row.deployed or 0.0)))
        case _:
            return rows


class HomeScreen(FrameScreen):
    """The first screen: the table, details beside it from 140 columns on, one summary line."""

    PLACE = "home"
    AUTO_FOCUS = "#table"
    BINDINGS = bindings("home")

    def __init__(self) -> None:
        super().__init__()
        self._marks: frozenset[str] = frozenset()
        self._sort = SORTS[0]

    def compose(self) -> ComposeResult:
        """The frame and its parts."""
        yield ContextBar("Connections")
        yield Notice(id="notice")
        with Horizontal(id="home-body"):
            with Vertical(id="connections"):
                yield FilterBar("filter: letters of a name or a state", id="filter")
                yield StatusTable(id="table")
            yield LineView(id="details")
            yield LineView(id="empty")
        yield StatusLine(id="summary")
        yield KeyBar()

    def show(self, state: AppState) -> None:
        """Show the rows of this state, or what to do where there are none."""
        if self.dbconn.lacks_project:
            empty = tuple(welcome_lines(self.dbconn.backend.new_project_folder()))
        else:
            empty = empty_lines(state)
        self.set_class(bool(empty), "-empty")
        self.query_one("#empty", LineView).show_lines(empty)
        self._show_rows(state)
        self.query_one(Notice).show_failure(_notice(state, self.dbconn.now()), error=state.tenant_failure is not None)
        if not empty and self.focused is None:
            self.query_one(StatusTable).focus()

    def tick(self, state: AppState) -> None:
        """Ages in the table and in the notice."""
        if state.status is not None:
            self._show_table(state)

    def _show_rows(self, state: AppState) -> None:
        self._show_table(state)
        rows = state.status.rows if state.status else ()
        words = self.query_one(FilterBar).value
        shown = len(matching(rows, words))
        self._marks &= {row.key for row in rows}
        parts = [f"● {len(self._marks)} marked"] if self._marks else []
        parts += [f"showing {shown} of {len(rows)} for “{words}”, esc shows all"] if words else []
        parts += [f"by {self._sort}"] if self._sort != SORTS[0] else []
        self.query_one("#summary", StatusLine).show_parts([*parts, *status_summary(rows)])
        self._show_details()

    def _show_table(self, state: AppState) -> None:
        paused = state.tenant_failure is not None
        self.query_one(StatusTable).show_rows(self._shown(state), self.dbconn.now(), paused=paused, marks=self._marks)

    def _shown(self, state: AppState) -> tuple[StatusRow, ...]:
        rows = matching(state.status.rows if state.status else (), self.query_one(FilterBar).value)
        return ordered(rows, self._sort)

    def _chosen(self) -> tuple[str, ...]:
        """The marked connections that have files, in the table's order; without marks the one under the cursor."""
        state, row = self.dbconn.state, self.query_one(StatusTable).current_row
        rows = (state.status.rows if state.status else ()) if self._marks else (row,) if row else ()
        return tuple(one.key for one in rows if one.scripts_expected and (not self._marks or one.key in self._marks))

    def action_mark(self) -> None:
        """Mark the connection under the cursor, or take the mark off, and go on to the next."""
        table = self.query_one(StatusTable)
        row = table.current_row
        if row is not None and row.scripts_expected:
            self._marks ^= {row.key}
            self._show_rows(self.dbconn.state)
        table.action_cursor_down()

    def action_mark_all(self) -> None:
        """Mark all that are shown; when they are, none."""
        shown = frozenset(row.key for row in self._shown(self.dbconn.state) if row.scripts_expected)
        self._marks = self._marks - shown if shown <= self._marks else self._marks | shown
        self._show_rows(self.dbconn.state)

    def action_sort(self) -> None:
        """The next order."""
        self._sort = SORTS[(SORTS.index(self._sort) + 1) % len(SORTS)]
        self._show_rows(self.dbconn.state)

    @on(DataTable.RowHighlighted)
    def _show_details(self) -> None:
        row = self.query_one(StatusTable).current_row
        view = self.query_one("#details", LineView)
        view.border_title = row.key if row else ""
        lines = _details(row, self.dbconn.now()) if row else ()
        if lines != view.lines:
            view.show_lines(lines)

    @on(DataTable.RowSelected)
    def action_details(self) -> None:
        """Show the connection under the cursor by itself."""
        from dbconn_tui.tui.screens.details import DetailsScreen

        row = self.query_one(StatusTable).current_row
        if row is not None:
            self.app.push_screen(DetailsScreen(row.key, _details(row, self.dbconn.now())))

    def action_filter(self) -> None:
        """Open the filter."""
        self.query_one(FilterBar).open()

    @on(Input.Changed, "#filter")
    def _filter_changed(self) -> None:
        self._show_rows(self.dbconn.state)

    @on(Input.Submitted, "#filter")
    def _filter_done(self) -> None:
        self.query_one(StatusTable).focus()

    def closes_first(self) -> bool:
        """The filter, if there is one."""
        closed = self.query_one(FilterBar).close()
        if closed:
            self.query_one(StatusTable).focus()
        return closed

    def action_plan(self) -> None:
        """Go to the plan; with marks, all others are skipped in it."""
        if self._marks and self.dbconn.state.status is not None:
            self.dbconn.skip(frozenset(row.key for row in self.dbconn.state.status.rows) - self._marks)
        self.dbconn.action_plan()

    def action_deploy(self) -> None:
        """Go to the plan and ask to deploy it."""
        self.action_plan()
        self.dbconn.begin_deploy()

    def action_edit(self) -> None:
        """Edit the scripts of the connection under the cursor."""
        row = self.query_one(StatusTable).current_row
        if row is not None and row.scripts_expected:
            self.dbconn.action_edit(row.key)

    def action_try_script(self) -> None:
        """Run a script of the connection under the cursor."""
        from dbconn_tui.tui.screens.try_script import TryScreen

        row = self.query_one(StatusTable).current_row
        if row is not None and row.scripts_expected:
            self.app.push_screen(TryScreen(row.key))

    def action_problems(self) -> None:
        """Everything lint found in the marked connections, or in the one under the cursor."""
        from dbconn_tui.tui.screens.problems import ProblemsScreen

        if keys := self._chosen():
            self.app.push_screen(ProblemsScreen(keys))

    def action_settings(self) -> None:
        """Options and configuration of the connection under the cursor."""
        from dbconn_tui.tui.screens.settings import SettingsScreen

        row = self.query_one(StatusTable).current_row
        if row is not None and row.scripts_expected:
            self.app.push_screen(SettingsScreen(row.key))

    def action_test(self) -> None:
        """Play the life cycle of the marked connections, or of the one under the cursor."""
        from dbconn_tui.tui.screens.test import TestScreen

        if keys := self._chosen():
            self.app.push_screen(TestScreen(keys))

    def action_history(self) -> None:
        """What was written of the connection under the cursor."""
        row = self.query_one(StatusTable).current_row
        self.dbconn.action_history(row.key if row else "")

    def action_copy_name(self) -> None:
        """Copy the name under the cursor."""
        row = self.query_one(StatusTable).current_row
        if row is not None:
            self.dbconn.copy(row.key, "name")

    def action_copy_failure(self) -> None:
        """Copy the message above the table, or what the empty screen says."""
        notice = self.query_one(Notice)
        text = notice.text or (self.dbconn.state.project_failure.text if self.dbconn.state.project_failure else "")
        if text:
            self.dbconn.copy(text, "message")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """No plan without a tenant to compare with, no deploy before it was read."""
        if action == "deploy":
            return True if self.dbconn.can_deploy else None
        if action == "plan":
            tenant = self.dbconn.state.tenant
            return True if tenant is not None and tenant.domain else None
        return True


def _details(row: StatusRow, now: float) -> tuple[Line, ...]:
    from dbconn_tui.tui.details_lines import details_lines

    return tuple(details_lines(row, now))


def _notice(state: AppState, now: float) -> Failure | None:
    if state.tenant_failure is not None:
        read_at = state.status.read_at if state.status else None
        last = f"last read {age(now - read_at)}" if read_at is not None else "never read from here"
        failure = state.tenant_failure
        return Failure(f"{failure.title}, {last}", failure.message, failure.hint, failure.problems, failure.code)
    if state.opened is not None and state.tenant is not None and not state.tenant.domain:
        return Failure(
            "No tenant set up",
            "the table shows the files only",
            "ctrl+t, then a, adds one; so does `dbconn login`.",
        )
    if state.opened is not None and state.opened.problems:
        problems = state.opened.problems
        return Failure(plural(len(problems), "warning"), str(problems[0]), problems[0].hint, problems)
    return None


def empty_lines(state: AppState) -> tuple[Line, ...]:
    """What to do where there is nothing to show; empty when there are rows or they are still coming."""
    return tuple(_empty_lines(state))


def _empty_lines(state: AppState) -> Iterator[Line]:
    failure = state.project_failure
    if failure is not None:
        yield Line(failure.title, "title")
        yield Line(failure.message)
        yield Line()
        for problem in failure.problems:
            yield Line(str(problem), "bad" if problem.blocks else "caution", "✗ " if problem.blocks else "! ")
            if problem.hint:
                yield Line(problem.hint, "", "  → ")
        if failure.hint:
            yield Line(failure.hint, "", "→ ")
        yield Line("r reads the files again, c copies this.", "muted")
    elif state.opened is not None and state.tenant is None:
        yield Line("Which tenant?", "title")
        yield Line(state.opened.reason)
        yield Line()
        yield Line("ctrl+t chooses one.", "", "→ ")
    elif state.status is not None and not state.status.rows and not state.reading:
        yield Line("No connections yet", "title")
        yield Line(f"{state.opened.file if state.opened else 'dbconn.yaml'} names none.")
        yield Line()
        yield Line("n makes one from a template.", "", "→ ")
        yield Line("dbconn pull takes those of a tenant into the files.", "", "→ ")
        yield Line()
        yield Line("r reads the files again.", "muted")
