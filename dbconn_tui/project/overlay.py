"""Overlay: a project's connections as they should be on one tenant; nothing is read, nothing is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from dbconn_tui.problems import Place, Problem, Severity
from dbconn_tui.project.layers import ABSENT, DocumentPath, Layer, merge_layers
from dbconn_tui.project.values import (
    LOCAL,
    ConfigurationValue,
    Connection,
    EnvironmentReference,
    Json,
    KeptValue,
    Project,
    Script,
    SecretReference,
    TestUser,
    TextValue,
)


@dataclass(frozen=True, slots=True)
class SecretUse:
    """One `{secret: NAME}` that a configuration key needs on a tenant."""

    tenant: str
    connection: str
    """The connection's key in dbconn.yaml."""
    key: str
    name: str
    place: Place = Place()


def connections_for(project: Project, tenant: str) -> tuple[tuple[Connection, ...], tuple[Problem, ...]]:
    """The connections that exist on a tenant, in the file's order, with defaults and its overlay merged in.

    `tenant` is an entry's name, the domain of a tenant made of the environment, or `local`, on which every
    connection exists. Problems are connections that would get the same live name there. Pure.
    """
    made = []
    for key in project.connection_keys:
        layers = _layers(project, key, tenant)
        if _exists_on(layers, tenant):
            made.append(_connection(project, key, layers))
    return tuple(made), tuple(name_problems(project, tenant))


def name_problems(project: Project, tenant: str) -> Iterator[Problem]:
    """Connections whose live name another one has on the same tenant; an empty name means any tenant."""
    holders: dict[str, str] = {}
    for key in project.connection_keys:
        layers = _layers(project, key, tenant)
        if not _exists_on(layers, tenant):
            continue
        origins: dict[tuple[str, ...], DocumentPath] = {}
        name = merge_layers(_field(layers, "name"), origins)
        name = key if name is ABSENT else name
        holder = holders.setdefault(name, key)
        if holder != key:
            place = project.places.get(origins.get((), ("connections", key)), Place(project.shown_file))
            message = f"the connections {holder} and {key} are both named {name!r} on {_spoken(tenant)}"
            hint = "Give one of them another `name`, or list in `only` the tenants each exists on."
            yield Problem("connection-name-taken", Severity.ERROR, message, place, hint, connection=key)


def secret_names(project: Project, tenants: Iterable[str] | None = None) -> tuple[SecretUse, ...]:
    """Every `{secret: NAME}` that a tenant, connection and configuration key, or its `test_user`, needs.

    For the given tenants, else for every entry of `tenants:`; ordered as tenants and connections are.
    """
    uses: list[SecretUse] = []
    for tenant in project.tenants if tenants is None else tenants:
        for connection in connections_for(project, tenant)[0]:
            for key, value in connection.configuration.items():
                if isinstance(value, SecretReference):
                    place = connection.places.get(f"configuration:{key}", Place())
                    uses.append(SecretUse(tenant, connection.key, key, value.name, place))
            user = connection.test_user
            if user is not None and isinstance(user.password, SecretReference):
                place = connection.places.get("test_user:password", connection.place)
                uses.append(SecretUse(tenant, connection.key, "test_user", user.password.name, place))
    return tuple(uses)


def layers_of(project: Project, key: str, tenant: str) -> list[Layer]:
    """The maps that make up a connection on a tenant and where they stand in the document, the lowest first."""
    return _layers(project, key, tenant)


def _spoken(tenant: str) -> str:
    return f"the tenant {tenant}" if tenant else "the tenant"


def _layers(project: Project, key: str, tenant: str) -> list[Layer]:
    """The maps that make up a connection on a tenant, the lowest first: defaults, connection, overlays."""
    layers: list[Layer] = []
    overlays: list[Layer] = []
    for path in (("defaults",), ("connections", key)):
        layer: Json = project.document
        for part in path:
            layer = (layer or {}).get(part)
        if not layer:
            continue
        layers.append((path, layer))
        if "tenants" in layer:
            tenants = layer["tenants"]
            overlay = (tenants or {}).get(tenant)
            if overlay is not None:
                overlays.append(((*path, "tenants", tenant), overlay))
            elif tenants is None or tenant in tenants:
                overlays.clear()
    return layers + overlays


