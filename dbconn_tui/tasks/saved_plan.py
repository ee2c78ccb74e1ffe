"""Saving a plan, and making it again later from the saved texts so that it can be carried out or refused."""

from __future__ import annotations

from pathlib import Path

from dbconn_tui.deploy.plan import Choices
from dbconn_tui.deploy.saved_plan import (
    LARGEST,
    SavedPlan,
    decode_plan,
    encode_plan,
    keys_of,
    refuse_stale,
    saved_connection,
)
from dbconn_tui.errors import RefusedError, UsageError
from dbconn_tui.events import OnEvent, ignore
from dbconn_tui.project.values import Connection
from dbconn_tui.project.write import write_file
from dbconn_tui.tasks.deploy import refuse_hard_problems, refuse_read_only, resolve_or_refuse
from dbconn_tui.tasks.outside import Outside
from dbconn_tui.tasks.plan import Planned, plan_chosen
from dbconn_tui.tasks.workspace import Workspace, select
from dbconn_tui.tenant.client import TenantClient


def save_plan(outside: Outside, planned: Planned, choices: Choices, path: Path, *, everything: bool) -> None:
    """Write a plan to a file (0600). Raises UsageError when it cannot be written."""
    saved = SavedPlan(
        planned.plan.tenant,
        planned.plan.domain,
        planned.tracking.public.tag("project").hex(),
        outside.wall_clock(),
        everything,
        choices,
        tuple(saved_connection(work.connection, planned.plan, work.fingerprints) for work in planned.works),
    )
    try:
        write_file(path, encode_plan(saved), 0o600)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}", "--out takes the path of a new file.") from None


def read_plan(path: Path) -> SavedPlan:
    """A saved plan. Raises UsageError for a file that is none, RefusedError for another version's."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}", "`dbconn plan --out FILE` makes it.") from None
    if len(data) > LARGEST:
        raise UsageError(f"{path} is too large for a saved plan", "`dbconn plan --out FILE` makes one.")
    return decode_plan(data, path.name)


def chosen_by(saved: SavedPlan, workspace: Workspace) -> tuple[Connection, ...]:
    """The plan's connections with its texts and options, in the project's order.

    Raises RefusedError when the plan is for another domain or project, or names a connection that is gone.
    """
    tenant = workspace.tenant
    if saved.domain != tenant.domain:
        raise RefusedError(
            f"the saved plan is for {saved.domain}, and the chosen tenant is {tenant.domain}; nothing was sent",
            f"Choose the tenant with --tenant {saved.tenant}, or make the plan again.",
        )
    texts = {one.key: one for one in saved.connections}
    try:
        chosen = select(workspace.connections, keys_of(saved)) if texts else ()
    except UsageError as gone:
        raise RefusedError(
            f"the saved plan is stale: {gone.message}; nothing was sent", "Make the plan again."
        ) from None
    return tuple(texts[connection.key].applied_to(connection) for connection in chosen)


async def plan_again(
    outside: Outside,
    workspace: Workspace,
    tenant: TenantClient,
    saved: SavedPlan,
    *,
    on_event: OnEvent = ignore,
) -> Planned:
    """The saved plan, made anew from its own texts with today's values; `deploy_plan` carries it out.

    Raises RefusedError (5) when the domain, the project, a value's fingerprint or the tenant differs,
    LintError and UnresolvedValueError as a deploy does.
    """
    chosen = chosen_by(saved, workspace)
    refuse_read_only(workspace)
    refuse_hard_problems(outside, workspace, chosen)
    resolved = resolve_or_refuse(outside, workspace, chosen)
    planned = await plan_chosen(
        outside,
        workspace,
        tenant,
        chosen,
        everything=saved.everything,
        choices=saved.choices,
        resolved=resolved,
        on_event=on_event,
    )
    if planned.tracking.public.tag("project").hex() != saved.project:
        raise RefusedError("the saved plan is of another project (its project_key differs); nothing was sent", "")
    refuse_stale(saved, planned.plan, {work.connection.key: work.fingerprints for work in planned.works})
    return planned
