"""EditorScreen: a connection's scripts in tabs, linted while they are edited; nothing is lost unasked."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container, Vertical
from textual.timer import Timer
from textual.widgets import Input, OptionList, TextArea

from dbconn_tui.deploy.diff import diff_texts
from dbconn_tui.errors import DbconnError
from dbconn_tui.problems import Place, Problem
from dbconn_tui.tui.actions import BY_ID, bindings
from dbconn_tui.tui.editor_lines import (
    MORE,
    SETTINGS,
    status_parts,
    tabs_of,
)
from dbconn_tui.tui.plan_lines import diff_lines
from dbconn_tui.tui.port import Failure, Reviewed, describe_failure
from dbconn_tui.tui.runs import UnsavedText
from dbconn_tui.tui.screens.ask import AskScreen
from dbconn_tui.tui.screens.filling import FillingScreen
from dbconn_tui.tui.screens.settings import SettingsScreen
from dbconn_tui.tui.screens.try_script import TryScreen
from dbconn_tui.tui.script_files import ScriptSet
from dbconn_tui.tui.state import AppState
from dbconn_tui.tui.widgets.context_bar import ContextBar
from dbconn_tui.tui.widgets.find_bar import FindBar
from dbconn_tui.tui.widgets.key_bar import KeyBar
from dbconn_tui.tui.widgets.line_view import Line, LineView
from dbconn_tui.tui.widgets.notice import Notice
from dbconn_tui.tui.widgets.problem_list import ProblemList
from dbconn_tui.tui.widgets.script_editor import ScriptEditor
from dbconn_tui.tui.widgets.script_tabs import ScriptTabs, Tab
from dbconn_tui.tui.widgets.status_line import StatusLine
from dbconn_tui.tui.wording import plural

LINT_PAUSE = 0.15
"""Seconds after the last key before the script is linted."""

ROOMY = 100
"""From this width on, the status line also says the file's folder."""


class SettingsView(LineView):
    """What dbconn.yaml says beside the scripts; enter goes to where it is changed."""

    BINDINGS = [Binding("enter", "screen.settings", BY_ID["editor.settings"].title, show=True, id="editor.settings")]


class EditorScreen(FillingScreen):
    """Edits the scripts of one connection."""

    PLACE = "editor"
    AUTO_FOCUS = None
    BINDINGS = bindings("editor")

    def __init__(self, key: str, kind: str = "", *, file: str = "", place: Place | None = None) -> None:
        super().__init__(key, kind, file=file, place=place)
        self._problems: dict[str, tuple[Problem, ...]] = {}
        self._found = ""
        self._reviewed: Reviewed | None = None
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
                yield SettingsView(id="settings")
                yield FindBar(id="find")
            with Vertical(id="editor-side"):
                yield ProblemList(id="problems")
                yield LineView(id="side-settings")
        yield StatusLine(id="summary")
        yield KeyBar()

    def on_mount(self) -> None:
        """Read the scripts."""
        super().on_mount()
        self.query_one("#settings", LineView).display = False
        self.query_one(ProblemList).border_title = "Problems"

    def action_show_tab(self, kind: str) -> None:
        """Show a script, the settings, or the choice of another kind."""
        if kind == MORE:
            self.action_new_script()
        else:
            self.start("tab", self.show_tab(kind))

    def action_next_tab(self, step: int) -> None:
        """The tab beside the one that is shown."""
        if self._scripts is not None:
            ids = [tab.id for tab in self._tabs(self._scripts) if tab.id != MORE]
            self.action_show_tab(ids[(ids.index(self._active) + step) % len(ids)])

    def _tabs(self, scripts: ScriptSet) -> tuple[Tab, ...]:
        return tabs_of(scripts, self._problems, self._unsaved_kinds, self._differing(), self._active)

    def _differing(self) -> frozenset[str]:
        """Kinds that say something else on the tenant, as the last plan knows."""
        reviewed = self.dbconn.state.reviewed
        plans = [one for one in reviewed.plan.connections if one.key == self.key] if reviewed else []
        return frozenset(
            change.item.removeprefix("script:")
            for one in plans
            for change in one.changes
            if change.item.startswith("script:") and change.before and (change.state.writes or change.state.refuses)
        )

    def show(self, state: AppState) -> None:
        """Take over what was read anew."""
        super().show(state)
        if state.reviewed is not self._reviewed:
            self._reviewed = state.reviewed
            self.show_marks()

    async def show_tab(self, kind: str) -> None:
        """Show another script, or the settings."""
        await super().show_tab(kind)
        self._show_problems()

    @on(TextArea.Changed)
    def _text_changed(self) -> None:
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(LINT_PAUSE, self._pause_over)
        self._say(None)
        self.show_marks()

    def _pause_over(self) -> None:
        self._pause = None
        self.start("lint", self.texts_changed)

    @on(TextArea.SelectionChanged)
    def _cursor_moved(self) -> None:
        self._show_status()

    async def texts_changed(self) -> None:
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
        self.show_marks()

    def show_marks(self) -> None:
        unsaved = self._unsaved_kinds
        if self._scripts is not None:
            self.query_one(ScriptTabs).show_tabs(self._tabs(self._scripts), self._active)
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
            await self.show_tab(kind)
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

    def action_fix(self) -> None:
        """Show what lint mends safely in this script, then put it into the text."""
        editor = self.editor
        if editor is not None and self._scripts is not None and editor.faithful:
            self.start("fix", self._fix(editor, self._scripts))

    async def _fix(self, editor: ScriptEditor, scripts: ScriptSet) -> None:
        text = editor.text
        mended, rules = await self.dbconn.backend.fix_text(scripts, editor.kind, text)
        if mended == text:
            left = len(self._problems.get(editor.kind, ()))
            words = f"{plural(left, 'problem')} left for you" if left else "there is no problem"
            self._say(Failure("Nothing that lint mends safely", words))
            return

        def mend(yes: bool | None) -> None:
            if yes and editor.text == text:
                editor.put(mended)

        lines = (Line(f"Mends {', '.join(rules)}; ctrl+z takes it back, nothing is saved yet.", "muted"), Line())
        shown = (*lines, *diff_lines(diff_texts(text, mended, context=1)))
        self.app.push_screen(AskScreen(f"Mend {editor.kind}?", shown, "Mend"), mend)

    def action_settings(self) -> None:
        """Every key of the connection, with its layer."""
        self.app.push_screen(SettingsScreen(self.key))

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
        self.start("watch", self._look)

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
        if action in ("save", "fix") and self._active == SETTINGS:
            return False
        if action in ("save", "reload"):
            editor = self.editor
            return True if editor is not None and self.is_unsaved(editor) else None
        if action == "plan":
            tenant = self.dbconn.state.tenant
            return True if tenant is not None and tenant.domain else None
        return True
