"""EditorScreen: a connection's scripts in tabs, linted while they are edited; nothing is lost unasked."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.timer import Timer
from textual.widgets import Input, OptionList, TextArea

from dbconn_tui.errors import DbconnError
from dbconn_tui.problems import Place, Problem
from dbconn_tui.tui.actions import bindings
from dbconn_tui.tui.editor_lines import (
    SETTINGS,
    UNFAITHFUL,
    changed_outside,
    first_text,
    settings_lines,
    status_parts,
    tabs_of,
)
from dbconn_tui.tui.port import Failure, Opened, describe_failure
from dbconn_tui.tui.runs import UnsavedText
from dbconn_tui.tui.screens.ask import AskScreen
from dbconn_tui.tui.screens.frame import FrameScreen
from dbconn_tui.tui.screens.try_script import TryScreen
from dbconn_tui.tui.script_files import ScriptFile, ScriptSet
from dbconn_tui.tui.state import AppState
from dbconn_tui.tui.widgets.context_bar import ContextBar
from dbconn_tui.tui.widgets.find_bar import FindBar
from dbconn_tui.tui.widgets.key_bar import KeyBar
from dbconn_tui.tui.widgets.line_view import Line, LineView
from dbconn_tui.tui.widgets.notice import Notice
from dbconn_tui.tui.widgets.problem_list import ProblemList
from dbconn_tui.tui.widgets.script_editor import ScriptEditor
from dbconn_tui.tui.widgets.script_tabs import ScriptTabs
from dbconn_tui.tui.widgets.status_line import StatusLine

LINT_PAUSE = 0.15
"""Seconds after the last key before the script is linted."""

WATCH_PAUSE = 1.0
"""Seconds between two looks at the files."""

ROOMY = 100
"""From this width on, the status line also says the file's folder."""


