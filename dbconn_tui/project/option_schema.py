"""The options of a database connection, in the API's own names: their types, limits and one sentence each.

A part of the one table in schema.py. Sources: api.md §2.3 and connections-openapi.json.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from dbconn_tui.project.shapes import (
    Anything,
    Choice,
    Flag,
    Group,
    Key,
    ListOf,
    MapOf,
    Number,
    Text,
)


def _flag(name: str, sentence: str, default: str = "") -> Key:
    return Key(name, Flag(), sentence, default)


def _choice(name: str, values: tuple[str | int, ...], sentence: str) -> Key:
    return Key(name, Choice(values), sentence)


def _whole(name: str, least: int | None, most: int | None, sentence: str) -> Key:
    return Key(name, Number(least, most), sentence)


def _open(name: str, sentence: str, *keys: Key) -> Key:
    """An option that is a map; unknown keys in it go through with a warning, as everywhere in options."""
    return Key(name, Group(keys, open=True), sentence)


def _enabled(name: str, what: str) -> Key:
    return _open(name, f"Sign-in with {what}.", _flag("enabled", f"Whether users can sign in with {what}."))


_SIGNUP_STATUS: Final = ("required", "optional", "inactive")
_STATUS = _choice("status", _SIGNUP_STATUS, "Whether a sign-up asks for it.")
_IDENTIFIES = _flag("active", "Whether users can sign in with it.")
_PROFILE_REQUIRED = _flag("profile_required", "Whether every profile must have it.")
_VERIFIED_SIGNUP = _open(
    "signup",
    "What happens with it at sign-up.",
    _STATUS,
    _open("verification", "Proof that it is the user's.", _flag("active", "Whether sign-up verifies it.")),
)

_EMAIL = _open(
    "email",
    "The e-mail address.",
    _open(
        "identifier",
        "The e-mail address as what users sign in with.",
        _IDENTIFIES,
        _choice(
            "default_method", ("password", "email_otp"), "What a user who gave an e-mail address is asked for first."
        ),
    ),
    _flag("unique", "Whether two users may not share one; false is possible only when the connection is made."),
    _PROFILE_REQUIRED,
    _choice("verification_method", ("link", "otp"), "How an address is verified: by a link or by a one-time code."),
    _VERIFIED_SIGNUP,
)
_PHONE_NUMBER = _open(
    "phone_number",
    "The phone number.",
    _open(
        "identifier",
        "The phone number as what users sign in with.",
        _IDENTIFIES,
        _choice("default_method", ("password", "phone_otp"), "What a user who gave a phone number is asked for first."),
    ),
    _PROFILE_REQUIRED,
    _VERIFIED_SIGNUP,
)
_USERNAME = _open(
    "username",
    "The user name.",
    _open("identifier", "The user name as what users sign in with.", _IDENTIFIES),
    _PROFILE_REQUIRED,
    _open("signup", "What happens with it at sign-up.", _STATUS),
    _open(
        "validation",
        "Which user names are taken.",
        _whole("min_length", 1, 128, "Fewest characters."),
        _whole("max_length", 1, 128, "Most characters."),
        _open(
            "allowed_types",
            "What a user name may look like.",
            _flag("email", "Whether it may be an e-mail address."),
            _flag("phone_number", "Whether it may be a phone number."),
        ),
    ),
)
_ATTRIBUTES = _open(
    "attributes",
    "Which attributes users have and sign in with; excludes requires_username and validation.",
    _EMAIL,
    _PHONE_NUMBER,
    _USERNAME,
)

_AUTHENTICATION_METHODS = _open(
    "authentication_methods",
    "The ways to sign in.",
    _open(
        "password",
        "Sign-in with a password.",
        _flag("enabled", "Whether users can sign in with a password."),
        _choice("api_behavior", ("required", "optional"), "Whether making a user through the API needs a password."),
        _choice(
            "signup_behavior", ("allow", "block"), "Whether a sign-up may set one; block needs api_behavior optional."
        ),
    ),
    _enabled("passkey", "passkeys"),
    _enabled("email_otp", "a one-time code by e-mail"),
    _enabled("phone_otp", "a one-time code by phone"),
)

_PASSWORD_OPTIONS = _open(
    "password_options",
    "The newer group of password rules; excludes passwordPolicy and the other password_ options.",
    _open(
        "complexity",
        "What a password is made of.",
        _whole("min_length", 1, 72, "Fewest characters."),
        Key(
            "character_types",
            ListOf(Choice(("uppercase", "lowercase", "number", "special"))),
            "The kinds of character a password must have.",
        ),
        _choice(
            "character_type_rule", ("all", "three_of_four"), "How many of them; three_of_four needs all four listed."
        ),
        _choice("identical_characters", ("allow", "block"), "Whether a character may be repeated in a row."),
        _choice("sequential_characters", ("allow", "block"), "Whether runs such as abc or 123 are taken."),
        _choice("max_length_exceeded", ("truncate", "error"), "What becomes of a password that is too long."),
    ),
    _open(
        "dictionary",
        "Words that are no password.",
        _flag("active", "Whether passwords are looked up."),
        Key("custom", ListOf(Text(longest=50), most=200), "Words of your own."),
        _choice("default", ("en_10k", "en_100k"), "The list of common passwords to use."),
    ),
    _open(
        "history",
        "Passwords a user had before.",
        _flag("active", "Whether they are refused."),
        _whole("size", 1, 24, "How many are remembered."),
    ),
    _open(
        "profile_data",
        "A user's own data in a password.",
        _flag("active", "Whether it is refused."),
        Key("blocked_fields", ListOf(Text(longest=100), most=12), "The profile fields that are looked for."),
    ),
)

OPTIONS: Final = Group(
    (
        _flag("requires_username", "Whether users have a user name beside the e-mail address; excludes attributes."),
        _flag("disable_signup", "Whether sign-up is closed; users who exist still sign in."),
        _flag("brute_force_protection", "Whether repeated failures from one address are blocked."),
        _flag("disable_self_service_change_password", 'Whether login pages leave out "Forgot password".'),
        _flag("enable_script_context", "Whether scripts get a context argument; it can never be switched off again."),
        _flag("realm_fallback", "Whether realm fallback is used."),
        _whole("strategy_version", 1, 2, "The generation of the database strategy; 2 validates what scripts return."),
        _open(
            "mfa",
            "Multi-factor authentication of the connection.",
            _flag("active", "Whether it is on."),
            _flag("return_enroll_settings", "Whether enrolment settings are returned."),
        ),
        _choice("passwordPolicy", ("none", "low", "fair", "good", "excellent"), "How strong a password must be."),
        _open(
            "password_complexity_options",
            "What a password is made of, beside passwordPolicy.",
            _whole("min_length", 1, 128, "Fewest characters."),
        ),
        _open(
            "password_history",
            "Passwords a user had before.",
            _flag("enable", "Whether they are refused."),
            _whole("size", 0, 24, "How many are remembered."),
        ),
        _open(
            "password_dictionary",
            "Words that are no password.",
            _flag("enable", "Whether passwords are looked up."),
            Key("dictionary", ListOf(Text(longest=50), most=200), "Words of your own."),
        ),
        _open(
            "password_no_personal_info", "A user's own data in a password.", _flag("enable", "Whether it is refused.")
        ),
        _PASSWORD_OPTIONS,
        _open(
            "validation",
            "Which user names are taken with requires_username; excludes attributes.",
            _open(
                "username",
                "The length of a user name.",
                _whole("min", 1, None, "Fewest characters."),
                _whole("max", None, 128, "Most characters."),
            ),
        ),
        _ATTRIBUTES,
        Key(
            "precedence",
            ListOf(Choice(("email", "phone_number", "username")), 3, 3, unique=True),
            "Which attribute an identifier is taken for first; all three, in any order.",
        ),
        _AUTHENTICATION_METHODS,
        _open(
            "passkey_options",
            "How passkeys are offered.",
            _choice("challenge_ui", ("both", "autofill", "button"), "How the login page asks for one."),
            _flag("progressive_enrollment_enabled", "Whether users are offered one as they sign in."),
            _flag("local_enrollment_enabled", "Whether users of another device's passkey are offered one here."),
        ),
        _open(
            "custom_password_hash",
            "An action that checks password hashes of your own.",
            Key("action_id", Text(shortest=1), "The action's id."),
        ),
        Key(
            "non_persistent_attrs",
            ListOf(Text(longest=255), most=96),
            "Profile fields that are never stored.",
        ),
        _choice(
            "set_user_root_attributes",
            ("on_each_login", "on_first_login", "never_on_login"),
            "When name, nickname and picture are taken over; only with an external user store.",
        ),
        Key("upstream_params", MapOf(Anything()), "Parameters that are handed on to another identity provider."),
    ),
    open=True,
    layered=True,
    reserved=MappingProxyType(
        {
            "customScripts": "the scripts come from files: use `scripts` of the connection",
            "configuration": "use `configuration` of the connection",
            "import_mode": "use `import_mode` of the connection",
            "enabledDatabaseCustomization": "dbconn always sends true: leave it out",
        }
    ),
)
"""Every known option of a database connection, in the API's own names; other ones are sent too, with a warning."""
