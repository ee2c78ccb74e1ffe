"""Deploying: everything that can be known is checked first, then the plan is carried out (design §5.8)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dbconn_tui.deploy.apply import apply
from dbconn_tui.deploy.ciphertext import SeenCiphertext, write_seen
from dbconn_tui.deploy.history import HistoryFolder
from dbconn_tui.deploy.local_record import write_local_record
from dbconn_tui.deploy.lock import deploy_lock
from dbconn_tui.deploy.plan import NO_CHOICES, Choices
from dbconn_tui.deploy.record import Record
from dbconn_tui.deploy.values import ConnectionState, Outcome, OutcomeState
from dbconn_tui.deploy.work import Edge
from dbconn_tui.errors import ExitCode, LintError, RefusedError, UnresolvedValueError, UsageError
from dbconn_tui.events import OnEvent, ignore
from dbconn_tui.problems import Problem, sort_problems
from dbconn_tui.project.values import Connection
from dbconn_tui.secret_store.lookup import Resolved
from dbconn_tui.tasks.lint_memory import check_connections
from dbconn_tui.tasks.outside import Outside
from dbconn_tui.tasks.plan import Planned, resolve_values
from dbconn_tui.tasks.status import live_status, remember
from dbconn_tui.tasks.workspace import Workspace, select
from dbconn_tui.tenant.client import TenantClient
from dbconn_tui.tenant.scopes import (
    CHANGE_CLIENTS_SCOPES,
    CREATE_SCOPES,
    DEPLOY_SCOPES,
    PLAN_SCOPES,
    missing_scope_error,
    missing_scopes,
)

DEADLINE: Final = 1800.0
"""Seconds that a run may take by default; the question at a terminal is not counted."""


def check_before_reading(
    outside: Outside, workspace: Workspace, names: Sequence[str] = (), choices: Choices = NO_CHOICES
) -> Resolved:
    """What can be known without a request: scripts that must never be sent, and every configuration value.

    Returns the values. Raises UsageError on a read-only tenant, LintError (exit 1), UnresolvedValueError (exit 3).
    """
    chosen = select(workspace.connections, names)
    refuse_read_only(workspace)
    refuse_hard_problems(outside, workspace, chosen)
    return resolve_or_refuse(outside, workspace, chosen)


def refuse_read_only(workspace: Workspace) -> None:
    """Raise UsageError on a tenant that the project only reads."""
    if workspace.tenant.read_only:
        raise UsageError(
            f"the tenant {workspace.tenant.name} is read_only in {workspace.project.shown_file}",
            "Plan it as you like; to write, take `read_only` away.",
        )


def resolve_or_refuse(outside: Outside, workspace: Workspace, connections: Sequence[Connection]) -> Resolved:
    """Every configuration value of these connections. Raises UnresolvedValueError (exit 3) when one is missing."""
    resolved = resolve_values(outside, workspace, connections)
    if resolved.missing:
        first = resolved.missing[0]
        more = "" if len(resolved.missing) == 1 else f" (and {len(resolved.missing) - 1} more)"
        raise UnresolvedValueError(
            f"{first.place}: configuration.{first.key} of {first.connection} has no value here{more}: {first.source}",
            first.hint,
        )
    return resolved


def refuse_hard_problems(outside: Outside, workspace: Workspace, connections: Sequence[Connection]) -> None:
    """Raise LintError for scripts that are refused whatever is asked (design §5.1)."""
    found = check_connections(outside.state_folder, connections, workspace.project.lint_preset)
    hard: tuple[Problem, ...] = sort_problems(problem for checked in found.values() for problem in checked.hard)
    if hard:
        raise LintError(
            f"{len(hard)} error{'s' if len(hard) != 1 else ''} that no deploy may carry", "Nothing was sent.", hard
        )


@dataclass(frozen=True, slots=True)
class Deployment:
    """What became of every planned connection."""

    planned: Planned
    outcomes: tuple[Outcome, ...]

    @property
    def exit_code(self) -> ExitCode:
        """As `exit_code_of` its outcomes."""
        return exit_code_of(self.outcomes)


def exit_code_of(outcomes: Sequence[Outcome]) -> ExitCode:
    """The first of design §4's order that any connection ended with; one not attempted counts as failed."""
    codes = {outcome.exit_code for outcome in outcomes}
    for code in (ExitCode.AUTHENTICATION, ExitCode.UNREACHABLE, ExitCode.REFUSED, ExitCode.USAGE):
        if code in codes:
            return code
    ended = {outcome.state for outcome in outcomes} <= {OutcomeState.DEPLOYED, OutcomeState.UNCHANGED}
    return ExitCode.OK if ended else ExitCode.FAILED


