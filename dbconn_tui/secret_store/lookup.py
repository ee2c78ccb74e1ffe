"""Lookup: every configuration value of some connections from where the project says it comes from.

Everything that is not available is collected, never the first alone, so that one run names all that is missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dbconn_tui.errors import SecretStoreError
from dbconn_tui.problems import Place
from dbconn_tui.project.tenant_choice import environment_counts
from dbconn_tui.project.values import (
    Connection,
    EnvironmentReference,
    KeptValue,
    Project,
    SecretReference,
    Tenant,
    TextValue,
)
from dbconn_tui.secret_store.command_source import CommandSource
from dbconn_tui.secret_store.values import DamagedValueError, SecretStore, value_service
from dbconn_tui.sensitive import Sensitive


@dataclass(frozen=True, slots=True)
class Missing:
    """One configuration value that is not available here.

    `connection` is the key in dbconn.yaml, `key` the configuration key, `source` what the project
    says it comes from (`secret api_key`, `env API_KEY`), `hint` how to provide it.
    """

    connection: str
    key: str
    source: str
    place: Place
    hint: str


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a lookup found: connection key → configuration key → value.

    `kept` has, by connection key, the configuration keys that are `{keep: live}`: neither a value nor missing.
    """

    values: Mapping[str, Mapping[str, Sensitive]]
    missing: tuple[Missing, ...]
    kept: Mapping[str, frozenset[str]]
    from_command: frozenset[str] = frozenset()
    """Names of secrets whose values the project's command gave."""


def variable_names(tenant: Tenant, secret_name: str, *, sole: bool) -> tuple[str, ...]:
    """The environment variables that may hold a secret, the first set one counts.

    `sole`: the project has one tenant or AUTH0_DOMAIN names this one, so that the plain name is meant for it too.
    """
    own = f"DBCONN_SECRET_{_variable_part(tenant.name)}__{_variable_part(secret_name)}"
    return (own, f"DBCONN_SECRET_{_variable_part(secret_name)}") if sole else (own,)


def is_sole(tenant: Tenant, project: Project, environment: Mapping[str, str]) -> bool:
    """Whether plain DBCONN_SECRET_<NAME> variables are meant for this tenant (design §3 "Secrets")."""
    return len(project.tenants) <= 1 or environment_counts(tenant, environment)


def resolve(
    connections: Iterable[Connection],
    tenant: Tenant,
    project: Project,
    environment: Mapping[str, str],
    store: SecretStore,
    command: CommandSource | None = None,
) -> Resolved:
    """Looks up every configuration value of `connections` on `tenant`; raises nothing.

    The store is asked once at most for each distinct secret, and no more after it failed: what it would
    have held is missing then, with the reason in the hint (a plan needs no value, design §3). A secret that
    `command` was told not to be asked for is neither a value nor missing.
    """
    source = _Source(tenant, is_sole(tenant, project, environment), environment, store, command)
    connections = tuple(connections)
    every = [value for connection in connections for value in connection.configuration.values()]
    source.prepare([value.name for value in every if isinstance(value, SecretReference)])
    values: dict[str, dict[str, Sensitive]] = {}
    missing: list[Missing] = []
    kept: dict[str, frozenset[str]] = {}
    for connection in connections:
        found: dict[str, Sensitive] = {}
        for key, given in connection.configuration.items():
            match given:
                case TextValue(text):
                    found[key] = Sensitive(text)
                    continue
                case SecretReference(name) if source.is_left_alone(name):
                    continue
                case SecretReference(name):
                    label, value, hint = f"secret {name}", *source.secret(name)
                case EnvironmentReference(name):
                    label, value, hint = f"env {name}", *source.variable(name)
                case KeptValue():
                    continue
            if value is not None:
                found[key] = value
            else:
                place = connection.places.get(f"configuration:{key}", connection.place)
                missing.append(Missing(connection.key, key, label, place, hint))
        values[connection.key] = found
        kept[connection.key] = frozenset(k for k, v in connection.configuration.items() if isinstance(v, KeptValue))
    return Resolved(values, tuple(missing), kept, frozenset(source.from_command))


class _Source:
    """The environment, the project's command and the store behind one lookup; remembers what it read."""

    def __init__(
        self,
        tenant: Tenant,
        sole: bool,
        environment: Mapping[str, str],
        store: SecretStore,
        command: CommandSource | None,
    ) -> None:
        self._tenant = tenant
        self._sole = sole
        self._environment = environment
        self._store = store
        self._command = command
        self.from_command: set[str] = set()
        self._stored: dict[str, tuple[Sensitive | None, str]] = {}
        self._store_failure: str | None = None

    def variable(self, name: str) -> tuple[Sensitive | None, str]:
        """The value of an environment variable, or None and how to provide it."""
        text = self._environment.get(name, "")
        if text and not _is_unicode(text):
            return None, f"{name} holds bytes that are not UTF-8 text."
        if not text:
            state = "empty" if name in self._environment else "not set"
            return None, f"The environment variable {name} is {state}: set it."
        return Sensitive(text), ""

    def prepare(self, names: Iterable[str]) -> None:
        """Ask the command for all that the environment does not give."""
        if self._command is not None:
            wanted = [name for name in dict.fromkeys(names) if not self._is_set(name)]
            self._command.prepare(self._tenant, wanted)

    def is_left_alone(self, name: str) -> bool:
        """Whether only the command could tell, and it is not asked."""
        if self._command is None or self._is_set(name):
            return False
        return self._command.ask(self._tenant, name).unasked

    def _is_set(self, name: str) -> bool:
        return any(map(self._environment.get, self._variables(name)))

    def secret(self, name: str) -> tuple[Sensitive | None, str]:
        """The value of a secret from the environment, the command or the store; or None and how to provide it."""
        names = self._variables(name)
        for variable in names:
            if self._environment.get(variable):
                return self.variable(variable)
        if self._command is not None:
            answer = self._command.ask(self._tenant, name)
            if answer.value is not None:
                self.from_command.add(name)
                return answer.value, ""
            if answer.failure:
                return None, f"{answer.failure} Or set the environment variable {names[-1]}."
        if name not in self._stored:
            self._stored[name] = self._read_store(name)
        value, failure = self._stored[name]
        if value is not None:
            return value, ""
        if failure:
            return None, f"{failure} Or set the environment variable {names[-1]}."
        command = f"dbconn secrets set {name} --tenant {self._tenant.name}"
        return None, f"Store it with `{command}`, or set the environment variable {names[-1]}."

    def _variables(self, name: str) -> tuple[str, ...]:
        return variable_names(self._tenant, name, sole=self._sole)

    def _read_store(self, name: str) -> tuple[Sensitive | None, str]:
        if self._store_failure is None:
            self._store_failure = self._store.available()
        if self._store_failure:
            return None, self._store_failure
        try:
            return self._store.get(value_service(self._tenant.domain or self._tenant.name), name), ""
        except DamagedValueError as error:
            return None, f"{error.message} Store it again with `dbconn secrets set {name}`."
        except SecretStoreError as error:
            self._store_failure = error.message
            return None, error.message


def _variable_part(name: str) -> str:
    return re.sub(r"[^A-Z0-9]", "_", name.upper())


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