class EditorScreen(FrameScreen):
    """Edits the scripts of one connection."""

    PLACE = "editor"
    AUTO_FOCUS = None
    BINDINGS = bindings("editor")

    def __init__(self, key: str, kind: str = "", *, file: str = "", place: Place | None = None) -> None:
        super().__init__()
        self.key = key
        self._active = kind
        self._wanted = (file, place)
        """A file and a place in it to begin with."""
        self._scripts: ScriptSet | None = None
        self._opened: Opened | None = None
        self._problems: dict[str, tuple[Problem, ...]] = {}
        self._doubtful: dict[str, ScriptFile] = {}
        """Kind → what the disk holds since the unsaved text was taken from it."""
        self._failure: Failure | None = None
        self._found = ""
        self._bindings_for: tuple[frozenset[str], str] = (frozenset(), "")
        self._pause: Timer | None = None
        """Runs while somebody types."""

    def compose(self) -> ComposeResult:
        """The frame and its parts; an editor comes when its tab is first shown."""
        yield ContextBar(self.key)
        yield ScriptTabs(id="tabs")
        yield Notice(id="notice")
        with Container(id="editor-body"):
            with Vertical(id="editors"):
                yield LineView(id="settings")
                yield FindBar(id="find")
            with Vertical(id="editor-side"):
                yield ProblemList(id="problems")
                yield LineView(id="side-settings")
        yield StatusLine(id="summary")
        yield KeyBar()

    def on_mount(self) -> None:
        """Read the scripts, then watch them."""
        super().on_mount()
        self.query_one("#settings", LineView).display = False
        self.query_one(ProblemList).border_title = "Problems"
        self.set_interval(WATCH_PAUSE, self._watch)

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
        await self._show_tab(asked or (fresh.files[0].kind if fresh.files else SETTINGS))
        if place is not None and self.editor is not None:
            self.editor.go_to(place.line, place.column)
        await self._lint()

    def _say(self, failure: Failure | None) -> None:
        self._failure = failure
        self._show_notice()

    @property
    def editor(self) -> ScriptEditor | None:
        """The editor of the tab that is shown."""
        return self._editor(self._active)

    def _editor(self, kind: str) -> ScriptEditor | None:
        return next((one for one in self.query(ScriptEditor) if one.kind == kind), None)

    def action_show_tab(self, kind: str) -> None:
        """Show a script, or the settings."""
        self.start("tab", self._show_tab(kind))

    def action_next_tab(self, step: int) -> None:
        """The tab beside the one that is shown."""
        if self._scripts is not None:
            ids = [tab.id for tab in tabs_of(self._scripts, self._problems, self._unsaved_kinds)]
            self.action_show_tab(ids[(ids.index(self._active) + step) % len(ids)])

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
        self._show_problems()
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

    @on(TextArea.Changed)
    def _text_changed(self) -> None:
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(LINT_PAUSE, self._pause_over)
        self._say(None)
        self._show_marks()

    def _pause_over(self) -> None:
        self._pause = None
        self.start("lint", self._lint())

    @on(TextArea.SelectionChanged)
    def _cursor_moved(self) -> None:
        self._show_status()

    async def _lint(self) -> None:
        """Lint every script with the texts as they are now, also those that are not open."""
        scripts = self._scripts
        if scripts is None:
            return
        texts = {file.kind: file.text for file in scripts.files}
        # A new script counts from its first change on.
        texts |= {one.kind: one.text for one in self.query(ScriptEditor) if one.kind in texts or self.is_unsaved(one)}
        self._problems = dict(await self.dbconn.backend.lint_texts(scripts, texts))
        self._show_problems()

    def _show_problems(self) -> None:
        for one in self.query(ScriptEditor):
            one.show_problems(self._problems.get(one.kind, ()))
        self.query_one(ProblemList).show_problems(self._problems.get(self._active, ()))
        self._show_marks()

    def _show_marks(self) -> None:
        unsaved = self._unsaved_kinds
        if self._scripts is not None:
            self.query_one(ScriptTabs).show_tabs(tabs_of(self._scripts, self._problems, unsaved), self._active)
        self._show_status()
        # Asking every binding is dear, and this runs with every key.
        if (unsaved, self._active) != self._bindings_for:
            self._bindings_for = (unsaved, self._active)
            self.refresh_bindings()

    def _show_status(self) -> None:
        editor = self.editor
        file = self._scripts.file(self._active) if self._scripts else None
        if self._found and self.query_one(FindBar).has_focus:
            parts = [self._found]
        elif editor is None or file is None:
            parts = ["read only" if self._active == SETTINGS else ""]
        else:
            parts = status_parts(
                file,
                editor.text,
                editor.cursor_location,
                self._problems.get(editor.kind),
                unsaved=self.is_unsaved(editor),
                coloured=editor.coloured,
                roomy=self.size.width >= ROOMY,
            )
        self.query_one(StatusLine).show_parts(parts)

    @on(OptionList.OptionSelected)
    def _problem_chosen(self, event: OptionList.OptionSelected) -> None:
        problems = self.query_one(ProblemList).problems
        if event.option_index < len(problems):
            self._go_to(problems[event.option_index])

    def _go_to(self, problem: Problem) -> None:
        if self.editor is not None:
            self.editor.go_to(problem.place.line, problem.place.column)
            self.editor.focus()

    def action_next_problem(self) -> None:
        """To the next problem after the cursor; from the last one to the next script that has any."""
        editor, scripts = self.editor, self._scripts
        if scripts is None:
            return
        row, column = editor.cursor_location if editor is not None else (-1, -1)
        here = self._problems.get(self._active, ())
        later = [one for one in here if (one.place.line, one.place.column) > (row + 1, column + 1)]
        if later:
            self._go_to(later[0])
            return
        kinds = [file.kind for file in (*scripts.files, *scripts.missing) if self._problems.get(file.kind)]
        after = kinds[kinds.index(self._active) + 1 :] + kinds if self._active in kinds else kinds
        if after:
            self.start("tab", self._show_problem(after[0]))

    async def _show_problem(self, kind: str) -> None:
        if kind != self._active:
            await self._show_tab(kind)
        self._go_to(self._problems[kind][0])

    def action_problems(self) -> None:
        """To the list of problems, and back to the text."""
        problems = self.query_one(ProblemList)
        (self.editor if problems.has_focus and self.editor is not None else problems).focus()

    def action_find(self) -> None:
        """Open the find bar."""
        if self.editor is not None:
            self.query_one(FindBar).open()

    @on(Input.Changed, "#find")
    def _find(self) -> None:
        self._step(0)

    @on(FindBar.Step)
    def _find_next(self, event: FindBar.Step) -> None:
        self._step(event.by)

    @on(FindBar.Closed)
    def _find_closed(self) -> None:
        self._found = ""
        if self.editor is not None:
            self.editor.focus()

    def _step(self, by: int) -> None:
        if self.editor is not None:
            self._found = self.editor.find(self.query_one(FindBar).value, by)
            self._show_status()

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

    def _accept(self, file: ScriptFile) -> None:
        """From now on, changes are told against this state of the file."""
        if self._scripts is not None:
            self._scripts = self._scripts.having(file)
            self._doubtful.pop(file.kind, None)
            self._show_notice()
            self._show_marks()

    def _watch(self) -> None:
        if self._scripts is not None and self.is_current:
            self.start("watch", self._look())

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
            await self._lint()

    async def _take_over(self, file: ScriptFile) -> None:
        editor = self._editor(file.kind)
        self._accept(file)
        if editor is None:
            return
        text = file.text if file.data is not None else first_text(file.kind)
        if editor.text == text:
            return
        place = editor.cursor_location
        await editor.remove()
        if self._active == file.kind:
            await self._show_tab(file.kind)
            if self.editor is not None:
                self.editor.go_to(place[0] + 1, place[1] + 1)

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

    def action_external(self) -> None:
        """Open the file in the user's own editor, and come back."""
        import subprocess

        editor = self.editor
        file = self._scripts.file(self._active) if self._scripts else None
        if editor is None or file is None:
            return
        if self.is_unsaved(editor) or file.data is None:
            self._say(Failure("Not saved yet", "your own editor opens the file", "ctrl+s saves it first."))
            return
        try:
            command = self.dbconn.backend.editor_command(file)
            with self.app.suspend():
                subprocess.call(command)
        except DbconnError as error:
            self._say(describe_failure(error, "No editor"))
        except OSError as failure:
            self._say(Failure("No editor", f"{command[0]} cannot be started: {failure.strerror}"))
        self.app.refresh()
        self.start("watch", self._look())

    def action_try_script(self) -> None:
        """Run the script as it stands here."""
        unsaved = {
            one.kind: UnsavedText(file.file, one.text)
            for one in self.query(ScriptEditor)
            if self.is_unsaved(one) and self._scripts and (file := self._scripts.file(one.kind))
        }
        self.app.push_screen(TryScreen(self.key, self._active, unsaved))

    def action_plan(self) -> None:
        """To the plan of the connection, made from the files as saved."""
        if self.unsaved:
            words = f"{', '.join(self.unsaved)} is not saved, and a plan is made from the files"
            self._say(Failure("No plan yet", words, "ctrl+s saves it first."))
            return
        if self.wrote:
            self.wrote = False
            self.dbconn.action_reread()
        self.dbconn.action_plan(self.key)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Saving and reloading need something that is not saved."""
        if action in ("save", "reload"):
            editor = self.editor
            return True if editor is not None and self.is_unsaved(editor) else None
        if action == "plan":
            tenant = self.dbconn.state.tenant
            return True if tenant is not None and tenant.domain else None
        return True
