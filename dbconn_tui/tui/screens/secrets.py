"""SecretsScreen: which values the project needs, tenant by tenant, and whether they are here; never a value."""

from __future__ import annotations

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import DataTable

from dbconn_tui.errors import DbconnError
from dbconn_tui.sensitive import Sensitive
from dbconn_tui.tui.actions import BY_ID, bindings
from dbconn_tui.tui.port import Failure, Opened, describe_failure
from dbconn_tui.tui.screens.ask import AskScreen
from dbconn_tui.tui.screens.frame import FrameScreen
from dbconn_tui.tui.screens.set_secret import SetSecretScreen
from dbconn_tui.tui.secret_table import SecretRow, SecretTable
from dbconn_tui.tui.state import AppState
from dbconn_tui.tui.widgets.context_bar import ContextBar
from dbconn_tui.tui.widgets.key_bar import KeyBar
from dbconn_tui.tui.widgets.line_view import Line, LineView
from dbconn_tui.tui.widgets.notice import Notice
from dbconn_tui.tui.widgets.status_line import StatusLine
from dbconn_tui.tui.wording import plural

FIRST_TENANT = 2
"""Column: symbol and name come before."""


class SecretGrid(DataTable[Text]):
    """Names down, tenants across; the cursor is on one value of one tenant."""

    COMPONENT_CLASSES = {"state--good", "state--bad", "state--quiet"}
    # The table keeps enter for itself; the action table says what it stands for.
    BINDINGS = [
        Binding("enter", "select_cursor", BY_ID["secrets.set"].title, show=True, id="secrets.set"),
        *bindings("list"),
    ]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, cursor_type="cell", cell_padding=1, fixed_columns=FIRST_TENANT)

    def action_go_first(self) -> None:
        """Go to the first name."""
        self.move_cursor(row=0)

    def action_go_last(self) -> None:
        """Go to the last name."""
        self.move_cursor(row=self.row_count - 1)


