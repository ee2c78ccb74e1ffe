"""What the tenant holds: connections, clients, deletions and the vault, plainly owned by one event loop."""

from __future__ import annotations

import re
import string
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from dbconn_tui.local_tenant.answers import encode, storage_order
from dbconn_tui.local_tenant.api_log import LARGEST, ApiEvent
from dbconn_tui.local_tenant.cipher import Vault
from dbconn_tui.local_tenant.sign_in.mail import Mail, Ticket
from dbconn_tui.local_tenant.sign_in.stored_user import StoredUser
from dbconn_tui.local_tenant.sign_in.user_log import UserEvent
from dbconn_tui.sensitive import Sensitive

LARGEST_LOG: Final = 10_000
"""Requests that are remembered; their count goes on."""
MOST_MAILS: Final = 100

_ALPHANUMERIC: Final = string.ascii_letters + string.digits
_TOP_ORDER: Final = (
    "display_name",
    "is_domain_connection",
    "show_as_button",
    "authentication",
    "connected_accounts",
)


@dataclass(frozen=True, slots=True)
class Client:
    """One application. `scopes` None: it has no client grant for the Management API."""

    client_id: str
    name: str
    secret: Sensitive = field(default_factory=lambda: Sensitive(""))
    scopes: tuple[str, ...] | None = None
    public_key: str = field(default="", repr=False)
    grant_types: tuple[str, ...] = ("client_credentials",)
    public: bool = False
    """Whether it needs no secret, as an application on a phone or in a browser."""
    everywhere: bool = False
    """Whether users may sign in through it on every connection, enabled or not."""

    def body(self) -> dict[str, Any]:
        """As GET /clients shows it; secrets are never part of it."""
        return {
            "tenant": "local",
            "global": False,
            "is_first_party": True,
            "name": self.name,
            "client_id": self.client_id,
            "app_type": "non_interactive" if self.scopes is not None else "native" if self.public else "regular_web",
            "token_endpoint_auth_method": "none" if self.public else "client_secret_post",
            "grant_types": list(self.grant_types),
            "callbacks": [],
        }


