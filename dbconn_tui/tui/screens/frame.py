"""FrameScreen: what every full screen has: the context bar, the keys, the app's state as it changes."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.screen import Screen
from textual.theme import Theme
from textual.worker import Worker

from dbconn_tui.tui.state import AppState
from dbconn_tui.tui.widgets.context_bar import ContextBar

if TYPE_CHECKING:
    from dbconn_tui.tui.app import DbconnApp

TICK = 1.0
"""Seconds between two looks at the clock, for ages."""


class FrameScreen(Screen[None]):
    """Calls `show` with the app's state when mounted and whenever it changes."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-normal"), (140, "-wide")]
    PLACE: ClassVar[str] = ""
    """The place of this screen in `actions.PLACES`."""

    wrote: bool = False
    """Whether something was written here since the project was read; leaving the screen then reads it again."""

    _possible: tuple[object, ...] = ()

    @property
    def dbconn(self) -> DbconnApp:
        """The app."""
        return cast("DbconnApp", self.app)

    def on_mount(self) -> None:
        """Follow the state and the clock."""
        self.watch(self.app, "state", self._show, init=True)
        self.app.theme_changed_signal.subscribe(self, self._theme_changed)
        self.set_interval(TICK, self._tick)

    @property
    def loses(self) -> tuple[str, ...]:
        """What is lost when this screen is left now, a sentence each."""
        return ()

    def left(self) -> None:
        """The screen is being left on purpose, after what it loses was agreed to."""

    def start(self, group: str, work: Coroutine[Any, Any, None] | Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Run work of this screen; what is still under way in the same group is cancelled."""
        self.run_worker(work, group=group, exclusive=True, exit_on_error=False)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A programming error is the app's to show."""
        self.dbconn.on_worker_state_changed(event)

    def _show(self, state: AppState) -> None:
        self._tick()
        self.show(state)
        # Asking every binding is dear: only when a key may have become usable or unusable.
        possible = (state.opening, state.reading, state.deploying, state.reviewed is None, state.tenant, state.rollback)
        if possible != self._possible:
            self._possible = possible
            self.refresh_bindings()

    def _tick(self) -> None:
        self.query_one(ContextBar).show(self.dbconn.state, self.dbconn.now())
        self.tick(self.dbconn.state)

    def show(self, state: AppState) -> None:
        """Show this state."""

    def repaint(self) -> None:
        """Another theme was chosen, and its colours are known by now; for what was painted by hand."""

    def _theme_changed(self, theme: Theme) -> None:
        self.call_after_refresh(self.repaint)

    def closes_first(self) -> bool:
        """Close what is open on the screen before the screen itself; whether there was something."""
        return False

    def tick(self, state: AppState) -> None:
        """Time went on; only ages changed."""


def is_at(screen: Screen[Any], *places: str) -> bool:
    """Whether a screen is one of these places, told without importing its class."""
    return isinstance(screen, FrameScreen) and screen.PLACE in places
