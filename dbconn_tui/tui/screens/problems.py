"""ProblemsScreen: everything lint found in some connections; enter goes to the line in the editor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.widgets import OptionList

from dbconn_tui.problems import Severity, count_problems
from dbconn_tui.tui.actions import bindings
from dbconn_tui.tui.screens.frame import FrameScreen
from dbconn_tui.tui.state import AppState
from dbconn_tui.tui.widgets.context_bar import ContextBar
from dbconn_tui.tui.widgets.key_bar import KeyBar
from dbconn_tui.tui.widgets.problem_list import ProblemList
from dbconn_tui.tui.widgets.status_line import StatusLine
from dbconn_tui.tui.wording import plural

if TYPE_CHECKING:
    from dbconn_tui.problems import Problem


class ProblemsScreen(FrameScreen):
    """Shows what the state knows of the connections `keys`; nothing is linted twice."""

    PLACE = "problems"
    BINDINGS = bindings("problems")

    def __init__(self, keys: Sequence[str]) -> None:
        super().__init__()
        self._keys = tuple(keys)

    def compose(self) -> ComposeResult:
        """The frame and its parts."""
        yield ContextBar(f"{self._keys[0]} › Lint" if len(self._keys) == 1 else "Lint")
        yield ProblemList(id="every-problem", with_files=True)
        yield StatusLine(id="summary")
        yield KeyBar()

    def on_mount(self) -> None:
        """The list has the focus."""
        super().on_mount()
        self.query_one(ProblemList).focus()

    def show(self, state: AppState) -> None:
        """Show what was found at the last reading of the files."""
        rows = [row for row in (state.status.rows if state.status else ()) if row.key in self._keys]
        problems = [problem for row in rows for problem in row.problems]
        view = self.query_one(ProblemList)
        view.show_problems(problems)
        if view.highlighted is None and problems:
            view.highlighted = 0
        counts = count_problems(problems)
        parts = [
            f"✗ {counts[Severity.ERROR]}" if counts[Severity.ERROR] else "",
            f"! {counts[Severity.WARNING]}" if counts[Severity.WARNING] else "",
            f"i {counts[Severity.INFO]}" if counts[Severity.INFO] else "",
            "" if problems else "✓ nothing found",
            f"in {plural(len(rows), 'connection')}",
        ]
        self.query_one(StatusLine).show_parts(parts)
        self.refresh_bindings()

    @property
    def problem(self) -> Problem | None:
        """The finding under the cursor."""
        view = self.query_one(ProblemList)
        return view.problems[view.highlighted] if view.highlighted is not None and view.problems else None

    @on(OptionList.OptionSelected)
    def action_go_to(self) -> None:
        """To its line in the editor; what is said in dbconn.yaml, to the settings."""
        problem = self.problem
        if problem is not None:
            self.dbconn.show_problem(problem, self._keys)

    def action_copy(self) -> None:
        """Copy all findings."""
        lines = [f"{one} [{one.rule}]" for one in self.query_one(ProblemList).problems]
        self.dbconn.copy("\n".join(lines), "findings")

    def action_copy_command(self) -> None:
        """Copy the command that explains the rule."""
        if self.problem is not None:
            self.dbconn.copy(f"dbconn explain {self.problem.rule}", "command")

    def action_checklist(self) -> None:
        """To what lint cannot see."""
        self.dbconn.action_checklist(self._keys)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only where something was found."""
        if action in ("go_to", "copy_command"):
            return True if self.problem is not None else None
        return True
