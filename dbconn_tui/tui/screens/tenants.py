"""TenantsScreen: choose among the project's tenants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from dbconn_tui.tui.widgets.context_bar import chip

if TYPE_CHECKING:
    from dbconn_tui.project.values import Tenant


class TenantsScreen(ModalScreen[str | None]):
    """A list of tenants; answers with the chosen name, None when it was closed."""

    BINDINGS = [Binding("escape,q", "dismiss(None)", "Close")]

    def __init__(self, tenants: tuple[Tenant, ...], current: str) -> None:
        super().__init__()
        self._tenants, self._current = tenants, current

    def compose(self) -> ComposeResult:
        """A dialog with one line a tenant."""
        with Vertical(classes="dialog") as dialog:
            dialog.border_title = "Tenants of this project"
            width = max((len(chip(tenant)) for tenant in self._tenants), default=0)
            options = [
                Option(
                    Text(f"{'●' if tenant.name == self._current else ' '} {chip(tenant):<{width}} {tenant.domain}"),
                    id=tenant.name,
                )
                for tenant in self._tenants
            ]
            yield OptionList(*options, id="tenant-list")
            yield Static("enter choose   esc close", classes="hint", markup=False)

    def on_mount(self) -> None:
        """Start on the current tenant."""
        names = [tenant.name for tenant in self._tenants]
        self.query_one(OptionList).highlighted = names.index(self._current) if self._current in names else 0

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option.id)
