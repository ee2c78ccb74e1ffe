"""The tenant's state as a file: one JSON object, 0600, that says what it holds."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from random import Random
from typing import Any, Final

from dbconn_tui.errors import UsageError
from dbconn_tui.local_tenant.answers import encode
from dbconn_tui.local_tenant.certificate import write_private
from dbconn_tui.local_tenant.cipher import Vault
from dbconn_tui.local_tenant.connections import seed
from dbconn_tui.local_tenant.settings import Settings
from dbconn_tui.local_tenant.sign_in.stored_user import StoredUser
from dbconn_tui.local_tenant.state import Client, TenantState, configuration_values
from dbconn_tui.sensitive import Sensitive

VERSION: Final = 1
HOLDS: Final = (
    "The state of a dbconn local tenant: its connections with the values of their configuration in plain text, "
    "its clients with their secrets, its users with salted slow hashes of the passwords it holds, and the keys that "
    "sign its tokens. Keep it to yourself; delete it freely."
)


def save(state: TenantState, path: Path) -> None:
    """Writes the state. Raises OSError."""
    write_private(path, encode(_dumped(state)))


def keep(state: TenantState, path: Path) -> None:
    """Writes the state for the first time. Raises UsageError."""
    try:
        save(state, path)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}", "Name another --state file.") from None


def load(path: Path, settings: Settings, random: Random) -> TenantState | None:
    """The state in `path`; None when there is no such file. Raises UsageError when it holds something else."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}", "Name another --state file.") from None
    try:
        return _loaded(json.loads(content), settings, random)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(
            f"{path} is not the state of a local tenant ({type(error).__name__})",
            "Delete it to begin anew, or name another --state file.",
        ) from None


def _dumped(state: TenantState) -> dict[str, Any]:
    plain = {}
    for connection in state.connections.values():
        ciphertexts = (connection.options.get("configuration") or {}).values()
        for ciphertext, (_, value) in zip(ciphertexts, configuration_values(connection, state.vault), strict=True):
            if value is not None:
                plain[ciphertext] = value
    return {
        "holds": HOLDS,
        "version": VERSION,
        "signing_key": state.signing_key.hex(),
        "clients": [
            {
                "client_id": one.client_id,
                "name": one.name,
                "client_secret": one.secret.reveal(),
                "scopes": one.scopes,
                "public_key": one.public_key,
                "grant_types": one.grant_types,
                "public": one.public,
                "everywhere": one.everywhere,
            }
            for one in state.clients.values()
        ],
        "connections": [{"users": one.users, "body": one.body()} for one in state.connections.values()],
        "configuration_values": plain,
        "users": [_dumped_user(one) for one in state.users.values()],
        "organizations": list(state.organizations.values()),
        "default_directory": state.tenant_settings.get("default_directory", ""),
        "user_key": state.user_key.reveal(),
    }


def _dumped_user(user: StoredUser) -> dict[str, Any]:
    return {**asdict(user), "password": None if user.password is None else user.password.hex()}


def _loaded(dumped: dict[str, Any], settings: Settings, random: Random) -> TenantState:
    if dumped["version"] != VERSION:
        raise ValueError("another version")
    state = TenantState(
        random=random,
        vault=Vault(random, settings.cipher_resend, old_form=settings.defaults == "2022-10"),
        signing_key=bytes.fromhex(dumped["signing_key"]),
        deletion_seconds=settings.deletion_seconds,
    )
    for ciphertext, value in dumped["configuration_values"].items():
        state.vault.remember(ciphertext, value)
    for row in dumped["connections"]:
        seed(state, row["body"], sealed=True, users=row["users"])
    for row in dumped["clients"]:
        state.clients[row["client_id"]] = Client(
            row["client_id"],
            row["name"],
            Sensitive(row["client_secret"]),
            None if row["scopes"] is None else tuple(row["scopes"]),
            row["public_key"],
            tuple(row["grant_types"]),
            row.get("public", False),
            row.get("everywhere", False),
        )
    for row in dumped.get("users", []):
        password = row["password"]
        state.put_user(StoredUser(**{**row, "password": None if password is None else bytes.fromhex(password)}))
    state.organizations.update({row["id"]: row for row in dumped.get("organizations", [])})
    state.user_key = Sensitive(dumped.get("user_key", ""))
    if dumped.get("default_directory"):
        state.tenant_settings["default_directory"] = dumped["default_directory"]
    return state
