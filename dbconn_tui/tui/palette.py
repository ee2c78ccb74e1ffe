"""ActionProvider: the command palette's entries, from the action table; every name ends with its key."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider

from dbconn_tui.tui.actions import ACTIONS
from dbconn_tui.tui.keys import keys_in_force
from dbconn_tui.tui.screens.frame import FrameScreen

if TYPE_CHECKING:
    from dbconn_tui.tui.app import DbconnApp


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the palette."""

    name: str
    help: str
    run: Callable[[], Coroutine[Any, Any, object]]


class ActionProvider(Provider):
    """Offers what can be done on the screen below the palette, and what can be done everywhere."""

    def entries(self) -> Iterator[Entry]:
        """What can be done now, in the table's order, then the other tenants."""
        app = cast("DbconnApp", self.app)
        place = self.screen.PLACE if isinstance(self.screen, FrameScreen) else ""
        keys = keys_in_force(app, self.screen)
        for action in ACTIONS:
            if not action.palette or action.where not in (place, "everywhere"):
                continue
            if action.keys and action.id not in keys:
                continue
            name = f"{action.title}  ({keys[action.id]})" if action.id in keys else action.title
            yield Entry(name, action.help, partial(app.run_action, action.run, self.screen))
        opened = app.state.opened
        for tenant in opened.tenants if opened else ():
            if opened is not None and tenant != opened.tenant:
                run = partial(app.run_action, f"switch_tenant({tenant.name!r})", app)
                yield Entry(f"Tenant: {tenant.name}", f"Switch to {tenant.domain}", run)

    async def discover(self) -> Hits:
        """Everything, before anything is typed."""
        for entry in self.entries():
            yield DiscoveryHit(entry.name, entry.run, help=entry.help)

    async def search(self, query: str) -> Hits:
        """The entries whose name matches."""
        matcher = self.matcher(query)
        for entry in self.entries():
            score = matcher.match(entry.name)
            if score > 0:
                yield Hit(score, matcher.highlight(entry.name), entry.run, help=entry.help)
