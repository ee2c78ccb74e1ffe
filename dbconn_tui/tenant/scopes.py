"""Scopes of the Management API that dbconn's work needs, with a sentence each (api.md §1.6)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Final

from dbconn_tui.errors import MissingScopeError

PLAN_SCOPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "read:connections": "lists the connections and reads one.",
        "read:connections_options": (
            "shows their options; without it the API leaves them out, and a write would erase what it cannot see."
        ),
    }
)
"""What status, plan and pull need: scope → what it allows."""

DEPLOY_SCOPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        **PLAN_SCOPES,
        "update:connections": "changes a connection.",
        "update:connections_options": "changes a connection's options, where scripts and configuration live.",
    }
)
"""What a deploy to existing connections needs: PLAN_SCOPES and more."""

CREATE_SCOPES: Final[Mapping[str, str]] = MappingProxyType({"create:connections": "creates a connection."})
"""What a deploy needs besides DEPLOY_SCOPES when a connection is new."""

CLIENT_SCOPES: Final[Mapping[str, str]] = MappingProxyType(
    {"read:clients": "resolves the names of applications in enabled_clients."}
)
"""What is needed besides when the project manages enabled_clients."""

CHANGE_CLIENTS_SCOPES: Final[Mapping[str, str]] = MappingProxyType(
    {"update:connections": "changes a connection, and which applications may use it."}
)
"""What changing enabled clients alone needs besides PLAN_SCOPES."""

ADOPT_SCOPES: Final[Mapping[str, str]] = MappingProxyType(
    {**PLAN_SCOPES, "update:connections": "changes a connection; adopting writes its metadata alone."}
)
"""What adopting a connection needs; no scope for options."""

PROBE_SCOPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        **DEPLOY_SCOPES,
        **CREATE_SCOPES,
        "delete:connections": "deletes the throw-away connection of `doctor --probe`; nothing else is ever deleted.",
    }
)
"""What `doctor --probe` needs."""

SETTINGS_SCOPE: Final = "read:tenant_settings"
"""What reading the tenant's Node version needs; dbconn works without it."""

LOG_SCOPES: Final[Mapping[str, str]] = MappingProxyType(
    {"read:logs": "tells who changed a connection on the tenant, and when."}
)
"""What helps with drift, and is never required."""

GRANT_HINT: Final = (
    "Grant it in the dashboard: Applications → APIs → Auth0 Management API → Machine to Machine Applications."
)


def missing_scopes(needed: Iterable[str], have: Collection[str]) -> tuple[str, ...]:
    """The needed scopes that are not there, in the order of `needed`."""
    return tuple(scope for scope in needed if scope not in have)


def missing_scope_error(domain: str, scopes: Iterable[str], doing: str = "") -> MissingScopeError:
    """The exception for scopes that the application lacks; `doing` is what needed them, e.g. "reading a connection"."""
    names = tuple(scopes)
    listed = ", ".join(names) or "a scope"
    purpose = f" for {doing}" if doing else ""
    return MissingScopeError(
        f"The application lacks {listed} on {domain}{purpose}.",
        GRANT_HINT,
        names,
    )
