"""AddScreen: the values of a template left, what would be written right; nothing is written before ctrl+s."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container, Horizontal, VerticalScroll
from textual.timer import Timer
from textual.widgets import Input, Static

from dbconn_tui.errors import DbconnError
from dbconn_tui.scaffold.template import Template, Variable
from dbconn_tui.tui.actions import bindings
from dbconn_tui.tui.port import describe_failure
from dbconn_tui.tui.screens.ask import AskScreen
from dbconn_tui.tui.screens.frame import FrameScreen
from dbconn_tui.tui.template_lines import addition_lines, asked, next_steps, offered, variable_help, variable_text
from dbconn_tui.tui.widgets.choice_field import ChoiceField
from dbconn_tui.tui.widgets.context_bar import ContextBar
from dbconn_tui.tui.widgets.key_bar import KeyBar
from dbconn_tui.tui.widgets.line_view import Line, LineView
from dbconn_tui.tui.widgets.notice import Notice

if TYPE_CHECKING:
    from dbconn_tui.tasks.add import Addition

PREVIEW_PAUSE = 0.15
"""Seconds after the last key before the preview is made."""


class AddScreen(FrameScreen):
    """A field for the connection's name and one for each variable of a template."""

    PLACE = "add"
    AUTO_FOCUS = "#connection-name"
    BINDINGS = bindings("add")

    def __init__(self, template: Template) -> None:
        super().__init__()
        self._template = template
        self._addition: Addition | None = None
        self._pause: Timer | None = None
        """Runs while somebody types."""

    def compose(self) -> ComposeResult:
        """The frame and its parts."""
        yield ContextBar(f"New connection › {self._template.name}")
        yield Notice(id="notice")
        with Container(classes="two-panes"):
            with VerticalScroll(id="form", classes="pane-list", can_focus=False) as form:
                form.border_title = "Values"
                with Horizontal(classes="field-row"):
                    yield Static("connection", classes="field-name", markup=False)
                    yield Input(id="connection-name", placeholder="its name, e.g. legacy-users", compact=True)
                for variable in self._template.variables:
                    with Horizontal(id=f"row-{variable.name}", classes="field-row"):
                        yield Static(variable.name, classes="field-name", markup=False)
                        yield _field(variable)
            yield LineView(id="preview")
        yield Static(id="help", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """Wait for a name."""
        super().on_mount()
        self.query_one("#preview", LineView).border_title = "What would be written"
        self._show_asked()
        self._show_empty()

    def _show_empty(self) -> None:
        self.query_one("#preview", LineView).show_lines([Line("Type a name to see it.", "muted")])

    @property
    def _wanted_name(self) -> str:
        return self.query_one("#connection-name", Input).value.strip()

    @on(events.DescendantFocus)
    def _show_help(self, event: events.DescendantFocus) -> None:
        words = "The name of the connection in the files and on the tenant; it cannot be changed there later."
        variable = self._template.variable((event.widget.id or "").removeprefix("variable-"))
        self.query_one("#help", Static).update(variable_help(variable) if variable else words)

    @property
    def _answers(self) -> dict[str, str]:
        """What stands in the fields, also in those that are not asked."""
        return {one.name: self._field_of(one.name).value for one in self._template.variables}

    def _field_of(self, name: str) -> Input | ChoiceField:
        variable = self._template.variable(name)
        if variable is not None and offered(variable):
            return self.query_one(f"#variable-{name}", ChoiceField)
        return self.query_one(f"#variable-{name}", Input)

    def _show_asked(self) -> frozenset[str]:
        """Show what is asked with the answers so far; its names."""
        names = asked(self._template, self._answers)
        for one in self._template.variables:
            self.query_one(f"#row-{one.name}").display = one.name in names
        return names

    @on(ChoiceField.Changed)
    @on(Input.Changed)
    def _changed(self) -> None:
        self._addition = None
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(PREVIEW_PAUSE, self._pause_over)
        self.refresh_bindings()

    def _pause_over(self) -> None:
        self._pause = None
        self.start("preview", self._preview)

    @on(Input.Submitted)
    def _next_field(self) -> None:
        self.focus_next()

    async def _preview(self) -> None:
        notice, view = self.query_one(Notice), self.query_one("#preview", LineView)
        self._show_asked()
        if not self._wanted_name:
            notice.show_failure(None)
            self._show_empty()
            return
        names = self._show_asked()
        answers = {name: answer for name, answer in self._answers.items() if name in names}
        try:
            addition = await self.dbconn.backend.plan_addition(self._wanted_name, self._template, answers)
        except DbconnError as error:
            notice.show_failure(describe_failure(error, "Not yet"), error=True)
            return
        notice.show_failure(None)
        self._addition = addition
        view.border_title = Text(f"What would be written for {addition.name}")
        view.show_lines(tuple(addition_lines(addition)), keep_place=True)
        self.refresh_bindings()

    def action_add(self) -> None:
        """Write it; asks first when files with other content are there."""
        addition = self._addition
        if addition is None:
            return
        if not addition.differing:
            self.start("add", self._write(addition, overwrite=False))
            return

        def overwrite(yes: bool | None) -> None:
            if yes:
                self.start("add", self._write(addition, overwrite=True))

        lines = tuple(
            Line(f"{file.file} holds something else, which is lost", "bad", "! ") for file in addition.differing
        )
        self.app.push_screen(AskScreen("Replace these files?", lines, "Replace", danger=True), overwrite)

    async def _write(self, addition: Addition, *, overwrite: bool) -> None:
        try:
            await self.dbconn.backend.write_addition(addition, overwrite=overwrite)
        except DbconnError as error:
            self.query_one(Notice).show_failure(describe_failure(error, "Not added"), error=True)
            return
        self.dbconn.notify(f"{addition.name} is in the files. {next_steps(addition)}")
        self.wrote = True
        self.dbconn.action_home()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what was shown can be written."""
        return True if action != "add" or self._addition is not None else None


def _field(variable: Variable) -> Input | ChoiceField:
    words, value = offered(variable), variable_text(variable)
    if words:
        return ChoiceField(words, value, id=f"variable-{variable.name}")
    return Input(value, id=f"variable-{variable.name}", compact=True)
