"""Secrets: which ones a project names, whether they are available here, storing and deleting; never a value out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dbconn_tui.errors import SecretStoreError, UsageError
from dbconn_tui.project.overlay import secret_names
from dbconn_tui.project.values import Connection, EnvironmentReference, Project, SecretReference, Tenant
from dbconn_tui.secret_store.admission import admit, check_name
from dbconn_tui.secret_store.lookup import Resolved, is_sole, variable_names
from dbconn_tui.secret_store.values import DamagedValueError, previous_name, value_service
from dbconn_tui.sensitive import Sensitive
from dbconn_tui.tasks.outside import Outside
from dbconn_tui.tasks.plan import resolve_values
from dbconn_tui.tasks.workspace import Workspace


@dataclass(frozen=True, slots=True)
class ReferencedValue:
    """One `{secret: NAME}` or `{env: NAME}` of a project on one tenant.

    `kind` is "secret" or "env"; `used_by` names `CONNECTION.KEY`; `source` says where its value comes
    from and is empty when there is none here; `hint` then says how to give one.
    """

    kind: str
    name: str
    used_by: tuple[str, ...]
    source: str
    hint: str = ""

    @property
    def available(self) -> bool:
        """Whether a deploy from here would have the value."""
        return bool(self.source)


@dataclass(frozen=True, slots=True)
class StoredSecret:
    """What became of `set_secret`: whether a line end was taken off, and who uses the name."""

    name: str
    tenant: str
    stripped_newline: bool
    used_by: tuple[str, ...]
    replaced: bool = False
    """Whether another value was there, which `undo_secret` brings back."""


def referenced_values(outside: Outside, workspace: Workspace) -> tuple[ReferencedValue, ...]:
    """Every secret and variable that the project's configuration names, sorted by kind and name."""
    resolved = resolve_values(outside, workspace, workspace.connections)
    hints = {(missing.connection, missing.key): missing.hint for missing in resolved.missing}
    rows = []
    for (kind, name), uses in sorted(_uses(workspace.connections).items()):
        hint = next((hints[use] for use in uses if use in hints), "")
        source = "" if hint else _source(outside, workspace, resolved, kind, name)
        rows.append(ReferencedValue(kind, name, tuple(f"{key}.{entry}" for key, entry in uses), source, hint))
    return tuple(rows)


def set_secret(outside: Outside, project: Project, tenant: Tenant, name: str, text: Sensitive) -> StoredSecret:
    """Store a value under a name for a tenant, and keep the one it replaces for `undo_secret`.

    Raises UsageError for a bad name or value, SecretStoreError.
    """
    check_name(name)
    require_store(outside)
    _refuse_other_case(project, tenant, name)
    admitted = admit(text.reveal())
    service = value_service(tenant.domain or tenant.name)
    before = _stored(outside, service, name)
    replaced = before is not None and before != admitted.value
    if before is not None and replaced:
        outside.store.set(service, previous_name(name), before)
    outside.store.set(service, name, admitted.value)
    return StoredSecret(name, tenant.name, admitted.stripped_newline, _used_by(project, tenant, name), replaced)


def undo_secret(outside: Outside, tenant: Tenant, name: str) -> None:
    """Swap a stored value with the one it replaced, so that undoing twice changes nothing.

    Raises UsageError when none was replaced, SecretStoreError.
    """
    check_name(name)
    require_store(outside)
    service = value_service(tenant.domain or tenant.name)
    previous = outside.store.get(service, previous_name(name))
    if previous is None:
        raise UsageError(
            f"no earlier value of {name} is kept on this machine for {tenant.name}",
            f"Only the value that the last `dbconn secrets set {name}` replaced is kept.",
        )
    current = _stored(outside, service, name)
    # An interruption in between leaves the value that is asked for in its place.
    outside.store.set(service, name, previous)
    if current is not None:
        outside.store.set(service, previous_name(name), current)


def delete_secret(outside: Outside, tenant: Tenant, name: str) -> None:
    """Take a stored value away, and the one it replaced. Raises UsageError when there is none, SecretStoreError."""
    check_name(name)
    require_store(outside)
    service = value_service(tenant.domain or tenant.name)
    outside.store.delete(service, previous_name(name))
    if not outside.store.delete(service, name):
        raise UsageError(
            f"no value is stored for {name} on {tenant.name}",
            "`dbconn secrets list` shows the names; one from an environment variable is not stored here.",
        )


def _stored(outside: Outside, service: str, name: str) -> Sensitive | None:
    """The stored value; None too when only pieces of it are there."""
    try:
        return outside.store.get(service, name)
    except DamagedValueError:
        return None


def require_store(outside: Outside) -> None:
    """Raises SecretStoreError when nothing can be stored on this machine."""
    reason = outside.store.available()
    if reason:
        from dbconn_tui.secret_store.keyring_store import WAYS_OUT

        raise SecretStoreError(reason, WAYS_OUT)


def _uses(connections: Sequence[Connection]) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """(kind, name) → the (connection, configuration key) pairs that use it."""
    uses: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for connection in connections:
        for key, value in connection.configuration.items():
            if isinstance(value, SecretReference):
                uses.setdefault(("secret", value.name), []).append((connection.key, key))
            elif isinstance(value, EnvironmentReference):
                uses.setdefault(("env", value.name), []).append((connection.key, key))
    return uses


def _source(outside: Outside, workspace: Workspace, resolved: Resolved, kind: str, name: str) -> str:
    if kind == "env":
        return f"environment variable {name}"
    sole = is_sole(workspace.tenant, workspace.project, outside.environment)
    for variable in variable_names(workspace.tenant, name, sole=sole):
        if outside.environment.get(variable):
            return f"environment variable {variable}"
    command = workspace.project.secrets_from
    return f"command {command.program}" if command and name in resolved.from_command else "keyring"


def _used_by(project: Project, tenant: Tenant, name: str) -> tuple[str, ...]:
    uses = secret_names(project, (tenant.name,))
    return tuple(f"{use.connection}.{use.key}" for use in uses if use.name == name)


def _refuse_other_case(project: Project, tenant: Tenant, name: str) -> None:
    for use in secret_names(project, (*project.tenants, tenant.name)):
        if use.name.lower() == name.lower() and use.name != name:
            raise UsageError(
                f"{name} differs from {use.name} in {project.shown_file} only in case",
                f"dbconn secrets set {use.name} --tenant {tenant.name}",
            )
