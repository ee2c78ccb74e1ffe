"""Enabled clients of a connection: the files' names and ids against what the tenant has (api.md §1.4).

They are compared with the files alone: no record remembers them, so whoever enables an application in the
dashboard sees it in the next plan as one that the files do not name (design §5.6).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from dbconn_tui.deploy.values import Blocker, Change, EnabledClients, ItemState
from dbconn_tui.errors import AnswerLostError
from dbconn_tui.project.values import Connection
from dbconn_tui.tenant.values import LiveClient

PREFIX: Final = "client:"
ENABLED: Final = "enabled"
DISABLED: Final = "disabled"

_ID: Final = re.compile(r"[A-Za-z0-9_-]{32}")


@dataclass(frozen=True, slots=True)
class ClientReading:
    """What was read for a connection that declares `enabled_clients`.

    `enabled` are the ids enabled now; None for a connection that is not there. `applications` are
    all of the tenant's, None when they were not read since nothing needed them.
    """

    enabled: frozenset[str] | None
    applications: tuple[LiveClient, ...] | None = None


@dataclass(frozen=True, slots=True)
class ClientsCompared:
    """The changes, what is wrong with the names, and the two sets; `sets` is None while a name is wrong."""

    changes: tuple[Change, ...] = ()
    blocked: tuple[Blocker, ...] = ()
    sets: EnabledClients | None = None


def looks_like_id(word: str) -> bool:
    """Whether a word may be a client id: 32 letters and digits, as the platform makes them."""
    return _ID.fullmatch(word) is not None


def needs_applications(connection: Connection, enabled: frozenset[str] | None) -> bool:
    """Whether the tenant's applications must be read: for every word that is not the id of an enabled one."""
    return any(word not in (enabled or ()) for word in connection.enabled_clients or ())


def compare_clients(connection: Connection, reading: ClientReading | None) -> ClientsCompared:
    """What a deploy would enable and disable. Nothing where the files do not declare clients."""
    if connection.enabled_clients is None or reading is None:
        return ClientsCompared()
    wanted: set[str] = set()
    blocked: list[Blocker] = []
    for word in connection.enabled_clients:
        found = _resolve(word, connection, reading)
        if isinstance(found, Blocker):
            blocked.append(found)
        else:
            wanted.add(found)
    if blocked:
        return ClientsCompared(blocked=tuple(dict.fromkeys(blocked)))
    sets = EnabledClients(frozenset(wanted), reading.enabled or frozenset())
    names = {client.client_id: client.name for client in reading.applications or ()}
    changes = tuple(_changes(sets, names))
    return ClientsCompared(changes, (), sets)


def _resolve(word: str, connection: Connection, reading: ClientReading) -> str | Blocker:
    """The client id that a word of the files means, or why it means none."""
    if word in (reading.enabled or ()):
        return word
    applications = reading.applications
    where = f"{connection.places.get('enabled_clients', connection.place)}: enabled_clients"
    if applications is None:
        # Without the scope to read applications what looks like an id is taken at its word.
        return word if looks_like_id(word) else Blocker(f"{where}: the tenant's applications were not read")
    if any(client.client_id == word for client in applications):
        return word
    ids = sorted(client.client_id for client in applications if client.name == word)
    if len(ids) == 1:
        return ids[0]
    if ids:
        return Blocker(
            f"{where}: {len(ids)} applications are named {word!r}",
            f"Give the id of the one that is meant: {', '.join(ids)}.",
        )
    near = difflib.get_close_matches(word, [client.name for client in applications], n=1)
    return Blocker(
        f"{where}: the tenant has no application {word!r}",
        f"Did you mean {near[0]!r}?" if near else "Give the name or the client id of an application of this tenant.",
    )


def _changes(sets: EnabledClients, names: dict[str, str]) -> Iterator[Change]:
    for client_id in sorted(sets.wanted | sets.live, key=lambda one: (names.get(one, ""), one)):
        before = ENABLED if client_id in sets.live else DISABLED
        after = ENABLED if client_id in sets.wanted else DISABLED
        state = ItemState.IN_SYNC
        if before != after:
            state = ItemState.NEW if after == ENABLED else ItemState.REMOVED
        yield Change(f"{PREFIX}{client_id}", state, before, after, names.get(client_id, "") if before != after else "")


def is_client(change: Change) -> bool:
    """Whether a change is of an enabled client rather than of the connection itself."""
    return change.item.startswith(PREFIX)


class ClientsPort(Protocol):
    """What writing enabled clients needs of a tenant."""

    async def enabled_clients(self, connection_ids: Sequence[str]) -> dict[str, frozenset[str]]: ...
    async def change_enabled_clients(self, connection_id: str, changes: Mapping[str, bool]) -> None: ...


async def write_clients(tenant: ClientsPort, connection_id: str, sets: EnabledClients) -> tuple[str, ...]:
    """Enable and disable what the plan said, then read back; item words that are not as wanted.

    A lost answer is never simply repeated: it is read what was left undone, and that is sent once more.
    Raises what the tenant raises; whatever was carried out before that stays.
    """
    try:
        await tenant.change_enabled_clients(connection_id, sets.changes)
    except AnswerLostError:
        now = (await tenant.enabled_clients([connection_id]))[connection_id]
        undone = {client_id: status for client_id, status in sets.changes.items() if (client_id in now) is not status}
        await tenant.change_enabled_clients(connection_id, undone)
    now = (await tenant.enabled_clients([connection_id]))[connection_id]
    return tuple(f"{PREFIX}{client_id}" for client_id in sorted(now ^ sets.wanted))
