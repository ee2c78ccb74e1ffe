"""What the Management API takes in requests about connections: one table of shapes, and the checks against it.

Follows connections-openapi.json (path schemas, and ConnectionOptionsAuth0 for strategy auth0); a test
compares the verdicts with that file. The limit of 100,000 characters a script is documented only
(api.md §3.7).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from dbconn_tui.action_scripts.kinds import KINDS, LARGEST_SCRIPT
from dbconn_tui.local_tenant.answers import refuse
from dbconn_tui.local_tenant.shapes import (
    Anything,
    Either,
    Flag,
    Misfit,
    Number,
    Object,
    Sequence,
    Shape,
    Text,
    misfits,
)

STRATEGIES: Final = frozenset(
    """
    ad adfs amazon apple auth0 auth0-oidc baidu bitbucket bitly box custom daccount dropbox dwolla email evernote
    evernote-sandbox exact facebook fitbit github google-apps google-oauth2 instagram ip line linkedin oauth1 oauth2
    office365 oidc okta paypal paypal-sandbox pingfederate planningcenter salesforce salesforce-community
    salesforce-sandbox samlp sharepoint shop shopify sms soundcloud thirtysevensignals twitter untappd vkontakte waad
    weibo windowslive wordpress yahoo yandex
    """.split(),  # noqa: SIM905 - a list of 55 literals is longer and no clearer
)
NAME: Final = Text(longest=128, pattern=r"[a-zA-Z0-9](-[a-zA-Z0-9]|[a-zA-Z0-9])*")
LARGEST_CLIENTS_WRITE: Final = 50


def _choice(*values: str, nullable: bool = False) -> Text:
    return Text(one_of=values, nullable=nullable)


_SWITCH: Final = Object({"enabled": Flag()})
_ACTIVE: Final = Object({"active": Flag()})
_STATUS: Final = _choice("required", "optional", "inactive")
_ATTRIBUTES: Final = Object(
    {
        "email": Object(
            {
                "identifier": Object({"active": Flag(), "default_method": _choice("password", "email_otp")}),
                "unique": Flag(),
                "profile_required": Flag(),
                "verification_method": _choice("link", "otp"),
                "signup": Object({"status": _STATUS, "verification": _ACTIVE}),
            },
        ),
        "phone_number": Object(
            {
                "identifier": Object({"active": Flag(), "default_method": _choice("password", "phone_otp")}),
                "profile_required": Flag(),
                "signup": Object({"status": _STATUS, "verification": _ACTIVE}),
            },
        ),
        "username": Object(
            {
                # Not in the API's description, but taken in a recorded request.
                "identifier": Object({"active": Flag(), "default_method": _choice("password")}),
                "profile_required": Flag(),
                "signup": Object({"status": _STATUS}),
                "validation": Object(
                    {
                        "min_length": Number(1, 128, whole=False),
                        "max_length": Number(1, 128, whole=False),
                        "allowed_types": Object({"email": Flag(), "phone_number": Flag()}),
                    },
                ),
            },
        ),
    },
    fewest=1,
)
_PASSWORD_OPTIONS: Final = Object(
    {
        "complexity": Object(
            {
                "min_length": Number(1, 72),
                "character_types": Sequence(_choice("uppercase", "lowercase", "number", "special")),
                "character_type_rule": _choice("all", "three_of_four"),
                "identical_characters": _choice("allow", "block"),
                "sequential_characters": _choice("allow", "block"),
                "max_length_exceeded": _choice("truncate", "error"),
            },
        ),
        "dictionary": Object(
            {"active": Flag(), "custom": Sequence(Text(longest=50)), "default": _choice("en_10k", "en_100k")},
        ),
        "history": Object({"active": Flag(), "size": Number(1, 24)}),
        "profile_data": Object({"active": Flag(), "blocked_fields": Sequence(Text(longest=100))}),
    },
)
_AUTHENTICATION_METHODS: Final = Object(
    {
        "password": Object(
            {
                "enabled": Flag(),
                "api_behavior": _choice("required", "optional"),
                "signup_behavior": _choice("allow", "block"),
            },
        ),
        "passkey": _SWITCH,
        "email_otp": _SWITCH,
        "phone_otp": _SWITCH,
    },
    nullable=True,
)
_UPSTREAM_ALIAS: Final = _choice(
    "acr_values",
    "audience",
    "client_id",
    "display",
    "id_token_hint",
    "login_hint",
    "max_age",
    "prompt",
    "resource",
    "response_mode",
    "response_type",
    "ui_locales",
)
_SCRIPT: Final = Text(shortest=1, longest=LARGEST_SCRIPT)
AUTH0_OPTIONS: Final = Object(
    {
        "attributes": _ATTRIBUTES,
        "authentication_methods": _AUTHENTICATION_METHODS,
        "brute_force_protection": Flag(),
        "configuration": Object(rest=Text(nullable=True), nullable=True),
        "customScripts": Object({kind.name: _SCRIPT for kind in KINDS}, rest=Anything()),
        "disable_self_service_change_password": Flag(),
        "disable_signup": Flag(),
        "enable_script_context": Flag(),
        "enabledDatabaseCustomization": Flag(),
        "import_mode": Flag(),
        "mfa": Object({"active": Flag(), "return_enroll_settings": Flag()}, rest=Anything()),
        "non_persistent_attrs": Sequence(Text(longest=255), longest=96, nullable=True),
        "passkey_options": Object(
            {
                "challenge_ui": _choice("both", "autofill", "button"),
                "progressive_enrollment_enabled": Flag(),
                "local_enrollment_enabled": Flag(),
            },
            nullable=True,
        ),
        "passwordPolicy": _choice("none", "low", "fair", "good", "excellent", nullable=True),
        "password_complexity_options": Object({"min_length": Number(1, 128)}, nullable=True),
        "password_dictionary": Object(
            {"enable": Flag(), "dictionary": Sequence(Text(longest=50))}, required=("enable",), nullable=True
        ),
        "password_history": Object({"enable": Flag(), "size": Number(0, 24)}, required=("enable",), nullable=True),
        "password_no_personal_info": Object({"enable": Flag()}, required=("enable",), nullable=True),
        "password_options": _PASSWORD_OPTIONS,
        "precedence": Sequence(_choice("email", "phone_number", "username"), shortest=3, longest=3, unique=True),
        "realm_fallback": Flag(),
        "requires_username": Flag(),
        "set_user_root_attributes": _choice("on_each_login", "on_first_login", "never_on_login"),
        "upstream_params": Object(
            rest=Either((Object({"alias": _UPSTREAM_ALIAS}), Object({"value": Text()}))), nullable=True
        ),
        "validation": Object(
            {
                "username": Object(
                    {"min": Number(least=1), "max": Number(most=128)}, required=("max", "min"), nullable=True
                ),
            },
            nullable=True,
        ),
    },
    rest=Anything(),
)
_OTHER_OPTIONS: Final = Object(rest=Anything())
_PURPOSE: Final = Object({"active": Flag()}, required=("active",))
_SHARED: Final[dict[str, Shape]] = {
    "display_name": Text(shortest=1, longest=128),
    "is_domain_connection": Flag(),
    "show_as_button": Flag(),
    "realms": Sequence(Text(), longest=10),
    "metadata": Object(rest=Text(longest=255, nullable=True), most=10),
    "authentication": _PURPOSE,
    "connected_accounts": Object({"active": Flag(), "cross_app_access": Flag()}, required=("active",)),
    "cross_app_access_requesting_app": _PURPOSE,
}
_CLIENTS: Final = Sequence(Text())
_CLIENTS_WRITE: Final = Sequence(
    Object({"client_id": Text(), "status": Flag()}, required=("client_id", "status")),
    shortest=1,
    longest=LARGEST_CLIENTS_WRITE,
)
_WORDS: Final = {
    "name": "The name of the connection",
    "strategy": "The kind of identity provider",
    "options": "The settings of the connection",
    "metadata": "The metadata of the connection",
    "per_page": "How many a page",
    "take": "How many a page",
    "page": "The page, from 0",
}
"""Our own descriptions for the brackets that the API's messages end in."""


