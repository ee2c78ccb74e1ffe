"""What `try` and `test` share: a connection with the values its scripts run with, and a runner for them.

Values are those of the `local` overlay, or of a tenant that was asked for; never some of each (design §3).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from dbconn_tui.action_scripts.source import parse
from dbconn_tui.errors import ProjectError, RefusedError, UnresolvedValueError, UsageError
from dbconn_tui.problems import has_errors, sort_problems
from dbconn_tui.project.overlay import connections_for
from dbconn_tui.project.tenant_choice import choose_tenant
from dbconn_tui.project.values import (
    LOCAL,
    Connection,
    EnvironmentReference,
    Project,
    SecretReference,
    Tenant,
    TextValue,
)
from dbconn_tui.runtime.arguments import call_arguments
from dbconn_tui.runtime.hosts import AllowedHost, named_hosts
from dbconn_tui.runtime.job import LIMIT, Job
from dbconn_tui.runtime.modules import module_table
from dbconn_tui.runtime.node import INSPECTOR_FLAG, Node, find_node
from dbconn_tui.runtime.process import Isolation
from dbconn_tui.runtime.runner import ScriptRunner
from dbconn_tui.secret_store.lookup import Missing, Resolved, resolve
from dbconn_tui.sensitive import Sensitive
from dbconn_tui.tasks.outside import Outside
from dbconn_tui.tasks.trust import command_source
from dbconn_tui.tasks.workspace import select

Json = Any

_SECRETS: Final = "DBCONN_SECRET_"
_LOCAL_SECRETS: Final = "DBCONN_SECRET_LOCAL__"


@dataclass(frozen=True, slots=True)
class RunSettings:
    """How scripts are run. `tenant` is whose values they get, None = `local`; `limit` in seconds.

    `node` names a binary; without `isolate` Node's permission model stays off.
    """

    tenant: str | None = None
    confirm: str | None = None
    limit: float = LIMIT
    hosts: tuple[AllowedHost, ...] = ()
    node: Path | None = None
    isolate: bool = True
    compat: bool = False
    """Gives scripts the globals that Auth0 took away after Node 12."""
    coverage: bool = False
    """Counts which lines of scripts run."""


@dataclass(frozen=True, slots=True)
class RunnableConnection:
    """A connection as it runs here: its values, those that are missing, and the hosts it may reach."""

    connection: Connection
    tenant: Tenant
    values: Mapping[str, Sensitive] = field(repr=False)
    missing: tuple[Missing, ...]
    kept: frozenset[str]
    hosts: tuple[AllowedHost, ...]

    @property
    def context(self) -> bool:
        """Whether its scripts get the context object."""
        return self.connection.options.get("enable_script_context") is True

    def job(self, kind: str, given: Mapping[str, Json], settings: RunSettings) -> Job:
        """A run of one of its scripts with arguments by name (`runtime.arguments`).

        Raises UsageError for a script it does not have and for wrong arguments, UnresolvedValueError when the
        script reads a value that is not available.
        """
        script = self.connection.scripts.get(kind)
        if script is None:
            has = ", ".join(self.connection.scripts) or "none"
            raise UsageError(f"{self.connection.key} has no script {kind}", f"It has: {has}.")
        call = call_arguments(kind, given, context=self.context, connection=self.connection.name)
        self._require_values(script.text)
        public = {key for key, value in self.connection.configuration.items() if isinstance(value, TextValue)}
        return Job(
            kind=kind,
            file=script.file,
            text=script.text,
            arguments=call.values,
            configuration=self.values,
            public=frozenset(public),
            passwords=call.passwords,
            identifier=call.identifier,
            context=self.context,
            hosts=self.hosts,
            limit=settings.limit,
            compat=settings.compat,
        )

    def _require_values(self, text: str) -> None:
        use = parse(text).configuration
        for missing in self.missing:
            if use.dynamic or missing.key in use.keys:
                said = f"{missing.place}: configuration.{missing.key} of {missing.connection} ({missing.source}) "
                raise UnresolvedValueError(f"{said}is not available for {_spoken(self.tenant)}", missing.hint)
        for key in sorted(self.kept):
            if use.dynamic or key in use.keys:
                said = f"configuration.{key} of {self.connection.key} is kept as it is live: nobody here knows it"
                raise UnresolvedValueError(said, f"Give it a value under `tenants: {self.tenant.name}`.")


def runnable_connections(
    outside: Outside, project: Project, names: Sequence[str], settings: RunSettings
) -> tuple[RunnableConnection, ...]:
    """The named connections (all when empty) with the values of `settings.tenant`, or of `local`.

    Raises UsageError for unknown names and tenants, ProjectError when the overlay has errors.
    """
    tenant = Tenant(LOCAL, "")
    if settings.tenant not in (None, LOCAL):
        tenant = choose_tenant(project, settings.tenant, outside.environment)
    connections, problems = connections_for(project, tenant.name)
    if has_errors(problems):
        raise ProjectError(f"{project.shown_file} has errors on {_spoken(tenant)}", "", sort_problems(problems))
    chosen = select(connections, names)
    resolved = _resolve(outside, project, tenant, chosen)
    made = []
    for one in chosen:
        values = resolved.values[one.key]
        hosts = (*named_hosts(value.reveal() for value in values.values()), *settings.hosts)
        missing = tuple(each for each in resolved.missing if each.connection == one.key)
        made.append(RunnableConnection(one, tenant, values, missing, resolved.kept[one.key], hosts))
    return tuple(made)


def look_up(
    outside: Outside,
    project: Project,
    runnable: RunnableConnection,
    references: Mapping[str, SecretReference | EnvironmentReference],
) -> tuple[Mapping[str, Sensitive], Mapping[str, str]]:
    """The values of references that stand beside a connection's configuration, from where its own come.

    The values by name; and for each that is not available here what it is and how to provide it.
    """
    beside = replace(runnable.connection, configuration=references, places={})
    resolved = _resolve(outside, project, runnable.tenant, [beside])
    key = runnable.connection.key
    return resolved.values[key], {one.key: f"{one.source} is not available. {one.hint}" for one in resolved.missing}


def _resolve(outside: Outside, project: Project, tenant: Tenant, connections: Sequence[Connection]) -> Resolved:
    environment = outside.environment
    if tenant.name == LOCAL and project.tenants:
        # A plain DBCONN_SECRET_<NAME> is meant for the project's one tenant.
        environment = {
            name: value
            for name, value in environment.items()
            if not name.startswith(_SECRETS) or name.startswith(_LOCAL_SECRETS)
        }
    return resolve(connections, tenant, project, environment, outside.store, command_source(outside, project))


def require_confirmation(tenant: Tenant, settings: RunSettings, what: str) -> None:
    """Raises RefusedError when a protected tenant's values would be used to change users, without its name given."""
    if tenant.protected and settings.confirm != tenant.name:
        raise RefusedError(
            f"{tenant.name} is protected, and {what} with its values changes its users",
            f"Use the values of `local`, or pass --confirm {tenant.name}.",
        )


