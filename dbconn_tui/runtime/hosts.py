"""Hosts: which addresses a run may reach: those that the configuration names, and those allowed by hand."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from dbconn_tui.errors import UsageError

_AUTHORITY: Final = re.compile(r"[a-z][a-z0-9+.-]*://([^/?#\s]+)", re.IGNORECASE)
_ASSIGNED: Final = re.compile(
    r"(?:^|[;\s])(?:host|server|data source|hostaddr)\s*=\s*(?:tcp:)?([^;\s]+)", re.IGNORECASE
)
_HOST: Final = re.compile(
    r"(?P<host>\[[0-9a-f:.]+\]|(?:\*\.)?[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_-]+)*\.?|\*)"
    r"(?:[:,](?P<port>\d{1,5}))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, order=True)
class AllowedHost:
    """One host that may be reached; `port` 0 means any. `*` is every host, `*.example.com` all below that one."""

    host: str
    port: int = 0

    def __str__(self) -> str:
        return f"{self.host}:{self.port}" if self.port else self.host


def parse_host(text: str) -> AllowedHost:
    """`HOST` or `HOST:PORT`, as `--allow-host` takes it. Raises UsageError."""
    found = _read(text)
    if found is None:
        raise UsageError(f"{text!r} is not a host", "Write it as users.example.com or localhost:5432.")
    return found


def named_hosts(values: Iterable[str]) -> tuple[AllowedHost, ...]:
    """The hosts that configuration values name: in addresses, in connection strings, or by themselves.

    A value by itself counts when it has a dot or is `localhost`, so that a word is not taken for a host.
    """
    found: set[AllowedHost] = set()
    for value in values:
        named = [one for authority in _AUTHORITY.findall(value) for one in authority.rpartition("@")[2].split(",")]
        named += _ASSIGNED.findall(value)
        if not named and ("." in value or value.partition(":")[0] == "localhost"):
            named = [value.strip()]
        found.update(host for one in named if (host := _read(one)) is not None and host.host != "*")
    return tuple(sorted(found))


def _read(text: str) -> AllowedHost | None:
    match = _HOST.fullmatch(text.strip())
    if match is None or int(match["port"] or 0) > 65_535:
        return None
    return AllowedHost(match["host"].strip("[]").rstrip(".").lower(), int(match["port"] or 0))
