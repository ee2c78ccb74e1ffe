"""TestScreen: the life cycle of connections played against their store, on a board that fills in as it goes."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from dbconn_tui.errors import DbconnError
from dbconn_tui.project.values import Tenant
from dbconn_tui.tui.actions import bindings
from dbconn_tui.tui.board import Play, advance, board_lines, settle, summary_parts
from dbconn_tui.tui.port import Failure, Opened, describe_failure
from dbconn_tui.tui.runs import RunSetup, TestRequest
from dbconn_tui.tui.screens.confirm import ConfirmScreen
from dbconn_tui.tui.screens.frame import FrameScreen
from dbconn_tui.tui.state import AppState
from dbconn_tui.tui.widgets.context_bar import ContextBar
from dbconn_tui.tui.widgets.entry_list import EntryList
from dbconn_tui.tui.widgets.key_bar import KeyBar
from dbconn_tui.tui.widgets.line_view import Line, LineView, plain_text
from dbconn_tui.tui.widgets.notice import Notice
from dbconn_tui.tui.widgets.status_line import StatusLine
from dbconn_tui.tui.wording import plural

if TYPE_CHECKING:
    from dbconn_tui.tasks.connection_tests import BoardStep, ConnectionTest

MOST_NAME: Final = 28
"""Cells."""


class TestScreen(FrameScreen):
    """Plays the connections of `keys` when told to; a stop ends it after the check under way."""

    __test__ = False
    PLACE = "test"
    BINDINGS = bindings("test")

    @dataclass
    class Stepped(Message):
        """The board came one step further."""

        step: BoardStep

    def __init__(self, keys: Sequence[str]) -> None:
        super().__init__()
        self._keys = tuple(keys)
        self._plays = tuple(Play(key) for key in self._keys)
        self._opened: Opened | None = None
        self._setup: RunSetup | None = None
        self._values = ""
        self._quick = True
        self._since: float | None = None
        self._took = 0.0
        self._stop = threading.Event()

    def compose(self) -> ComposeResult:
        """The frame and its parts."""
        yield ContextBar("Test" if len(self._keys) > 1 else f"{self._keys[0]} › Test")
        yield Notice(id="notice")
        with Container(classes="two-panes"):
            yield EntryList(id="plays", classes="pane-list")
            yield LineView(id="board")
        yield StatusLine(id="summary")
        yield KeyBar()

    def on_mount(self) -> None:
        """The list has the focus."""
        super().on_mount()
        self.query_one(EntryList).border_title = plural(len(self._keys), "connection")
        self.query_one(EntryList).focus()
        self._fill()

    def show(self, state: AppState) -> None:
        """Look again whose values can be used after each reading of the files."""
        if state.opened is not None and state.opened is not self._opened and state.opened.handle is not None:
            self._opened = state.opened
            self.start("setup", self._prepare(state.opened))

    async def _prepare(self, opened: Opened) -> None:
        try:
            self._setup = await self.dbconn.backend.run_setup(opened, self._keys)
        except DbconnError as error:
            self._say(describe_failure(error, "Nothing can be tested"))
            return
        if self._values not in self._setup.values:
            self._values = self._setup.chosen
        self._draw()

    def _say(self, failure: Failure | None) -> None:
        self.query_one(Notice).show_failure(failure, error=True)

    @property
    def loses(self) -> tuple[str, ...]:
        """A test under way is ended when the screen is left."""
        return ("The test under way is ended; its user is deleted again.",) if self._since is not None else ()

    def _fill(self) -> None:
        options = self.query_one(EntryList)
        place = options.highlighted or 0
        names = min(max(len(play.title) for play in self._plays), MOST_NAME)
        options.clear_options()
        for play in self._plays:
            text = Text(no_wrap=True, overflow="ellipsis")
            text.append(f"{play.symbol} ")
            text.append(f"{play.title:<{names}}", "bold")
            text.append(f"  {play.words}")
            options.add_option(Option(text, id=play.title))
        options.highlighted = min(place, len(self._plays) - 1)
        self._draw()

    @property
    def _play(self) -> Play:
        index = self.query_one(EntryList).highlighted
        return self._plays[index if index is not None and index < len(self._plays) else 0]

    @on(OptionList.OptionHighlighted)
    def _draw(self) -> None:
        play, view = self._play, self.query_one("#board", LineView)
        view.border_title = Text(play.title)
        lines = tuple(board_lines(play)) or tuple(self._before())
        if lines != view.lines:
            view.show_lines(lines, keep_place=bool(play.checks))
            if self._since is not None:
                view.scroll_to(y=max(0, len(play.checks) - view.size.height // 2), animate=False)
        self.tick(self.dbconn.state)
        self.refresh_bindings()

    def _before(self) -> Iterator[Line]:
        yield Line(f"f5 plays what Auth0 does with the scripts, with the values of {self._values or '…'}.", "title")
        yield Line()
        yield Line(
            "Sign-up, login, a wrong password, a reset, a change of the address, deletion, odd identifiers, a store "
            "that is down. It makes users whose addresses begin with dbconn-test- and deletes them again."
        )
        yield Line()
        hangs = "also" if not self._quick else "without"
        yield Line(
            f"{hangs} a store that hangs, which takes as long as the scripts' own timeouts (o changes that)", "muted"
        )
        yield Line("v changes whose values are used.", "muted")

    def tick(self, state: AppState) -> None:
        """The seconds so far."""
        protected = self._setup is not None and self._values in self._setup.protected
        parts = summary_parts(self._plays)
        if self._since is not None:
            stopping = "stopping after this check" if self._stop.is_set() else "ctrl+c stops after this check"
            parts += [f"{self.dbconn.now() - self._since:.0f} s", stopping]
        elif self._took:
            parts.append(f"{self._took:.1f} s")
        parts.append(f"values of {self._values}{' (PROTECTED)' if protected else ''}")
        self.query_one(StatusLine).show_parts(parts)

    def action_values(self) -> None:
        """The next tenant's values, or local's."""
        if self._setup is not None:
            values = self._setup.values
            self._values = values[(values.index(self._values) + 1) % len(values)]
            self._draw()

    def action_outage(self) -> None:
        """With or without the store that hangs."""
        self._quick = not self._quick
        self._draw()

    def action_run(self) -> None:
        """Play; a protected tenant's name is asked for first."""
        if self._setup is None or self._since is not None or self._opened is None:
            return
        tenant = next((one for one in self._opened.tenants if one.name == self._values), None)
        if tenant is None or not tenant.protected:
            self._begin(confirmed=False)
            return

        def play(yes: bool | None) -> None:
            if yes:
                self._begin(confirmed=True)

        self.app.push_screen(ConfirmScreen(tenant, tuple(self._warning(tenant)), "test"), play)

    def _warning(self, tenant: Tenant) -> Iterator[Line]:
        yield Line(f"{', '.join(self._keys)} played with the values of {tenant.name}.", "title")
        yield Line("Users are made, changed and deleted in the store of a protected tenant.", "bad", "! ")
        yield Line("Their addresses begin with dbconn-test-; other users are not touched.", "muted")

    def _begin(self, *, confirmed: bool) -> None:
        self._stop.clear()
        self._since, self._took = self.dbconn.now(), 0.0
        self._plays = tuple(Play(key) for key in self._keys)
        self._say(None)
        self._fill()
        self.start("test", self._run(TestRequest(self._keys, self._values, confirmed, self._quick)))

    async def _run(self, request: TestRequest) -> None:
        def tell(step: BoardStep) -> None:
            self.post_message(self.Stepped(step))

        failure: Failure | None = None
        try:
            tests = await self.dbconn.backend.play_tests(request, tell, self._stop.is_set)
        except DbconnError as error:
            failure, tests = describe_failure(error, "Not tested"), ()
        if self._stop.is_set():
            failure = failure or Failure("Stopped", "the rest was not played; what was made is deleted again")
        # Steps told before the end are still on their way as messages.
        self.call_later(self._end, tests, failure)

    def _end(self, tests: tuple[ConnectionTest, ...], failure: Failure | None) -> None:
        if self._since is not None:
            self._took, self._since = self.dbconn.now() - self._since, None
        self._plays = settle(self._plays, tests)
        self._fill()
        self._say(failure)

    @on(Stepped)
    def _stepped(self, message: Stepped) -> None:
        self._plays = advance(self._plays, message.step)
        self._fill()
        if message.step.check is None:
            # The list goes along with what is played.
            titles = [play.title for play in self._plays]
            here = f"{message.step.connection} {message.step.variant}".strip()
            self.query_one(EntryList).highlighted = titles.index(here)

    def action_stop(self) -> None:
        """Let the check under way end, play no other, delete what was made."""
        self._stop.set()
        self.tick(self.dbconn.state)

    def on_unmount(self) -> None:
        """Nobody watches any more."""
        self._stop.set()

    def action_copy(self) -> None:
        """Copy the board of every connection."""
        parts = [f"{play.title}: {play.words}\n{plain_text(tuple(board_lines(play)))}" for play in self._plays]
        self.dbconn.copy("\n\n".join(parts), "board")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """One test at a time."""
        if action in ("run", "values", "outage"):
            return self._since is None and self._setup is not None
        if action == "stop":
            return self._since is not None
        return True
