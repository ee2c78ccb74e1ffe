"""What a local tenant is told at its start, as one frozen value; nothing heavy is imported here."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from dbconn_tui.sensitive import Sensitive


class CipherResend(StrEnum):
    """What a configuration ciphertext that comes back in a write does; unknown of the real API (api.md §4.2)."""

    KEEP = "keep"
    """The tenant knows its own ciphertext: value and ciphertext stay."""
    REENCRYPT = "reencrypt"
    """The ciphertext is taken as a plain value: the old value is lost."""


class Omitted(StrEnum):
    """What a PATCH without `display_name` does to a stored one; documented as a reset, never recorded (api.md §2)."""

    RESET = "reset"
    KEEP = "keep"


class MetadataPatch(StrEnum):
    """Whether `metadata` in a PATCH replaces the stored map or merges into it; not recorded (api.md §9)."""

    REPLACE = "replace"
    MERGE = "merge"


class ResetWhen(StrEnum):
    """What `x-ratelimit-reset` says: the second of one more request (documented), or of a full bucket."""

    NEXT = "next"
    FULL = "full"


GENERATIONS = ("2022-10", "2025-01", "2026-01", "2026-03", "2026-08")
"""Recorded generations of platform defaults (api.md §2.2), oldest first; defaults.py holds their data."""

PLAN_NAMES = (
    "local",
    "none",
    "free",
    "essentials",
    "professional",
    "enterprise",
    "enterprise-dev",
    "private-20",
    "private-100",
    "private-500",
    "private-1500",
)
"""The rows of limits.PLANS."""

ALL_SCOPES = (
    "create:connections",
    "create:organizations",
    "create:user_tickets",
    "create:users",
    "delete:connections",
    "delete:users",
    "read:actions",
    "read:clients",
    "read:connections",
    "read:connections_options",
    "read:logs",
    "read:organizations",
    "read:tenant_settings",
    "read:users",
    "update:connections",
    "update:connections_options",
    "update:users",
)
"""The scopes that the local tenant's endpoints know, sorted."""

DEFAULT_CLIENT_ID = "dbconnLocalTenantClient000000001"

APPLICATION_ID = "dbconnLocalApplication0000000001"
"""The application that is always there: users may sign in through it on every connection, without a secret."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How the local tenant behaves.

    `plan` names a row of limits.PLANS; `rate` is (burst, requests a second) and overrides it.
    `latency` and `deletion_seconds` are seconds. `domain` is the tenant's canonical domain; empty
    means the Host each request was sent to. `state_file` persists everything, 0600.
    """

    defaults: str = GENERATIONS[-1]
    otp_methods: bool = False
    """Whether the tenant fills email_otp and phone_otp; seen on some tenants since 2026-03 (recordings)."""
    plan: str = "local"
    rate: tuple[float, float] | None = None
    reset_when: ResetWhen = ResetWhen.NEXT
    latency: float = 0.0
    cipher_resend: CipherResend = CipherResend.KEEP
    omitted_display_name: Omitted = Omitted.RESET
    metadata_patch: MetadataPatch = MetadataPatch.REPLACE
    deletion_seconds: float = 2.0
    """How long a deleted connection's name stays taken; 0 answers DELETE with 204 at once (api.md §7)."""
    token_lifetime: int = 86_400
    control: bool = False
    domain: str = ""
    client_id: str = DEFAULT_CLIENT_ID
    client_secret: Sensitive | None = None
    """None: a random one is made."""
    client_public_key: str = field(default="", repr=False)
    """PEM of the key that private_key_jwt assertions are checked with; empty: none are accepted."""
    scopes: tuple[str, ...] = ALL_SCOPES
    default_directory: str = ""
    """The connection that a password grant without a realm means, by name."""
    port: int = 0
    https: bool = True
    state_file: Path | None = None
