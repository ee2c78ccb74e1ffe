"""Tenant choice: which tenant a command speaks to, and whether the environment's credentials belong to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from dbconn_tui.errors import UsageError
from dbconn_tui.project.domain import canonical_domain
from dbconn_tui.project.near_names import nearest
from dbconn_tui.project.values import LOCAL, Project, Tenant

DOMAIN_VARIABLE: Final = "AUTH0_DOMAIN"
CLIENT_ID_VARIABLE: Final = "AUTH0_CLIENT_ID"
AUDIENCE_VARIABLE: Final = "AUTH0_AUDIENCE"


def choose_tenant(project: Project | None, requested: str | None, environment: Mapping[str, str]) -> Tenant:
    """The tenant to speak to: `--tenant`, else AUTH0_DOMAIN, else the only entry of `tenants:` (design §3).

    `requested` is the value of `--tenant`: an entry's name or domain. With entries in dbconn.yaml
    AUTH0_DOMAIN must be one of theirs; without any it makes a tenant of the environment alone, named
    after its domain. Raises UsageError, which lists the entries and names the flag to pass.
    """
    tenants = project.tenants if project else {}
    if requested is not None:
        return _requested_tenant(tenants, requested, environment)
    if environment.get(DOMAIN_VARIABLE, "").strip():
        return _environment_tenant(tenants, environment)
    if len(tenants) == 1:
        return next(iter(tenants.values()))
    if tenants:
        raise UsageError(
            f"There are {len(tenants)} tenants and none was chosen: {_listed(tenants)}.",
            f"Pass --tenant NAME, or set {DOMAIN_VARIABLE} to the domain of one of them.",
        )
    raise UsageError(
        "No tenant is known.",
        f"Run `dbconn login` to add one under `tenants:` in dbconn.yaml, or set {DOMAIN_VARIABLE}.",
    )


def choose_values(project: Project, requested: str | None, environment: Mapping[str, str]) -> Tenant:
    """Whose configuration values are meant: those of a tenant, or with `--tenant local` those of runs on this machine.

    Raises UsageError as `choose_tenant`.
    """
    return Tenant(LOCAL, "") if requested == LOCAL else choose_tenant(project, requested, environment)


def environment_counts(tenant: Tenant, environment: Mapping[str, str]) -> bool:
    """Whether AUTH0_CLIENT_ID, AUTH0_CLIENT_SECRET, the signing key and AUTH0_AUDIENCE belong to `tenant`.

    They do only when AUTH0_DOMAIN is set and is this tenant's, so that nothing crosses tenants (design §3).
    """
    try:
        return canonical_domain(environment.get(DOMAIN_VARIABLE, "")) == tenant.domain
    except ValueError:
        return False


def _requested_tenant(tenants: Mapping[str, Tenant], requested: str, environment: Mapping[str, str]) -> Tenant:
    if requested in tenants:
        return tenants[requested]
    if requested == LOCAL:
        raise UsageError(
            "The tenant name `local` is reserved for `try`, `test` and the local tenant; it has no domain.",
            f"Pass --tenant with one of: {_listed(tenants)}." if tenants else "",
        )
    try:
        domain = canonical_domain(requested)
    except ValueError:
        domain = ""
    for tenant in tenants.values():
        if tenant.domain == domain:
            return tenant
    if not tenants:
        made = _made_of_environment(environment) if environment.get(DOMAIN_VARIABLE, "").strip() else None
        if made is not None and made.domain == domain:
            return made
        raise UsageError(
            f"There is no tenant {requested!r}: dbconn.yaml has no `tenants:`.",
            f"Run `dbconn login {requested}` to add it, or leave --tenant away and set {DOMAIN_VARIABLE}.",
        )
    near = nearest(requested, tenants)
    meant = f" Did you mean {near}?" if near else ""
    raise UsageError(
        f"There is no tenant {requested!r} in dbconn.yaml.{meant}",
        f"Pass --tenant with one of: {_listed(tenants)}.",
    )


def _environment_tenant(tenants: Mapping[str, Tenant], environment: Mapping[str, str]) -> Tenant:
    made = _made_of_environment(environment)
    if not tenants:
        return made
    for tenant in tenants.values():
        if tenant.domain == made.domain:
            return tenant
    raise UsageError(
        f"{DOMAIN_VARIABLE} is {made.domain}, which is none of the tenants in dbconn.yaml: {_listed(tenants)}.",
        f"Pass --tenant NAME, unset {DOMAIN_VARIABLE}, or add that domain under `tenants:`.",
    )


def _made_of_environment(environment: Mapping[str, str]) -> Tenant:
    try:
        domain = canonical_domain(environment[DOMAIN_VARIABLE])
    except ValueError as fault:
        raise UsageError(f"{DOMAIN_VARIABLE} cannot be used. {fault}", f"Correct {DOMAIN_VARIABLE}.") from fault
    return Tenant(
        name=domain,
        domain=domain,
        client_id=environment.get(CLIENT_ID_VARIABLE, "").strip(),
        audience=environment.get(AUDIENCE_VARIABLE, "").strip(),
    )


def _listed(tenants: Mapping[str, Tenant]) -> str:
    return ", ".join(f"{tenant.name} ({tenant.domain})" for tenant in tenants.values())
