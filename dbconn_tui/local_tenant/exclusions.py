"""What the platform refuses although the schema allows it: exclusions and one-way switches (api.md §2.4, §2.5).

Messages marked "not recorded" there are our own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from dbconn_tui.local_tenant.answers import refuse, refuse_invalid_body
from dbconn_tui.local_tenant.defaults import LEGACY_PASSWORD_OPTIONS

Options = Mapping[str, Any]

ALL_CHARACTER_TYPES: Final = {"uppercase", "lowercase", "number", "special"}


def check_options(sent: Options, filled: Options, stored: Options | None, users: int) -> None:
    """Raises Refusal (400) when options may not be written.

    `sent` are those of the body, `filled` the same with defaults in nested objects, `stored` those
    of the connection so far (None for a new one), `users` how many users its database holds.
    """
    _check_identifiers(sent, filled, stored)
    _check_passwords(sent)
    _check_switches(sent, stored, users)


def check_top_level(body: Mapping[str, Any]) -> None:
    """Raises Refusal (400) for top-level keys that no auth0 connection takes."""
    if "cross_app_access_requesting_app" in body:
        raise refuse(
            400,
            "cross_app_access_requesting_app is not supported for connections of strategy auth0",
            "operation_not_supported",
        )


def _check_identifiers(sent: Options, filled: Options, stored: Options | None) -> None:
    attributes = filled.get("attributes")
    if not isinstance(attributes, dict):
        return
    if sent.get("requires_username"):
        raise refuse_invalid_body("Cannot set both options.attributes and options.requires_username")
    if sent.get("validation") is not None:
        raise refuse_invalid_body("Cannot set both options.attributes and options.validation")
    if not any(one.get("identifier", {}).get("active") for one in attributes.values()):
        raise refuse_invalid_body("attributes must contain one active identifier")
    for name, one in attributes.items():
        if one.get("profile_required") and one.get("signup", {}).get("status") == "inactive":
            raise refuse_invalid_body(f"attribute {name} must also be required on signup")
    if "email" in attributes:
        _check_unique_email(attributes["email"], stored)


def _check_unique_email(email: Options, stored: Options | None) -> None:
    unique = email["unique"]
    if stored is not None:
        before = (stored.get("attributes") or {}).get("email")
        if before is None and not unique:
            raise refuse_invalid_body("cannot add non-unique email attribute")
        if before is not None and before.get("unique", True) != unique:
            raise refuse_invalid_body("cannot patch unique property on email attribute")
    if not unique and email.get("identifier", {}).get("active"):
        raise refuse_invalid_body("a non-unique email attribute cannot be an active identifier")


def _check_passwords(sent: Options) -> None:
    legacy = [key for key in LEGACY_PASSWORD_OPTIONS if sent.get(key) is not None]
    options = sent.get("password_options")
    if options is not None and legacy:
        raise refuse_invalid_body(f"Cannot set both options.password_options and options.{legacy[0]}")
    complexity = (options or {}).get("complexity", {})
    if complexity.get("character_type_rule") == "three_of_four" and (
        set(complexity.get("character_types", [])) != ALL_CHARACTER_TYPES
    ):
        raise refuse_invalid_body("character_type_rule three_of_four needs all four character_types")
    password = (sent.get("authentication_methods") or {}).get("password", {})
    if password.get("signup_behavior") == "block" and password.get("api_behavior") != "optional":
        raise refuse_invalid_body("signup_behavior block needs api_behavior optional")


def _check_switches(sent: Options, stored: Options | None, users: int) -> None:
    if "set_user_root_attributes" in sent and not sent.get("enabledDatabaseCustomization"):
        raise refuse_invalid_body(
            "options.set_user_root_attributes can be set only for enterprise connections, social connections "
            "or custom database connections (using external users store)",
        )
    password_hash = sent.get("custom_password_hash")
    if isinstance(password_hash, dict) and not password_hash.get("action_id"):
        raise refuse_invalid_body("The action_id field value cannot be empty, null or undefined")
    if stored is None:
        return
    if stored.get("enable_script_context") and not sent.get("enable_script_context"):
        raise refuse_invalid_body("once enabled, options.enable_script_context can not be disabled")
    custom = "enabledDatabaseCustomization"
    if users and bool(stored.get(custom)) != bool(sent.get(custom)):
        raise refuse_invalid_body(
            f'This database contains users. You cannot change "options.{custom}" setting.',
        )
