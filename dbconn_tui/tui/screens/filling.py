"""FillingScreen: scripts that a connection does not have yet, and what its template gives for them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from dbconn_tui.errors import DbconnError
from dbconn_tui.tui.editor_lines import kind_words
from dbconn_tui.tui.filling import refill_lines
from dbconn_tui.tui.port import Failure, describe_failure
from dbconn_tui.tui.screens.ask import AskScreen
from dbconn_tui.tui.screens.pick import PickScreen
from dbconn_tui.tui.screens.scripts import ScriptsScreen
from dbconn_tui.tui.script_files import ScriptSet

if TYPE_CHECKING:
    from dbconn_tui.tasks.refill import Refill


NO_TEXTS: Final[Mapping[str, str]] = {}


class FillingScreen(ScriptsScreen):
    """Begins scripts, empty or from the template, and fills a template again."""

    def action_new_script(self) -> None:
        """Choose a kind that the connection does not have."""
        if self._scripts is not None:
            self.start("new", self._choose_kind(self._scripts))

    async def _choose_kind(self, scripts: ScriptSet) -> None:
        template, texts = "", NO_TEXTS
        # A connection that was made by hand has no template: then there is nothing to offer.
        with suppress(DbconnError):
            template, texts = await self.dbconn.backend.template_texts(self.key)
        options = [
            *(
                (f"template {one.kind}", f"{one.kind:<20} from the template {template}")
                for one in scripts.missing
                if one.kind in texts
            ),
            *((f"empty {one.kind}", f"{one.kind:<20} {kind_words(one.kind)}") for one in scripts.missing),
        ]

        def chosen(id: str | None) -> None:
            if id is not None:
                source, _, kind = id.partition(" ")
                self.start("tab", self._begin(kind, texts[kind] if source == "template" else None))

        self.app.push_screen(PickScreen("New script", options, "It is a file once it is saved."), chosen)

    async def _begin(self, kind: str, text: str | None) -> None:
        await self.show_tab(kind)
        if self.editor is not None and text is not None:
            self.editor.put(text)

    def action_refill(self) -> None:
        """Fill the connection's template again, with its newer text; shown before it is written."""
        if self.unsaved:
            self._say(Failure("Not yet", f"{', '.join(self.unsaved)} is not saved", "ctrl+s saves it first."))
        else:
            self.start("refill", self._plan_refill)

    async def _plan_refill(self) -> None:
        try:
            refill = await self.dbconn.backend.plan_refill(self.key)
        except DbconnError as error:
            self._say(describe_failure(error, "Not filled"))
            return
        if refill.without_base or not refill.changes:
            words = (
                refill.without_base or f"the scripts are as {refill.template.name} makes them, and as you edited them"
            )
            hint = (
                "`dbconn template update NAME --keep-mine` takes the scripts as they are."
                if refill.without_base
                else ""
            )
            self._say(Failure("Nothing to fill in", words, hint))
            return

        def write(yes: bool | None) -> None:
            if yes:
                self.start("refill", self._write_refill(refill))

        lines = tuple(refill_lines(refill))
        screen = AskScreen(f"Fill {refill.template.name} again?", lines, "Write", danger=bool(refill.conflicts))
        self.app.push_screen(screen, write)

    async def _write_refill(self, refill: Refill) -> None:
        try:
            await self.dbconn.backend.write_refill(refill)
        except DbconnError as error:
            self._say(describe_failure(error, "Not filled"))
            return
        self.wrote = True
        await self._look()
        marks = ", ".join(file.file for file in refill.conflicts)
        if marks:
            self._say(Failure("Both changed the same place", f"{marks} has marks <<<<<<< to resolve"))
