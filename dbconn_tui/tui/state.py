"""AppState: everything the screens show, as one frozen snapshot; they get it and never own it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from dbconn_tui.events import Event, EventKind
from dbconn_tui.tui.port import Failure, Opened, Reviewed
from dbconn_tui.tui.progress import DeployLine, DeployProgress, advance, break_off, finish

if TYPE_CHECKING:
    from dbconn_tui.deploy.plan import Choices
    from dbconn_tui.deploy.values import Outcome, Plan
    from dbconn_tui.project.values import Tenant
    from dbconn_tui.tasks.status import Status


@dataclass(frozen=True, slots=True)
class Rollback:
    """Going back with one connection: to the write `to` of the history, None = to before the last one.

    `allow` are brakes that were lifted for it; `reviewed` is None while its plan is being made.
    """

    key: str
    to: str | None
    allow: frozenset[str] = frozenset()
    reviewed: Reviewed | None = None


LONGEST_LOG: Final = 1_000
"""Requests."""


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One answered request: when in seconds since 1970, `METHOD path status`, and how long it took, 0 = not timed.

    `budget_left` = the requests that may follow at once, None = unknown; `request_id` is the tenant's name for it.
    """

    time: float
    words: str
    seconds: float = 0.0
    budget_left: int | None = None
    request_id: str = ""

    @property
    def status(self) -> int:
        """The HTTP status, 0 when there is none."""
        last = self.words.rpartition(" ")[2]
        return int(last) if last.isdecimal() else 0


@dataclass(frozen=True, slots=True)
class AppState:
    """One moment of the app.

    `opening` and `reading` say what is under way: the files, the tenant. `project_failure` = there is no usable
    project, `tenant_failure` = the tenant could not be read; the rows then are the last known ones.
    `skipped` are keys of connections that a deploy shall not touch. `choices` are what the user decided on
    the plan, None = nothing; they hold for what was looked at, so `doubt` says which ones were forgotten and why.
    `ticked` are items of the checklist that somebody looked at.
    """

    opened: Opened | None = None
    status: Status | None = None
    reviewed: Reviewed | None = None
    opening: bool = True
    reading: bool = False
    step: str = ""
    project_failure: Failure | None = None
    tenant_failure: Failure | None = None
    skipped: frozenset[str] = frozenset()
    choices: Choices | None = None
    doubt: str = ""
    rollback: Rollback | None = None
    deploy: DeployProgress | None = None
    log: tuple[LogEntry, ...] = ()
    ticked: frozenset[str] = frozenset()

    @property
    def tenant(self) -> Tenant | None:
        """The chosen tenant, also one without a domain."""
        return self.opened.tenant if self.opened else None

    @property
    def deploying(self) -> bool:
        """Whether a deploy is under way."""
        return self.deploy is not None and self.deploy.running

    @property
    def selected(self) -> tuple[str, ...]:
        """Keys of the planned connections that are not skipped and that a deploy would write or that block it."""
        if self.reviewed is None:
            return ()
        return tuple(
            one.key
            for one in self.reviewed.plan.connections
            if one.key not in self.skipped and (one.writes or one.blocked)
        )


def begin_opening(state: AppState, *, keep_choices: bool = False) -> AppState:
    """The files are being read; what is shown stays. What was decided is forgotten unless `keep_choices`."""
    if not keep_choices:
        state = replace(state, choices=None, doubt="")
    return replace(state, opening=True, reading=False, step="")


def chosen(state: AppState, choices: Choices, doubt: str = "") -> AppState:
    """Something was decided: the plan shown is no longer the one to be carried out."""
    return replace(state, choices=choices, doubt=doubt)


def opened_project(state: AppState, opened: Opened) -> AppState:
    """The files were read. The plan of another tenant goes; of the same one it stays until the tenant is read."""
    before = state.tenant
    same = before is not None and opened.tenant is not None and before.domain == opened.tenant.domain
    return replace(
        state,
        opened=opened,
        status=opened.status,
        reviewed=state.reviewed if same else None,
        opening=False,
        reading=False,
        project_failure=None,
        tenant_failure=None,
        skipped=state.skipped if same else frozenset(),
        choices=state.choices if same else None,
    )


