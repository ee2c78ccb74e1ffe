"""ContextBar: the first line of every screen: which tenant, where in the app, how old the reading is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.style import Style
from rich.text import Text
from textual.widget import Widget

from dbconn_tui.tui.port import NO_ANSWER
from dbconn_tui.tui.state import AppState
from dbconn_tui.tui.wording import age

if TYPE_CHECKING:
    from dbconn_tui.project.values import Tenant

SHORTEST_DOMAIN = 12
"""Cells."""


def chip(tenant: Tenant | None) -> str:
    """The tenant in words: its name, PROTECTED, a lock when it is read-only."""
    if tenant is None:
        return " no tenant "
    if not tenant.domain:
        return " no tenant set up "
    words = [tenant.name.upper() if tenant.protected else tenant.name]
    words += ["PROTECTED"] if tenant.protected else []
    words += ["🔒 read-only"] if tenant.read_only else []
    return f" {' '.join(words)} "


def reading_words(state: AppState, now: float) -> str:
    """The age of what is shown of the tenant, and what is under way."""
    read_at = state.status.read_at if state.status else None
    if state.opening:
        return "… reading files"
    if state.reading:
        return f"… {state.step or 'reading the tenant'}"
    if state.tenant_failure:
        return "⏸ not reachable" if state.tenant_failure.code in NO_ANSWER else "⏸ not read"
    if read_at is None:
        return "tenant not read" if state.tenant and state.tenant.domain else ""
    words = "live, read" if state.status and state.status.live else "last read"
    return f"{words} {age(now - read_at)}"


class ContextBar(Widget):
    """Shows a state; `crumbs` say where in the app this screen is."""

    COMPONENT_CLASSES = {"chip", "chip--plain", "chip--protected", "chip--none", "bar--muted"}
    DEFAULT_CSS = """
    ContextBar { height: 1; }
    ContextBar > .chip--plain { background: $success; color: $on-success; text-style: bold; }
    ContextBar > .chip--protected { background: $error; color: $on-error; text-style: bold; }
    ContextBar > .chip--none { background: $surface; color: $foreground; }
    ContextBar > .bar--muted { color: $text-muted; }
    """

    def __init__(self, crumbs: str) -> None:
        super().__init__()
        self._crumbs = crumbs
        self._state = AppState()
        self._now = 0.0

    def show(self, state: AppState, now: float) -> None:
        """Show this state; `now` is seconds since 1970."""
        self._state, self._now = state, now
        self.refresh()

    def render(self) -> Text:
        """Chip and crumbs left, the reading's age right; the domain gives way first."""
        tenant = self._state.tenant
        right = reading_words(self._state, self._now)
        text = Text(no_wrap=True, end="")
        unknown = self._state.opened is None and self._state.opening
        text.append(" … " if unknown else chip(tenant), self._chip_style(tenant))
        crumbs = f" › {self._crumbs}"
        domain = tenant.domain if tenant else ""
        room = self.size.width - text.cell_len - len(crumbs) - len(right) - 3
        if len(domain) > room:
            domain = f"{domain[: room - 1]}…" if room >= SHORTEST_DOMAIN else ""
        text.append(f" {domain}{crumbs}" if domain else crumbs)
        space = self.size.width - text.cell_len - len(right) - 1
        text.append(" " * max(1, space))
        text.append(right, self.get_component_rich_style("bar--muted"))
        return text

    def _chip_style(self, tenant: Tenant | None) -> Style:
        if tenant is None or not tenant.domain:
            return self.get_component_rich_style("chip--none")
        return self.get_component_rich_style("chip--protected" if tenant.protected else "chip--plain")
