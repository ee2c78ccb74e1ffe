"""TenantsScreen: the project's tenants: choose one, add one, try its credentials, lock it against writes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from dbconn_tui.tui.actions import bindings
from dbconn_tui.tui.widgets.context_bar import chip
from dbconn_tui.tui.widgets.entry_list import EntryList

if TYPE_CHECKING:
    from dbconn_tui.project.values import Tenant


class Wish(Enum):
    """What somebody wants to do with a tenant."""

    CHOOSE = "choose"
    ADD = "add"
    LOG_IN = "log in"
    CHECK = "check"
    LOCK = "lock"


@dataclass(frozen=True, slots=True)
class TenantWish:
    """A wish, and the tenant's name; empty for a new one."""

    wish: Wish
    name: str = ""


class TenantsScreen(ModalScreen[TenantWish | None]):
    """A list of tenants; answers with what to do, None when it was closed."""

    BINDINGS = [Binding("escape,q", "dismiss(None)", "Close"), *bindings("tenants")]

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
            yield EntryList(*options, id="tenant-list")
            if not options:
                yield Static("There are none yet: a adds one.", markup=False)
            words = "enter choose   a add   l log in   c check   w read-only   esc close"
            yield Static(words if options else "a add   esc close", classes="hint", markup=False)

    def on_mount(self) -> None:
        """Start on the current tenant."""
        names = [tenant.name for tenant in self._tenants]
        self.query_one(EntryList).highlighted = names.index(self._current) if self._current in names else 0

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(TenantWish(Wish.CHOOSE, event.option.id or ""))

    def _wish(self, wish: Wish) -> None:
        option = self.query_one(EntryList).highlighted_option
        if option is not None and option.id:
            self.dismiss(TenantWish(wish, option.id))

    def action_add(self) -> None:
        """Add a tenant."""
        self.dismiss(TenantWish(Wish.ADD))

    def action_log_in(self) -> None:
        """Give the tenant's credentials anew."""
        self._wish(Wish.LOG_IN)

    def action_check(self) -> None:
        """Try the tenant's credentials and see its scopes."""
        self._wish(Wish.CHECK)

    def action_lock(self) -> None:
        """Lock the tenant against writes, or unlock it."""
        self._wish(Wish.LOCK)
