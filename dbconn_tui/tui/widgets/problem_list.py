"""ProblemList: what lint found in a script, in words; choosing one goes there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from rich.text import Text
from textual.theme import Theme
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from dbconn_tui.problems import Severity
from dbconn_tui.tui.actions import bindings

if TYPE_CHECKING:
    from dbconn_tui.problems import Problem

LOOKS: Final = {
    Severity.ERROR: ("✗", "list--bad"),
    Severity.WARNING: ("!", "list--caution"),
    Severity.INFO: ("i", "list--muted"),
}


class ProblemList(OptionList):
    """Shows problems; posts OptionList's own OptionSelected with the problem's index."""

    COMPONENT_CLASSES = {"list--bad", "list--caution", "list--muted"}
    BINDINGS = bindings("list")

    def __init__(self, *, id: str | None = None, with_files: bool = False) -> None:
        super().__init__(id=id)
        self._with_files = with_files
        self.problems: tuple[Problem, ...] = ()

    def on_mount(self) -> None:
        """Paint again in another theme."""
        self.app.theme_changed_signal.subscribe(self, self._theme_changed)

    def _theme_changed(self, theme: Theme) -> None:
        self.call_after_refresh(self._fill)

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Show these problems instead of those before."""
        if tuple(problems) != self.problems or not self.option_count:
            self.problems = tuple(problems)
            self._fill()

    def _fill(self) -> None:
        place = self.highlighted
        self.clear_options()
        if not self.problems:
            self.add_option(Option(Text("No problems.", self._look("list--muted")), disabled=True))
        for problem in self.problems:
            self.add_option(self._option(problem))
        self.highlighted = min(place, len(self.problems) - 1) if place is not None and self.problems else None

    def _look(self, name: str) -> str:
        style = self.get_component_rich_style(name, partial=True)
        return str(style)

    def _option(self, problem: Problem) -> Option:
        symbol, look = LOOKS[problem.effective_severity]
        text = Text()
        place = f"{problem.place.line}:{problem.place.column}"
        text.append(f"{symbol} {problem.place if self._with_files else place}  ", self._look(look))
        text.append(problem.rule, "bold")
        text.append(f"\n  {problem.message}")
        if problem.hint:
            text.append(f"\n  {problem.hint}", self._look("list--muted"))
        return Option(text)

    def action_go_first(self) -> None:
        """Go to the first problem."""
        self.action_first()

    def action_go_last(self) -> None:
        """Go to the last problem."""
        self.action_last()
