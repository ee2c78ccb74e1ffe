"""A saved plan: what was reviewed, as JSON, so that exactly that is carried out later or refused (design §9).

It holds script texts, options, clients, choices and fingerprints, and no configuration value.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from dbconn_tui.deploy.plan import Choices
from dbconn_tui.deploy.values import Plan
from dbconn_tui.errors import RefusedError, UsageError
from dbconn_tui.project.values import Connection, Script

FORMAT: Final = "dbconn plan"
VERSION: Final = 1
LARGEST: Final = 50_000_000
"""Bytes."""


@dataclass(frozen=True, slots=True)
class SavedConnection:
    """One connection of a saved plan: what would be sent, and what it was compared with.

    `values` maps configuration keys to fingerprints (hex), empty where the value was not available.
    `changes` are (item, state) pairs in the plan's order.
    """

    key: str
    name: str
    display_name: str | None
    import_mode: bool | None
    enabled_clients: tuple[str, ...] | None
    options: Mapping[str, Any] = field(repr=False)
    scripts: Mapping[str, Mapping[str, str]] = field(repr=False)
    """Kind → {"file", "text"}."""
    values: Mapping[str, str]
    live_fingerprint: str
    changes: tuple[tuple[str, str], ...]

    def applied_to(self, connection: Connection) -> Connection:
        """The project's connection with the saved texts and options in place of today's."""
        return dataclasses.replace(
            connection,
            name=self.name,
            display_name=self.display_name,
            import_mode=self.import_mode,
            enabled_clients=self.enabled_clients,
            options=self.options,
            scripts={
                kind: Script(kind, Path(script["file"]), script["file"], script["text"])
                for kind, script in self.scripts.items()
            },
        )


@dataclass(frozen=True, slots=True)
class SavedPlan:
    """A plan as saved. `project` is a tag of the project's key, hex; `created` seconds since 1970."""

    tenant: str
    domain: str
    project: str
    created: float
    everything: bool
    choices: Choices
    connections: tuple[SavedConnection, ...]


def saved_connection(connection: Connection, plan: Plan, values: Mapping[str, bytes]) -> SavedConnection:
    """One connection of a plan that was just made; `values` are the fingerprints it was made with."""
    (planned,) = (one for one in plan.connections if one.key == connection.key)
    return SavedConnection(
        connection.key,
        connection.name,
        connection.display_name,
        connection.import_mode,
        connection.enabled_clients,
        connection.options,
        {kind: {"file": script.file, "text": script.text} for kind, script in connection.scripts.items()},
        {key: fingerprint.hex() for key, fingerprint in values.items()},
        planned.live_fingerprint,
        tuple((change.item, change.state.name) for change in planned.changes),
    )


def encode_plan(plan: SavedPlan) -> bytes:
    """The file's bytes: JSON in UTF-8."""
    content = dataclasses.asdict(plan)
    content["choices"] = {
        key: sorted(value) if isinstance(value, frozenset) else value for key, value in content["choices"].items()
    }
    text = json.dumps({"format": FORMAT, "version": VERSION, **content}, indent=1, ensure_ascii=False)
    return text.encode("utf-8", "surrogatepass") + b"\n"


def decode_plan(data: bytes, shown: str) -> SavedPlan:
    """A saved plan out of a file's bytes. Raises UsageError for another file, RefusedError for another version."""
    try:
        content = json.loads(data)
        if content.pop("format") != FORMAT:
            raise ValueError("another format")
    except (ValueError, KeyError, AttributeError, TypeError):
        raise UsageError(f"{shown} is not a saved plan", "`dbconn plan --out FILE` makes one.") from None
    if content.pop("version", None) != VERSION:
        raise RefusedError(f"{shown} was saved by another version of dbconn", "Make the plan again.")
    try:
        return SavedPlan(
            **{
                **content,
                "choices": _choices(content["choices"]),
                "connections": tuple(_connection(one) for one in content["connections"]),
            }
        )
    except (TypeError, KeyError, ValueError, AttributeError):
        raise UsageError(f"{shown} is damaged", "Make the plan again.") from None


def _choices(content: Mapping[str, Any]) -> Choices:
    return Choices(
        overwrite=frozenset(content["overwrite"]),
        allow=frozenset(content["allow"]),
        drop_configuration=frozenset(content["drop_configuration"]),
        skip_lint=bool(content["skip_lint"]),
        resend_configuration=bool(content["resend_configuration"]),
    )


def _connection(content: Mapping[str, Any]) -> SavedConnection:
    clients = content["enabled_clients"]
    for script in content["scripts"].values():
        if not isinstance(script["text"], str) or not isinstance(script["file"], str):
            raise TypeError("a script is no text")
    return SavedConnection(
        **{
            **content,
            "enabled_clients": None if clients is None else tuple(clients),
            "changes": tuple((item, state) for item, state in content["changes"]),
        }
    )


def refuse_stale(saved: SavedPlan, plan: Plan, values: Mapping[str, Mapping[str, bytes]]) -> None:
    """Raise RefusedError (exit 5) unless a plan made now from the saved texts is the plan that was saved.

    `values` maps connection keys to today's fingerprints. A value that was not available when the plan was
    made may be anything now; every other one must be the same.
    """
    now = {one.key: one for one in plan.connections}
    for one in saved.connections:
        planned = now.get(one.key)
        if planned is None or planned.live_fingerprint != one.live_fingerprint:
            raise _stale(f"{one.key} changed on {plan.domain} since the plan was made")
        if set(values.get(one.key, {})) != set(one.values):
            raise _stale(f"the configuration keys of {one.key} in dbconn.yaml are others than in the plan")
        unknown = {f"configuration:{key}" for key, fingerprint in one.values.items() if not fingerprint}
        for key, fingerprint in one.values.items():
            if fingerprint and values[one.key][key] != bytes.fromhex(fingerprint):
                raise _stale(f"the value of configuration.{key} of {one.key} is another than when the plan was made")
        before = [change for change in one.changes if change[0] not in unknown]
        after = [(change.item, change.state.name) for change in planned.changes if change.item not in unknown]
        if before != after:
            raise _stale(f"what would be done to {one.key} is not what the plan says")


def _stale(reason: str) -> RefusedError:
    return RefusedError(f"the saved plan is stale: {reason}; nothing was sent", "Make the plan again and review it.")


def keys_of(saved: SavedPlan) -> Sequence[str]:
    """The keys of the plan's connections."""
    return [one.key for one in saved.connections]
