"""What sign-in requests have in common: their body, their host, where they came from, which connection they mean."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request

from dbconn_tui.local_tenant.answers import decode, refuse, refuse_oauth
from dbconn_tui.local_tenant.sign_in.refusals import UNDOCUMENTED
from dbconn_tui.local_tenant.sign_in.user_log import Origin
from dbconn_tui.local_tenant.state import Client, StoredConnection, TenantState


def read_object(content: bytes) -> dict[str, Any]:
    """A JSON object; empty for another JSON value. Raises Refusal (400) for no JSON, and for half characters in it."""
    body = decode(content)
    try:
        json.dumps(body, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise refuse(400, "Invalid request payload JSON format") from None
    return body if isinstance(body, dict) else {}


async def read_body(request: Request) -> dict[str, Any]:
    """The fields of a form or of a JSON object. Raises Refusal (400) as read_object."""
    content = await request.body()
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        form = parse_qs(content.decode(errors="replace"), keep_blank_values=True)
        return {key: values[-1] for key, values in form.items()}
    return read_object(content)


def hosts_of(request: Request, domain: str) -> tuple[str, ...]:
    """The domains the tenant answers to, the canonical one first: `domain` unless it is empty, and the Host asked."""
    host = request.headers.get("host", "")
    return tuple(dict.fromkeys(one for one in (domain, host) if one))


def issuer_of(request: Request, domain: str) -> str:
    """`https://DOMAIN/`, or `http://` where plain HTTP is spoken: what OpenID Connect clients compare."""
    return f"{request.url.scheme}://{hosts_of(request, domain)[0]}/"


def text_of(body: Mapping[str, Any], name: str) -> str:
    """A field as text; empty when it is left out or something else."""
    value = body.get(name)
    return value if isinstance(value, str) else ""


def origin_of(
    request: Request, state: TenantState, client_id: str, organization: Mapping[str, Any] | None = None
) -> Origin:
    """Where a request came from."""
    client = state.clients.get(client_id)
    return Origin(
        client_id=client_id,
        client_name=client.name if client else "",
        ip=request.client.host if request.client else "",
        user_agent=request.headers.get("user-agent", ""),
        organization=organization,
    )


def organization_of(state: TenantState, body: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The organization that a request names by id or name; None when it names none. Raises Refusal (400)."""
    named = text_of(body, "organization")
    if not named:
        return None
    found = state.find_organization(named)
    if found is None:
        raise refuse_oauth(400, "invalid_request", f"parameter organization is invalid: {named}", UNDOCUMENTED)
    return found


def may_use(client: Client, connection: StoredConnection) -> bool:
    """Whether users may sign in through a client on a connection."""
    return client.everywhere or client.client_id in connection.enabled_clients


def disabled_message(client_id: str, connection: StoredConnection) -> str:
    """What the platform says when a client may not make users on a connection."""
    if not connection.enabled_clients:
        return "The connection is disabled"
    return (
        "Connection must be enabled for this client to perform single user creation and signup operations "
        f"(client_id: {client_id} - connection: {connection.name})"
    )


def requires_username(connection: StoredConnection) -> bool:
    """Whether its users must have a user name."""
    return bool(connection.options.get("requires_username")) or _username_attribute(connection, "required")


def takes_username(connection: StoredConnection) -> bool:
    """Whether its users may have a user name."""
    return requires_username(connection) or _username_attribute(connection, "optional")


def _username_attribute(connection: StoredConnection, status: str) -> bool:
    attributes = connection.options.get("attributes")
    username = attributes.get("username") if isinstance(attributes, dict) else None
    if not isinstance(username, dict):
        return False
    return bool((username.get("signup") or {}).get("status", "required") == status)
