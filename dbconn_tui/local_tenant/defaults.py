"""What the platform adds to a connection's options by itself, by generation (api.md §2.1, §2.2 and the recordings)."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final

from dbconn_tui.local_tenant.settings import GENERATIONS

Json = dict[str, Any]

LEGACY_PASSWORD_OPTIONS: Final = (
    "passwordPolicy",
    "password_complexity_options",
    "password_dictionary",
    "password_history",
    "password_no_personal_info",
)
"""The password group that `password_options` replaces; a write may hold only one group (api.md §2.4)."""

_MFA: Final[Json] = {"active": True, "return_enroll_settings": True}
_PASSKEY_OPTIONS: Final[Json] = {
    "challenge_ui": "both",
    "progressive_enrollment_enabled": True,
    "local_enrollment_enabled": True,
}
_PASSWORD_OPTIONS: Final[Json] = {
    "complexity": {
        "character_type_rule": "all",
        "identical_characters": "allow",
        "sequential_characters": "allow",
        "max_length_exceeded": "error",
        "min_length": 15,
        "character_types": [],
    },
    "profile_data": {
        "active": False,
        "blocked_fields": [
            "name",
            "username",
            "nickname",
            "email",
            "phone_number",
            "user_metadata.name",
            "user_metadata.first",
            "user_metadata.last",
        ],
    },
    "history": {"active": False, "size": 3},
    "dictionary": {"active": False, "custom": [], "default": "en_100k"},
}
_ATTRIBUTES: Final[dict[str, Json]] = {
    "email": {"verification_method": "link", "unique": True},
    "username": {
        "validation": {
            "min_length": 1,
            "max_length": 15,
            "allowed_types": {"email": False, "phone_number": False},
        },
    },
}


@dataclass(frozen=True, slots=True)
class Defaults:
    """One generation of defaults.

    `created` joins the options of a new connection, `refilled` those of every write; `nested` fills
    objects that are there (path of one key). `password_policy` is added where the write brings no
    `password_options`; `password_options` always. `top` joins a new connection's top level.
    """

    generation: str
    created: Mapping[str, Any]
    refilled: Mapping[str, Any]
    nested: Mapping[str, Any]
    top: Mapping[str, Any]
    password_policy: str | None
    password_options: Mapping[str, Any] | None
    legacy_enabled_clients: bool
    """Whether PATCH of a connection still takes `enabled_clients` (refused since its end of life, api.md §1.4)."""

    def on_create(self, options: Mapping[str, Any]) -> Json:
        """The options that a POST stores."""
        result = self.on_update(options)
        for key, value in self.created.items():
            result.setdefault(key, deepcopy(value))
        if self.password_policy is not None and "password_options" not in result:
            result.setdefault("passwordPolicy", self.password_policy)
        if self.password_options is not None:
            result.setdefault("password_options", deepcopy(dict(self.password_options)))
        return result

    def on_update(self, options: Mapping[str, Any]) -> Json:
        """The options that a PATCH stores: those sent, with the few defaults that come back after a replace."""
        result = deepcopy(dict(options))
        for key, value in self.nested.items():
            if isinstance(result.get(key), dict):
                result[key] = _filled(result[key], value)
        for key, value in self.refilled.items():
            if result.get(key) is None:
                result[key] = deepcopy(value)
        attributes = result.get("attributes")
        if isinstance(attributes, dict):
            for name, value in _ATTRIBUTES.items():
                if isinstance(attributes.get(name), dict):
                    attributes[name] = _filled(attributes[name], value)
        return result


def _filled(value: Json, default: Mapping[str, Any]) -> Json:
    """`value` with the missing keys of `default`, objects inside objects too."""
    result = dict(value)
    for key, fallback in default.items():
        if key not in result:
            result[key] = deepcopy(fallback)
        elif isinstance(result[key], dict) and isinstance(fallback, Mapping):
            result[key] = _filled(result[key], fallback)
    return result


def defaults_of(generation: str, *, otp_methods: bool = False) -> Defaults:
    """The defaults of a generation in settings.GENERATIONS. Raises ValueError for another name.

    `otp_methods`: some tenants since 2026-03 also fill email_otp and phone_otp.
    """
    if generation not in GENERATIONS:
        raise ValueError(f"no generation of defaults is called {generation!r}; there are {', '.join(GENERATIONS)}")
    age = GENERATIONS.index(generation)
    password: Json = {"enabled": True}
    if age >= GENERATIONS.index("2026-01"):
        password["api_behavior"] = "required"
    if age >= GENERATIONS.index("2026-03"):
        password["signup_behavior"] = "allow"
    methods: Json = {"password": password, "passkey": {"enabled": False}}
    if otp_methods:
        methods |= {"email_otp": {"enabled": False}, "phone_otp": {"enabled": False}}
    nested: Json = {"password_options": _PASSWORD_OPTIONS}
    refilled: Json = {"brute_force_protection": True}
    if age >= GENERATIONS.index("2025-01"):
        refilled |= {"authentication_methods": methods, "passkey_options": _PASSKEY_OPTIONS}
        nested |= {"authentication_methods": methods, "passkey_options": _PASSKEY_OPTIONS}
    new_passwords = age >= GENERATIONS.index("2026-08")
    return Defaults(
        generation=generation,
        created={"mfa": _MFA, "strategy_version": 2},
        refilled=refilled,
        nested=nested,
        top=(
            {"authentication": {"active": True}, "connected_accounts": {"active": False}}
            if age >= GENERATIONS.index("2026-01")
            else {}
        ),
        password_policy=None if new_passwords else "good",
        password_options=_PASSWORD_OPTIONS if new_passwords else None,
        legacy_enabled_clients=not new_passwords,
    )