@dataclass(frozen=True, slots=True)
class StoredConnection:
    """One connection; every write makes a new value.

    `top` holds the top-level keys other than id, name, strategy, options and enabled_clients.
    `options` hold ciphertext in `configuration`. `users` counts its database's users.
    """

    id: str
    name: str
    strategy: str
    options: Mapping[str, Any] = field(repr=False)
    top: Mapping[str, Any]
    enabled_clients: tuple[str, ...] = ()
    users: int = 0
    encoded: bytes = field(init=False, repr=False, compare=False)
    """The whole object as JSON: encoded once a write, so that lists only join bytes."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "encoded", encode(self.body()))

    def body(self, *, with_options: bool = True, options: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """As the API shows it: fixed order on top, options in storage order unless `options` are given."""
        body: dict[str, Any] = {"id": self.id}
        if with_options:
            body["options"] = storage_order(dict(self.options)) if options is None else options
        body |= {"strategy": self.strategy, "name": self.name}
        body |= {key: self.top[key] for key in _TOP_ORDER if key in self.top}
        body |= {"enabled_clients": list(self.enabled_clients)}
        body |= {key: value for key, value in self.top.items() if key not in _TOP_ORDER}
        return body


@dataclass(frozen=True, slots=True)
class Deletion:
    """A connection that was deleted at `at` (epoch seconds) and is cleaned up until `until`."""

    id: str
    name: str
    at: float
    until: float


@dataclass(frozen=True, slots=True)
class SeenRequest:
    """One request that arrived. Bodies are not kept: they hold configuration values."""

    method: str
    path: str
    query: str
    status: int
    at: float


@dataclass(slots=True)
class TenantState:
    """Everything the tenant holds. `signing_key` signs its tokens."""

    random: Random
    vault: Vault
    signing_key: bytes
    deletion_seconds: float = 0.0
    """How long a deleted connection's data is being removed, which blocks its name."""
    clients: dict[str, Client] = field(default_factory=dict)
    connections: dict[str, StoredConnection] = field(default_factory=dict)
    deletions: dict[str, Deletion] = field(default_factory=dict)
    tenant_settings: dict[str, Any] = field(default_factory=dict)
    used_assertions: dict[str, float] = field(default_factory=dict)
    """Expiry (epoch seconds) by `jti` of the client assertions seen; each counts once."""
    log: deque[SeenRequest] = field(default_factory=lambda: deque(maxlen=LARGEST_LOG))
    api_events: deque[ApiEvent | UserEvent] = field(default_factory=lambda: deque(maxlen=LARGEST))
    """Successful writes, and what happened to users, oldest first, as GET /logs tells them."""
    users: dict[str, StoredUser] = field(default_factory=dict)
    """By `user_id`: those in Auth0's own store, and the profiles of those who logged in by scripts."""
    tickets: dict[str, Ticket] = field(default_factory=dict, repr=False)
    """By the text that their links carry."""
    mails: deque[Mail] = field(default_factory=lambda: deque(maxlen=MOST_MAILS))
    organizations: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By id, as the API shows them."""
    user_key: Sensitive = field(default_factory=lambda: Sensitive(""))
    """PEM of the RSA key that signs users' tokens; empty until the first is needed."""
    counts: Counter[str] = field(default_factory=Counter)
    """How many requests of each `METHOD /route` came."""

    def new_id(self, prefix: str, length: int) -> str:
        """A random name, e.g. `con_` and 16 letters and digits (api.md §2)."""
        return prefix + "".join(self.random.choices(_ALPHANUMERIC, k=length))

    def by_name(self, name: str) -> StoredConnection | None:
        """The connection with exactly this name, of any strategy."""
        return next((one for one in self.connections.values() if one.name == name), None)

    def find(self, id_or_name: str) -> StoredConnection | None:
        """A connection by its id or its name."""
        return self.connections.get(id_or_name) or self.by_name(id_or_name)

    def put(self, connection: StoredConnection) -> StoredConnection:
        """Stores a connection in place of the one with its id."""
        self.connections[connection.id] = connection
        return connection

    def users_of(self, connection_id: str) -> Iterator[StoredUser]:
        """The users that the tenant holds for a connection."""
        return (one for one in self.users.values() if one.connection_id == connection_id)

    def put_user(self, user: StoredUser) -> StoredUser:
        """Stores a user in place of the one with its id."""
        self.users[user.user_id] = user
        return user

    def find_organization(self, id_or_name: str) -> dict[str, Any] | None:
        """An organization by its id or its name."""
        known = self.organizations.get(id_or_name)
        return known or next((one for one in self.organizations.values() if one["name"] == id_or_name), None)

    def sorted_connections(self) -> list[StoredConnection]:
        """By name as the platform lists them: without regard to case and punctuation (api.md §1.1)."""
        return sorted(self.connections.values(), key=lambda one: collation(one.name, one.id))

    def is_being_deleted(self, name: str, now: float) -> bool:
        """Whether a deleted connection's data is still being removed, which blocks its name."""
        return any(one.name == name and one.until > now for one in self.deletions.values())

    def forget_requests(self) -> None:
        """Empties the request log and its counts."""
        self.log.clear()
        self.counts.clear()


def collation(name: str, tie: str) -> tuple[str, str, str]:
    """The sort key of a connection's name; `tie` orders equal names."""
    lower = name.lower()
    return re.sub(r"[^0-9a-z]", "", lower), name.swapcase(), tie


def configuration_values(connection: StoredConnection, vault: Vault) -> Iterator[tuple[str, str | None]]:
    """The connection's configuration in plain text, for control routes and tests; None for foreign ciphertext."""
    for key, ciphertext in (connection.options.get("configuration") or {}).items():
        yield key, vault.open(ciphertext)
