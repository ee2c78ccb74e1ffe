"""StoredUser: one user as the tenant keeps it, and how the Management API shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from dbconn_tui.local_tenant.answers import iso_time

PREFIX: Final = "auth0|"
"""What the platform puts before the id that login and get_user gave (rules.md §0)."""

OWNED: Final = frozenset(
    {"identities", "created_at", "updated_at", "last_login", "last_ip", "logins_count", "user_id", "id"}
)
"""Profile keys that the tenant sets itself."""

_IDENTITY_KEYS: Final = ("access_token", "refresh_token")
"""Profile keys that move into the identity (runtime.md §4)."""

_METADATA: Final = ("user_metadata", "app_metadata")


@dataclass(frozen=True, slots=True)
class StoredUser:
    """One user. `user_id` begins with PREFIX; times are epoch seconds.

    `profile` holds the attributes of script and API. `password` is a salted slow hash where Auth0's own store holds
    the user (import mode), else None: the company's store knows it.
    """

    user_id: str
    connection_id: str
    connection: str
    profile: Mapping[str, Any] = field(repr=False)
    created_at: float
    updated_at: float
    password: bytes | None = field(default=None, repr=False)
    last_login: float | None = None
    last_ip: str = ""
    logins_count: int = 0

    @property
    def id(self) -> str:
        """The id as scripts know it, without PREFIX."""
        return self.user_id.removeprefix(PREFIX)

    @property
    def email(self) -> str:
        """The e-mail address, empty without one."""
        return str(self.profile.get("email") or "")

    @property
    def identifier(self) -> str:
        """What scripts look the user up by: the address, else the user name."""
        return self.email or str(self.profile.get("username") or "")

    @property
    def blocked(self) -> bool:
        """Whether the API blocked the user."""
        return self.profile.get("blocked") is True

    def answers_to(self, identifier: str) -> bool:
        """Whether the identifier is the user's address (in any letter case), user name or phone number."""
        named = (self.profile.get("username"), self.profile.get("phone_number"))
        return bool(identifier) and (self.email.lower() == identifier.lower() or identifier in named)

    def changed(self, now: float, **attributes: Any) -> StoredUser:
        """With attributes set; None takes one away, metadata is merged on its first level as the API does it."""
        profile = dict(self.profile)
        for name, value in attributes.items():
            if name in _METADATA and isinstance(value, dict):
                merged = {**(profile.get(name) or {}), **value}
                value = {key: inner for key, inner in merged.items() if inner is not None}
            if value is None:
                profile.pop(name, None)
            else:
                profile[name] = value
        return replace(self, profile=profile, updated_at=now)

    def logged_in(self, now: float, ip: str) -> StoredUser:
        """After one more login."""
        return replace(self, last_login=now, last_ip=ip, logins_count=self.logins_count + 1)

    def body(self) -> dict[str, Any]:
        """As the Management API shows it; the password's hash is never part of it."""
        identity = {"connection": self.connection, "user_id": self.id, "provider": "auth0", "isSocial": False}
        identity |= {key: self.profile[key] for key in _IDENTITY_KEYS if key in self.profile}
        body = {key: value for key, value in self.profile.items() if key not in _IDENTITY_KEYS}
        body.setdefault("name", self.identifier)
        body.setdefault("nickname", self.identifier.partition("@")[0])
        body |= {
            "user_id": self.user_id,
            "created_at": iso_time(self.created_at),
            "updated_at": iso_time(self.updated_at),
            "identities": [identity],
        }
        if self.last_login is not None:
            body |= {
                "last_login": iso_time(self.last_login),
                "last_ip": self.last_ip,
                "logins_count": self.logins_count,
            }
        return dict(sorted(body.items()))


def profile_of(result: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The id that a script's profile gives (`user_id`, else `id`; empty without one), and its attributes."""
    given = result.get("user_id", result.get("id"))
    own_id = "" if given is None else str(given)
    return own_id, {
        key: value
        for key, value in result.items()
        if key not in OWNED and value is not None and (key not in _METADATA or isinstance(value, dict))
    }
