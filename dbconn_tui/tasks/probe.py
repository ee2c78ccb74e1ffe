"""Probing a tenant, and what is remembered of it per tenant domain in the state folder (design §5.4)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dbconn_tui.deploy.local_record import domain_folder, make_private_folder
from dbconn_tui.deploy.probe import ProbeEdge, ProbeResult, Resent, run_probe
from dbconn_tui.errors import AuthenticationError, ProjectError, RefusedError, UsageError
from dbconn_tui.events import OnEvent, ignore
from dbconn_tui.project.values import Tenant
from dbconn_tui.project.write import write_file
from dbconn_tui.tasks.outside import Outside
from dbconn_tui.tenant.client import TenantClient
from dbconn_tui.tenant.scopes import PROBE_SCOPES, missing_scope_error, missing_scopes

_FORMAT: Final = 1

PROBE_STEPS: Final = (
    "creates a connection dbconn-probe-…, with scripts that refuse every sign-up, and enables it for dbconn's own "
    "application",
    "asks for a sign-up on it twice (refused by its script: no user is made; both show as failed sign-ups in the "
    "tenant's logs)",
    "changes that connection a few times, then deletes it, also after a failure and after Ctrl-C",
)
"""What a probe does to the tenant, for whoever is asked to agree."""


@dataclass(frozen=True, slots=True)
class KnownTenant:
    """What a probe found out about a tenant earlier; `time` in epoch seconds."""

    resent: Resent
    time: float


async def check_probe(tenant: TenantClient, chosen: Tenant) -> str:
    """What can be known before the connection is made: every scope, deleting it included, and whose token it is.

    Returns the client id. Raises MissingScopeError (4), AuthenticationError (4), RefusedError on a read-only tenant.
    """
    if chosen.read_only:
        raise RefusedError(f"the tenant {chosen.name} is read_only, and a probe writes", "Take `read_only` away.")
    lacking = missing_scopes(PROBE_SCOPES, await tenant.scopes(PROBE_SCOPES))
    if lacking:
        raise missing_scope_error(chosen.domain, lacking, "a probe; nothing was created")
    client_id = await tenant.client_id()
    if not client_id:
        raise AuthenticationError(
            f"the access token given for {chosen.domain} does not say whose it is; nothing was created",
            "A probe signs up as an application: use an application's id and secret.",
        )
    return client_id


async def probe_tenant(
    outside: Outside, tenant: TenantClient, client_id: str, *, on_event: OnEvent = ignore
) -> ProbeResult:
    """Probe a tenant that `check_probe` accepted, and remember whether it keeps what is sent back.

    Raises what the tenant raises before the connection is there, UsageError when it cannot be remembered.
    """
    prepare(outside.state_folder, tenant.tenant.domain)
    result = await run_probe(tenant, client_id, ProbeEdge(outside.random_bytes, outside.sleep, on_event))
    if result.resent is not Resent.UNKNOWN:
        remember(outside, tenant.tenant.domain, result)
    return result


def keeps_values(outside: Outside, domain: str) -> bool:
    """Whether a probe from this machine showed that the tenant keeps a value whose ciphertext is sent back."""
    known = known_tenant(outside.state_folder, domain)
    return known is not None and known.resent is Resent.KEPT


def known_tenant(state_folder: Path, domain: str) -> KnownTenant | None:
    """What is remembered of a tenant; None when nothing, or the file is damaged or another tenant's."""
    try:
        content = json.loads(_path(state_folder, domain).read_bytes())
        if content["version"] != _FORMAT or content["domain"] != domain:
            return None
        return KnownTenant(Resent[content["resent"]], float(content["time"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def remember(outside: Outside, domain: str, result: ProbeResult) -> None:
    """Keep what a probe found out (0600). Raises UsageError."""
    content = {
        "version": _FORMAT,
        "domain": domain,
        "time": outside.wall_clock(),
        "resent": result.resent.name,
        "answers": {one.id: one.answer for one in result.answers},
    }
    try:
        write_file(_path(outside.state_folder, domain), json.dumps(content, indent=1).encode(), 0o600)
    except (OSError, ProjectError):
        raise _unwritable(outside.state_folder) from None


def prepare(state_folder: Path, domain: str) -> None:
    """Make the folder before anything is asked of the tenant. Raises UsageError."""
    try:
        make_private_folder(state_folder, domain_folder(state_folder, domain))
    except OSError:
        raise _unwritable(state_folder) from None


def verdict_of(result: ProbeResult) -> Sequence[str]:
    """What the main answer means for `{keep: live}`, one or two sentences."""
    match result.resent:
        case Resent.KEPT:
            return ("The tenant keeps a value whose ciphertext is sent back: {keep: live} works here.",)
        case Resent.REENCRYPTED:
            return (
                "The tenant encrypts what is sent back once more: scripts would get the ciphertext as the value.",
                "{keep: live} stays refused here; give every value.",
            )
        case Resent.LOST:
            return ("The tenant loses a value whose ciphertext is sent back: {keep: live} stays refused here.",)
        case Resent.OTHER:
            return ("The value became something else when its ciphertext was sent back: {keep: live} stays refused.",)
        case Resent.UNKNOWN:
            return (f"Not found out: {result.reason}.", "{keep: live} is decided as before.")


def _path(state_folder: Path, domain: str) -> Path:
    return domain_folder(state_folder, domain) / "probe.json"


def _unwritable(state_folder: Path) -> UsageError:
    return UsageError(f"the state folder {state_folder} cannot be written", "Set DBCONN_STATE_DIR to one that can.")
