"""Logging in: credentials checked with a token, kept in the keyring, the tenant written into dbconn.yaml."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from dbconn_tui.errors import UsageError
from dbconn_tui.events import OnEvent, ignore
from dbconn_tui.project.domain import canonical_domain
from dbconn_tui.project.edit import remove_value, set_value
from dbconn_tui.project.values import Project, Tenant
from dbconn_tui.secret_store.values import login_service
from dbconn_tui.sensitive import Sensitive
from dbconn_tui.tasks.access import CLIENT_SECRET, SIGNING_KEY, StoredTokens
from dbconn_tui.tasks.init import FirstTenant, add_tenant
from dbconn_tui.tasks.outside import Outside
from dbconn_tui.tasks.save_project import save_project
from dbconn_tui.tenant.client import TenantClient
from dbconn_tui.tenant.scopes import CREATE_SCOPES, DEPLOY_SCOPES, PLAN_SCOPES, missing_scopes
from dbconn_tui.tenant.token import Credentials, Token


@dataclass(frozen=True, slots=True)
class Access:
    """What a login gives: the scopes of the token, and those that planning and deploying lack, with a sentence each."""

    scopes: tuple[str, ...]
    missing_for_plan: dict[str, str]
    missing_for_deploy: dict[str, str]


def tenant_to_log_in(project: Project, name: str, *, domain: str | None, client_id: str | None) -> Tenant:
    """The tenant as it will be: an entry of the project, or a new one of that name.

    Raises UsageError when a new one has no domain, the domain is none, or an entry's domain would change.
    """
    known = project.tenants.get(name)
    if known is None and not domain:
        raise UsageError(f"{project.shown_file} has no tenant {name!r}, and no domain was given", "Pass --domain.")
    try:
        wanted = canonical_domain(domain) if domain else ""
    except ValueError as fault:
        raise UsageError(str(fault), "--domain takes the tenant's own domain.") from None
    if known is None:
        return Tenant(name, wanted, client_id or "")
    if wanted and wanted != known.domain:
        raise UsageError(
            f"the tenant {name} is {known.domain} in {project.shown_file}, not {wanted}",
            "Change `domain:` there by hand if that is meant, or log in to another name.",
        )
    return replace(known, client_id=client_id or known.client_id)


async def check_access(
    outside: Outside, tenant: Tenant, credentials: Credentials, *, on_event: OnEvent = ignore
) -> Access:
    """Fetch a token with the credentials. Raises AuthenticationError, UnreachableError; nothing is kept then."""
    cache = _FreshTokens(outside) if outside.cache_tokens else None
    client = TenantClient(
        tenant,
        credentials,
        cache=cache,
        transport=outside.transport,
        clock=outside.clock,
        wall_clock=outside.wall_clock,
        sleep=outside.sleep,
        on_event=on_event,
    )
    async with client:
        scopes = await client.scopes()
    return access_of(scopes)


def access_of(scopes: Collection[str]) -> Access:
    """What can be done with these scopes."""
    deploy = {**DEPLOY_SCOPES, **CREATE_SCOPES}
    return Access(
        tuple(sorted(scopes)),
        {scope: PLAN_SCOPES[scope] for scope in missing_scopes(PLAN_SCOPES, scopes)},
        {scope: deploy[scope] for scope in missing_scopes(deploy, scopes)},
    )


class _FreshTokens:
    """A token cache that keeps what was fetched and gives nothing, so that credentials are really tried."""

    def __init__(self, outside: Outside) -> None:
        self._tokens = StoredTokens(outside)

    def get(self, domain: str, client_id: str, audience: str) -> Token | None:
        return None

    def put(self, domain: str, client_id: str, audience: str, token: Token) -> None:
        self._tokens.put(domain, client_id, audience, token)


def read_signing_key(outside: Outside, path: str) -> Sensitive:
    """The PEM text of a key file. Raises UsageError."""
    try:
        text = (outside.folder / Path(path).expanduser()).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise UsageError(f"{path} cannot be read", "--key-file takes the path of a private key in PEM.") from None
    if "PRIVATE KEY-----" not in text:
        raise UsageError(f"{path} holds no private key in PEM", "--key-file takes a private key in PEM.")
    return Sensitive(text)


def keep_login(outside: Outside, project: Project, tenant: Tenant, credentials: Credentials) -> str:
    """Keep the credentials in the keyring and the tenant in dbconn.yaml.

    Returns the lines to paste where the file cannot be edited safely, else nothing. Raises
    SecretStoreError, ProjectError.
    """
    service = login_service(tenant.domain)
    if credentials.signing_key is not None:
        outside.store.set(service, SIGNING_KEY, credentials.signing_key)
        outside.store.delete(service, CLIENT_SECRET)
    elif credentials.client_secret is not None:
        outside.store.set(service, CLIENT_SECRET, credentials.client_secret)
        outside.store.delete(service, SIGNING_KEY)
    return _write_tenant(project, tenant)


def _write_tenant(project: Project, tenant: Tenant) -> str:
    known = project.tenants.get(tenant.name)
    if known is not None and known.client_id == tenant.client_id:
        return ""
    if known is not None:
        edit = set_value(project.text, ("tenants", tenant.name, "client_id"), tenant.client_id)
    else:
        edit = add_tenant(project.text, FirstTenant(tenant.name, tenant.domain, tenant.client_id))
    if edit.text is None:
        return edit.paste
    save_project(project, edit.text, f"the tenant {tenant.name} does not fit into {project.shown_file}")
    return ""


def set_read_only(project: Project, name: str, read_only: bool) -> str:
    """Write `read_only` of a tenant into dbconn.yaml, or take it away.

    Returns the lines to change by hand where the file is not edited safely, else nothing. Raises ProjectError.
    """
    path = ("tenants", name, "read_only")
    edit = set_value(project.text, path, True) if read_only else remove_value(project.text, path)
    if edit.text is None:
        return edit.paste
    save_project(project, edit.text, f"the change of the tenant {name} does not fit into {project.shown_file}")
    return ""
