"""Reading what a plan needs of enabled clients: requests only for connections that declare them (design §5.6)."""

from __future__ import annotations

from collections.abc import Sequence

from dbconn_tui.deploy.clients import ClientReading, looks_like_id, needs_applications
from dbconn_tui.project.values import Connection
from dbconn_tui.tenant.client import TenantClient
from dbconn_tui.tenant.scopes import CLIENT_SCOPES, missing_scope_error, missing_scopes
from dbconn_tui.tenant.values import LiveClient, LiveReading


async def read_clients(
    tenant: TenantClient, connections: Sequence[Connection], reading: LiveReading
) -> dict[str, ClientReading]:
    """Connection key → what was read, for those that declare enabled_clients.

    One request for each of them that is on the tenant, and the tenant's applications where a name, or an id that
    is not enabled yet, must be known. Raises MissingScopeError when names cannot be resolved, and what the tenant
    raises: a reading that failed is no plan.
    """
    declaring = [one for one in connections if one.enabled_clients is not None]
    ids = {one.key: live.id for one in declaring if (live := reading.by_name(one.name)) is not None}
    found = await tenant.enabled_clients(list(ids.values()))
    enabled = {key: found[id] for key, id in ids.items()}
    needing = [one for one in declaring if needs_applications(one, enabled.get(one.key))]
    applications = await _applications(tenant, needing, enabled) if needing else None
    return {one.key: ClientReading(enabled.get(one.key), applications) for one in declaring}


async def _applications(
    tenant: TenantClient, needing: Sequence[Connection], enabled: dict[str, frozenset[str]]
) -> tuple[LiveClient, ...] | None:
    """The tenant's applications; None without the scope to read them, when every word may be an id."""
    named = next(
        (
            one
            for one in needing
            for word in one.enabled_clients or ()
            if word not in enabled.get(one.key, ()) and not looks_like_id(word)
        ),
        None,
    )
    scopes = await (tenant.scopes(tuple(CLIENT_SCOPES)) if named is not None else tenant.scopes())
    lacking = missing_scopes(CLIENT_SCOPES, scopes)
    if not lacking:
        return await tenant.list_clients()
    if named is not None:
        where = named.places.get("enabled_clients", named.place)
        doing = f"the names under enabled_clients of {named.key} ({where}); client ids need no scope"
        raise missing_scope_error(tenant.tenant.domain, lacking, doing)
    return None
