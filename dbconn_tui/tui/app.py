"""DbconnApp: one frozen state, workers that bring new ones, screens that show them; nothing else."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.text import Text
from textual.app import App
from textual.reactive import reactive
from textual.screen import Screen
from textual.worker import Worker, WorkerState

from dbconn_tui.tui import messages
from dbconn_tui.tui import state as states
from dbconn_tui.tui.actions import bindings
from dbconn_tui.tui.decisions import moved_since
from dbconn_tui.tui.keys import all_keys, keys_in_force
from dbconn_tui.tui.palette import ActionProvider
from dbconn_tui.tui.plan_lines import taking_lines
from dbconn_tui.tui.port import Backend, Failure, Reviewed, offer_skipping
from dbconn_tui.tui.screens.ask import AskScreen
from dbconn_tui.tui.screens.confirm import ConfirmScreen, confirm_lines
from dbconn_tui.tui.screens.deploy import DeployScreen
from dbconn_tui.tui.screens.editor import EditorScreen
from dbconn_tui.tui.screens.error import ErrorScreen
from dbconn_tui.tui.screens.frame import FrameScreen
from dbconn_tui.tui.screens.help import HelpScreen
from dbconn_tui.tui.screens.history import HistoryScreen
from dbconn_tui.tui.screens.home import HomeScreen
from dbconn_tui.tui.screens.log import LogScreen
from dbconn_tui.tui.screens.plan import PlanScreen
from dbconn_tui.tui.screens.secrets import SecretsScreen
from dbconn_tui.tui.screens.templates import TemplatesScreen
from dbconn_tui.tui.screens.tenants import TenantsScreen
from dbconn_tui.tui.state import AppState, Rollback
from dbconn_tui.tui.widgets.line_view import Line
from dbconn_tui.tui.work import Work

if TYPE_CHECKING:
    from dbconn_tui.deploy.plan import Choices
    from dbconn_tui.tasks.outside import Outside


class DbconnApp(App[None]):
    """The app over a Backend. `tenant` is the name asked for, None = as the project and environment say."""

    TITLE = "dbconn"
    CSS_PATH = Path(__file__).parent / "styles" / "app.tcss"
    COMMANDS = {ActionProvider}
    BINDINGS = bindings("everywhere")

    state: reactive[AppState] = reactive(AppState, init=False)

    def __init__(self, backend: Backend, tenant: str | None = None) -> None:
        super().__init__()
        self._backend = backend
        self._work = Work(backend, self.post_message)
        self._wanted_tenant = tenant
        self._stop = threading.Event()

    def get_default_screen(self) -> Screen[None]:
        """Home is always at the bottom."""
        return HomeScreen()

    def on_mount(self) -> None:
        """Read the files, then the tenant."""
        self._backend.listen(self._work.log)
        self.action_reread()

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
        if self.state.tenant is None:
            self.action_tenants()
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

    @property
    def can_deploy(self) -> bool:
        """Whether the plan on screen was just made and nothing else is under way."""
        now = self.state
        return now.reviewed is not None and not (now.reading or now.opening or now.deploying)

    @property
    def can_roll_back(self) -> bool:
        """Whether a plan of going back can be made: nothing else writes, and there is a tenant."""
        now = self.state
        return not (now.opening or now.deploying) and now.tenant is not None and bool(now.tenant.domain)

    @property
    def can_roll_back_now(self) -> bool:
        """Whether the plan of going back on screen can be carried out."""
        rollback = self.state.rollback
        return self.can_roll_back and rollback is not None and rollback.reviewed is not None

    def skip(self, keys: frozenset[str]) -> None:
        """Connections that a deploy shall not touch."""
        self.state = replace(self.state, skipped=keys)

    def choose(self, choices: Choices) -> None:
        """Plan anew with these decisions; until then nothing can be deployed."""
        if not (self.state.deploying or self.state.opening):
            self.state = states.chosen(self.state, choices)
            self._read()

    def plan_taking(self, names: tuple[str, ...]) -> None:
        """Find out what taking these `CONNECTION/ITEM` from the tenant would write, then ask."""
        if self.can_deploy and self.state.opened is not None:
            self._start("taking", self._work.plan_taking(self.state.opened, names))

    def on_taking_planned(self, message: messages.TakingPlanned) -> None:
        """Ask before a file is written."""
        taking = message.taking
        if not taking.files:
            reasons = "\n".join(taking.left) or "The files say it already."
            self.push_screen(ErrorScreen(Failure("Nothing to take", reasons, taking.paste)))
            return
        screen = AskScreen("Take the tenant's into the files?", taking_lines(taking), "Take", danger=bool(taking.lost))
        self.push_screen(screen, lambda yes: self._start("taking", self._work.take(taking)) if yes else None)

    def on_taken(self, message: messages.Taken) -> None:
        """Read everything again; what else was decided still holds."""
        self.notify(f"Written: {', '.join(one.file for one in message.taking.files)}")
        self._reopen(keep_choices=True)

    def on_refused(self, message: messages.Refused) -> None:
        """Say what stood in the way."""
        self.push_screen(ErrorScreen(message.failure))

    def begin_deploy(self) -> None:
        """Check everything that can be known, then ask."""
        if not self.can_deploy or self.state.reviewed is None:
            return
        keys = self.state.selected
        if keys:
            self._start("deploying", self._work.check(self.state.reviewed, keys))
        else:
            self.notify("Nothing to deploy: what is not skipped is in sync.")

    def plan_rollback(self, key: str, to: str | None) -> None:
        """To the plan that takes a connection to a write of the history, None = to before the last one."""
        if self.can_roll_back:
            self.push_screen(PlanScreen(key, rollback=True))
            self._plan_rollback(Rollback(key, to))

    def allow_rollback(self, brakes: frozenset[str]) -> None:
        """Plan going back anew with these brakes lifted."""
        rollback = self.state.rollback
        if rollback is not None and self.can_roll_back_now:
            self._plan_rollback(replace(rollback, allow=rollback.allow | brakes, reviewed=None))

    def _plan_rollback(self, rollback: Rollback) -> None:
        opened = self.state.opened
        if opened is not None:
            self.state = replace(self.state, rollback=rollback)
            self._start("rollback", self._work.plan_rollback(opened, rollback))

    def on_rollback_planned(self, message: messages.RollbackPlanned) -> None:
        """Show the plan."""
        self.state = states.planned_rollback(self.state, message.reviewed)

    def on_rollback_refused(self, message: messages.RollbackRefused) -> None:
        """Back to where it was asked for, and say why."""
        if isinstance(self.screen, PlanScreen):
            self.pop_screen()
        self.push_screen(ErrorScreen(message.failure))

    def begin_rollback(self) -> None:
        """Check everything that can be known, then ask."""
        rollback = self.state.rollback
        if rollback is None or rollback.reviewed is None or not self.can_roll_back_now:
            return
        if rollback.reviewed.plan.has_work:
            self._start("deploying", self._work.check(rollback.reviewed, (rollback.key,)))
        else:
            self.notify("Nothing to roll back: it is so already.")

    def on_deploy_refused(self, message: messages.DeployRefused) -> None:
        """Say what stands in the way, and how to leave it out."""
        failure = message.failure
        if self.state.rollback is not None:
            self.push_screen(ErrorScreen(failure))
            return
        self.push_screen(ErrorScreen(offer_skipping(failure) if len(self.state.selected) > 1 else failure))

    def on_deploy_checked(self, message: messages.DeployChecked) -> None:
        """Ask; a protected tenant wants its name typed."""
        now, tenant, reviewed, keys = self.state, self.state.tenant, message.reviewed, message.keys
        current = now.rollback.reviewed if reviewed.verb == "rollback" and now.rollback else now.reviewed
        if tenant is not None and reviewed is current:
            lines = confirm_lines(tenant, reviewed.plan, keys, now.choices)
            screen = ConfirmScreen(tenant, lines, reviewed.verb)
            self.push_screen(screen, lambda yes: self._deploy(reviewed, keys) if yes else None)

    def _deploy(self, reviewed: Reviewed, keys: tuple[str, ...]) -> None:
        self._stop.clear()
        self.state = states.begin_deploying(self.state, reviewed.plan, keys, self.now())
        if reviewed.verb == "rollback":
            self.switch_screen(DeployScreen("Rollback"))
        else:
            self.push_screen(DeployScreen("Deploy"))
        self._start("deploying", self._work.deploy(reviewed, keys, self._stop.is_set))

    def stop_deploy(self) -> None:
        """Let the write under way end, start no other."""
        self._stop.set()
        self.state = states.stopping_deploy(self.state)

    def on_deploy_step(self, message: messages.DeployStep) -> None:
        """One step further."""
        self.state = states.deploy_step(self.state, message.event)

    def on_deploy_finished(self, message: messages.DeployFinished) -> None:
        """Say what became of everything, and read again."""
        self.state = states.deploy_finished(self.state, message.outcomes, self.now())
        self.action_reread()

    def on_deploy_broken(self, message: messages.DeployBroken) -> None:
        """Say why it ended early, and read again."""
        self.state = states.deploy_broken(self.state, message.failure.text, self.now())
        self.action_reread()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a deploy goes on, nothing else is read and no other tenant chosen; in an editor, r is a letter."""
        if action == "reread" and isinstance(self.screen, EditorScreen):
            return False
        return not (self.state.deploying and action in ("reread", "tenants", "home"))

    def action_home(self) -> None:
        """Back to the table."""
        if not self.state.deploying:
            self._when_saved(self.screen_stack, self._leave_screens)

    def _leave_screens(self) -> None:
        while len(self.screen_stack) > 1:
            self._leave_screen()

    def _leave_screen(self) -> None:
        closed = self.screen
        self.pop_screen()
        if isinstance(closed, PlanScreen):
            self.state = replace(self.state, rollback=None)
        if isinstance(closed, FrameScreen) and closed.wrote:
            self.action_reread()

    def _when_saved(self, screens: Sequence[Screen[Any]], then: Callable[[], None]) -> None:
        """Go on at once, or after a question when one of these screens holds something that is not saved."""
        unsaved = [file for screen in screens if isinstance(screen, EditorScreen) for file in screen.unsaved]
        if not unsaved:
            then()
            return
        lines = tuple(Line(f"{file} is not saved; what you changed is lost", "bad", "! ") for file in unsaved)
        screen = AskScreen("Leave without saving?", lines, "Leave", danger=True)
        self.push_screen(screen, lambda yes: then() if yes else None)

    def action_go_back(self) -> None:
        """One screen back; at home, everything is shown again. A deploy under way is not left."""
        if isinstance(self.screen, HomeScreen):
            self.screen.clear_filter()
        elif len(self.screen_stack) > 1 and not self.state.deploying:
            self._when_saved([self.screen], self._leave_screen)

    def action_edit(self, key: str) -> None:
        """To the scripts of a connection."""
        self.push_screen(EditorScreen(key))

    def action_new(self) -> None:
        """Choose a template for a new connection."""
        if self.state.opened is not None and not self.state.deploying:
            self.push_screen(TemplatesScreen())

    def action_secrets(self) -> None:
        """Which values the project needs and where they are."""
        if self.state.opened is not None and self.state.opened.handle is not None:
            self.push_screen(SecretsScreen())

    def action_log(self) -> None:
        """Every request of this session."""
        if not isinstance(self.screen, LogScreen):
            self.push_screen(LogScreen())

    def on_request_answered(self, message: messages.RequestAnswered) -> None:
        """One line more in the log."""
        self.state = states.logged(self.state, message.event, self.now())

    def action_history(self, key: str = "") -> None:
        """What was written from this machine, of one connection or of all."""
        if self.state.opened is not None and self.state.opened.handle is not None:
            self.push_screen(HistoryScreen(key))

    def action_plan(self, key: str = "") -> None:
        """To the plan, at this connection."""
        self.push_screen(PlanScreen(key))

    def action_tenants(self) -> None:
        """Choose a tenant; says how to add one when there is none."""
        opened = self.state.opened
        if opened is None or self.state.deploying or isinstance(self.screen, TenantsScreen):
            return
        screen = TenantsScreen(opened.tenants, opened.tenant.name if opened.tenant else "")
        self.push_screen(screen, lambda name: self.action_switch_tenant(name) if name else None)

    def action_switch_tenant(self, name: str) -> None:
        """See the project for another tenant."""
        if not self.state.deploying:
            self._when_saved(self.screen_stack, lambda: self._switch_tenant(name))

    def _switch_tenant(self, name: str) -> None:
        self._wanted_tenant = name
        self._leave_screens()
        self.action_reread()

    def action_help(self) -> None:
        """The keys that work here."""
        place = self.screen.PLACE if isinstance(self.screen, FrameScreen) else ""
        self.push_screen(HelpScreen(place, all_keys(self) | keys_in_force(self, self.screen)))

    def action_leave(self) -> None:
        """Quit, except in the middle of a write."""
        if self.state.deploying:
            words = "Leaving now would cut off a write."
            hint = "ctrl+c stops safely after this step; ctrl+q leaves then."
            self.push_screen(ErrorScreen(Failure("A deploy is under way", words, hint)))
        else:
            self._when_saved(self.screen_stack, self.exit)

    def copy(self, text: str, noun: str) -> None:
        """Copy through the terminal (OSC 52), which also works over ssh."""
        self.copy_to_clipboard(text)
        self.notify(f"Copied the {noun}.")

    def _start(self, group: str, work: Coroutine[Any, Any, None]) -> None:
        self.run_worker(work, group=group, exclusive=True, exit_on_error=False)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A programming error in a worker is shown in full; the app stays usable."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            text = "".join(traceback.format_exception(event.worker.error))
            self.state = states.faulted(self.state, self.now())
            self.push_screen(ErrorScreen(Failure("dbconn has a fault", text, "Please report it; c copies it.")))

    def _fatal_error(self) -> None:
        """Leave with a traceback that shows no variables: Textual's own prints locals, which may hold secrets."""
        self.bell()
        self.panic(Text(traceback.format_exc()))


def run_app(outside: Outside, *, config: Path | None = None, tenant: str | None = None) -> int:
    """Open the app on a project until the user leaves; the process's exit code. Raises nothing of DbconnError's."""
    from dbconn_tui.tui.backend import TaskBackend

    app = DbconnApp(TaskBackend(outside, config), tenant)
    app.run()
    return app.return_code or 0
