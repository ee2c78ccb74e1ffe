"""Cross checks: what no single value shows, such as two tenants with one domain or an overlay for no tenant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from dbconn_tui.problems import Place, Problem, Severity
from dbconn_tui.project.domain import canonical_domain
from dbconn_tui.project.near_names import nearest
from dbconn_tui.project.schema import LIVE_NAME, LONGEST_DASHBOARD_NAME, SUBSCRIPTIONS
from dbconn_tui.project.values import LOCAL, Json, SecretCommand, Tenant

Path = tuple[str | int, ...]

SECRET_PLACEHOLDERS: Final = ("tenant", "name", "domain")
"""What is filled into the arguments of `secrets_from`'s command."""

_PLACEHOLDER: Final = re.compile(r"\{([a-z_]+)\}")


class CrossChecks:
    """The checks over one file's plain values, some of which may be missing where other problems were found."""

    def __init__(self, values: Mapping[str, Json], places: Mapping[Path, Place], file: str) -> None:
        self.values = values
        self.places = places
        self.file = file
        self.problems: list[Problem] = []

    def tenants(self) -> dict[str, Tenant]:
        """The tenants by name; those without a usable domain are left out and reported."""
        made: dict[str, Tenant] = {}
        domains: dict[str, str] = {}
        names: dict[str, str] = {}
        for name, entry in _map(self.values.get("tenants")).items():
            path = ("tenants", name)
            if name == LOCAL:
                message = "the tenant name 'local' is reserved for `try`, `test` and the local tenant"
                self._error("tenant-reserved", message, path, "Choose another name.")
                continue
            # Secrets come from DBCONN_SECRET_<TENANT>__<NAME>, where these names would be the same.
            first = names.setdefault(re.sub(r"[^a-z0-9]", "_", name.lower()), name)
            if first != name:
                message = f"the tenant names {first!r} and {name!r} are the same in the name of a variable"
                self._error("tenant-name-taken", message, path, "Choose names that differ in letters or digits.")
            domain = self._domain(name, _map(entry).get("domain"), domains)
            if domain:
                made[name] = self._tenant(name, domain, entry)
        return made

    def _domain(self, name: str, text: Json, domains: dict[str, str]) -> str:
        if not isinstance(text, str):
            return ""
        path = ("tenants", name, "domain")
        try:
            domain = canonical_domain(text)
        except ValueError as fault:
            self._error("tenant-domain", str(fault).removesuffix("."), path)
            return ""
        first = domains.setdefault(domain, name)
        if first != name:
            message = f"the tenants {first} and {name} have the same domain {domain}"
            self._error("tenant-domain-taken", message, path, "Keep one entry for each tenant.")
        return domain

    def _tenant(self, name: str, domain: str, entry: Mapping[str, Json]) -> Tenant:
        rate = entry.get("rate")
        return Tenant(
            name=name,
            domain=domain,
            client_id=entry.get("client_id") or "",
            audience=entry.get("audience") or "",
            protected=bool(entry.get("protected")),
            read_only=bool(entry.get("read_only")),
            rate=float(rate) if isinstance(rate, int | float) else None,
            allowance=SUBSCRIPTIONS.get(rate) if isinstance(rate, str) else None,
            track=entry.get("track") or "metadata",
            place=self.places.get(("tenants", name), Place(self.file)),
        )

    def tenant_names(self) -> None:
        """Overlays and `only` name tenants that exist; anything goes where the file has no `tenants:`."""
        known = {*_map(self.values.get("tenants")), LOCAL}
        if len(known) == 1:
            return
        for path, layer in self._layers():
            for name in _map(layer.get("tenants")):
                if name not in known:
                    self._unknown_tenant(name, known, (*path, "tenants", name))
            only = layer.get("only")
            for index, name in enumerate(only if isinstance(only, list) else ()):
                if name is not None and name not in known:
                    self._unknown_tenant(name, known, (*path, "only", index))

    def _unknown_tenant(self, name: str, known: Iterable[str], path: Path) -> None:
        near = nearest(name, known)
        meant = f"; did you mean {near!r}?" if near else ""
        hint = f"There are: {', '.join(sorted(known))}."
        self._error("unknown-tenant", f"there is no tenant {name!r}{meant}", path, hint)

    def connection_names(self) -> None:
        """Live names: what the API takes, and a warning over what the dashboard takes (api.md §2 "Name")."""
        for key, connection in _map(self.values.get("connections")).items():
            if _map(connection).get("name") is None:
                fits = re.fullmatch(LIVE_NAME.pattern, key, re.ASCII)
                if not fits:
                    message = f"{key!r} cannot be the connection's name: that is {LIVE_NAME.says}"
                    hint = "Rename it, or give it a `name`."
                    self._error("connection-name", message, ("connections", key), hint)
                self._long_name(key, ("connections", key))
        for path, layer in self._layers():
            self._long_name(layer.get("name"), (*path, "name"))
            for tenant, overlay in _map(layer.get("tenants")).items():
                self._long_name(_map(overlay).get("name"), (*path, "tenants", tenant, "name"))

    def _long_name(self, name: Json, path: Path) -> None:
        if isinstance(name, str) and len(name) > LONGEST_DASHBOARD_NAME:
            message = f"the name has {len(name)} characters; the dashboard makes none over {LONGEST_DASHBOARD_NAME}"
            self._problem(Severity.WARNING, "connection-name", message, path, "The API takes up to 128.")

    def secret_spellings(self) -> None:
        """Secret names are unique without case, since environment variables and some keyrings are."""
        spellings: dict[str, str] = {}
        for path, layer in self._layers():
            overlays = _map(layer.get("tenants"))
            places = [(path, layer), *(((*path, "tenants", name), overlay) for name, overlay in overlays.items())]
            for place, part in places:
                for key, value in _map(_map(part).get("configuration")).items():
                    name = _map(value).get("secret")
                    if not isinstance(name, str):
                        continue
                    first = spellings.setdefault(name.lower(), name)
                    if first != name:
                        message = f"the secret {name!r} is also spelled {first!r}; secrets are told apart without case"
                        where = (*place, "configuration", key, "secret")
                        self._error("secret-name-taken", message, where, "Spell it one way.")

    def secret_command(self) -> SecretCommand | None:
        """The command of `secrets_from`: its arguments name the secret, and hold no placeholder that isn't one."""
        path = ("secrets_from", "command")
        words = _map(self.values.get("secrets_from")).get("command")
        if not isinstance(words, list) or not words or not all(isinstance(word, str) for word in words):
            return None
        for index, word in enumerate(words):
            for found in _PLACEHOLDER.findall(word):
                if found in SECRET_PLACEHOLDERS and index:
                    continue
                near = nearest(found, SECRET_PLACEHOLDERS)
                known = f"there are {', '.join(f'{{{one}}}' for one in SECRET_PLACEHOLDERS)}"
                fault = known if index else "the program itself is not filled in"
                hint = f"Did you mean {{{near}}}?" if near and index else "Placeholders stand in the arguments."
                message = f"{{{found}}} cannot stand here: {fault}"
                self._error("secrets-command", message, (*path, index), hint)
        if not any("{name}" in word for word in words[1:]):
            message = "no argument of the command names the secret, so every secret would get the same value"
            self._error("secrets-command", message, path, "Put {name} where the secret's name belongs.")
        return SecretCommand(tuple(words), self.places.get(path, Place(self.file)))

    def _layers(self) -> Iterator[tuple[Path, Mapping[str, Json]]]:
        yield ("defaults",), _map(self.values.get("defaults"))
        for key, connection in _map(self.values.get("connections")).items():
            yield ("connections", key), _map(connection)

    def _error(self, rule: str, message: str, path: Path, hint: str = "") -> None:
        self._problem(Severity.ERROR, rule, message, path, hint)

    def _problem(self, severity: Severity, rule: str, message: str, path: Path, hint: str) -> None:
        connection = str(path[1]) if len(path) > 1 and path[0] == "connections" else ""
        place = self.places.get(path, Place(self.file))
        self.problems.append(Problem(rule, severity, message, place, hint, connection=connection))


def _map(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}
