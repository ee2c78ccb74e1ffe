"""Destination: the project that a pull or an import writes into, there or not yet."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

from dbconn_tui.errors import UsageError
from dbconn_tui.project.domain import canonical_domain
from dbconn_tui.project.overlay import connections_for
from dbconn_tui.project.tenant_choice import DOMAIN_VARIABLE, choose_tenant
from dbconn_tui.project.values import LOCAL, Project, Tenant
from dbconn_tui.tasks.init import FirstTenant, new_project_text
from dbconn_tui.tasks.outside import Outside
from dbconn_tui.tasks.workspace import Workspace, open_project, workspace_for


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a pull writes: a project, there or not yet (`fresh`), and the tenant it reads."""

    workspace: Workspace
    fresh: bool

    @property
    def project(self) -> Project:
        """The project."""
        return self.workspace.project

    @property
    def tenant(self) -> Tenant:
        """The tenant."""
        return self.workspace.tenant


def open_destination(outside: Outside, *, config: Path | None = None, tenant: str | None = None) -> Destination:
    """The project to pull into, and the tenant to pull from.

    A `config` that is not there becomes a new project with the tenant of AUTH0_DOMAIN, named `tenant` or
    after its domain. Raises ProjectError for a project with errors (script files aside), UsageError.
    """
    file = None if config is None else outside.folder / config
    if file is None or os.path.lexists(file):
        project, problems = open_project(outside, config, partial=True)
        chosen = choose_tenant(project, tenant, outside.environment)
        connections, more = connections_for(project, chosen.name)
        if any(problem.blocks for problem in more):
            workspace_for(project, problems, chosen)
        return Destination(Workspace(project, chosen, connections, (*problems, *more)), False)
    named = _new_tenant(outside, tenant)
    return Destination(Workspace(new_project(outside, file, named), named, (), ()), True)


def new_project(outside: Outside, file: Path, tenant: Tenant | None = None) -> Project:
    """A project that is not there yet, with no connection. Raises UsageError for a tenant that cannot be said."""
    first = FirstTenant(tenant.name, tenant.domain, tenant.client_id) if tenant else None
    text = new_project_text(outside, first)
    tenants = {tenant.name: tenant} if tenant else {}
    return Project(
        root=file.parent,
        file=file,
        shown_file=file.name,
        text=text,
        project_key="",
        tenants=tenants,
        connection_keys=(),
        scripts={},
        document={"tenants": {name: {} for name in tenants}},
        places={},
    )


def _new_tenant(outside: Outside, requested: str | None) -> Tenant:
    """The tenant of the environment under the name that the new project gives it."""
    if not outside.environment.get(DOMAIN_VARIABLE, "").strip():
        raise UsageError(
            "A new project is made from the tenant that AUTH0_DOMAIN names, and it is not set.",
            "Set AUTH0_DOMAIN and its credentials; or `dbconn init`, `dbconn login NAME`, and then `dbconn pull`.",
        )
    made = choose_tenant(None, None, outside.environment)
    if requested == LOCAL:
        raise UsageError("The tenant name `local` is reserved.", "Pass --tenant with another name.")
    if requested is not None and not _same_domain(requested, made.domain):
        if "." in requested:
            return choose_tenant(None, requested, outside.environment)
        return replace(made, name=requested)
    label = made.domain.removeprefix("http://").partition(":")[0].partition(".")[0]
    return replace(made, name="main" if label.isdecimal() or label == LOCAL else label)


def _same_domain(text: str, domain: str) -> bool:
    try:
        return canonical_domain(text) == domain
    except ValueError:
        return False
