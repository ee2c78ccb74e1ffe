"""TryScreen: run one script: its arguments left, what came of it right."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from dbconn_tui.errors import DbconnError
from dbconn_tui.runtime.arguments import argument_names
from dbconn_tui.runtime.job import LIMIT
from dbconn_tui.tui.actions import bindings
from dbconn_tui.tui.port import Failure, Opened, describe_failure
from dbconn_tui.tui.runs import MORE, RunSetup, TryRequest, UnsavedText
from dbconn_tui.tui.saved_cases import TEST_PASSWORD, case_entry, case_words
from dbconn_tui.tui.screens.ask_text import AskTextScreen
from dbconn_tui.tui.screens.confirm import ConfirmScreen
from dbconn_tui.tui.screens.error import ErrorScreen
from dbconn_tui.tui.screens.frame import FrameScreen
from dbconn_tui.tui.state import AppState
from dbconn_tui.tui.trial_lines import before_lines, running_lines, trial_lines
from dbconn_tui.tui.widgets.argument_form import ArgumentForm, CaseList
from dbconn_tui.tui.widgets.choice_field import ChoiceField
from dbconn_tui.tui.widgets.context_bar import ContextBar
from dbconn_tui.tui.widgets.key_bar import KeyBar
from dbconn_tui.tui.widgets.line_view import Line, LineView, plain_text
from dbconn_tui.tui.widgets.notice import Notice
from dbconn_tui.tui.widgets.script_tabs import ScriptTabs, Tab
from dbconn_tui.tui.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from dbconn_tui.project.cases import Case
    from dbconn_tui.tasks.try_script import Trial

ONLY_LOOK: Final = frozenset({"login", "get_user"})
"""Kinds that change no user: a protected tenant's values may be used for them unasked."""


