"""Schema: the one table of every key of dbconn.yaml, with type, default and one sentence.

Checking, the JSON Schema of `dbconn schema`, docs and forms come from it. Keys of the file: design §3.
Options of the strategy auth0 with their constraints: api.md §2.3 and connections-openapi.json.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from dbconn_tui.project.shapes import (
    Anything,
    Choice,
    Either,
    Flag,
    Group,
    Key,
    ListOf,
    MapOf,
    Measure,
    Number,
    Shape,
    Text,
)
from dbconn_tui.project.values import LOCAL, Allowance, Json

VERSION: Final = 1
"""The format version that this dbconn reads and writes."""

SCRIPT_KINDS: Final = (
    "login",
    "get_user",
    "create",
    "verify",
    "change_password",
    "delete",
    "change_email",
    "change_username",
    "change_phone_number",
)
"""The kinds of action script that have names; the room action_scripts knows what they do."""

LINT_PRESETS: Final = ("recommended", "strict", "legacy")
SEVERITIES: Final = ("error", "warning", "info", "off")

LIVE_NAME: Final = Text(
    r"[a-zA-Z0-9](-[a-zA-Z0-9]|[a-zA-Z0-9])*",
    "letters, digits and single dashes in between, as the tenant demands",
    longest=128,
)
"""api.md §2 "Name"."""

LONGEST_DASHBOARD_NAME: Final = 35
"""Characters; the dashboard makes no longer names (api.md §2)."""

CONNECTION_KEY: Final = Text(
    r"[A-Za-z0-9][A-Za-z0-9._-]*", "letters, digits, dots, dashes and underscores, a letter or digit first", longest=128
)
TENANT_NAME: Final = Text(
    r"[A-Za-z0-9][A-Za-z0-9._-]*", "letters, digits, dots, dashes and underscores, a letter or digit first", longest=253
)
SECRET_NAME: Final = Text(
    r"[A-Za-z][A-Za-z0-9_]{0,63}",
    "the name of a secret: a letter, then letters, digits and underscores, 64 characters at most",
    hidden=True,
)
VARIABLE_NAME: Final = Text(
    r"[A-Za-z_][A-Za-z0-9_]*", "the name of an environment variable: letters, digits and underscores", hidden=True
)
_NOT_EMPTY: Final = Text(shortest=1)
_RULE_ID: Final = Text(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", "the id of a rule, such as `callback-once`")

SUBSCRIPTIONS: Final[Mapping[str, Allowance]] = MappingProxyType(
    {
        "free": Allowance(2, 2.0),
        "essentials": Allowance(10, 2.5),
        "professional": Allowance(10, 2.5),
        "enterprise-dev": Allowance(10, 2.0),
        "enterprise": Allowance(50, 16.0),
        "private-20": Allowance(20, 20.0),
        "private-100": Allowance(50, 50.0),
        "private-500": Allowance(250, 250.0),
        "private-1500": Allowance(750, 750.0),
    }
)
"""What a subscription allows of writes (api.md §6.3); a first guess that the tenant's answers correct."""

_SECRET_KEY: Final = Key(
    "secret", SECRET_NAME, "Reads DBCONN_SECRET_… from the environment, else the keyring entry of that name."
)
_VARIABLE_KEY: Final = Key("env", VARIABLE_NAME, "Reads that environment variable.")

CONFIGURATION_VALUE: Final = Either(
    Text(rule="configuration-value-type", hidden=True),
    Group(
        (
            _SECRET_KEY,
            _VARIABLE_KEY,
            Key("keep", Choice(("live",)), "Sends the tenant's own ciphertext back as received."),
        ),
        one_of=True,
    ),
)


PASSWORD: Final = Group((_SECRET_KEY, _VARIABLE_KEY), one_of=True, hidden=True)
"""A password is named, never written."""

