"""Schema: the one table of every key of dbconn.yaml, with type, default and one sentence.

Checking, the JSON Schema of `dbconn schema`, docs and forms come from it. Keys of the file: design §3. The options
of a connection, a part of this table, have a file of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from dbconn_tui.project.option_schema import OPTIONS
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
