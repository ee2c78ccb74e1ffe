"""HistoryScreen: what was written from this machine, newest first, and what each write changed."""

from __future__ import annotations

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from dbconn_tui.errors import DbconnError
from dbconn_tui.tui.actions import bindings
from dbconn_tui.tui.past import PastWrite, counts_words, scripts_words, write_lines
from dbconn_tui.tui.port import Opened, describe_failure
from dbconn_tui.tui.screens.ask_text import AskTextScreen
from dbconn_tui.tui.screens.frame import FrameScreen
from dbconn_tui.tui.state import AppState
from dbconn_tui.tui.widgets.context_bar import ContextBar
from dbconn_tui.tui.widgets.entry_list import EntryList
from dbconn_tui.tui.widgets.key_bar import KeyBar
from dbconn_tui.tui.widgets.line_view import Line, LineView, plain_text
from dbconn_tui.tui.widgets.notice import Notice
from dbconn_tui.tui.widgets.status_line import StatusLine
from dbconn_tui.tui.wording import age, plural


class HistoryScreen(FrameScreen):
    """The writes of one connection, or of all: the list left, the difference before → sent right."""

    PLACE = "history"
    BINDINGS = bindings("history")

    def __init__(self, key: str = "") -> None:
        super().__init__()
        self._key = key
        self._opened: Opened | None = None
        self._every: tuple[PastWrite, ...] | None = None

    def compose(self) -> ComposeResult:
        """The frame and its parts."""
        yield ContextBar("History")
        yield Notice(id="notice")
        with Container(id="history-body", classes="two-panes"):
            yield EntryList(id="history-list", classes="pane-list")
            yield LineView(id="history-text")
        yield StatusLine(id="summary")
        yield KeyBar()

    def on_mount(self) -> None:
        """The list has the focus."""
        super().on_mount()
        self.query_one(EntryList).focus()

    def repaint(self) -> None:
        """The list in the colours of the theme."""
        self._fill()

    def show(self, state: AppState) -> None:
        """Read the history again after each reading of the files, so also after a deploy."""
        if state.opened is not None and state.opened is not self._opened:
            self._opened = state.opened
            self.start("history", self._read(state.opened))

    async def _read(self, opened: Opened) -> None:
        try:
            self._every = await self.dbconn.backend.history(opened)
        except DbconnError as error:
            self.query_one(Notice).show_failure(describe_failure(error, "Not read"), error=True)
            return
        self._fill()

    @property
    def _shown(self) -> tuple[PastWrite, ...]:
        return tuple(one for one in self._every or () if not self._key or one.key == self._key)

    def _fill(self) -> None:
        shown, now = self._shown, self.dbconn.now()
        options = self.query_one(EntryList)
        current = options.highlighted_option.id if options.highlighted_option else None
        names = max((len(one.key) for one in shown), default=0)
        options.border_title = f"Writes of {self._key}" if self._key else "Writes"
        options.clear_options()
        options.add_options([Option(self._prompt(one, now, names), id=f"{one.id} {one.key}") for one in shown])
        ids = [option.id for option in options.options]
        options.highlighted = ids.index(current) if current in ids else 0 if shown else None
        words = f"{plural(len(shown), 'write')} from this machine"
        more = len(self._every or ()) - len(shown)
        self.query_one(StatusLine).show_parts([words, f"a shows {more} more" if more else ""])
        if not shown:
            self._show_empty()
        self.refresh_bindings()

    def _prompt(self, write: PastWrite, now: float, names: int) -> Text:
        text = Text(no_wrap=True, overflow="ellipsis")
        text.append(f"{age(now - write.time):<9} ")
        if not self._key:
            text.append(f"{write.key:<{min(names, 20)}} ", "bold")
        text.append(f"{write.what}: {scripts_words(write)}")
        text.append(f"  {counts_words(write)}", "dim")
        return text

    def _show_empty(self) -> None:
        of = f" of {self._key}" if self._key else ""
        lines = [
            Line(f"No writes{of} from this machine yet", "title"),
            Line("Each deploy keeps here what was live before it and what it sent, without any value."),
            Line(),
            Line("dbconn rollback NAME --to REF goes back to the scripts of a git ref.", "", "→ "),
        ]
        view = self.query_one(LineView)
        view.border_title = ""
        view.show_lines(lines)

    @property
    def write(self) -> PastWrite | None:
        """The write under the cursor."""
        index = self.query_one(EntryList).highlighted
        shown = self._shown
        return shown[index] if index is not None and index < len(shown) else None

    @on(OptionList.OptionHighlighted)
    def _show_write(self) -> None:
        write = self.write
        if write is not None:
            view = self.query_one(LineView)
            view.border_title = Text(f"{write.key}   before → sent")
            view.show_lines(tuple(write_lines(write, age(self.dbconn.now() - write.time))))
            self.refresh_bindings()

    @on(OptionList.OptionSelected)
    def _read_text(self) -> None:
        self.query_one(LineView).focus()

    def action_roll_back(self) -> None:
        """Plan going back: the newest write is undone, an older one's state comes again."""
        write = self.write
        if write is not None:
            self.dbconn.plan_rollback(write.key, None if write.last else write.id)

    def action_every(self) -> None:
        """All connections, or the one this screen was opened for."""
        write = self.write
        self._key = "" if self._key else write.key if write else ""
        self._fill()

    def action_export(self) -> None:
        """Ask for a file name and write what was live before the write under the cursor."""
        write = self.write
        if write is None or not write.before:
            return
        lines = (
            Line("Everything the tenant held of the connection before this write, as JSON, scripts included."),
            Line("Of configuration values only digests are known, so none is in it.", "muted"),
        )
        name = f"{write.key}-before-{write.id}.json"
        screen = AskTextScreen("Export to a file", lines, lambda text: "", value=name)
        self.app.push_screen(
            screen, lambda file: self.start("export", self._export(file, write.before)) if file else None
        )

    async def _export(self, file: str, text: str) -> None:
        try:
            await self.dbconn.backend.write_new(file, text)
        except DbconnError as error:
            self.query_one(Notice).show_failure(describe_failure(error, "Not exported"), error=True)
            return
        self.query_one(Notice).show_failure(None)
        self.dbconn.notify(f"Written: {file}")

    def action_copy(self) -> None:
        """Copy the text on the right."""
        self.dbconn.copy(plain_text(self.query_one(LineView).lines), "text")

    def action_copy_command(self) -> None:
        """Copy the command that rolls back to here."""
        if self.write is not None:
            self.dbconn.copy(self.write.command, "command")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing goes back to before a connection was there."""
        if action == "roll_back":
            write = self.write
            there = write is not None and not (write.last and write.what == "created")
            return True if there and self.dbconn.can_roll_back else None
        if action == "export":
            return True if self.write is not None and self.write.before else None
        if action == "copy_command":
            return True if self.write is not None else None
        return True
