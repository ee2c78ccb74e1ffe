"""TemplatesScreen: the templates at hand, the one under the cursor in full beside them."""

from __future__ import annotations

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from dbconn_tui.errors import DbconnError
from dbconn_tui.scaffold.template import Template
from dbconn_tui.tui.actions import bindings
from dbconn_tui.tui.port import describe_failure
from dbconn_tui.tui.screens.add import AddScreen
from dbconn_tui.tui.screens.frame import FrameScreen
from dbconn_tui.tui.template_lines import template_lines
from dbconn_tui.tui.widgets.context_bar import ContextBar
from dbconn_tui.tui.widgets.entry_list import EntryList
from dbconn_tui.tui.widgets.key_bar import KeyBar
from dbconn_tui.tui.widgets.line_view import LineView
from dbconn_tui.tui.widgets.notice import Notice
from dbconn_tui.tui.widgets.status_line import StatusLine
from dbconn_tui.tui.wording import plural


class TemplatesScreen(FrameScreen):
    """The list left, what the template is for right; enter asks for its values."""

    PLACE = "templates"
    BINDINGS = bindings("templates")

    def __init__(self) -> None:
        super().__init__()
        self._templates: tuple[Template, ...] = ()

    def compose(self) -> ComposeResult:
        """The frame and its parts."""
        yield ContextBar("New connection")
        yield Notice(id="notice")
        with Container(classes="two-panes"):
            yield EntryList(id="template-list", classes="pane-list")
            yield LineView(id="template-text")
        yield StatusLine(id="summary")
        yield KeyBar()

    def on_mount(self) -> None:
        """Read the templates."""
        super().on_mount()
        self.query_one(EntryList).border_title = "Templates"
        self.query_one(EntryList).focus()
        self.start("templates", self._read)

    async def _read(self) -> None:
        try:
            catalogue = await self.dbconn.backend.templates()
        except DbconnError as error:
            self.query_one(Notice).show_failure(describe_failure(error, "Not read"), error=True)
            return
        self._templates = catalogue.templates
        width = max((len(one.name) for one in self._templates), default=0)
        options = self.query_one(EntryList)
        for one in self._templates:
            text = Text(no_wrap=True, overflow="ellipsis")
            text.append(f"{one.name:<{width}}  ", "bold")
            text.append(one.title)
            options.add_option(Option(text, id=one.name))
        options.highlighted = 0 if self._templates else None
        broken = f"! {catalogue.problems[0]!s}" if catalogue.problems else ""
        self.query_one(StatusLine).show_parts(
            [plural(len(self._templates), "template"), broken, "enter asks for its values"]
        )

    @property
    def template(self) -> Template | None:
        """The template under the cursor."""
        index = self.query_one(EntryList).highlighted
        return self._templates[index] if index is not None and index < len(self._templates) else None

    @on(OptionList.OptionHighlighted)
    def _show_template(self) -> None:
        template = self.template
        if template is not None:
            view = self.query_one(LineView)
            view.border_title = Text(f"{template.name} {template.version}")
            view.show_lines(tuple(template_lines(template)))

    @on(OptionList.OptionSelected)
    def action_use(self) -> None:
        """Ask for its values."""
        if self.template is not None:
            self.app.push_screen(AddScreen(self.template))