class SecretsScreen(FrameScreen):
    """The table, and below it who uses the value under the cursor and how to give it."""

    PLACE = "secrets"
    BINDINGS = bindings("secrets")

    def __init__(self) -> None:
        super().__init__()
        self._opened: Opened | None = None
        self._table: SecretTable | None = None

    def compose(self) -> ComposeResult:
        """The frame and its parts."""
        yield ContextBar("Secrets")
        yield Notice(id="notice")
        with Vertical(id="secrets-body"):
            yield SecretGrid(id="secret-grid")
            yield LineView(id="secret-text")
        yield StatusLine(id="summary")
        yield KeyBar()

    def on_mount(self) -> None:
        """The table has the focus."""
        super().on_mount()
        self.query_one(SecretGrid).focus()

    def repaint(self) -> None:
        """The list in the colours of the theme."""
        self._fill()

    def show(self, state: AppState) -> None:
        """Look again after each reading of the files."""
        if state.opened is not None and state.opened is not self._opened:
            self._opened = state.opened
            self.start("secrets", self._read)

    async def _read(self) -> None:
        if self._opened is None:
            return
        self.query_one(StatusLine).show_parts(["… looking where the values are"])
        try:
            self._table = await self.dbconn.backend.secrets(self._opened)
        except DbconnError as error:
            self._say(describe_failure(error, "Not read"))
            return
        self._fill()

    def _say(self, failure: Failure | None) -> None:
        self.query_one(Notice).show_failure(failure, error=True)

    def _fill(self) -> None:
        table = self._table
        if table is None:
            return
        grid = self.query_one(SecretGrid)
        place = grid.cursor_coordinate
        first = not grid.columns
        grid.clear(columns=True)
        for heading in (" ", "Name", *table.tenants, "Used by"):
            grid.add_column(Text(heading))
        for row in table.rows:
            grid.add_row(*self._cells(row, table))
        tenant = self.dbconn.state.tenant
        if first and tenant is not None and tenant.name in table.tenants:
            grid.move_cursor(row=0, column=FIRST_TENANT + table.tenants.index(tenant.name))
        else:
            grid.move_cursor(row=place.row, column=place.column)
        missing = sum(len(row.missing) for row in table.rows)
        parts = [plural(len(table.rows), "name"), f"! {missing} missing" if missing else "✓ none missing"]
        self.query_one(StatusLine).show_parts(parts if table.rows else ["no connection needs a value"])
        if table.no_store:
            hint = "An environment variable serves as well: the text below names it."
            self._say(Failure("Nothing can be stored on this machine", table.no_store, hint))
        self._show_row()

    def _cells(self, row: SecretRow, table: SecretTable) -> list[Text]:
        grid = self.query_one(SecretGrid)

        def cell(text: str, look: str) -> Text:
            return Text(text, grid.get_component_rich_style(f"state--{look}", partial=True), no_wrap=True)

        looks = {"MISSING": "bad", "–": "quiet"}
        words = [row.words(tenant) for tenant in table.tenants]
        symbol = cell("!", "bad") if row.missing else cell("✓", "good")
        states = [cell(word, looks.get(word, "good")) for word in words]
        used = row.used_by[0] if row.used_by else "–"
        more = f" +{len(row.used_by) - 1}" if len(row.used_by) > 1 else ""
        return [symbol, Text(row.name, "bold"), *states, Text(f"{used}{more}")]

    @property
    def row(self) -> SecretRow | None:
        """The name under the cursor."""
        index = self.query_one(SecretGrid).cursor_row
        return self._table.rows[index] if self._table and 0 <= index < len(self._table.rows) else None

    @property
    def tenant(self) -> str:
        """The tenant under the cursor; beside those columns the one that the app is on."""
        index = self.query_one(SecretGrid).cursor_column - FIRST_TENANT
        if self._table is not None and 0 <= index < len(self._table.tenants):
            return self._table.tenants[index]
        return self.dbconn.state.tenant.name if self.dbconn.state.tenant else ""

    @on(DataTable.CellHighlighted)
    def _show_row(self) -> None:
        row, tenant = self.row, self.tenant
        view = self.query_one(LineView)
        if row is None:
            view.show_lines([Line("Configuration says {secret: NAME} or {env: NAME} where it needs one.", "muted")])
            return
        source = row.sources.get(tenant)
        view.border_title = Text(f"{row.name} on {tenant}")
        lines = [
            Line(f"not needed on {tenant}", "muted")
            if source is None
            else Line(f"available here: {source}", "good", "✓ ")
            if source
            else Line(f"missing on {tenant}", "bad", "! ")
        ]
        if source == "" and self._settable(row):
            lines.append(Line("enter asks for it, hidden, and stores it on this machine.", "", "→ "))
        if source == "" and row.hints.get(tenant):
            lines.append(Line(row.hints[tenant], "", "→ "))
        lines += [Line(), Line("Used by", "title"), *(Line(use, "", "  ") for use in row.used_by)]
        view.show_lines(lines)
        self.refresh_bindings()

    @on(DataTable.CellSelected)
    def action_set(self) -> None:
        """Ask for the value and store it."""
        row, tenant = self.row, self.tenant
        if row is None or not self._settable(row):
            return
        lines = (
            Line(f"Used by {', '.join(row.used_by)}."),
            Line("It goes to this machine's keyring and to the tenant with the next deploy.", "muted"),
        )

        def store(value: Sensitive | None) -> None:
            if value is not None:
                self.start("secrets", self._set(row, tenant, value))

        self.app.push_screen(SetSecretScreen(row.name, tenant, lines), store)

    async def _set(self, row: SecretRow, tenant: str, value: Sensitive) -> None:
        if self._opened is None:
            return
        try:
            stored = await self.dbconn.backend.set_secret(self._opened, tenant, row.name, value)
        except DbconnError as error:
            self._say(describe_failure(error, "Not stored"))
            return
        self._say(None)
        self.wrote = True
        note = " A line end at its end was taken off." if stored.stripped_newline else ""
        self.dbconn.notify(f"{row.name} is stored for {tenant}.{note}")
        await self._read()

    def action_delete(self) -> None:
        """Take the stored value away, after asking."""
        row, tenant = self.row, self.tenant
        if row is None:
            return

        def delete(yes: bool | None) -> None:
            if yes:
                self.start("secrets", self._delete(row, tenant))

        lines = (
            Line(f"{row.name} of {tenant} is taken out of this machine's keyring.", "bad", "! "),
            Line(f"A deploy of {', '.join(row.used_by)} from here needs it again. The tenant keeps what it has."),
        )
        self.app.push_screen(AskScreen(f"Delete {row.name}?", lines, "Delete", danger=True), delete)

    async def _delete(self, row: SecretRow, tenant: str) -> None:
        if self._opened is None:
            return
        try:
            await self.dbconn.backend.delete_secret(self._opened, tenant, row.name)
        except DbconnError as error:
            self._say(describe_failure(error, "Not deleted"))
            return
        self._say(None)
        self.wrote = True
        await self._read()

    def action_copy_name(self) -> None:
        """Copy the name."""
        if self.row is not None:
            self.dbconn.copy(self.row.name, "name")

    def _settable(self, row: SecretRow) -> bool:
        return row.kind == "secret" and bool(self.tenant)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only a `{secret: NAME}` is stored here, and only a stored one can be deleted."""
        row = self.row if action in ("set", "delete", "copy_name") else None
        if action == "set":
            return True if row is not None and self._settable(row) else None
        if action == "delete":
            return True if row is not None and row.kind == "secret" and row.words(self.tenant) == "set" else None
        return True
