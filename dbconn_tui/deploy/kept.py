"""Kept configuration values: `KEY: {keep: live}` leaves a value to the tenant, whose ciphertext goes back as received.

Whether a tenant keeps a value that comes back encrypted is documented nowhere (api.md §4.2), so a write with such a
key is refused until `dbconn doctor --probe` saw it there (probe.py). The value itself is never compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dbconn_tui.deploy.values import Blocker
from dbconn_tui.project.values import Connection, KeptValue
from dbconn_tui.tenant.values import LiveConnection


def kept_keys(connection: Connection) -> tuple[str, ...]:
    """The configuration keys that are `{keep: live}`, in the files' order."""
    return tuple(key for key, value in connection.configuration.items() if isinstance(value, KeptValue))


def kept_ciphertext(connection: Connection, options: Mapping[str, Any]) -> dict[str, str]:
    """Kept key → ciphertext exactly as it was received in the raw live `options`."""
    live: Mapping[str, str] = options.get("configuration") or {}
    return {key: live[key] for key in kept_keys(connection) if key in live}


def kept_blockers(
    connection: Connection, live: LiveConnection | None, *, writes: bool, proven: bool
) -> Iterator[Blocker]:
    """Kept keys that the tenant does not have, and, where a write would send them back, kept keys without proof.

    `proven`: the tenant is known to keep a value that is sent back encrypted.
    """
    there = kept_ciphertext(connection, live.options) if live is not None else {}
    for key in kept_keys(connection):
        item = f"configuration:{key}"
        if key not in there:
            yield Blocker(
                f"configuration.{key} is {{keep: live}}, and the tenant has no such value to keep",
                "Give the value as {secret: NAME} or {env: NAME}.",
                item=item,
            )
        elif writes and not proven:
            yield Blocker(
                f"configuration.{key} is {{keep: live}}, and it is not proven that this tenant keeps a value "
                "that is sent back encrypted",
                "Give the value as {secret: NAME} or {env: NAME}, or find out with a throw-away connection: "
                "`dbconn doctor --probe`.",
                item=item,
            )


def kept_note(connection: Connection, live: LiveConnection | None) -> str:
    """What a plan says about kept values; empty when there are none."""
    keys = sorted(kept_ciphertext(connection, live.options)) if live is not None else []
    if not keys:
        return ""
    words = "is kept as the tenant has it" if len(keys) == 1 else "are kept as the tenant has them"
    return f"configuration {', '.join(keys)} {words}: not compared"