def _field(layers: Sequence[Layer], name: str) -> list[Layer]:
    """What the layers say about one key."""
    return [((*path, name), layer[name]) for path, layer in layers if name in layer]


def _exists_on(layers: Sequence[Layer], tenant: str) -> bool:
    if tenant in (LOCAL, ""):
        return True
    only = merge_layers(_field(layers, "only"), {})
    return only is ABSENT or tenant in only


class _Fields:
    """Merges the keys of one connection and remembers where the effective values stand."""

    __slots__ = ("layers", "places", "project")

    def __init__(self, project: Project, layers: Sequence[Layer]) -> None:
        self.project = project
        self.layers = layers
        self.places: dict[str, Place] = {}

    def single(self, field: str) -> Json:
        """A value that is one item; None when absent."""
        origins: dict[tuple[str, ...], DocumentPath] = {}
        value = merge_layers(_field(self.layers, field), origins)
        if value is ABSENT:
            return None
        if origin := origins.get(()):
            self.places[field] = self.place(origin)
        return value

    def mapped(self, field: str, item: str, deep: bool) -> dict[str, Json]:
        """A map whose leaves are items of their own; empty when absent."""
        origins: dict[tuple[str, ...], DocumentPath] = {}
        value = merge_layers(_field(self.layers, field), origins, deep)
        for path, origin in origins.items():
            if path:
                # A dot inside a key is written `\.`, as everywhere in item words.
                word = ".".join(part.replace("\\", "\\\\").replace(".", "\\.") for part in path) if deep else path[0]
                self.places[f"{item}:{word}"] = self.place(origin)
        return value if isinstance(value, dict) else {}

    def place(self, path: DocumentPath) -> Place:
        return self.project.places.get(path, Place(self.project.shown_file))


def _connection(project: Project, key: str, layers: Sequence[Layer]) -> Connection:
    fields = _Fields(project, layers)
    own_place = fields.place(("connections", key))
    name = fields.single("name") or key
    display_name = fields.single("display_name")
    import_mode = fields.single("import_mode")
    configuration = fields.mapped("configuration", "configuration", deep=False)
    clients = fields.single("enabled_clients")
    options = fields.mapped("options", "option", deep=True)
    lint = fields.mapped("lint", "lint", deep=True)
    template = fields.single("template")
    test_user = fields.mapped("test_user", "test_user", deep=False)
    scripts = project.scripts.get(key, {})
    fields.places.setdefault("name", own_place)
    fields.places.update(_script_places(fields, scripts, own_place))
    return Connection(
        key=key,
        name=name,
        display_name=display_name,
        scripts=scripts,
        import_mode=import_mode,
        configuration={name: configuration_value(value) for name, value in configuration.items()},
        enabled_clients=None if clients is None else tuple(clients),
        options=options,
        template=template,
        test_user=_test_user(test_user) if test_user else None,
        lint={**project.lint_rules, **lint.get("rules", {})},
        place=own_place,
        places=fields.places,
    )


def _script_places(fields: _Fields, scripts: Mapping[str, Script], own_place: Place) -> dict[str, Place]:
    """Where the scripts are said: the map's entry, else the file that was found in the folder."""
    origins: dict[tuple[str, ...], DocumentPath] = {}
    merge_layers(_field(fields.layers, "scripts"), origins, deep=False)
    folder = origins.get(())
    places = {"scripts": fields.place(folder) if folder else own_place}
    for kind, script in scripts.items():
        entry = origins.get((kind,))
        places[f"script:{kind}"] = fields.place(entry) if entry else Place(script.file)
    if not folder and origins:
        places["scripts"] = fields.place(next(iter(origins.values()))[:-1])
    return places


def _test_user(value: Json) -> TestUser:
    password = configuration_value(value["password"])
    assert isinstance(password, SecretReference | EnvironmentReference)
    return TestUser(value["email"], password)


def configuration_value(value: Json) -> ConfigurationValue:
    """A checked configuration value of the document as the value it stands for."""
    if isinstance(value, str):
        return TextValue(value)
    if "secret" in value:
        return SecretReference(value["secret"])
    if "env" in value:
        return EnvironmentReference(value["env"])
    return KeptValue()
