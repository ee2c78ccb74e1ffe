"""EditSettingScreen: one key of a connection: its value, the layer it goes to, and what that changes in dbconn.yaml."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widgets import Input, Static

from dbconn_tui.deploy.diff import diff_texts
from dbconn_tui.errors import DbconnError, UsageError
from dbconn_tui.project.settings import Setting, SettingPlan
from dbconn_tui.tui.plan_lines import diff_lines
from dbconn_tui.tui.screens.frame import FrameScreen
from dbconn_tui.tui.setting_sheet import REMOVED, SettingSheet
from dbconn_tui.tui.setting_words import (
    CONFIGURATION_HELP,
    CONFIGURATION_WAYS,
    configuration_value,
    configuration_way,
    offered,
    parse_words,
    setting_lines,
    value_words,
)
from dbconn_tui.tui.widgets.choice_field import ChoiceField
from dbconn_tui.tui.widgets.line_view import Line, LineView

if TYPE_CHECKING:
    from dbconn_tui.tui.app import DbconnApp

PREVIEW_PAUSE = 0.15
"""Seconds after the last key before the change is planned."""


def plan_lines(plan: SettingPlan) -> Iterator[Line]:
    """What a change does to the file, what is wrong with it, or the lines to paste where only a person can make it."""
    for problem in plan.problems:
        yield Line(problem.message, "bad" if problem.blocks else "caution", "✗ " if problem.blocks else "! ")
        if problem.hint:
            yield Line(problem.hint, "", "  → ")
    if plan.edit.text is None:
        yield Line(f"dbconn does not make this change by itself: {plan.edit.reason}.", "bad", "✗ ")
        if plan.edit.paste:
            yield Line("c copies the lines that say the same; put them in by hand:", "", "→ ")
            yield from (Line(text, "", "  ") for text in plan.edit.paste.splitlines())
    elif plan.edit.text == plan.before:
        yield Line("dbconn.yaml says so already.", "muted")
    elif plan.possible:
        yield from diff_lines(diff_texts(plan.before, plan.edit.text, context=1))


class EditSettingScreen(ModalScreen[SettingPlan | None]):
    """Answers with a change that can be written, None when it was closed."""

    HORIZONTAL_BREAKPOINTS = FrameScreen.HORIZONTAL_BREAKPOINTS
    BINDINGS = [
        Binding("escape", "dismiss(None)", "Cancel"),
        Binding("ctrl+s", "write", "Write", priority=True),
        Binding("enter", "write", "Write"),
        Binding("ctrl+x", "remove", "Take out", priority=True),
        Binding("ctrl+y", "copy", "Copy the lines", priority=True),
    ]

    def __init__(self, sheet: SettingSheet, setting: Setting) -> None:
        super().__init__()
        self._sheet, self._setting = sheet, setting
        self._configuration = setting.path[0] == "configuration"
        self._remove = False
        self._plan: SettingPlan | None = None
        self._pause: Timer | None = None
        """Runs while somebody types."""

    def compose(self) -> ComposeResult:
        """A dialog with what the key is, its fields, and the change."""
        setting = self._setting
        words = offered(setting.shape)
        with Vertical(classes="dialog -wide") as dialog:
            dialog.border_title = setting.title
            yield LineView(id="lines")
            if self._configuration:
                way, text = configuration_way(setting.value)
                with Horizontal(classes="field-row"):
                    yield Static("given as", classes="field-name", markup=False)
                    yield ChoiceField(CONFIGURATION_WAYS, way, id="way")
            else:
                text = value_words(setting.value) if setting.said else ""
            with Horizontal(classes="field-row"):
                yield Static("value", classes="field-name", markup=False)
                yield ChoiceField(words, text, id="value") if words else Input(text, id="value", compact=True)
            with Horizontal(classes="field-row"):
                yield Static("written for", classes="field-name", markup=False)
                yield ChoiceField(self._sheet.layers, setting.source or "connection", id="layer")
            yield LineView(id="change")
            yield Static("", classes="hint", id="keys", markup=False)

    def on_mount(self) -> None:
        """The value has the focus."""
        self.query_one("#lines", LineView).show_lines(tuple(setting_lines(self._setting, self._sheet.tenant)))
        self.query_one("#value").focus()
        self._plan_soon()

    def _show_keys(self) -> None:
        ready = self._plan is not None and self._plan.possible
        copy = "   ctrl+y copies the lines" if self._plan is not None and self._plan.edit.text is None else ""
        write = "enter takes it out   " if ready and self._remove else "enter writes it   " if ready else ""
        self.query_one("#keys", Static).update(f"{write}ctrl+x takes it out of this layer   esc cancel{copy}")

    @property
    def _layer(self) -> str:
        return self.query_one("#layer", ChoiceField).value

    def _value(self) -> Any:
        field = self.query_one("#value")
        words = field.value if isinstance(field, Input | ChoiceField) else ""
        if self._configuration:
            return configuration_value(self.query_one("#way", ChoiceField).value, words)
        return parse_words(self._setting.shape, words)

    @on(Input.Changed)
    @on(ChoiceField.Changed)
    def _changed(self) -> None:
        self._remove = False
        self._plan_soon()

    def _plan_soon(self) -> None:
        self._plan = None
        self._show_keys()
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(PREVIEW_PAUSE, self._pause_over)

    def _pause_over(self) -> None:
        self._pause = None
        self.run_worker(self._preview(), group="preview", exclusive=True, exit_on_error=False)

    async def _preview(self) -> None:
        view = self.query_one("#change", LineView)
        try:
            value = REMOVED if self._remove else self._value()
            backend = cast("DbconnApp", self.app).backend
            self._plan = await backend.plan_setting(self._sheet, self._layer, self._setting.path, value)
        except UsageError as error:
            view.show_lines([Line(error.message, "bad", "✗ "), Line(error.hint, "", "  → ")])
        except DbconnError as error:
            view.show_lines([Line(error.message, "bad", "✗ ")])
        else:
            way = (
                [Line(CONFIGURATION_HELP[self.query_one("#way", ChoiceField).value], "muted")]
                if self._configuration
                else []
            )
            view.show_lines([*way, *plan_lines(self._plan)])
        self._show_keys()

    @on(Input.Submitted)
    def action_write(self) -> None:
        """Answer with the change that is shown."""
        plan = self._plan
        if plan is not None and plan.possible:
            self.dismiss(None if plan.edit.text == plan.before else plan)

    def action_remove(self) -> None:
        """Plan taking the key out of the layer."""
        self._remove = True
        self._plan_soon()

    def action_copy(self) -> None:
        """Copy the lines that only a person can put in."""
        if self._plan is not None and self._plan.edit.paste:
            cast("DbconnApp", self.app).copy(self._plan.edit.paste, "lines")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing to copy where dbconn makes the change itself."""
        if action == "copy":
            return self._plan is not None and self._plan.edit.text is None and bool(self._plan.edit.paste)
        return True
