"""LoginScreen: a tenant's name, domain, client id and hidden secret; tried before anything is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from dbconn_tui.errors import DbconnError
from dbconn_tui.tui.port import LoggedIn
from dbconn_tui.tui.screens.frame import FrameScreen
from dbconn_tui.tui.widgets.hidden_input import HiddenInput
from dbconn_tui.tui.widgets.line_view import Line, LineView

if TYPE_CHECKING:
    from dbconn_tui.project.values import Tenant
    from dbconn_tui.tui.app import DbconnApp

INTRODUCTION = (
    Line("The machine-to-machine application that dbconn uses there."),
    Line("The secret goes into the keyring of your system, the rest into dbconn.yaml.", "muted"),
)


class LoginScreen(ModalScreen[LoggedIn | None]):
    """Answers with the tenant once its credentials were tried and kept, None when it was closed.

    `tenant` is the entry to log in to, None for a new one.
    """

    HORIZONTAL_BREAKPOINTS = FrameScreen.HORIZONTAL_BREAKPOINTS
    BINDINGS = [
        Binding("escape", "dismiss(None)", "Cancel"),
        Binding("ctrl+s", "try_them", "Log in", priority=True),
    ]

    def __init__(self, tenant: Tenant | None = None) -> None:
        super().__init__()
        self._tenant = tenant

    def compose(self) -> ComposeResult:
        """A dialog with four fields."""
        known = self._tenant
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = f"Log in to {known.name}" if known else "A tenant more"
            yield LineView(id="lines")
            for name, words, value, hint in (
                ("name", "name", known.name if known else "", "dev, staging, prod …"),
                ("domain", "domain", known.domain if known else "", "your-tenant.eu.auth0.com"),
                ("client", "client id", known.client_id if known else "", "of the application"),
            ):
                with Horizontal(classes="field-row"):
                    yield Static(words, classes="field-name", markup=False)
                    yield Input(value, id=name, placeholder=hint, compact=True, disabled=bool(known and value))
            with Horizontal(classes="field-row"):
                yield Static("client secret", classes="field-name", markup=False)
                yield HiddenInput(id="secret")
            yield Static("", id="keys", classes="hint", markup=False)

    def on_mount(self) -> None:
        """The first field that is empty has the focus."""
        self.query_one(LineView).show_lines(INTRODUCTION)
        next((one for one in self.query(Input) if not one.value), self.query_one("#name", Input)).focus()
        self._typed()

    @property
    def _lacks(self) -> str:
        names = {"name": "a name", "domain": "a domain", "client": "a client id", "secret": "a secret"}
        return next((words for id_, words in names.items() if not self.query_one(f"#{id_}", Input).value.strip()), "")

    @on(Input.Changed)
    def _typed(self) -> None:
        lacks = self._lacks
        words = f"{lacks} is missing" if lacks else "enter or ctrl+s tries them"
        self.query_one("#keys", Static).update(f"{words}   tab next   esc cancel")

    @on(Input.Submitted)
    def _submitted(self) -> None:
        if self._lacks:
            self.focus_next()
        else:
            self.action_try_them()

    def action_try_them(self) -> None:
        """Try the credentials; keep them when they work."""
        if not self._lacks:
            self.query_one(LineView).show_lines([Line("trying the credentials …", "", "… ")])
            self.run_worker(self._try_them(), group="login", exclusive=True, exit_on_error=False)

    async def _try_them(self) -> None:
        app = cast("DbconnApp", self.app)
        name, domain, client = (self.query_one(f"#{one}", Input).value.strip() for one in ("name", "domain", "client"))
        secret = self.query_one(HiddenInput).take()
        try:
            logged_in = await app.backend.log_in(name, domain, client, secret)
        except DbconnError as error:
            lines = [Line(error.message, "bad", "✗ "), *([Line(error.hint, "", "→ ")] if error.hint else [])]
            self.query_one(LineView).show_lines(lines)
            self.query_one(HiddenInput).focus()
        else:
            self.dismiss(logged_in)
