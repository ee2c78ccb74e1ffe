"""Job: one run of one script, as it goes to the harness."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from dbconn_tui.lint.runtime_globals import MAGIC_GLOBALS
from dbconn_tui.runtime.hosts import AllowedHost
from dbconn_tui.runtime.masks import SHORTEST
from dbconn_tui.sensitive import Sensitive

Json = Any
"""A JSON value."""

LIMIT: Final = 20.0
"""Seconds until the platform stops a script (runtime.md §7)."""

GRACE: Final = 0.25
"""Seconds to watch what a script still does after its callback, when something is left open (rules.md §0.4)."""

_WRAPPERS: Final = frozenset({"mongo", "mysql_pool", "ObjectID", "postgres", "sqlserver"})
"""Globals of old that were no modules, but functions of the platform's own that nobody documents."""


@dataclass(frozen=True, slots=True)
class ModuleTable:
    """What `require` finds: `folder` of the cache, name → cached versions (newest last), defaults, substitutes."""

    folder: str = ""
    versions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    substitutes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outage:
    """A store that is down: every connection is refused, or (with a port of this machine) taken by that port.

    With `routes`, host and port → port of this machine, connections to those go there and others where they want.
    """

    port: int = 0
    routes: Mapping[tuple[str, int], int] | None = None

    @property
    def content(self) -> Json:
        """It as the harness reads it."""
        routes = {f"{host}:{port}": here for (host, port), here in (self.routes or {}).items()}
        return {"port": self.port, "routes": routes if self.routes is not None else None}


@dataclass(frozen=True, slots=True)
class Job:
    """One run: the script, what it is called with, and what it may reach.

    `file` is the script as people know it; it names the script in stack traces. `arguments` are those
    before the callback, `context` included when the connection has it. `public` are the configuration
    keys whose values are no secret. `passwords` are argument values that must not be shown or returned.
    """

    kind: str
    file: str
    text: str = field(repr=False)
    arguments: tuple[Json, ...] = field(default=(), repr=False)
    configuration: Mapping[str, Sensitive] = field(default_factory=dict)
    public: frozenset[str] = frozenset()
    passwords: tuple[Sensitive, ...] = ()
    identifier: str = field(default="", repr=False)
    context: bool = False
    hosts: tuple[AllowedHost, ...] = ()
    limit: float = LIMIT
    grace: float = GRACE
    outage: Outage | None = None
    compat: bool = False
    """Whether the globals of old are there, which Auth0 took away after Node 12 (runtime.md §3)."""

    @property
    def hidden(self) -> tuple[Sensitive, ...]:
        """Every value that no output may show: passwords, and configuration that is not public."""
        values = [value for key, value in self.configuration.items() if key not in self.public]
        return (*self.passwords, *values)


def encode(job: Job, nonce: str, modules: ModuleTable, text: str) -> bytes:
    """The job as the harness's line; `text` is the script as it is evaluated."""
    passwords = [one.reveal() for one in job.passwords]
    markers = {f"password {number}": one for number, one in enumerate(passwords) if len(one) >= SHORTEST}
    if len(job.identifier) >= SHORTEST:
        markers["identifier"] = job.identifier
    content = {
        "nonce": nonce,
        "name": job.file,
        "text": text,
        "arguments": list(job.arguments),
        "configuration": {key: value.reveal() for key, value in job.configuration.items()},
        "markers": markers,
        "hosts": [{"host": one.host, "port": one.port} for one in job.hosts],
        "outage": job.outage.content if job.outage else None,
        "magic": _magic() if job.compat else {},
        "limit_ms": round(job.limit * 1000),
        "grace_ms": round(job.grace * 1000),
        "modules": {
            "folder": modules.folder,
            "versions": {name: list(versions) for name, versions in modules.versions.items()},
            "defaults": dict(modules.defaults),
            "substitutes": dict(modules.substitutes),
        },
    }
    return json.dumps(content).encode() + b"\n"


def _magic() -> dict[str, str]:
    return {name: module or name for name, module in MAGIC_GLOBALS.items() if name not in _WRAPPERS}
