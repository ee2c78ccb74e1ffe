"""ScriptHost: the port through which the tenant has one deployed script run; who runs it is wired outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from dbconn_tui.errors import NodeError
from dbconn_tui.sensitive import Sensitive

Json = Any


@dataclass(frozen=True, slots=True)
class ScriptCall:
    """One call of a deployed script.

    `scripts` are all texts of the connection by kind and `configuration` its values in plain text: together they
    say which container may be used again. `arguments` are those before the callback, `context` included.
    `passwords` are the arguments that no output may show.
    """

    connection_id: str
    connection: str
    kind: str
    scripts: Mapping[str, str] = field(repr=False)
    configuration: Mapping[str, Sensitive]
    arguments: tuple[Json, ...] = field(repr=False)
    context: bool = False
    identifier: str = field(default="", repr=False)
    passwords: tuple[Sensitive, ...] = ()


class Said(StrEnum):
    """What the script's callback said."""

    PROFILE = "profile"
    NOT_FOUND = "not-found"
    DONE = "done"
    NOT_DONE = "not-done"
    REFUSED = "refused"
    """An error of a class that the platform understands: wrong password, user exists."""
    FAILED = "failed"
    """Any other error."""
    NOTHING = "nothing"
    """The callback was not called in time, or said nothing usable."""


@dataclass(frozen=True, slots=True)
class ScriptAnswer:
    """What came of one call. `result` is what the callback got, after the sandbox's JSON border.

    `error` holds the fields that leave the sandbox; for NOTHING it has the platform's own message. `log_code` is
    the code of the tenant's log, empty where the kind has none. `told` are the findings of the run and `logged` what
    the script wrote to its console, a line each; no secret is in them.
    """

    said: Said
    result: Json = field(default=None, repr=False)
    error: Mapping[str, Json] = field(default_factory=dict)
    error_class: str = ""
    log_code: str = ""
    told: tuple[str, ...] = ()
    logged: tuple[str, ...] = ()

    @property
    def message(self) -> str:
        """The error's message; empty when there is none."""
        message = self.error.get("message")
        return message if isinstance(message, str) else ""


class ScriptHost(Protocol):
    """Runs deployed scripts, each connection's in warm containers of its own."""

    async def run(self, call: ScriptCall) -> ScriptAnswer:
        """Run one. Raises NodeError when nothing can be run on this machine."""
        ...

    async def close(self) -> None:
        """End every container."""
        ...


class NoScriptHost:
    """The host of a tenant that was started without one: it runs nothing."""

    async def run(self, call: ScriptCall) -> ScriptAnswer:
        """Raises NodeError."""
        raise NodeError("this local tenant was started without Node, it runs no scripts", "Use `dbconn local-tenant`.")

    async def close(self) -> None:
        """Nothing to end."""
