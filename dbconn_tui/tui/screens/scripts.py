"""ScriptsScreen: a connection's scripts in editors: opened, saved, watched, kept; nothing is lost unasked."""

from __future__ import annotations

from textual.containers import Vertical

from dbconn_tui.errors import DbconnError
from dbconn_tui.problems import Place
from dbconn_tui.tui.editor_lines import SETTINGS, UNFAITHFUL, changed_outside, first_text, settings_lines
from dbconn_tui.tui.port import Failure, Opened, describe_failure
from dbconn_tui.tui.recovery import Recovered
from dbconn_tui.tui.screens.ask import AskScreen
from dbconn_tui.tui.screens.frame import FrameScreen
from dbconn_tui.tui.script_files import ScriptFile, ScriptSet
from dbconn_tui.tui.state import AppState
from dbconn_tui.tui.widgets.line_view import Line, LineView
from dbconn_tui.tui.widgets.notice import Notice
from dbconn_tui.tui.widgets.script_editor import ScriptEditor
from dbconn_tui.tui.wording import age

WATCH_PAUSE = 1.0
"""Seconds between two looks at the files."""

KEEP_PAUSE = 10.0
"""Seconds between two times that unsaved texts are kept for the next start."""


class ScriptsScreen(FrameScreen):
    """What an editor screen knows of files and texts; `texts_changed` and `show_marks` are called when they move.

    Needs the widgets #editors with #find in it, #settings, #side-settings and a Notice.
    """

    def __init__(self, key: str, kind: str = "", *, file: str = "", place: Place | None = None) -> None:
        super().__init__()
        self.key = key
        self._active = kind
        self._wanted = (file, place)
        """A file and a place in it to begin with."""
        self._scripts: ScriptSet | None = None
        self._opened: Opened | None = None
        self._doubtful: dict[str, ScriptFile] = {}
        """Kind → what the disk holds since the unsaved text was taken from it."""
        self._failure: Failure | None = None
        self._kept: dict[str, str] = {}
        """Kind → the unsaved text that is kept for the next start."""
        self._asked_recovery = False

    def on_mount(self) -> None:
        """Watch the files, and keep what is not saved."""
        super().on_mount()
        self.set_interval(WATCH_PAUSE, self._watch)
        self.set_interval(KEEP_PAUSE, self._keep)

    async def texts_changed(self) -> None:
        """A text or a file is another one."""

    def show_marks(self) -> None:
        """What is unsaved has changed."""

    async def show_tab(self, kind: str) -> None:
        """Show another script, or the settings."""
        await self._show_tab(kind)

    def show(self, state: AppState) -> None:
        """Take over what was read anew; texts that are open stay."""
        opened = state.opened
        if opened is not None and opened is not self._opened and opened.handle is not None:
            self._opened = opened
            self.start("scripts", self._open(opened))

    async def _open(self, opened: Opened) -> None:
        try:
            fresh = await self.dbconn.backend.open_scripts(opened, self.key)
        except DbconnError as error:
            self._say(describe_failure(error, "Not opened"))
            return
        before = self._scripts
        # What is open was taken from the files as they were then; watching finds what has moved since.
        for file in (*before.files, *before.missing) if before else ():
            fresh = fresh.having(file)
        self._scripts = fresh
        lines = tuple(settings_lines(fresh))
        self.query_one("#settings", LineView).show_lines(lines)
        self.query_one("#side-settings", LineView).show_lines(lines)
        wanted, place = self._wanted
        self._wanted = ("", None)
        asked = next((one.kind for one in fresh.files if one.file == wanted), self._active)
        await self.show_tab(asked or (fresh.files[0].kind if fresh.files else SETTINGS))
        if place is not None and self.editor is not None:
            self.editor.go_to(place.line, place.column)
        await self.texts_changed()
        await self._offer_recovered()

    def _say(self, failure: Failure | None) -> None:
        self._failure = failure
        self._show_notice()

    @property
    def editor(self) -> ScriptEditor | None:
        """The editor of the tab that is shown."""
        return self._editor(self._active)

    def _editor(self, kind: str) -> ScriptEditor | None:
        return next((one for one in self.query(ScriptEditor) if one.kind == kind), None)

    async def _show_tab(self, kind: str) -> None:
        file = self._scripts.file(kind) if self._scripts else None
        self._active = kind if file is not None else SETTINGS
        self._failure = None
        editor = self.editor
        if editor is None and file is not None:
            editor = ScriptEditor(kind, file.text if file.data is not None else first_text(kind))
            await self.query_one("#editors", Vertical).mount(editor, before="#find")
        for one in self.query(ScriptEditor):
            one.display = one is editor
        settings = self.query_one("#settings", LineView)
        settings.display = editor is None
        (editor or settings).focus()
        self._show_notice()

    def is_unsaved(self, editor: ScriptEditor) -> bool:
        """Whether an editor holds something that its file does not."""
        file = self._scripts.file(editor.kind) if self._scripts else None
        if file is None or not editor.faithful:
            return False
        return editor.text != (file.text if file.data is not None else first_text(editor.kind))

    @property
    def _unsaved_kinds(self) -> frozenset[str]:
        return frozenset(one.kind for one in self.query(ScriptEditor) if self.is_unsaved(one))

    @property
    def unsaved(self) -> tuple[str, ...]:
        """The files with changes that are not saved, as people see them."""
        files = [self._scripts.file(kind) for kind in sorted(self._unsaved_kinds)] if self._scripts else []
        return tuple(file.file for file in files if file is not None)

    @property
    def loses(self) -> tuple[str, ...]:
        """Texts that are not saved."""
        return tuple(f"{file} is not saved; what you changed is lost" for file in self.unsaved)

    def action_save(self) -> None:
        """Write the script to its file; asks first when the file changed on the disk."""
        editor = self.editor
        if editor is None or not self.is_unsaved(editor):
            return
        other = self._doubtful.get(editor.kind)
        if other is None:
            self.start("save", self._save(editor))
            return

        def overwrite(yes: bool | None) -> None:
            if yes:
                self._accept(other)
                self.start("save", self._save(editor))

        lines = (Line(f"{other.file} changed on the disk; saving writes your text over that.", "bad", "! "),)
        self.app.push_screen(AskScreen("Write over the file?", lines, "Overwrite", danger=True), overwrite)

    async def _save(self, editor: ScriptEditor) -> None:
        scripts, text = self._scripts, editor.text
        file = scripts.file(editor.kind) if scripts else None
        if scripts is None or file is None:
            return
        try:
            saved = await self.dbconn.backend.write_script(scripts, file, text)
        except DbconnError as error:
            self._say(describe_failure(error, "Not saved"))
            await self._look()
            return
        self._say(None)
        self._accept(saved)
        self.wrote = True
        await self._keep_texts()

    def _accept(self, file: ScriptFile) -> None:
        """From now on, changes are told against this state of the file."""
        if self._scripts is not None:
            self._scripts = self._scripts.having(file)
            self._doubtful.pop(file.kind, None)
            self._show_notice()
            self.show_marks()

    def _watch(self) -> None:
        if self._scripts is not None and self.is_current:
            # Not yet a coroutine: one that never starts would be complained about.
            self.start("watch", self._look)

    async def _look(self) -> None:
        """Take over what changed on the disk; where a text is not saved, say so and leave it alone."""
        if self._scripts is None:
            return
        try:
            found = await self.dbconn.backend.moved_scripts(self._scripts)
        except DbconnError as error:
            self._say(describe_failure(error, "A file cannot be read"))
            return
        for file in found:
            editor = self._editor(file.kind)
            known = self._scripts.file(file.kind)
            if known is not None and known.data == file.data:
                continue
            if editor is not None and self.is_unsaved(editor) and editor.text != file.text:
                self._doubtful[file.kind] = file
            else:
                await self._take_over(file)
        self._show_notice()
        if found:
            await self.texts_changed()

    async def _take_over(self, file: ScriptFile) -> None:
        editor = self._editor(file.kind)
        self._accept(file)
        if editor is None:
            return
        text = file.text if file.data is not None else first_text(file.kind)
        if editor.text == text:
            return
        editor.take(text)

    def _show_notice(self) -> None:
        other, editor = self._doubtful.get(self._active), self.editor
        notice = self._failure
        if other is not None:
            notice = changed_outside(other)
        elif editor is not None and not editor.faithful:
            notice = UNFAITHFUL
        self.query_one(Notice).show_failure(notice, error=True)

    def action_reload(self) -> None:
        """Take what the disk holds; asks first when something is not saved."""
        editor = self.editor
        if editor is None or self._scripts is None:
            return
        file = self._doubtful.get(editor.kind) or self._scripts.file(editor.kind)
        if file is None or not self.is_unsaved(editor):
            return

        def reload(yes: bool | None) -> None:
            if yes:
                self.start("watch", self._take_over(file))

        lines = (Line(f"What you changed in {file.file} and did not save is lost.", "bad", "! "),)
        self.app.push_screen(AskScreen("Take the file from the disk?", lines, "Reload", danger=True), reload)

    def _unsaved_texts(self) -> dict[str, str]:
        return {one.kind: one.text for one in self.query(ScriptEditor) if self.is_unsaved(one)}

    def _keep(self) -> None:
        if self._scripts is not None and self._unsaved_texts() != self._kept:
            self.start("keep", self._keep_texts)

    async def _keep_texts(self) -> None:
        """Keep what is not saved, in case the app ends before it is."""
        if self._scripts is not None:
            self._kept = self._unsaved_texts()
            await self.dbconn.backend.keep_texts(self._scripts, self._kept)

    def left(self) -> None:
        """What was given up on purpose does not come back."""
        if self._scripts is not None and self._kept:
            self.dbconn.backend.forget_texts(self._scripts)

    async def _offer_recovered(self) -> None:
        """Ask once whether texts that an earlier run lost shall come back."""
        if self._scripts is None or self._asked_recovery:
            return
        self._asked_recovery = True
        found = await self.dbconn.backend.kept_texts(self._scripts)
        if not found:
            return
        lines = tuple(
            Line(f"{one.file}: a text of {age(self.dbconn.now() - one.time)} was never saved", "caution", "! ")
            for one in found
        )
        more = (
            Line(),
            Line(
                "Taken back, it is in the editor and still not saved. Cancel leaves it until the script is saved.",
                "muted",
            ),
        )

        def take_back(yes: bool | None) -> None:
            if yes:
                self.start("recover", self._take_back(found))

        self.app.push_screen(AskScreen("Take back what was not saved?", (*lines, *more), "Take back"), take_back)

    async def _take_back(self, found: tuple[Recovered, ...]) -> None:
        for one in found:
            await self.show_tab(one.kind)
            if self.editor is not None and self.editor.kind == one.kind:
                self.editor.put(one.text)
        await self._keep_texts()
