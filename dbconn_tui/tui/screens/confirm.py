"""ConfirmScreen: the confirmation ladder; Cancel has the focus, a protected tenant wants its name typed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static

from dbconn_tui.tui.decisions import effect_of, is_unknown_key, kept_items
from dbconn_tui.tui.widgets.line_view import Line, LineView
from dbconn_tui.tui.wording import CONNECTION_SYMBOLS, item_title, plan_words, plural

if TYPE_CHECKING:
    from dbconn_tui.deploy.plan import Choices
    from dbconn_tui.deploy.values import ConnectionPlan, Plan
    from dbconn_tui.project.values import Tenant


VERBS: Final = {
    "deploy": ("deploy", "Deploy to {}?"),
    "rollback": ("roll back", "Roll back on {}?"),
    "run": ("run", "Run with the values of {}?"),
    "test": ("test", "Test with the values of {}?"),
}
"""What will be done → as the button says it, and the question."""


def confirm_lines(tenant: Tenant, plan: Plan, keys: Sequence[str], choices: Choices | None = None) -> tuple[Line, ...]:
    """What will happen, in words: how many, which, what is skipped, what users feel, and how it ends."""
    plans = [one for one in plan.connections if one.key in keys]
    skipped = sum((one.writes or bool(one.blocked)) and one.key not in keys for one in plan.connections)
    creates = sum(one.live_id is None for one in plans)
    parts = [f"create {creates}"] if creates else []
    parts += [f"change {len(plans) - creates}"] if len(plans) > creates else []
    lines = [Line(f"{', '.join(parts).capitalize()} on {tenant.domain}", "title")]
    for one in plans:
        lines.append(Line(f"{one.key}: {plan_words(one)}", "", f"{CONNECTION_SYMBOLS[one.state]} "))
        lines += _risk_lines(one, choices)
    if skipped:
        lines.append(Line(f"{plural(skipped, 'connection')} skipped", "muted", "○ "))
    lines += [
        Line(),
        Line("Users logging in from then on run the new scripts. All scripts of a connection are saved together."),
        Line("The tenant is read back and compared afterwards.", "muted"),
    ]
    return tuple(lines)


def _risk_lines(one: ConnectionPlan, choices: Choices | None) -> Iterator[Line]:
    """What was decided on the plan and cannot simply be taken back: brakes, what is written over, keys given up."""
    for brake in one.brakes:
        yield Line(f"{brake.brake}: {brake.reason}", "bad", "  ! ")
        if effect := effect_of(brake):
            yield Line(effect, "", "    ")
    for change in one.changes:
        if change.state.writes and kept_items(one, change, choices):
            yield Line(f"{item_title(change.item)}: {change.note}", "caution", "  ! ")
        elif one.writes_connection and is_unknown_key(change):
            yield Line(f"{item_title(change.item)} will be deleted, its value cannot be read back", "bad", "  ! ")


class ConfirmScreen(ModalScreen[bool]):
    """Asks before a write; answers True only for `y` or the button, on a protected tenant only with its name.

    `verb` is what will be done: one of VERBS.
    """

    BINDINGS = [Binding("escape", "dismiss(False)", "Cancel"), Binding("n", "refuse"), Binding("y", "confirm")]

    def __init__(self, tenant: Tenant, lines: tuple[Line, ...], verb: str = "deploy") -> None:
        super().__init__()
        self._verb, self._question = VERBS[verb]
        self._tenant, self._lines, self._name_needed = tenant, lines, tenant.protected

    def compose(self) -> ComposeResult:
        """A dialog with the lines, the field where a name is needed, and two buttons."""
        with Vertical(classes="dialog -danger" if self._name_needed else "dialog") as dialog:
            dialog.border_title = self._question.format(self._tenant.name)
            yield LineView(id="lines")
            if self._name_needed:
                yield Input(id="name", placeholder=f"type {self._tenant.name} to {self._verb}", select_on_focus=False)
            with Horizontal(classes="buttons"):
                yield Button("Cancel", id="cancel")
                yield Button(
                    self._verb.capitalize(),
                    id="deploy",
                    variant="error" if self._name_needed else "primary",
                    disabled=self._name_needed,
                )
            if not self._name_needed:
                yield Static(f"y {self._verb}   n or esc cancel", classes="hint", markup=False)

    def on_mount(self) -> None:
        """The safe answer has the focus."""
        self.query_one(LineView).show_lines(self._lines)
        self.query_one("#cancel", Button).focus()

    @property
    def allowed(self) -> bool:
        """Whether everything that is asked for was given."""
        return not self._name_needed or self.query_one("#name", Input).value == self._tenant.name

    def on_key(self, event: events.Key) -> None:
        """Letters typed while a button has the focus go into the field."""
        if self._name_needed and event.is_printable and event.character and isinstance(self.focused, Button):
            if event.key == "space":
                return
            field = self.query_one("#name", Input)
            field.focus()
            field.insert_text_at_cursor(event.character)
            event.stop()
            event.prevent_default()

    @on(Input.Changed, "#name")
    def _typed(self) -> None:
        self.query_one("#deploy", Button).disabled = not self.allowed

    @on(Input.Submitted, "#name")
    def _submitted(self) -> None:
        if self.allowed:
            self.dismiss(True)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "deploy" and self.allowed)

    def action_confirm(self) -> None:
        """Go ahead."""
        self.dismiss(True)

    def action_refuse(self) -> None:
        """Send nothing."""
        self.dismiss(False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Where a name is typed, `y` and `n` are letters of it."""
        return not (action in ("confirm", "refuse") and self._name_needed)
