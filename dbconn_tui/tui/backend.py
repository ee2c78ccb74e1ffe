"""TaskBackend: the Backend over `tasks/`, each piece of work in one background thread of its own."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from dbconn_tui.errors import AuthenticationError, RefusedError, UsageError
from dbconn_tui.events import Event, OnEvent, ignore
from dbconn_tui.tasks.outside import Outside
from dbconn_tui.tui.access_backend import AccessBackend, taking_of
from dbconn_tui.tui.port import Opened, Reviewed, Taking

if TYPE_CHECKING:
    from dbconn_tui.deploy.plan import Choices
    from dbconn_tui.deploy.values import Outcome, Plan
    from dbconn_tui.project.values import Tenant
    from dbconn_tui.scaffold.catalogue import Catalogue
    from dbconn_tui.scaffold.template import Template
    from dbconn_tui.sensitive import Sensitive
    from dbconn_tui.tasks.add import Addition
    from dbconn_tui.tasks.incoming import Incoming
    from dbconn_tui.tasks.keymap import KeymapFile
    from dbconn_tui.tasks.plan import Planned
    from dbconn_tui.tasks.secrets import StoredSecret
    from dbconn_tui.tasks.watch import Look
    from dbconn_tui.tenant.client import TenantClient
    from dbconn_tui.tui.past import PastWrite
    from dbconn_tui.tui.secret_table import SecretTable

Result = TypeVar("Result")


class TaskBackend(AccessBackend):
    """Opens `config` (else the project found from `outside.folder`) and speaks to its tenants.

    One client a tenant is kept open, so that a token and what was learned of the rate limit serve the whole session.
    """

    def __init__(self, outside: Outside, config: Path | None = None) -> None:
        super().__init__(outside, config)
        self._client: TenantClient | None = None
        self._on_event: OnEvent = ignore
        self._listener: OnEvent = ignore

    def now(self) -> float:
        """Seconds since 1970."""
        return self._outside.wall_clock()

    def listen(self, on_event: OnEvent) -> None:
        """Tell every event of every client from now on."""
        self._listener = on_event

    async def keymap(self) -> KeymapFile:
        """What keys.yaml says."""
        from dbconn_tui.tasks.keymap import read_keymap

        return await self._background.call(read_keymap, self._outside)

    async def look(self, opened: Opened) -> Look | None:
        """How the files are on the disk."""
        from dbconn_tui.tasks.watch import look_at

        return await self._background.call(look_at, opened.handle.project) if opened.handle is not None else None

    async def open(self, tenant: str | None) -> Opened:
        """The project from its files. Raises ProjectError, UsageError for a tenant that isn't in it."""
        return await self._background.run(self._open(tenant))

    async def read(self, opened: Opened, choices: Choices | None, on_event: OnEvent) -> Reviewed:
        """Read the tenant and plan every connection. Raises what the tenant raises."""
        return await self._background.run(self._read(opened, choices, on_event))

    async def plan_taking(self, opened: Opened, names: Sequence[str], on_event: OnEvent) -> Taking:
        """What a pull of these items would write. Raises UsageError for what the tenant cannot give."""
        return await self._background.run(self._plan_taking(opened, names, on_event))

    async def take(self, taking: Taking) -> None:
        """Write it. Raises ProjectError when a file changed in between."""
        await self._background.run(self._take(taking))

    async def history(self, opened: Opened) -> tuple[PastWrite, ...]:
        """The writes that the state folder keeps, configuration values masked."""
        return await self._background.call(self._history, opened)

    async def plan_rollback(
        self, opened: Opened, key: str, to: str | None, allow: frozenset[str], on_event: OnEvent
    ) -> Reviewed:
        """The plan of going back. Raises UsageError when there is no way, UnresolvedValueError for a missing value."""
        return await self._background.run(self._plan_rollback(opened, key, to, allow, on_event))

    async def check(self, reviewed: Reviewed, keys: Sequence[str]) -> None:
        """Raise UsageError, LintError, UnresolvedValueError, MissingScopeError or RefusedError; sends no write."""
        await self._background.run(self._check(reviewed, keys))

    async def deploy(
        self, reviewed: Reviewed, keys: Sequence[str], on_event: OnEvent, stop_requested: Callable[[], bool]
    ) -> tuple[Outcome, ...]:
        """Carry out the plan of these connections as it was shown."""
        return await self._background.run(self._deploy(reviewed, keys, on_event, stop_requested))

    async def secrets(self, opened: Opened) -> SecretTable:
        """Looks into the environment and the keyring for every tenant of the project."""
        return await self._background.call(self._secrets, opened)

    async def set_secret(self, opened: Opened, tenant: str, name: str, value: Sensitive) -> StoredSecret:
        """Store a value. Raises UsageError for one that cannot be used, SecretStoreError."""
        from dbconn_tui.tasks.secrets import set_secret

        project = opened.handle.project
        return await self._background.call(set_secret, self._outside, project, _tenant_of(opened, tenant), name, value)

    async def delete_secret(self, opened: Opened, tenant: str, name: str) -> None:
        """Take a value away. Raises UsageError when there is none, SecretStoreError."""
        from dbconn_tui.tasks.secrets import delete_secret

        await self._background.call(delete_secret, self._outside, _tenant_of(opened, tenant), name)

    async def templates(self) -> Catalogue:
        """The project's, the user's and the shipped ones."""
        from dbconn_tui.tasks.templates import all_templates

        return await self._background.call(all_templates, self._outside, self._config)

    async def plan_addition(self, name: str, template: Template, answers: Mapping[str, str]) -> Addition:
        """Against the files as they are now. Raises UsageError for a name or answers that do not fit."""
        from dbconn_tui.tasks.add import plan_addition
        from dbconn_tui.tasks.workspace import open_project

        def plan() -> Addition:
            project, _ = open_project(self._outside, self._config, partial=True)
            return plan_addition(project, name, template, answers)

        return await self._background.call(plan)

    async def write_addition(self, addition: Addition, *, overwrite: bool) -> None:
        """Write the scripts, then dbconn.yaml. Raises ProjectError."""
        from dbconn_tui.tasks.add import write_addition

        await self._background.call(write_addition, addition, overwrite=overwrite)

    async def close(self) -> None:
        """Close the client and end the thread."""
        if self._client is not None:
            await self._background.run(self._drop_client())
        self._background.close()

    async def _open(self, requested: str | None) -> Opened:
        from dbconn_tui.project.tenant_choice import choose_tenant
        from dbconn_tui.project.values import LOCAL, Tenant
        from dbconn_tui.tasks.status import offline_status
        from dbconn_tui.tasks.watch import look_at
        from dbconn_tui.tasks.workspace import open_project, workspace_for

        project, problems = open_project(self._outside, self._config)
        tenants = tuple(project.tenants.values())
        try:
            tenant = choose_tenant(project, requested, self._outside.environment)
        except UsageError as unclear:
            if requested is not None:
                raise
            if tenants:
                return Opened(project.shown_file, tenants, None, reason=unclear.message, problems=problems)
            tenant = Tenant(LOCAL, "")
        workspace = workspace_for(project, problems, tenant)
        status = offline_status(self._outside, workspace)
        look = look_at(project)
        return Opened(project.shown_file, tenants, tenant, status, look, problems=workspace.problems, handle=workspace)

    async def _read(self, opened: Opened, choices: Choices | None, on_event: OnEvent) -> Reviewed:
        from dbconn_tui.deploy.plan import NO_CHOICES
        from dbconn_tui.tasks.masking import mask_values
        from dbconn_tui.tasks.plan import plan_connections
        from dbconn_tui.tasks.status import live_status

        workspace = opened.handle

        async def plan(client: TenantClient) -> Planned:
            return await plan_connections(
                self._outside, workspace, client, choices=choices or NO_CHOICES, on_event=on_event
            )

        planned = await self._with_client(workspace.tenant, on_event, plan)
        shown = _masked(planned.plan, mask_values(planned))
        return Reviewed(live_status(self._outside, planned), shown, planned.problems, handle=planned)

    async def _plan_taking(self, opened: Opened, names: Sequence[str], on_event: OnEvent) -> Taking:
        from dbconn_tui.tasks.destination import Destination
        from dbconn_tui.tasks.pull import plan_pull

        workspace = opened.handle

        async def plan(client: TenantClient) -> Incoming:
            return await plan_pull(self._outside, Destination(workspace, False), client, names, on_event=on_event)

        incoming = await self._with_client(workspace.tenant, on_event, plan)
        return taking_of(incoming)

    async def _take(self, taking: Taking) -> None:
        from dbconn_tui.tasks.incoming import write_incoming

        write_incoming(taking.handle)

    def _history(self, opened: Opened) -> tuple[PastWrite, ...]:
        from dbconn_tui.deploy.history import HistoryFolder
        from dbconn_tui.tasks.masking import mask_values_of
        from dbconn_tui.tasks.plan import resolve_values
        from dbconn_tui.tui.past import past_writes

        workspace = opened.handle
        entries = HistoryFolder(self._outside.state_folder, workspace.tenant.domain).entries()
        resolved = resolve_values(self._outside, workspace, workspace.connections)
        mask = mask_values_of((one, resolved.values.get(one.key, {})) for one in workspace.connections)
        return past_writes(entries, mask)

    def _secrets(self, opened: Opened) -> SecretTable:
        from dbconn_tui.tasks.secrets import referenced_values
        from dbconn_tui.tasks.workspace import workspace_for
        from dbconn_tui.tui.secret_table import SecretTable, join_rows

        project, problems = opened.handle.project, opened.handle.problems
        tenants = opened.tenants or ((opened.tenant,) if opened.tenant else ())
        by_tenant = {
            tenant.name: referenced_values(self._outside, workspace_for(project, problems, tenant))
            for tenant in tenants
            if tenant.domain
        }
        return SecretTable(join_rows(by_tenant), tuple(by_tenant), self._outside.store.available())

    async def _plan_rollback(
        self, opened: Opened, key: str, to: str | None, allow: frozenset[str], on_event: OnEvent
    ) -> Reviewed:
        from dbconn_tui.tasks.deploy import resolve_or_refuse
        from dbconn_tui.tasks.masking import mask_values
        from dbconn_tui.tasks.rollback import find_target, plan_rollback
        from dbconn_tui.tasks.workspace import select

        outside, workspace = self._outside, opened.handle
        target = find_target(outside, workspace, key, to, None)
        resolved = resolve_or_refuse(outside, workspace, select(workspace.connections, [key]))

        async def plan(client: TenantClient) -> Planned:
            return await plan_rollback(
                outside, workspace, client, key, target, resolved=resolved, allow=allow, on_event=on_event
            )

        planned = await self._with_client(workspace.tenant, on_event, plan)
        shown = _masked(planned.plan, mask_values(planned))
        return Reviewed(None, shown, planned.problems, "rollback", planned)

    async def _check(self, reviewed: Reviewed, keys: Sequence[str]) -> None:
        from dbconn_tui.tasks.deploy import check_before_reading, check_plan, refuse_read_only

        planned: Planned = reviewed.handle
        if reviewed.verb == "rollback":
            # What the files hold now does not matter for going back to what was live once.
            refuse_read_only(planned.workspace)
        else:
            check_before_reading(self._outside, planned.workspace, keys)
        if any(missing.connection in keys for missing in planned.resolved.missing):
            raise RefusedError(
                "a value that was missing when the plan was made is available now",
                "Read again with r and look at the plan once more.",
            )

        async def check(client: TenantClient) -> None:
            await check_plan(_part(planned, keys), client)

        await self._with_client(planned.workspace.tenant, ignore, check)

    async def _deploy(
        self, reviewed: Reviewed, keys: Sequence[str], on_event: OnEvent, stop_requested: Callable[[], bool]
    ) -> tuple[Outcome, ...]:
        from dbconn_tui.tasks.deploy import deploy_plan

        part = _part(reviewed.handle, keys)

        async def deploy(client: TenantClient) -> tuple[Outcome, ...]:
            deployment = await deploy_plan(
                self._outside,
                part,
                client,
                verb=reviewed.verb,
                on_event=on_event,
                stop_requested=stop_requested,
            )
            return deployment.outcomes

        return await self._with_client(part.workspace.tenant, on_event, deploy)

    async def _with_client(
        self, tenant: Tenant, on_event: OnEvent, work: Callable[[TenantClient], Coroutine[Any, Any, Result]]
    ) -> Result:
        self._on_event = on_event
        try:
            return await work(await self._client_for(tenant))
        except AuthenticationError:
            # Credentials may be put right in another window: look for them afresh next time.
            await self._drop_client()
            raise

    async def _client_for(self, tenant: Tenant) -> TenantClient:
        from dbconn_tui.tasks.access import open_tenant

        if self._client is not None and self._client.tenant != tenant:
            await self._drop_client()
        if self._client is None:
            client = open_tenant(self._outside, tenant, on_event=self._tell)
            self._client = await client.__aenter__()
        return self._client

    async def _drop_client(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.__aexit__(None, None, None)

    def _tell(self, event: Event) -> None:
        self._on_event(event)
        self._listener(event)


def _tenant_of(opened: Opened, name: str) -> Tenant:
    every = (*opened.tenants, *([opened.tenant] if opened.tenant else []))
    return next(tenant for tenant in every if tenant.name == name)


def _part(planned: Planned, keys: Sequence[str]) -> Planned:
    """The plan of some connections only, and what is needed to carry it out."""
    connections = tuple(one for one in planned.plan.connections if one.key in keys)
    works = tuple(work for work in planned.works if work.plan.key in keys)
    return replace(planned, plan=replace(planned.plan, connections=connections), works=works)


def _masked(plan: Plan, mask: Callable[[str], str]) -> Plan:
    """The plan to be shown: a script or an option may repeat a configuration value in the clear."""
    connections = tuple(
        replace(
            one,
            changes=tuple(
                replace(change, before=mask(change.before), after=mask(change.after)) for change in one.changes
            ),
        )
        for one in plan.connections
    )
    return replace(plan, connections=connections)
