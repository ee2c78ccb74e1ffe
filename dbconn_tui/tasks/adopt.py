"""Adopting: the first write to connections that were there before dbconn; it touches no option (design §4)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from dbconn_tui.deploy.adopt import Adoption, plan_adoption
from dbconn_tui.deploy.apply import apply
from dbconn_tui.deploy.local_record import write_local_record
from dbconn_tui.deploy.lock import deploy_lock
from dbconn_tui.deploy.record import Record
from dbconn_tui.deploy.request import fresh_records
from dbconn_tui.deploy.tracking import Tracking
from dbconn_tui.deploy.values import Outcome, OutcomeState, Plan
from dbconn_tui.deploy.work import Edge, Work
from dbconn_tui.errors import RefusedError, UsageError
from dbconn_tui.events import Event, EventKind, OnEvent, ignore
from dbconn_tui.project.values import Connection
from dbconn_tui.tasks.outside import Outside
from dbconn_tui.tasks.plan import open_tracking
from dbconn_tui.tasks.workspace import Workspace, select
from dbconn_tui.tenant.client import TenantClient, require_options
from dbconn_tui.tenant.scopes import ADOPT_SCOPES, missing_scope_error, missing_scopes
from dbconn_tui.tenant.values import LiveReading


@dataclass(frozen=True, slots=True)
class Adopting:
    """What adopting would write, and what it was made from."""

    workspace: Workspace
    connections: tuple[Connection, ...]
    adoptions: tuple[Adoption, ...]
    """In the order of `connections`."""
    reading: LiveReading = field(repr=False)
    tracking: Tracking = field(repr=False)


async def plan_adoptions(
    outside: Outside, workspace: Workspace, tenant: TenantClient, names: Sequence[str], *, on_event: OnEvent = ignore
) -> Adopting:
    """Read the named connections and say what adopting each would record; needs no configuration value.

    Raises UsageError for unknown names and on a read-only tenant, RefusedError when one of them is not on the
    tenant, has nothing to adopt or no room for a record, MissingScopeError, and whatever the tenant raises.
    """
    domain = workspace.tenant.domain
    if workspace.tenant.read_only:
        raise UsageError(
            f"the tenant {workspace.tenant.name} is read_only in {workspace.project.shown_file}",
            "To adopt a connection there, take `read_only` away.",
        )
    chosen = select(workspace.connections, names)
    on_event(Event(EventKind.STEP, f"reading {domain}"))
    lacking = missing_scopes(ADOPT_SCOPES, await tenant.scopes(tuple(ADOPT_SCOPES)))
    if lacking:
        raise missing_scope_error(domain, lacking, "adopting; nothing was sent")
    reading = await (tenant.find_connections([chosen[0].name]) if len(chosen) == 1 else tenant.list_connections())
    require_options(reading)
    tracking = open_tracking(outside, workspace, chosen)
    adoptions = tuple(_adoption(one, reading, tracking, domain) for one in chosen)
    return Adopting(workspace, chosen, adoptions, reading, tracking)


def _adoption(connection: Connection, reading: LiveReading, tracking: Tracking, domain: str) -> Adoption:
    live = reading.by_name(connection.name)
    if live is None:
        raise RefusedError(
            f"{connection.key}: there is no connection {connection.name} on {domain}, so there is nothing to adopt",
            f"`dbconn deploy {connection.key}` creates it.",
        )
    adoption = plan_adoption(connection, live, tracking)
    if not adoption.adopted:
        raise RefusedError(
            f"{connection.key}: nothing to adopt, everything that the files name and the tenant has is recorded",
            f"What was changed on the tenant since, `dbconn plan {connection.key}` shows.",
        )
    for blocker in adoption.plan.blocked:
        raise RefusedError(f"{connection.key}: {blocker.reason}; nothing was sent", blocker.hint)
    return adoption


async def adopt(
    outside: Outside,
    adopting: Adopting,
    tenant: TenantClient,
    *,
    on_event: OnEvent = ignore,
    stop_requested: Callable[[], bool] = lambda: False,
) -> tuple[Outcome, ...]:
    """Write the records, one PATCH of metadata a connection, and read them back.

    A record that belongs on this machine alone costs no request. Raises RefusedError when another dbconn on this
    machine writes to the domain, OSError when the state folder cannot be written.
    """
    tracking, tenant_values = adopting.tracking, adopting.workspace.tenant

    def keep(name: str, record: Record) -> None:
        write_local_record(outside.state_folder, record, tracking.local, domain=tenant_values.domain, name=name)

    edge = Edge(
        outside.clock,
        outside.wall_clock,
        outside.random_bytes,
        on_event,
        verb="adopt",
        keep_local_record=keep,
        stop_requested=stop_requested,
    )
    works = [
        Work(connection, adoption.plan, {}, {}, adoption.recorded, record_only=True)
        for connection, adoption in zip(adopting.connections, adopting.adoptions, strict=True)
    ]
    local_only = [work for work in works if not tracking.split(work.recorded or {})[0]]
    writing = [work for work in works if work not in local_only]
    plan = Plan(tenant_values.name, tenant_values.domain, tuple(work.plan for work in writing))
    with deploy_lock(outside.state_folder, tenant_values.domain):
        done = {one.key: one for one in await apply(plan, writing, tenant, adopting.reading, tracking, edge)}
        for work in local_only:
            _, record = fresh_records(tracking, {}, work.recorded or {}, edge)
            keep(work.plan.name, record)
            done[work.plan.key] = Outcome(
                work.plan.key, work.plan.name, OutcomeState.DEPLOYED, changes=work.plan.changes
            )
    return tuple(done[work.plan.key] for work in works)