async def check_plan(planned: Planned, tenant: TenantClient) -> None:
    """Refuse a plan that may not be carried out. Raises RefusedError (5), LintError (1), MissingScopeError (4)."""
    plan = planned.plan
    writes = [one for one in plan.connections if one.writes]
    needed = dict(DEPLOY_SCOPES) if any(one.writes_connection for one in writes) else {}
    if any(one.clients is not None and one.clients.changes for one in writes):
        needed |= CHANGE_CLIENTS_SCOPES
    if any(one.state is ConnectionState.CREATE for one in writes):
        needed |= CREATE_SCOPES
    lacking = missing_scopes(needed, await tenant.scopes(needed or PLAN_SCOPES))
    if lacking:
        raise missing_scope_error(plan.domain, lacking, "this deploy; nothing was sent")
    blockers = [(one.key, blocker) for one in plan.connections for blocker in one.blocked]
    if plan.refused:
        key, first = next((key, blocker) for key, blocker in blockers if not blocker.lint)
        more = "" if len(blockers) == 1 else f" (and {len(blockers) - 1} more, see the plan)"
        raise RefusedError(f"{key}: {first.reason}{more}; nothing was sent", first.hint)
    if plan.blocked_by_lint:
        raise LintError(
            "lint errors in scripts that would change; nothing was sent",
            "Mend them, or pass --skip-lint.",
            [problem for problem in planned.problems if problem.blocks],
        )


async def deploy_plan(
    outside: Outside,
    planned: Planned,
    tenant: TenantClient,
    *,
    fail_fast: bool = False,
    history: Path | None = None,
    verb: str = "deploy",
    deadline: float = DEADLINE,
    on_event: OnEvent = ignore,
    stop_requested: Callable[[], bool] = lambda: False,
) -> Deployment:
    """Carry out a plan that `check_plan` accepted. What goes wrong with one connection is its Outcome.

    `history` is the folder for the history, None the state folder. `deadline`: seconds after which no write starts;
    what is left then is not attempted. Raises RefusedError when another dbconn on
    this machine deploys to the domain, UsageError when the state or history folder cannot be written.
    """

    def keep(name: str, record: Record) -> None:
        write_local_record(outside.state_folder, record, planned.tracking.local, domain=planned.plan.domain, name=name)

    seen: dict[str, SeenCiphertext] = {}
    past = HistoryFolder(history or outside.state_folder, planned.plan.domain)
    edge = Edge(
        outside.clock,
        outside.wall_clock,
        outside.random_bytes,
        on_event,
        keep_history=past.add,
        forget_history=past.remove,
        verb=verb,
        keep_local_record=keep,
        keep_seen=seen.__setitem__,
        stop_requested=stop_requested,
    )
    with deploy_lock(outside.state_folder, planned.plan.domain):
        past.prepare()
        with tenant.until(outside.clock() + deadline):
            outcomes = await apply(
                planned.plan, planned.works, tenant, planned.reading, planned.tracking, edge, fail_fast=fail_fast
            )
    if seen:
        with suppress(OSError):  # without it a later plan only says less
            write_seen(outside.state_folder, planned.plan.domain, seen)
    deployed = {outcome.key for outcome in outcomes if outcome.state is OutcomeState.DEPLOYED}
    remember(outside, live_status(outside, planned), deployed)
    return Deployment(planned, outcomes)
