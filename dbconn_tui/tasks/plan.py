"""Making a plan: lint, values where they are available, one reading of the tenant, the comparison."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dbconn_tui.deploy.ciphertext import read_seen
from dbconn_tui.deploy.fingerprint import Fingerprints
from dbconn_tui.deploy.local_record import machine_key, read_local_record
from dbconn_tui.deploy.plan import NO_CHOICES, Choices, Desired, make_plan, next_record
from dbconn_tui.deploy.three_way import NOT_AVAILABLE
from dbconn_tui.deploy.tracking import Tracking
from dbconn_tui.deploy.values import Plan
from dbconn_tui.deploy.work import Work
from dbconn_tui.events import Event, EventKind, OnEvent, ignore
from dbconn_tui.problems import Problem, sort_problems
from dbconn_tui.project.values import Connection, KeptValue, TextValue
from dbconn_tui.secret_store.lookup import Resolved, resolve
from dbconn_tui.sensitive import Sensitive
from dbconn_tui.tasks.authors import tell_authors
from dbconn_tui.tasks.clients import read_clients
from dbconn_tui.tasks.lint_memory import check_connections
from dbconn_tui.tasks.outside import Outside
from dbconn_tui.tasks.probe import keeps_values
from dbconn_tui.tasks.trust import command_source
from dbconn_tui.tasks.workspace import Workspace, select
from dbconn_tui.tenant.client import TenantClient, require_options
from dbconn_tui.tenant.scopes import PLAN_SCOPES, missing_scope_error, missing_scopes
from dbconn_tui.tenant.values import LiveReading


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan and what it was made from, so that it can be carried out as it was shown."""

    workspace: Workspace
    plan: Plan
    problems: tuple[Problem, ...]
    """Lint findings of the selected connections."""
    resolved: Resolved = field(repr=False)
    works: tuple[Work, ...] = field(repr=False)
    reading: LiveReading = field(repr=False)
    tracking: Tracking = field(repr=False)


def resolve_values(
    outside: Outside, workspace: Workspace, connections: Sequence[Connection], *, run_command: bool = True
) -> Resolved:
    """Every configuration value that is available here, and what is missing (a value, not an exception).

    Without `run_command` the command of `secrets_from` is left alone, since it may take seconds: what only it
    can tell is neither there nor missing.
    """
    command = command_source(outside, workspace.project, asks=run_command)
    return resolve(connections, workspace.tenant, workspace.project, outside.environment, outside.store, command)


async def plan_connections(
    outside: Outside,
    workspace: Workspace,
    tenant: TenantClient,
    *,
    names: Sequence[str] = (),
    choices: Choices = NO_CHOICES,
    resolved: Resolved | None = None,
    on_event: OnEvent = ignore,
) -> Planned:
    """Compare the named connections (all when empty) with the tenant; needs no configuration value.

    Raises UsageError for unknown names, and as `plan_chosen`.
    """
    chosen = select(workspace.connections, names)
    return await plan_chosen(
        outside,
        workspace,
        tenant,
        chosen,
        everything=not names,
        choices=choices,
        resolved=resolved,
        on_event=on_event,
    )


async def plan_chosen(
    outside: Outside,
    workspace: Workspace,
    tenant: TenantClient,
    chosen: Sequence[Connection],
    *,
    everything: bool,
    choices: Choices = NO_CHOICES,
    resolved: Resolved | None = None,
    on_event: OnEvent = ignore,
) -> Planned:
    """Compare these connections with the tenant; `everything` also lists what is only there.

    Raises MissingScopeError before anything is merged, and whatever the tenant raises (AuthenticationError,
    UnreachableError, ApiError).
    """
    import asyncio

    found = check_connections(outside.state_folder, chosen, workspace.project.lint_preset)
    if resolved is None:
        resolved = resolve_values(outside, workspace, chosen)
    tracking = open_tracking(outside, workspace, chosen)
    deriving = asyncio.create_task(asyncio.to_thread(tracking.values.prepare, _secrets(chosen, resolved)))
    try:
        on_event(Event(EventKind.STEP, f"reading {workspace.tenant.domain}"))
        lacking = missing_scopes(PLAN_SCOPES, await tenant.scopes())
        if lacking:
            raise missing_scope_error(workspace.tenant.domain, lacking, "planning")
        # One name costs one request either way, and finds a holder of another strategy too.
        reading = await (
            tenant.find_connections([chosen[0].name])
            if len(chosen) == 1 and not everything
            else tenant.list_connections()
        )
        require_options(reading)
        clients = await read_clients(tenant, chosen, reading)
    finally:
        await deriving
    seen = read_seen(outside.state_folder, workspace.tenant.domain)
    desired = [
        Desired(
            one,
            fingerprints_of(one, resolved, tracking),
            found[one.key].problems,
            clients.get(one.key),
            seen.get(one.name),
        )
        for one in chosen
    ]
    selected = None if everything else frozenset(one.key for one in chosen)
    plan = make_plan(
        desired,
        reading,
        workspace.tenant,
        tracking,
        choices,
        selected=selected,
        keeps_values=keeps_values(outside, workspace.tenant.domain),
    )
    plan = await tell_authors(tenant, plan, reading, tracking)
    plans = {one.key: one for one in plan.connections}
    works = tuple(
        Work(
            one.connection,
            plans[one.connection.key],
            resolved.values.get(one.connection.key, {}),
            one.values,
            next_record(one, reading.by_name(one.connection.name), tracking),
        )
        for one in desired
    )
    problems = sort_problems(problem for checked in found.values() for problem in checked.problems)
    return Planned(workspace, plan, problems, resolved, works, reading, tracking)


def open_tracking(outside: Outside, workspace: Workspace, connections: Sequence[Connection]) -> Tracking:
    """Where the records of this tenant live; reads what this machine remembers where that counts."""
    tenant = workspace.tenant
    public = Fingerprints(bytes.fromhex(workspace.project.project_key))
    everything_local = tenant.track == "local"
    if public.keyed and not everything_local:
        return Tracking(tenant.domain, public, public)
    local = public if public.keyed else Fingerprints(machine_key(outside.state_folder, outside.random_bytes))
    records = {}
    for connection in connections:
        record = read_local_record(outside.state_folder, local, domain=tenant.domain, name=connection.name)
        if record is not None:
            records[connection.name] = record
    return Tracking(tenant.domain, public, local, everything_local, records)


def fingerprints_of(connection: Connection, resolved: Resolved, tracking: Tracking) -> Mapping[str, bytes]:
    """Configuration key → fingerprint, NOT_AVAILABLE where the value cannot be had here; kept keys are left out."""
    values = resolved.values.get(connection.key, {})
    prints: dict[str, bytes] = {}
    for key, reference in connection.configuration.items():
        if isinstance(reference, KeptValue):
            continue
        if isinstance(reference, TextValue):
            prints[key] = tracking.values.plain_value(connection.name, key, reference.text)
        elif key in values:
            prints[key] = tracking.values.secret_value(connection.name, key, values[key])
        else:
            prints[key] = NOT_AVAILABLE
    return prints


def _secrets(connections: Sequence[Connection], resolved: Resolved) -> list[Sensitive]:
    return [
        value
        for connection in connections
        for key, value in resolved.values.get(connection.key, {}).items()
        if not isinstance(connection.configuration.get(key), TextValue)
    ]
