"""DeployingApp: what is written (a deploy, a rollback, the tenant's side into the files), each after a question."""

from __future__ import annotations

import threading
from dataclasses import replace

from dbconn_tui.tui import messages
from dbconn_tui.tui import state as states
from dbconn_tui.tui.port import Backend, Failure, Reviewed, offer_skipping
from dbconn_tui.tui.reading import ReadingApp
from dbconn_tui.tui.screens.frame import is_at
from dbconn_tui.tui.state import Rollback


class DeployingApp(ReadingApp):
    """Checks, asks, writes, and reads again."""

    def __init__(self, backend: Backend, tenant: str | None = None) -> None:
        super().__init__(backend, tenant)
        self._stop = threading.Event()

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

    def plan_taking(self, names: tuple[str, ...]) -> None:
        """Find out what taking these `CONNECTION/ITEM` from the tenant would write, then ask."""
        if self.can_deploy and self.state.opened is not None:
            self._start("taking", self._work.plan_taking(self.state.opened, names))

    def on_taking_planned(self, message: messages.TakingPlanned) -> None:
        """Ask before a file is written."""
        from dbconn_tui.tui.plan_lines import taking_lines
        from dbconn_tui.tui.screens.ask import AskScreen

        taking = message.taking
        if not taking.files:
            reasons = "\n".join(taking.left) or "The files say it already."
            self.show_failure(Failure("Nothing to take", reasons, taking.paste))
            return
        screen = AskScreen("Take the tenant's into the files?", taking_lines(taking), "Take", danger=bool(taking.lost))
        self.push_screen(screen, lambda yes: self._start("taking", self._work.take(taking)) if yes else None)

    def on_taken(self, message: messages.Taken) -> None:
        """Read everything again; what else was decided still holds."""
        self.notify(f"Written: {', '.join(one.file for one in message.taking.files)}")
        self._reopen(keep_choices=True)

    def on_refused(self, message: messages.Refused) -> None:
        """Say what stood in the way."""
        self.show_failure(message.failure)

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
        from dbconn_tui.tui.screens.plan import PlanScreen

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
        if is_at(self.screen, "plan"):
            self.pop_screen()
        self.show_failure(message.failure)

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
            self.show_failure(failure)
            return
        self.show_failure(offer_skipping(failure) if len(self.state.selected) > 1 else failure)

    def on_deploy_checked(self, message: messages.DeployChecked) -> None:
        """Ask; a protected tenant wants its name typed."""
        from dbconn_tui.tui.screens.confirm import ConfirmScreen, confirm_lines

        now, tenant, reviewed, keys = self.state, self.state.tenant, message.reviewed, message.keys
        current = now.rollback.reviewed if reviewed.verb == "rollback" and now.rollback else now.reviewed
        if tenant is not None and reviewed is current:
            lines = confirm_lines(tenant, reviewed.plan, keys, now.choices)
            screen = ConfirmScreen(tenant, lines, reviewed.verb)
            self.push_screen(screen, lambda yes: self._deploy(reviewed, keys) if yes else None)

    def _deploy(self, reviewed: Reviewed, keys: tuple[str, ...]) -> None:
        from dbconn_tui.tui.screens.deploy import DeployScreen

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