def failed_project(state: AppState, failure: Failure) -> AppState:
    """The files could not be used: nothing of an earlier reading may be deployed."""
    return replace(state, opening=False, reading=False, project_failure=failure, status=None, reviewed=None)


def forget(state: AppState, moved: Sequence[str]) -> AppState:
    """Decisions on these `CONNECTION/ITEM` no longer hold: their live side is another than the one looked at."""
    if state.choices is None:
        return state
    choices = replace(state.choices, overwrite=state.choices.overwrite - set(moved))
    words = ", ".join(moved)
    return chosen(state, choices, f"{words} changed on the tenant again since you decided; look and decide anew.")


def begin_reading(state: AppState) -> AppState:
    """The tenant is being read."""
    return replace(state, reading=True, step="")


def read_tenant(state: AppState, reviewed: Reviewed) -> AppState:
    """The tenant was read and compared."""
    keys = {one.key for one in reviewed.plan.connections}
    return replace(
        state,
        reviewed=reviewed,
        status=reviewed.status or state.status,
        reading=False,
        step="",
        tenant_failure=None,
        skipped=state.skipped & keys,
    )


def failed_tenant(state: AppState, failure: Failure) -> AppState:
    """The tenant could not be read: the rows stay as last known, the plan is no longer offered."""
    return replace(state, reading=False, step="", tenant_failure=failure, reviewed=None)


def reading_step(state: AppState, event: Event) -> AppState:
    """What a reading is at, for the context bar."""
    if not state.reading or event.kind not in (EventKind.WAITING, EventKind.STEP):
        return state
    waiting = event.kind is EventKind.WAITING
    return replace(state, step=f"waiting {event.seconds:.0f} s (rate limit)" if waiting else event.message)


def logged(state: AppState, event: Event, now: float) -> AppState:
    """A request was answered; the oldest ones give way."""
    entry = LogEntry(now, event.message, event.seconds, event.budget_left, event.request_id)
    return replace(state, log=(*state.log[-LONGEST_LOG + 1 :], entry))


def begin_deploying(state: AppState, plan: Plan, keys: Sequence[str], now: float) -> AppState:
    """A deploy of these connections begins; `now` is seconds since 1970."""
    lines = tuple(DeployLine(key) for key in keys)
    progress = DeployProgress(plan.tenant, plan.domain, lines, now, step="starting")
    return replace(state, deploy=progress, rollback=None)


def deploy_step(state: AppState, event: Event) -> AppState:
    """A deploy came one step further."""
    if state.deploy is None or not state.deploy.running:
        return state
    return replace(state, deploy=advance(state.deploy, event))


def planned_rollback(state: AppState, reviewed: Reviewed) -> AppState:
    """The plan of going back is made."""
    return state if state.rollback is None else replace(state, rollback=replace(state.rollback, reviewed=reviewed))


def stopping_deploy(state: AppState) -> AppState:
    """A deploy was asked to stop after the write under way."""
    if state.deploy is None or not state.deploy.running:
        return state
    return replace(state, deploy=replace(state.deploy, stopping=True))


def deploy_finished(state: AppState, outcomes: Sequence[Outcome], now: float) -> AppState:
    """A deploy came to its end."""
    return state if state.deploy is None else replace(state, deploy=finish(state.deploy, outcomes, now))


def deploy_broken(state: AppState, reason: str, now: float) -> AppState:
    """A deploy as a whole failed."""
    return state if state.deploy is None else replace(state, deploy=break_off(state.deploy, reason, now))


def faulted(state: AppState, now: float) -> AppState:
    """A worker ended with a programming error: nothing is under way any more."""
    state = replace(state, opening=False, reading=False, step="")
    return deploy_broken(state, "a fault in dbconn", now) if state.deploying else state
