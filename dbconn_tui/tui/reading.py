"""ReadingApp: the app's one frozen state, and the workers that read files and tenant into it."""

from __future__ import annotations

import traceback
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, Final

from rich.text import Text
from textual.app import App
from textual.reactive import reactive
from textual.worker import Worker, WorkerState

from dbconn_tui.tui import messages
from dbconn_tui.tui import state as states
from dbconn_tui.tui.port import Backend, Failure
from dbconn_tui.tui.state import AppState
from dbconn_tui.tui.work import Work

if TYPE_CHECKING:
    from dbconn_tui.deploy.plan import Choices
    from dbconn_tui.tasks.watch import Look


LOOK_EVERY: Final = 1.0
"""Seconds between two looks at the project's files."""

MOST_NAMED: Final = 4
"""Changed files that are named."""


class ReadingApp(App[str]):
    """Holds the state and reads. `tenant` is the name asked for, None = as the project and environment say."""

    state: reactive[AppState] = reactive(AppState, init=False)

    def __init__(self, backend: Backend, tenant: str | None = None) -> None:
        super().__init__()
        self._backend = backend
        self._work = Work(backend, self.post_message)
        self._wanted_tenant = tenant
        self._look: Look | None = None

    def on_mount(self) -> None:
        """Draw once, then read the files and the tenant; from then on, look whether the files change."""
        self._backend.listen(self._work.log)
        self.state = states.begin_opening(self.state, keep_choices=False)
        self.call_after_refresh(self._read_first)

    def _read_first(self) -> None:
        self.action_reread()
        self._start("keymap", self._work.keymap())
        self.set_interval(LOOK_EVERY, self.look_at_files)

    def on_keymap_read(self, message: messages.KeymapRead) -> None:
        """Use the user's own keys; those that cannot be used are said and left at the table's."""
        from dbconn_tui.tui.keymap import check_keymap, problem_lines

        keymap = check_keymap(message.file)
        self.set_keymap(keymap.keys)
        if keymap.problems:
            words = problem_lines(keymap.problems)
            self.show_failure(Failure("Some of your keys are not used", words, f"See {message.file.file}."))

    def look_at_files(self) -> None:
        """Find out whether files of the project changed on the disk, unless they are just being read or written."""
        opened = self.state.opened
        if opened is not None and not (self.state.opening or self.state.deploying):
            self._start("looking", self._work.look(opened))

    def on_looked(self, message: messages.Looked) -> None:
        """Read the project again when somebody changed its files; what was decided on the plan still holds."""
        before, self._look = self._look, message.look
        current = message.opened is self.state.opened and not (self.state.opening or self.state.deploying)
        changed = message.look.changed_since(before) if before is not None else ()
        if changed and current and not self.reads_files_itself:
            self.notify(f"Changed on the disk, read again: {', '.join(changed[:MOST_NAMED])}")
            self._reopen(keep_choices=True)

    @property
    def reads_files_itself(self) -> bool:
        """Whether the screen shown looks after the files by itself."""
        return False

    async def on_unmount(self) -> None:
        """Give back the backend's thread and connections."""
        await self._backend.close()

    @property
    def backend(self) -> Backend:
        """The way to the project and its tenants."""
        return self._backend

    def now(self) -> float:
        """Seconds since 1970."""
        return self._backend.now()

    def action_reread(self) -> None:
        """Read the files and the tenant again, everything undecided; not while a deploy goes on."""
        self._reopen(keep_choices=False)

    def _reopen(self, *, keep_choices: bool) -> None:
        if not self.state.deploying:
            self.state = states.begin_opening(self.state, keep_choices=keep_choices)
            self._start("reading", self._work.open(self._wanted_tenant))

    def on_project_failed(self, message: messages.ProjectFailed) -> None:
        """Say so in place of the table."""
        self.state = states.failed_project(self.state, message.failure)

    def on_project_opened(self, message: messages.ProjectOpened) -> None:
        """Show the files' side, then ask for a tenant or read it."""
        self.state = states.opened_project(self.state, message.opened)
        self._look = message.opened.look
        if self.state.tenant is None:
            self.post_message(messages.TenantWanted())
        else:
            self._read()

    def _read(self) -> None:
        """Read the tenant and plan with what was decided, where there is a tenant."""
        opened, tenant = self.state.opened, self.state.tenant
        if opened is not None and tenant is not None and tenant.domain:
            self.state = states.begin_reading(self.state)
            self._start("reading", self._work.read(opened, tenant.domain, self.state.choices))

    def on_reading_step(self, message: messages.ReadingStep) -> None:
        """Say in the context bar what a reading waits for."""
        self.state = states.reading_step(self.state, message.event)

    def on_tenant_read(self, message: messages.TenantRead) -> None:
        """Show the tenant's side, unless another tenant was chosen meanwhile."""
        if not self._is_current(message.domain):
            return
        from dbconn_tui.tui.decisions import moved_since

        before = self.state.reviewed
        moved = moved_since(self.state.choices, before.plan, message.reviewed.plan) if before else ()
        self.state = states.read_tenant(self.state, message.reviewed)
        if moved and self.state.choices is not None:
            self.state = states.forget(self.state, moved)
            self._read()

    def on_tenant_failed(self, message: messages.TenantFailed) -> None:
        """Keep what was known, and say in place why it is old."""
        if self._is_current(message.domain):
            self.state = states.failed_tenant(self.state, message.failure)

    def _is_current(self, domain: str) -> bool:
        return self.state.tenant is not None and self.state.tenant.domain == domain

    def choose(self, choices: Choices) -> None:
        """Plan anew with these decisions; until then nothing can be deployed."""
        if not (self.state.deploying or self.state.opening):
            self.state = states.chosen(self.state, choices)
            self._read()

    def on_request_answered(self, message: messages.RequestAnswered) -> None:
        """One line more in the log."""
        self.state = states.logged(self.state, message.event, self.now())

    def copy(self, text: str, noun: str) -> None:
        """Copy through the terminal (OSC 52), which also works over ssh."""
        self.copy_to_clipboard(text)
        self.notify(f"Copied the {noun}.")

    def show_failure(self, failure: Failure) -> None:
        """Say what went wrong, until it is read."""
        from dbconn_tui.tui.screens.error import ErrorScreen

        self.push_screen(ErrorScreen(failure))

    def _start(self, group: str, work: Coroutine[Any, Any, None]) -> None:
        self.run_worker(work, group=group, exclusive=True, exit_on_error=False)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A programming error in a worker is shown in full; the app stays usable."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            text = "".join(traceback.format_exception(event.worker.error))
            self.state = states.faulted(self.state, self.now())
            self.show_failure(Failure("dbconn has a fault", text, "Please report it; c copies it."))

    def _fatal_error(self) -> None:
        """Leave with a traceback that shows no variables: Textual's own prints locals, which may hold secrets."""
        self.bell()
        self.panic(Text(traceback.format_exc()))
