"""DoctorScreen: what works here and what does not, each with its fix; writes nothing and shows nothing secret."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from dbconn_tui.tui.actions import bindings
from dbconn_tui.tui.screens.frame import FrameScreen
from dbconn_tui.tui.widgets.context_bar import ContextBar
from dbconn_tui.tui.widgets.entry_list import EntryList
from dbconn_tui.tui.widgets.key_bar import KeyBar
from dbconn_tui.tui.widgets.line_view import Line, LineView
from dbconn_tui.tui.widgets.status_line import StatusLine
from dbconn_tui.tui.widgets.status_table import shorten

if TYPE_CHECKING:
    from dbconn_tui.tasks.doctor import Diagnosis, Finding

MARKS: Final = {"ok": ("✓", "good"), "note": ("!", "caution"), "failed": ("✗", "bad")}
"""Mark of a finding → symbol and look."""


LONGEST_NAME: Final = 16
"""Cells in the list; the text below or beside it has the whole name."""


def report(diagnosis: Diagnosis) -> str:
    """Everything as plain text, for an issue."""
    lines = []
    for finding in diagnosis.findings:
        lines.append(f"{MARKS[finding.mark][0]} {finding.name}: {finding.text}")
        lines += [f"    {finding.fix}"] if finding.fix else []
    return "\n".join(lines)


class DoctorScreen(FrameScreen):
    """The checks left, the one under the cursor with its fix right."""

    PLACE = "doctor"
    BINDINGS = bindings("doctor")

    def __init__(self) -> None:
        super().__init__()
        self._diagnosis: Diagnosis | None = None

    def compose(self) -> ComposeResult:
        """The frame and its parts."""
        yield ContextBar("Doctor")
        with Container(classes="two-panes"):
            yield EntryList(id="findings", classes="pane-list")
            yield LineView(id="finding")
        yield StatusLine(id="summary")
        yield KeyBar()

    def on_mount(self) -> None:
        """Check."""
        super().on_mount()
        self.query_one(EntryList).border_title = "Checks"
        self.query_one(EntryList).focus()
        self.action_again()

    def action_again(self) -> None:
        """Check this machine, the project and the tenant."""
        tenant = self.dbconn.state.tenant
        self._diagnosis = None
        self.query_one(StatusLine).show_parts(["… checking this machine, the project and the tenant"])
        self.query_one(LineView).show_lines(
            [Line("Nothing is written; a token is fetched where none is kept.", "muted")]
        )
        self.refresh_bindings()
        self.start("doctor", self._check(tenant.name if tenant is not None and tenant.domain else None))

    async def _check(self, tenant: str | None) -> None:
        self._diagnosis = await self.dbconn.backend.diagnose(tenant)
        findings = self._diagnosis.findings
        width = min(max((len(finding.name) for finding in findings), default=0), LONGEST_NAME)
        options = self.query_one(EntryList)
        place = options.highlighted
        options.clear_options()
        options.add_options([Option(self._prompt(one, width)) for one in findings])
        first = next((i for i, one in enumerate(findings) if one.mark == "failed"), 0)
        options.highlighted = place if place is not None and place < len(findings) else first
        counts = {mark: sum(one.mark == mark for one in findings) for mark in MARKS}
        words = {"ok": "fine", "note": "worth a look", "failed": "failed"}
        self.query_one(StatusLine).show_parts([f"{MARKS[m][0]} {n} {words[m]}" for m, n in counts.items() if n])
        self.refresh_bindings()

    def _prompt(self, finding: Finding, width: int) -> Text:
        symbol, look = MARKS[finding.mark]
        text = Text(no_wrap=True, overflow="ellipsis")
        text.append(f"{symbol} ", self.query_one(LineView).look(look, partial=True))
        text.append(f"{shorten(finding.name, width):<{width}}  ", "bold")
        text.append(finding.text)
        return text

    @property
    def finding(self) -> Finding | None:
        """The check under the cursor."""
        index = self.query_one(EntryList).highlighted
        findings = self._diagnosis.findings if self._diagnosis else ()
        return findings[index] if index is not None and index < len(findings) else None

    @on(OptionList.OptionHighlighted)
    def _show_finding(self) -> None:
        finding, view = self.finding, self.query_one(LineView)
        view.border_title = Text(finding.name if finding else "")
        if finding is not None:
            view.show_lines(tuple(_lines(finding)))
            self.refresh_bindings()

    @on(OptionList.OptionSelected)
    def _read_text(self) -> None:
        self.query_one(LineView).focus()

    def action_copy(self) -> None:
        """Copy all of it, for an issue."""
        if self._diagnosis is not None:
            self.dbconn.copy(report(self._diagnosis), "report")

    def action_copy_fix(self) -> None:
        """Copy the fix."""
        if self.finding is not None and self.finding.fix:
            self.dbconn.copy(self.finding.fix, "fix")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what was found can be copied."""
        if action == "copy":
            return True if self._diagnosis is not None else None
        if action == "copy_fix":
            return True if self.finding is not None and self.finding.fix else None
        return True


def _lines(finding: Finding) -> Iterator[Line]:
    symbol, look = MARKS[finding.mark]
    yield Line(finding.text, look if finding.mark != "ok" else "", f"{symbol} ")
    if finding.fix:
        yield Line()
        yield Line(finding.fix, "", "→ ")
        yield Line("y copies this.", "muted", "  ")