def modules_folder(outside: Outside) -> Path:
    """Where the modules that scripts may require are kept."""
    return outside.state_folder / "modules"


def runner_node(outside: Outside, settings: RunSettings) -> Node:
    """The Node that scripts run in. Raises NodeError."""
    flag = INSPECTOR_FLAG if settings.coverage and settings.isolate else ""
    return find_node(outside.environment, settings.node, notes=outside.state_folder, flag=flag)


def open_runner(outside: Outside, settings: RunSettings, *, secure: bool, spare: bool = False) -> ScriptRunner:
    """A runner with the module cache of this machine. `secure`: HTTPS is spoken, the environment's authorities count.

    Raises NodeError.
    """
    table = module_table(modules_folder(outside))
    isolation = Isolation(
        permission_model=settings.isolate,
        modules=Path(table.folder) if table.folder else None,
        coverage=settings.coverage,
        certificates=outside.environment.get("NODE_EXTRA_CA_CERTS", "") if secure else "",
    )
    return ScriptRunner(runner_node(outside, settings), isolation, table, spare=spare)


def speaks_https(runnable: RunnableConnection) -> bool:
    """Whether its configuration names an HTTPS address."""
    return any(value.reveal().lower().startswith("https://") for value in runnable.values.values())


def _spoken(tenant: Tenant) -> str:
    return "local runs" if tenant.name == LOCAL else f"tenant {tenant.name}"