def check_creation(body: Any) -> None:
    """Raises Refusal (400) unless `body` may be POSTed to /connections."""
    strategy = body.get("strategy") if isinstance(body, dict) else None
    _check(
        body,
        Object(
            {
                "name": NAME,
                "strategy": Text(one_of=STRATEGIES),
                "options": AUTH0_OPTIONS if strategy == "auth0" else _OTHER_OPTIONS,
                "enabled_clients": _CLIENTS,
                **_SHARED,
            },
            required=("name", "strategy"),
        ),
    )


def check_update(body: Any, strategy: str, *, legacy_enabled_clients: bool) -> None:
    """Raises Refusal (400) unless `body` may be PATCHed into a connection of `strategy`."""
    options = AUTH0_OPTIONS if strategy == "auth0" else _OTHER_OPTIONS
    clients: dict[str, Shape] = {"enabled_clients": replace(_CLIENTS, nullable=True)} if legacy_enabled_clients else {}
    _check(body, Object({"options": replace(options, nullable=True), **clients, **_SHARED}, fewest=1))


def check_clients_write(body: Any) -> None:
    """Raises Refusal (400) unless `body` may be PATCHed to /connections/{id}/clients."""
    _check(body, _CLIENTS_WRITE)


def whole_number(query: Mapping[str, str], key: str, least: int, most: int | None, default: int) -> int:
    """A number of the query string. Raises Refusal (400) outside of `least`..`most`."""
    text = query.get(key)
    if text is None:
        return default
    value: object = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text
    for misfit in misfits(value, Number(least, most)):
        raise refuse(400, _worded("Query", Misfit(key, misfit.message)), "invalid_query_string")
    return int(text)


def _check(body: Any, shape: Shape) -> None:
    for misfit in misfits(body, shape):
        raise refuse(400, _worded("Payload", misfit), "invalid_body")


def _worded(what: str, misfit: Misfit) -> str:
    message = f"{what} validation error: '{misfit.message}'"
    if not misfit.path:
        return message
    words = _WORDS.get(misfit.path)
    return f"{message} on property {misfit.path}" + (f" ({words})." if words else "")
