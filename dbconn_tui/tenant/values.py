"""What the tenant answers, as frozen values that keep the raw JSON; nothing here knows HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class LiveConnection:
    """One connection as the tenant returned it: the raw object, never a typed copy, so that unknown keys survive."""

    id: str
    name: str
    strategy: str
    raw: Mapping[str, Any] = field(repr=False)

    @property
    def options(self) -> Mapping[str, Any]:
        """The raw options. Raises KeyError when the answer lacked them (missing scope)."""
        options: Mapping[str, Any] = self.raw["options"]
        return options

    @property
    def has_options(self) -> bool:
        """Whether the answer held `options`, i.e. the token had read:connections_options (api.md §1.6)."""
        return isinstance(self.raw.get("options"), dict)


@dataclass(frozen=True, slots=True)
class LiveClient:
    """One application of the tenant, for resolving `enabled_clients`."""

    client_id: str
    name: str


@dataclass(frozen=True, slots=True)
class LogEvent:
    """One successful call of the Management API, out of the tenant's own log (type `sapi`).

    `at` is seconds since 1970, 0 when the log does not say. `who` is a person's name or address, else the
    application's. Texts are the tenant's, cleaned for showing.
    """

    method: str
    path: str
    at: float
    who: str
    in_dashboard: bool = False
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class LiveReading:
    """The connections of strategy auth0 read at one moment.

    `read_at` is the monotonic clock in seconds. `complete` is False when only some names were asked for.
    `other_names` are names (with strategy) held by other strategies, as far as the reading saw them.
    """

    connections: tuple[LiveConnection, ...]
    read_at: float
    complete: bool = True
    other_names: Mapping[str, str] = field(default_factory=dict)

    def by_name(self, name: str) -> LiveConnection | None:
        """The connection with exactly this name (names are case-sensitive, api.md §2)."""
        return next((c for c in self.connections if c.name == name), None)


@dataclass(frozen=True, slots=True)
class UserAnswer:
    """What a sign-up or a login was answered: its status, and the text of its body as received.

    A custom database's create script speaks to its caller here, through a ValidationError (runtime.md §5); the
    answer to a login holds tokens.
    """

    status: int
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AnswerHeaders:
    """What the headers of the last answer of the Management API said; None where they said nothing.

    `skew` is how many seconds this machine's clock is ahead of the answer's Date, which has whole seconds.
    `limit` and `remaining` are requests.
    """

    skew: float | None = None
    limit: int | None = None
    remaining: int | None = None
