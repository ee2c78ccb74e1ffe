"""The frozen values that reading a project gives: Project, Tenant, Connection, Script, configuration values.

Nothing here reads a file or the environment; `read.py` makes a Project, `overlay.py` the Connections of one tenant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar, Final

from dbconn_tui.problems import Place

Json = Any
"""A JSON value: None, bool, int, float, str, list or dict of these."""

LOCAL: Final = "local"
"""The reserved tenant name: it has no domain; its overlay feeds `try`, `test` and the local tenant."""

NO_PLACES: Final[Mapping[str, Place]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class TextValue:
    """A configuration value written in dbconn.yaml as plain text."""

    text: str


@dataclass(frozen=True, slots=True)
class SecretReference:
    """`{secret: NAME}`: from the environment (DBCONN_SECRET_…), else the OS keyring."""

    name: str


@dataclass(frozen=True, slots=True)
class EnvironmentReference:
    """`{env: NAME}`: that environment variable."""

    name: str


@dataclass(frozen=True, slots=True)
class KeptValue:
    """`{keep: live}`: the tenant's ciphertext goes back as received."""


@dataclass(frozen=True, slots=True)
class TestUser:
    """`test_user`: a user that is in the store already, for `dbconn test` where its scripts can make none."""

    # pytest must not take it for a class of tests.
    __test__: ClassVar[bool] = False

    email: str
    """The address or user name that it signs in with."""
    password: SecretReference | EnvironmentReference


ConfigurationValue = TextValue | SecretReference | EnvironmentReference | KeptValue


@dataclass(frozen=True, slots=True)
class SecretCommand:
    """`secrets_from: {command: […]}`: program and arguments that print the value of one secret."""

    words: tuple[str, ...]
    place: Place = Place()

    @property
    def program(self) -> str:
        """What messages call it: the first word."""
        return self.words[0]


@dataclass(frozen=True, slots=True)
class Allowance:
    """The requests that a subscription allows: `burst` at once, `per_second` in the long run."""

    burst: int
    per_second: float


@dataclass(frozen=True, slots=True)
class Tenant:
    """One entry of `tenants:` or one made from the environment.

    `domain` is canonical: lower case, without scheme (except `http://127.0.0.1:PORT` and
    `http://localhost:PORT`), path or default port. `rate` is the most requests a second that are wanted,
    None = as the tenant allows; `allowance` is the first guess of what that is, until answers tell.
    `track` is "metadata" or "local".
    """

    name: str
    domain: str
    client_id: str = ""
    audience: str = ""
    protected: bool = False
    read_only: bool = False
    rate: float | None = None
    allowance: Allowance | None = None
    track: str = "metadata"
    place: Place = Place()

    @property
    def base_url(self) -> str:
        """`https://DOMAIN`, or the loopback `http://` address as given; no final slash."""
        return self.domain if self.domain.startswith("http://") else f"https://{self.domain}"

    @property
    def api_audience(self) -> str:
        """The audience of the Management API; the domain's own unless `audience` says otherwise."""
        return self.audience or f"{self.base_url}/api/v2/"


@dataclass(frozen=True, slots=True)
class Script:
    """One action script as it will be sent: the file's text, byte for byte UTF-8."""

    kind: str
    path: Path
    file: str
    """`path` as shown to people: relative to the project folder, forward slashes."""
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Connection:
    """One connection as it should be on one tenant: defaults, connection and tenant overlay merged.

    `options` holds only what the files manage, in the API's own names and nested as there, without
    customScripts, configuration, import_mode and enabledDatabaseCustomization.
    `import_mode` None = the files say nothing. `enabled_clients` None = not managed.
    `places` maps item words (`script:login`, `option:mfa.active`, `configuration:KEY`, `import_mode`,
    `name`, `scripts`) to where the files say them.
    """

    key: str
    name: str
    display_name: str | None = None
    scripts: Mapping[str, Script] = field(default_factory=dict)
    import_mode: bool | None = None
    configuration: Mapping[str, ConfigurationValue] = field(default_factory=dict)
    enabled_clients: tuple[str, ...] | None = None
    options: Mapping[str, Json] = field(default_factory=dict)
    template: Mapping[str, Json] | None = None
    test_user: TestUser | None = None
    lint: Mapping[str, str] = field(default_factory=dict)
    """Rule id → severity ("error", "warning", "info", "off"): the project's with the connection's over it."""
    place: Place = Place()
    places: Mapping[str, Place] = field(default_factory=lambda: NO_PLACES)


@dataclass(frozen=True, slots=True)
class Project:
    """dbconn.yaml as read: tenants by name, and connections by key before any tenant's overlay.

    `root` is the folder of `file`; `shown_file` is the file as people see it (usually `dbconn.yaml`).
    `project_key` is 32 hex characters or empty. `document` is the checked tree of plain values
    that `overlay.py` merges; scripts are read once per project into `scripts`:
    connection key → kind → Script.
    """

    root: Path
    file: Path
    shown_file: str
    text: str = field(repr=False)
    project_key: str
    tenants: Mapping[str, Tenant]
    connection_keys: tuple[str, ...]
    scripts: Mapping[str, Mapping[str, Script]]
    document: Mapping[str, Json] = field(repr=False)
    places: Mapping[tuple[str | int, ...], Place] = field(repr=False)
    """Path in the document, e.g. ("connections", "users", "options") → place of its value (or alias)."""
    lint_preset: str = "recommended"
    lint_rules: Mapping[str, str] = field(default_factory=dict)
    secrets_from: SecretCommand | None = None
