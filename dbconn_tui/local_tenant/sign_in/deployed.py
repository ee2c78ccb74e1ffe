"""Running the scripts of a stored connection: their arguments, context and values, and what can go wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from dbconn_tui.local_tenant.cipher import Vault
from dbconn_tui.local_tenant.sign_in.script_host import ScriptAnswer, ScriptCall, ScriptHost
from dbconn_tui.local_tenant.state import StoredConnection, configuration_values
from dbconn_tui.sensitive import Sensitive

Json = Any


class Custody(Enum):
    """Where the users of a connection live."""

    THEIRS = "theirs"
    """In the company's own database, behind scripts."""
    MOVING = "moving"
    """In Auth0 once they logged in; until then in the company's database (import mode)."""
    OURS = "ours"
    """In Auth0, without scripts."""


def custody_of(connection: StoredConnection) -> Custody:
    """Where its users live."""
    if not connection.options.get("enabledDatabaseCustomization"):
        return Custody.OURS
    return Custody.MOVING if connection.options.get("import_mode") else Custody.THEIRS


def scripts_of(connection: StoredConnection) -> Mapping[str, str]:
    """Its deployed scripts by kind."""
    return connection.options.get("customScripts") or {}


class FlowError(Exception):
    """A flow came to nothing; the routes word it as their API does."""


class WrongCredentialsError(FlowError):
    """Unknown user or wrong password; the platform does not tell them apart."""


class BlockedUserError(FlowError):
    """The API blocked the user."""


class UserExistsError(FlowError):
    """Somebody has this address or user name."""


class UserMissingError(FlowError):
    """There is no such user."""


class WeakPasswordError(FlowError):
    """The password does not keep the connection's policy; `body` is what the platform says about it."""

    def __init__(self, body: Mapping[str, Json]) -> None:
        super().__init__(str(body["message"]))
        self.body = body


class ScriptMissingError(FlowError):
    """The flow needs a script that the connection does not have."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"{kind} script does not exist")
        self.kind = kind


class ScriptFailedError(FlowError):
    """A script refused, failed, said that nothing was done, or did not answer."""

    def __init__(self, kind: str, answer: ScriptAnswer) -> None:
        super().__init__(answer.message or f"{kind} said that nothing was done")
        self.kind = kind
        self.answer = answer


@dataclass(frozen=True, slots=True)
class DeployedScripts:
    """The scripts of a tenant's connections, run with the values the connection was deployed with."""

    vault: Vault
    host: ScriptHost

    async def run(
        self,
        connection: StoredConnection,
        kind: str,
        arguments: tuple[Json, ...],
        *,
        organization: Mapping[str, Json] | None = None,
        passwords: tuple[str, ...] = (),
    ) -> ScriptAnswer:
        """Run one. With `enable_script_context` the context object stands last; delete's is always empty (rules.md §0).

        Raises ScriptMissingError, NodeError.
        """
        scripts = scripts_of(connection)
        if kind not in scripts:
            raise ScriptMissingError(kind)
        context = connection.options.get("enable_script_context") is True
        if context:
            given = {"organization": dict(organization)} if organization and kind != "delete" else {}
            arguments = (*arguments, given)
        # What was sealed elsewhere stays sealed: scripts get the ciphertext, as after a tenant's move.
        sealed = connection.options.get("configuration") or {}
        values = {
            key: Sensitive(sealed[key] if value is None else value)
            for key, value in configuration_values(connection, self.vault)
        }
        first = arguments[0] if arguments else ""
        return await self.host.run(
            ScriptCall(
                connection_id=connection.id,
                connection=connection.name,
                kind=kind,
                scripts=scripts,
                configuration=values,
                arguments=arguments,
                context=context,
                identifier=first.get("email", "") if isinstance(first, dict) else str(first),
                passwords=tuple(Sensitive(one) for one in passwords),
            )
        )
