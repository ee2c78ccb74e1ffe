"""SettingsScreen: every key that a connection can have, what it says on a tenant and which layer says so."""

from __future__ import annotations

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import DataTable, Input

from dbconn_tui.errors import DbconnError
from dbconn_tui.project.schema import CONFIGURATION_VALUE, OVERLAY
from dbconn_tui.project.settings import Setting, SettingPlan
from dbconn_tui.project.shapes import Anything
from dbconn_tui.tui.actions import bindings
from dbconn_tui.tui.port import Failure, Opened, describe_failure
from dbconn_tui.tui.screens.ask_text import AskTextScreen
from dbconn_tui.tui.screens.edit_setting import EditSettingScreen
from dbconn_tui.tui.screens.frame import FrameScreen
from dbconn_tui.tui.setting_sheet import SettingSheet
from dbconn_tui.tui.setting_words import setting_lines, value_words
from dbconn_tui.tui.state import AppState
from dbconn_tui.tui.widgets.context_bar import ContextBar
from dbconn_tui.tui.widgets.filter_bar import FilterBar
from dbconn_tui.tui.widgets.key_bar import KeyBar
from dbconn_tui.tui.widgets.line_view import Line, LineView
from dbconn_tui.tui.widgets.notice import Notice
from dbconn_tui.tui.widgets.setting_table import SettingTable
from dbconn_tui.tui.widgets.status_line import StatusLine
from dbconn_tui.tui.wording import plural


class SettingsScreen(FrameScreen):
    """The table, and below or beside it the key under the cursor; enter changes it in dbconn.yaml."""

    PLACE = "settings"
    AUTO_FOCUS = "#settings-table"
    BINDINGS = bindings("settings")

    def __init__(self, key: str) -> None:
        super().__init__()
        self._key = key
        self._opened: Opened | None = None
        self._sheet: SettingSheet | None = None
        self._tenant = ""
        self._every = True

    def compose(self) -> ComposeResult:
        """The frame and its parts."""
        yield ContextBar(f"{self._key} › Settings")
        yield Notice(id="notice")
        with Vertical(id="settings-body"):
            yield FilterBar("filter: letters of a key or a value", id="filter")
            yield SettingTable(id="settings-table")
            yield LineView(id="setting-text")
        yield StatusLine(id="summary")
        yield KeyBar()

    def repaint(self) -> None:
        """The list in the colours of the theme."""
        self._fill()

    def show(self, state: AppState) -> None:
        """Read the files after each reading of the app."""
        if state.opened is not None and state.opened is not self._opened:
            self._opened = state.opened
            self._tenant = self._tenant or (state.opened.tenant.name if state.opened.tenant else "")
            self.start("settings", self._read)

    async def _read(self) -> None:
        try:
            self._sheet = await self.dbconn.backend.read_settings(self._key, self._tenant)
        except DbconnError as error:
            self._say(describe_failure(error, "Not read"))
            return
        self._tenant = self._sheet.tenant
        self._fill()

    def _say(self, failure: Failure | None) -> None:
        self.query_one(Notice).show_failure(failure, error=True)

    @property
    def _shown(self) -> tuple[Setting, ...]:
        words = self.query_one(FilterBar).value.casefold().split()
        rows = self._sheet.settings if self._sheet else ()
        return tuple(
            row
            for row in rows
            if (self._every or row.layers)
            and all(word in f"{row.title} {value_words(row.value) if row.said else ''}".casefold() for word in words)
        )

    def _fill(self) -> None:
        if self._sheet is None:
            return
        shown = self._shown
        self.query_one(SettingTable).show_settings(shown)
        said = sum(bool(row.layers) for row in self._sheet.settings)
        filtered = (
            f"showing {len(shown)} of {len(self._sheet.settings)}" if len(shown) < len(self._sheet.settings) else ""
        )
        parts = [f"as on {self._tenant}", f"{plural(said, 'key')} set in {self._sheet.file}", filtered]
        self.query_one(StatusLine).show_parts(parts)
        self._show_setting()

    @property
    def setting(self) -> Setting | None:
        """The key under the cursor."""
        return self.query_one(SettingTable).current

    @on(DataTable.RowHighlighted)
    def _show_setting(self) -> None:
        setting, view = self.setting, self.query_one("#setting-text", LineView)
        view.border_title = Text(setting.title if setting else "")
        none = (Line("No key has these letters.", "muted"),)
        view.show_lines(tuple(setting_lines(setting, self._tenant)) if setting else none)
        self.refresh_bindings()

    @on(DataTable.RowSelected)
    def action_edit(self) -> None:
        """Change the key under the cursor."""
        if self.setting is not None:
            self._edit(self.setting)

    def _edit(self, setting: Setting) -> None:
        if self._sheet is not None:
            self.app.push_screen(EditSettingScreen(self._sheet, setting), self._planned)

    def _planned(self, plan: SettingPlan | None) -> None:
        if plan is not None:
            self.start("write", self._write(plan))

    async def _write(self, plan: SettingPlan) -> None:
        if self._sheet is None:
            return
        try:
            await self.dbconn.backend.write_setting(self._sheet, plan)
        except DbconnError as error:
            self._say(describe_failure(error, "Not written"))
        else:
            self._say(None)
            self.wrote = True
        await self._read()

    def action_new(self) -> None:
        """Ask for a key of the user's own, then for its value."""
        lines = (
            Line("configuration.KEY is read by scripts as configuration.KEY."),
            Line("options.NAME is an option that dbconn does not know; it is sent as it stands.", "muted"),
        )
        screen = AskTextScreen("New key", lines, self._fault, value="configuration.", hint="configuration.API_URL")
        self.app.push_screen(screen, self._named)

    def _fault(self, name: str) -> str:
        head, _, rest = name.partition(".")
        if head not in ("configuration", "options") or not rest:
            return "It begins with configuration. or options."
        if self._sheet is not None and any(row.title == name for row in self._sheet.settings):
            return "It is in the table: / finds it."
        return ""

    def _named(self, name: str | None) -> None:
        if name is None:
            return
        head, _, rest = name.partition(".")
        if head == "configuration":
            sentence = next(key.sentence for key in OVERLAY.keys if key.name == head)
            self._edit(Setting((head, rest), CONFIGURATION_VALUE, sentence, "none", False, None))
        else:
            words = "An option that dbconn does not know; it is sent as it stands."
            self._edit(Setting((head, *rest.split(".")), Anything(), words, "", False, None))

    def action_tenant(self) -> None:
        """See the connection as it is on the next tenant."""
        if self._sheet is not None:
            tenants = self._sheet.tenants
            self._tenant = tenants[(tenants.index(self._tenant) + 1) % len(tenants)]
            self.start("settings", self._read)

    def action_every(self) -> None:
        """All keys that could be set, or only those that are."""
        self._every = not self._every
        self._fill()

    def action_filter(self) -> None:
        """Open the filter."""
        self.query_one(FilterBar).open()

    @on(Input.Changed, "#filter")
    def _filter_changed(self) -> None:
        self._fill()

    @on(Input.Submitted, "#filter")
    def _filter_done(self) -> None:
        self.query_one(SettingTable).focus()

    def closes_first(self) -> bool:
        """The filter, if there is one."""
        closed = self.query_one(FilterBar).close()
        if closed:
            self.query_one(SettingTable).focus()
        return closed

    def action_copy(self) -> None:
        """Copy the key and its value."""
        if self.setting is not None:
            value = f": {value_words(self.setting.value)}" if self.setting.said else ""
            self.dbconn.copy(f"{self.setting.title}{value}", "key")