TEST_USER: Final = Group(
    (
        Key("email", _NOT_EMPTY, "The address or user name that it signs in with.", required=True),
        Key("password", PASSWORD, "Where its password comes from; it never stands in the file.", required=True),
    )
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
            Key("action_id", _NOT_EMPTY, "The action's id."),
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


def _overlay_keys() -> tuple[Key, ...]:
    """What may differ from tenant to tenant."""
    return (
        Key("name", LIVE_NAME, "The connection's name on the tenant.", "the connection's key"),
        Key("display_name", Text(shortest=1, longest=128), "The name that people see on login pages.", "not managed"),
        Key(
            "import_mode",
            Flag(),
            "Whether users move into Auth0 at their first login; only login and get_user run then.",
            "not managed; false on a new connection",
        ),
        Key(
            "configuration",
            MapOf(CONFIGURATION_VALUE, _NOT_EMPTY, "configuration key"),
            "What scripts read as `configuration.KEY`; each value is text, a secret, a variable or kept.",
            "none",
        ),
        Key(
            "enabled_clients",
            ListOf(_NOT_EMPTY, unique=True),
            "The applications that use the connection, by name or id.",
            "not managed",
        ),
        Key("options", OPTIONS, "Any other option of the connection, in the API's own names.", "not managed"),
        Key(
            "test_user",
            TEST_USER,
            "A user that is in the store, for `dbconn test` where the scripts can make none.",
            "none: what needs one is not tested then",
        ),
    )


def _lint(*keys: Key) -> Key:
    rules = Key(
        "rules",
        MapOf(Choice(SEVERITIES), _RULE_ID, "rule"),
        "The severity of single rules: error, warning, info or off.",
        "each rule's own",
    )
    return Key("lint", Group((*keys, rules)), "Which lint rules apply, and how strictly.")


_SCRIPTS: Final = Key(
    "scripts",
    Either(_NOT_EMPTY, MapOf(_NOT_EMPTY, Text(r"[A-Za-z0-9_]+", "a kind of script, such as login"), "script kind")),
    "The folder with login.js, get_user.js and so on, or a map from kind to file.",
    "scripts/KEY",
)
_ONLY: Final = Key("only", ListOf(TENANT_NAME, unique=True), "The tenants that the connection exists on.", "all")
_TEMPLATE: Final = Key(
    "template",
    Group(
        (
            Key("name", _NOT_EMPTY, "The template's name.", required=True),
            Key("version", Number(1), "The template's version at that time."),
            Key("values", MapOf(Anything()), "The answers that the template was filled with."),
        )
    ),
    "Where the scripts came from; `dbconn add` writes it for `dbconn template update`.",
    "none",
)
_LINT: Final = _lint()
OVERLAY: Final = Group(_overlay_keys(), layered=True)
_TENANTS: Final = Key("tenants", MapOf(OVERLAY, TENANT_NAME, "tenant"), "What differs on a tenant.", "nothing")

DEFAULTS: Final = Group(
    (*(key for key in OVERLAY.keys if key.name != "name"), _SCRIPTS, _LINT, _ONLY, _TENANTS),
    layered=True,
)
CONNECTION: Final = Group((*OVERLAY.keys, _SCRIPTS, _TEMPLATE, _LINT, _ONLY, _TENANTS), layered=True)

TENANT: Final = Group(
    (
        Key("domain", _NOT_EMPTY, "The tenant's own address, not a custom domain.", required=True),
        Key(
            "client_id",
            _NOT_EMPTY,
            "The machine-to-machine application that dbconn signs in as.",
            "asked by `dbconn login`",
        ),
        Key("audience", _NOT_EMPTY, "The Management API's identifier.", "https://DOMAIN/api/v2/"),
        Key("protected", Flag(), "Whether a deploy needs the tenant's name typed, or --confirm NAME.", "false"),
        Key("read_only", Flag(), "Whether dbconn never writes to the tenant.", "false"),
        Key(
            "rate",
            Measure(Number(0, 1000, whole=False, above=True), tuple(SUBSCRIPTIONS)),
            "The most requests a second; or the subscription (free, enterprise, …), whose limits are the first guess.",
            "learnt from the tenant",
        ),
        Key(
            "track",
            Choice(("metadata", "local")),
            "Where the record of the last deploy is: in the connection's metadata, or on this machine only.",
            "metadata",
        ),
    )
)

TOP: Final = Group(
    (
        Key("version", Choice((VERSION,)), "The version of this file's format.", str(VERSION)),
        Key(
            "project_key",
            Text(r"[0-9a-f]{32}", "32 characters 0-9 and a-f"),
            "Keys the fingerprints of configuration values; `dbconn init` makes it, and it never changes.",
            "none: such values are tracked on this machine only",
        ),
        Key(
            "tenants", MapOf(TENANT, TENANT_NAME, "tenant"), f"The tenants to deploy to; `{LOCAL}` is reserved.", "none"
        ),
        Key("defaults", DEFAULTS, "What holds for every connection that says nothing else.", "nothing"),
        Key("connections", MapOf(CONNECTION, CONNECTION_KEY, "connection"), "The connections, by key.", "none"),
        _lint(Key("preset", Choice(LINT_PRESETS), "The set of rules to start from.", "recommended")),
        Key(
            "secrets_from",
            Group(
                (
                    Key(
                        "command",
                        ListOf(_NOT_EMPTY, 1),
                        "Program and arguments, run without a shell; {tenant}, {name} and {domain} are filled in.",
                        required=True,
                    ),
                )
            ),
            "A command that prints the value of a {secret: NAME}; it runs only after `dbconn trust`.",
            "none",
        ),
    )
)
"""The whole file."""


def json_schema() -> dict[str, Json]:
    """The table as a JSON Schema (draft 2020-12), for editors and for `dbconn schema`."""
    from dbconn_tui.project.json_schema import schema_of

    shared: dict[str, Shape] = {
        "connection": CONNECTION,
        "overlay": OVERLAY,
        "defaults": DEFAULTS,
        "options": OPTIONS,
        "configuration_value": CONFIGURATION_VALUE,
        "tenant": TENANT,
    }
    return schema_of(TOP, shared, "A project of dbconn: tenants and custom database connections.")
