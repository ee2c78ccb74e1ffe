"""What the platform gives a connection by itself, so that files need not say it.

Recorded answers to a bare POST, generation by generation (api.md §2.2), and switches that are off unless
somebody turns them on (api.md §2.3).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from dbconn_tui.deploy.fingerprint import canonical_json
from dbconn_tui.deploy.leaves import Path, leaves

_DEFAULTS: Final[Mapping[str, Any]] = {
    "mfa": {"active": True, "return_enroll_settings": True},
    "passwordPolicy": "good",
    "strategy_version": 2,
    "brute_force_protection": True,
    "authentication_methods": {
        "password": {"enabled": True, "api_behavior": "required", "signup_behavior": "allow"},
        "passkey": {"enabled": False},
        "email_otp": {"enabled": False},
        "phone_otp": {"enabled": False},
    },
    "passkey_options": {
        "challenge_ui": "both",
        "progressive_enrollment_enabled": True,
        "local_enrollment_enabled": True,
    },
    "password_options": {
        "complexity": {
            "min_length": 15,
            "character_types": [],
            "character_type_rule": "all",
            "identical_characters": "allow",
            "sequential_characters": "allow",
            "max_length_exceeded": "error",
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
    },
    "attributes": {
        "email": {"verification_method": "link", "unique": True},
        "username": {
            "validation": {
                "min_length": 1,
                "max_length": 15,
                "allowed_types": {"email": False, "phone_number": False},
            }
        },
    },
    "disable_signup": False,
    "requires_username": False,
    "enable_script_context": False,
    "disable_self_service_change_password": False,
    "realm_fallback": False,
}

_BY_PATH: Final[Mapping[Path, str]] = {path: canonical_json(value) for path, value in leaves(_DEFAULTS)}


def is_default(path: Path, value: Any) -> bool:
    """Whether an option leaf has the value that the platform gives it by itself."""
    return _BY_PATH.get(path) == canonical_json(value)