class TryScreen(FrameScreen):
    """Runs scripts of one connection. `unsaved` are texts by kind that are run in place of the files'."""

    PLACE = "try"
    AUTO_FOCUS = None
    BINDINGS = bindings("try")

    def __init__(self, key: str, kind: str = "", unsaved: Mapping[str, UnsavedText] | None = None) -> None:
        super().__init__()
        self._key, self._kind = key, kind
        self._unsaved = dict(unsaved or {})
        self._opened: Opened | None = None
        self._setup: RunSetup | None = None
        self._trials: dict[str, tuple[Trial, str]] = {}
        """Kind → its last run, and whose values that had."""
        self._before: dict[str, Trial] = {}
        self._cases: tuple[Case, ...] = ()
        self._case: Case | None = None
        """The case that the form was filled with."""
        self._outcomes: dict[str, bool] = {}
        """Case → whether it came out as it asks."""
        self._since: float | None = None
        """When the run under way began, seconds since 1970."""

    def compose(self) -> ComposeResult:
        """The frame and its parts; a field that the kind does not have is hidden."""
        yield ContextBar(f"{self._key} › Try")
        yield ScriptTabs(id="tabs")
        yield Notice(id="notice")
        with Container(classes="two-panes"):
            yield ArgumentForm(id="try-form", classes="pane-list")
            yield LineView(id="result")
        yield StatusLine(id="summary")
        yield KeyBar()

    def show(self, state: AppState) -> None:
        """Look again at what can be run after each reading of the files."""
        if state.opened is not None and state.opened is not self._opened and state.opened.handle is not None:
            self._opened = state.opened
            self.start("setup", self._prepare(state.opened))

    async def _prepare(self, opened: Opened) -> None:
        try:
            setup = await self.dbconn.backend.run_setup(opened, (self._key,))
        except DbconnError as error:
            self._say(describe_failure(error, "Nothing can be run"))
            return
        self._form.offer_values(setup.values, setup.chosen)
        self._setup = setup
        await self._read_cases()
        if self._kind not in self._kinds:
            self._kind = self._kinds[0] if self._kinds else ""
        self._show_kind()

    async def _read_cases(self) -> None:
        try:
            self._cases, problems = await self.dbconn.backend.cases(self._key)
        except DbconnError as error:
            self._say(describe_failure(error, "No cases"))
            return
        if problems:
            self._say(Failure("The saved cases cannot be used", str(problems[0]), problems[0].hint, problems))

    @property
    def _kinds(self) -> tuple[str, ...]:
        """What can be run: kinds with a file, and those that an editor holds."""
        known = self._setup.kinds.get(self._key, ()) if self._setup else ()
        return (*known, *(kind for kind in self._unsaved if kind not in known))

    @property
    def _form(self) -> ArgumentForm:
        return self.query_one(ArgumentForm)

    @property
    def _values(self) -> str:
        return self._form.values

    def _names(self) -> Iterator[str]:
        """The fields of the kind that is shown."""
        yield from argument_names(self._kind)
        if self._kind == "create" or (self._setup is not None and self._key in self._setup.context):
            yield MORE
        yield "values"

    def _show_kind(self) -> None:
        self._form.show(tuple(self._names()))
        self._case = None
        self._show_cases()
        self._show_result()

    def _show_cases(self) -> None:
        cases = [one for one in self._cases if one.kind == self._kind]
        view = self.query_one(CaseList)
        view.display = bool(cases)
        place = view.highlighted
        view.clear_options()
        width = max((len(one.name) for one in cases), default=0)
        for one in cases:
            mark = {True: "✓", False: "✗", None: "·"}[self._outcomes.get(one.name)]
            text = Text(no_wrap=True, overflow="ellipsis")
            text.append(f"{mark} ")
            text.append(f"{one.name:<{min(width, 28)}}", "bold")
            text.append(f"  {case_words(one)}", "dim")
            view.add_option(Option(text, id=one.name))
        view.highlighted = min(place or 0, len(cases) - 1) if cases else None

    @on(OptionList.OptionSelected, "#cases")
    def _take_case(self, event: OptionList.OptionSelected) -> None:
        """Fill the form with a case; what is looked up stays hidden."""
        self._case = next(one for one in self._cases if one.name == event.option.id)
        self._form.take(self._case)
        self._show_result()

    def action_next_tab(self, step: int) -> None:
        """Another script of the connection."""
        kinds = self._kinds
        if kinds and self._since is None:
            self.action_show_tab(kinds[(kinds.index(self._kind) + step) % len(kinds)])

    def action_show_tab(self, kind: str) -> None:
        """Show a script's form and last result."""
        if self._since is None:
            self._kind = kind
            self._show_kind()

    def _say(self, failure: Failure | None) -> None:
        self.query_one(Notice).show_failure(failure, error=True)

    def _tabs(self) -> Iterator[Tab]:
        for kind in self._kinds:
            trial = self._trials[kind][0] if kind in self._trials else None
            changed = " •" if kind in self._unsaved else ""
            if trial is None:
                yield Tab(kind, kind, changed.strip(), "caution")
            else:
                yield Tab(kind, kind, f"{'✓' if trial.run.kept else '✗'}{changed}", "good" if trial.run.kept else "bad")

    def _show_result(self) -> None:
        self.query_one(ScriptTabs).show_tabs(tuple(self._tabs()), self._kind)
        view = self.query_one("#result", LineView)
        view.border_title = Text(self._kind)
        view.show_lines(tuple(self._result_lines()))
        self._show_status()
        self.refresh_bindings()

    def _result_lines(self) -> Iterator[Line]:
        if not self._kind:
            yield Line("There is no script to run yet.", "title")
        elif self._since is not None:
            yield from running_lines(self._kind, self.dbconn.now() - self._since)
        elif self._kind in self._trials:
            trial, values = self._trials[self._kind]
            before = self._before.get(self._kind)
            yield from trial_lines(trial, values, before.run if before else None)
        else:
            yield from before_lines(self._kind, self._values, self._kind in self._unsaved)

    def _show_status(self) -> None:
        text = "runs the text that is not saved" if self._kind in self._unsaved else "runs the saved file"
        protected = self._setup is not None and self._values in self._setup.protected
        values = f"values of {self._values}{' (PROTECTED)' if protected else ''}"
        self.query_one(StatusLine).show_parts([values, text, f"at most {LIMIT:g} s"])

    def tick(self, state: AppState) -> None:
        """The seconds of a run under way."""
        if self._since is not None:
            self.query_one("#result", LineView).show_lines(tuple(self._result_lines()), keep_place=True)

    @on(ChoiceField.Changed)
    def _chosen(self) -> None:
        if self._since is None:
            self._show_result()

    @on(Input.Submitted)
    def action_run(self) -> None:
        """Run it; with a protected tenant's values, a script that changes users is asked about first."""
        setup = self._setup
        if setup is None or not self._kind or self._since is not None or self._opened is None:
            return
        try:
            request = self._request()
        except DbconnError as error:
            self._say(describe_failure(error, "Not run"))
            return
        tenant = next((one for one in self._opened.tenants if one.name == request.values), None)
        if tenant is None or not tenant.protected or request.kind in ONLY_LOOK:
            self._begin(request)
            return
        lines = (
            Line(f"{request.kind} of {self._key} runs with the values of {tenant.name}.", "title"),
            Line("It changes a user in the store of a protected tenant.", "bad", "! "),
        )

        def run(yes: bool | None) -> None:
            if yes:
                self._begin(self._request(confirmed=True))

        self.app.push_screen(ConfirmScreen(tenant, lines, "run"), run)

    def _request(self, *, confirmed: bool = False) -> TryRequest:
        given = self._form.given(self._case)
        case = self._case.name if self._case is not None else None
        return TryRequest(self._key, self._kind, given, self._values, confirmed, self._unsaved.get(self._kind), case)

    def _begin(self, request: TryRequest) -> None:
        self._since = self.dbconn.now()
        self._say(None)
        self._show_result()
        self.start("run", self._run(request))

    async def _run(self, request: TryRequest) -> None:
        failure: Failure | None = None
        try:
            trial = await self.dbconn.backend.try_script(request)
        except DbconnError as error:
            failure = describe_failure(error, "Not run")
        except asyncio.CancelledError:
            if self.is_attached:
                self._end(Failure("Stopped", f"{request.kind} was stopped and its process ended", ""))
            raise
        else:
            if request.case is not None:
                self._outcomes[request.case] = trial.passed
            if request.kind in self._trials:
                self._before[request.kind] = self._trials[request.kind][0]
            self._trials[request.kind] = (trial, request.values)
        self._end(failure)

    def _end(self, failure: Failure | None) -> None:
        self._since = None
        self._show_cases()
        self._show_result()
        self._say(failure)

    def action_run_cases(self) -> None:
        """Run every saved case of the kind that is shown, one after the other."""
        names = [one.name for one in self._cases if one.kind == self._kind]
        if not names or self._since is not None or self._opened is None:
            return
        tenant = next((one for one in self._opened.tenants if one.name == self._values), None)

        def run(yes: bool | None) -> None:
            if yes:
                self._since = self.dbconn.now()
                self._say(None)
                self._show_result()
                self.start("run", self._run_cases(names, confirmed=tenant is not None and tenant.protected))

        if tenant is None or not tenant.protected or self._kind in ONLY_LOOK:
            run(True)
        else:
            line = Line(f"{len(names)} cases of {self._kind} change users of a protected tenant.", "bad", "! ")
            self.app.push_screen(ConfirmScreen(tenant, (line,), "run"), run)

    async def _run_cases(self, names: Sequence[str], *, confirmed: bool) -> None:
        for name in names:
            if self._since is None:
                # A case that could not be run ended it.
                return
            unsaved = self._unsaved.get(self._kind)
            await self._run(TryRequest(self._key, self._kind, {}, self._values, confirmed, unsaved, name))
            if name != names[-1] and name in self._outcomes:
                self._since = self.dbconn.now()

    def action_save_case(self) -> None:
        """Ask for a name and save these arguments as a case; a password is saved as a reference."""
        lines = (
            Line(f"It goes to tests/{self._key}/{self._kind}.yaml, with what the script answered last."),
            Line(f"A password is saved as {{secret: {TEST_PASSWORD}}}, never as it was typed.", "muted"),
        )
        taken = {one.name for one in self._cases}

        def fault(name: str) -> str:
            return "There is a case of that name; enter it in its file." if name in taken else ""

        screen = AskTextScreen("Save as a case", lines, fault, hint="robin logs in")
        self.app.push_screen(screen, lambda name: self.start("save", self._save_case(name)) if name else None)

    async def _save_case(self, name: str) -> None:
        trial = self._trials.get(self._kind)
        answer = trial[0].run.answer.value if trial is not None and trial[0].run.kept else None
        try:
            entry = case_entry(self._kind, self._request().given, answer)
            file = await self.dbconn.backend.save_case(self._key, name, entry)
        except DbconnError as error:
            self.app.push_screen(ErrorScreen(describe_failure(error, "Not saved")))
            return
        self.dbconn.notify(f"{name} is in {file}.")
        await self._read_cases()
        self._show_cases()

    def action_stop(self) -> None:
        """End the run under way."""
        self.workers.cancel_group(self, "run")

    def action_copy(self) -> None:
        """Copy the result."""
        self.dbconn.copy(plain_text(self.query_one("#result", LineView).lines), "result")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """One run at a time; ctrl+c copies from a field unless there is a run to stop."""
        if action in ("run", "save_case", "run_cases", "next_tab") and self._since is not None:
            return False
        if action in ("run", "save_case"):
            return True if self._kind else None
        if action == "run_cases":
            return True if any(one.kind == self._kind for one in self._cases) else None
        if action == "stop":
            return self._since is not None
        return True
