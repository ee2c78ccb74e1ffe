"""What the API does to connections, without HTTP: create, update, delete, clients, and how answers are cut."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any, Final

from dbconn_tui.local_tenant import exclusions, schema
from dbconn_tui.local_tenant.answers import iso_time, refuse, refuse_missing_connection
from dbconn_tui.local_tenant.defaults import Defaults
from dbconn_tui.local_tenant.settings import MetadataPatch, Omitted
from dbconn_tui.local_tenant.state import Deletion, StoredConnection, TenantState

STRATEGY: Final = "auth0"
ALWAYS_SHOWN: Final = frozenset({"id", "is_domain_connection", "authentication", "connected_accounts"})
"""Keys that `fields` never hides (api.md §1.1)."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How this tenant treats writes; see settings.Settings."""

    defaults: Defaults
    omitted_display_name: Omitted
    metadata_patch: MetadataPatch


def create(state: TenantState, rules: Rules, body: Any, now: float) -> tuple[StoredConnection, dict[str, Any]]:
    """A new connection and the answer's body, in which options keep the order they were sent in.

    Raises Refusal: 400 by schema or exclusion, 409 for a taken name or realm.
    """
    schema.check_creation(body)
    name, strategy = body["name"], body["strategy"]
    options: dict[str, Any] = body.get("options") or {}
    if strategy == STRATEGY:
        exclusions.check_top_level(body)
        exclusions.check_options(options, rules.defaults.on_update(options), None, 0)
        options = _sealed(state, rules.defaults.on_create(options))
    if state.by_name(name) is not None:
        raise refuse(409, "A connection with the same name already exists", "connection_conflict")
    if state.is_being_deleted(name, now):
        raise refuse(409, "A connection with the same name is being deleted, try again later", "connection_conflict")
    top = {"is_domain_connection": False, **deepcopy(dict(rules.defaults.top)), "realms": [name]}
    top |= {
        key: deepcopy(value)
        for key, value in body.items()
        if key not in ("name", "strategy", "options", "enabled_clients")
    }
    _check_realms(state, top["realms"], "")
    top["metadata"] = _without_nulls(top.get("metadata"))
    connection = StoredConnection(
        id=state.new_id("con_", 16),
        name=name,
        strategy=strategy,
        options=options,
        top=_without_nulls(top),
        enabled_clients=tuple(dict.fromkeys(body.get("enabled_clients") or [])),
    )
    return state.put(connection), connection.body(options=options)


def update(state: TenantState, rules: Rules, connection: StoredConnection, body: Any) -> StoredConnection:
    """Carries out a PATCH: `options` are replaced, other top-level keys merged (api.md §2.1). Raises Refusal (400)."""
    schema.check_update(body, connection.strategy, legacy_enabled_clients=rules.defaults.legacy_enabled_clients)
    options = connection.options
    sent = body.get("options")
    if connection.strategy == STRATEGY:
        exclusions.check_top_level(body)
        if sent is not None:
            filled = rules.defaults.on_update(sent)
            users = connection.users + sum(1 for _ in state.users_of(connection.id))
            exclusions.check_options(sent, filled, connection.options, users)
            options = _sealed(state, filled)
    elif sent is not None:
        options = deepcopy(sent)
    top = dict(connection.top)
    if "display_name" not in body and rules.omitted_display_name is Omitted.RESET:
        top.pop("display_name", None)
    top |= {key: deepcopy(value) for key, value in body.items() if key not in ("options", "enabled_clients")}
    if "metadata" in body:
        before = connection.top.get("metadata") or {}
        merged = {**before, **body["metadata"]} if rules.metadata_patch is MetadataPatch.MERGE else body["metadata"]
        top["metadata"] = _without_nulls(merged)
    _check_realms(state, top.get("realms", []), connection.id)
    clients = connection.enabled_clients
    if "enabled_clients" in body:
        clients = tuple(dict.fromkeys(body["enabled_clients"] or []))
    return state.put(replace(connection, options=options, top=_without_nulls(top), enabled_clients=clients))


def delete(state: TenantState, connection_id: str, now: float) -> str | None:
    """Deletes a connection with its users.

    Returns `deleted_at` while its data is being removed, None once it is gone (api.md §7).
    """
    connection = state.connections.pop(connection_id, None)
    if connection is not None:
        for user in list(state.users_of(connection_id)):
            del state.users[user.user_id]
        state.deletions[connection_id] = Deletion(connection_id, connection.name, now, now + state.deletion_seconds)
    deletion = state.deletions.get(connection_id)
    if deletion is None or deletion.until <= now:
        return None
    return iso_time(deletion.at)


def write_clients(state: TenantState, connection: StoredConnection, body: Any) -> StoredConnection:
    """Enables and disables clients: a difference, not the full set (api.md §1.4). Raises Refusal (400, 404)."""
    schema.check_clients_write(body)
    enabled = dict.fromkeys(connection.enabled_clients)
    for change in body:
        client_id = change["client_id"]
        if client_id not in state.clients:
            raise refuse(404, "The client does not exist", "inexistent_client")
        if change["status"]:
            enabled[client_id] = None
        else:
            enabled.pop(client_id, None)
    return state.put(replace(connection, enabled_clients=tuple(enabled)))


def get(state: TenantState, connection_id: str) -> StoredConnection:
    """A connection by id. Raises Refusal (404)."""
    connection = state.connections.get(connection_id)
    if connection is None:
        raise refuse_missing_connection()
    return connection


def shown(body: Mapping[str, Any], fields: str | None, include: bool) -> dict[str, Any]:
    """A connection's body cut by `fields`; the keys in ALWAYS_SHOWN stay when fields are included."""
    if not fields:
        return dict(body)
    named = {field.strip() for field in fields.split(",")}
    if include:
        return {key: value for key, value in body.items() if key in named or key in ALWAYS_SHOWN}
    return {key: value for key, value in body.items() if key not in named}


def seed(state: TenantState, raw: Mapping[str, Any], *, sealed: bool = False, users: int = 0) -> StoredConnection:
    """Puts a raw connection into the tenant as it is, without checks or defaults.

    `configuration` is plain text unless `sealed`, when it is stored as the ciphertext it shows.
    """
    options = deepcopy(dict(raw.get("options") or {}))
    if not sealed and isinstance(options.get("configuration"), dict):
        options["configuration"] = state.vault.seal_all(options["configuration"])
    known = ("id", "name", "strategy", "options", "enabled_clients")
    return state.put(
        StoredConnection(
            id=raw.get("id") or state.new_id("con_", 16),
            name=raw["name"],
            strategy=raw.get("strategy", STRATEGY),
            options=options,
            top={key: deepcopy(value) for key, value in raw.items() if key not in known},
            enabled_clients=tuple(raw.get("enabled_clients") or ()),
            users=users,
        ),
    )


def _sealed(state: TenantState, options: dict[str, Any]) -> dict[str, Any]:
    if isinstance(options.get("configuration"), dict):
        return {**options, "configuration": state.vault.seal_all(options["configuration"])}
    options.pop("configuration", None)
    return options


def _check_realms(state: TenantState, realms: list[str], own_id: str) -> None:
    taken = {realm for one in state.connections.values() if one.id != own_id for realm in one.top.get("realms", [])}
    if taken.intersection(realms):
        raise refuse(
            409, 'There is already another connection with some realms from "realms" parameter', "connection_conflict"
        )


def _without_nulls(value: Mapping[str, Any] | None) -> Any:
    if value is None:
        return None
    return {key: item for key, item in value.items() if item is not None}
