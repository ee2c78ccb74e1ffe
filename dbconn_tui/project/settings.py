"""Settings: every key a connection can have, what it says on a tenant and which layer says so; and changing one.

Names and words come from the table of `schema.py`. Nothing here touches the disk.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from dbconn_tui.problems import Place, Problem
from dbconn_tui.project.check import Check
from dbconn_tui.project.cross_checks import CrossChecks
from dbconn_tui.project.document import read_document
from dbconn_tui.project.edit import Edit, remove_value, set_value
from dbconn_tui.project.layers import ABSENT, DocumentPath, Layer, merge_layers
from dbconn_tui.project.nodes import plain_value
from dbconn_tui.project.option_schema import OPTIONS
from dbconn_tui.project.overlay import layers_of
from dbconn_tui.project.schema import CONFIGURATION_VALUE, OVERLAY, TOP
from dbconn_tui.project.shapes import Anything, Group, Key, Shape
from dbconn_tui.project.values import LOCAL, Json, Project

_OF_THEIR_OWN: Final = ("configuration", "options")
"""Keys of a connection whose items are not all in the table."""


@dataclass(frozen=True, slots=True)
class LayerValue:
    """What one layer says: `defaults`, `connection`, or one of these with ` on TENANT`. None takes away."""

    layer: str
    path: tuple[str, ...]
    value: Json = field(repr=False)
    place: Place = Place()


@dataclass(frozen=True, slots=True)
class Setting:
    """One key of a connection on a tenant: its path below the connection, and what each layer says, lowest first.

    `said` is False where no layer gives a value; `value` then is None.
    """

    path: tuple[str, ...]
    shape: Shape
    sentence: str
    default: str
    said: bool
    value: Json = field(repr=False)
    layers: tuple[LayerValue, ...] = ()
    source: str = ""
    """The layer whose value holds; empty when none does."""
    elsewhere: tuple[tuple[str, Json], ...] = field(default=(), repr=False)
    """Other tenants whose own overlay says something else, and what."""

    @property
    def title(self) -> str:
        """`options.mfa.active`."""
        return ".".join(self.path)


@dataclass(frozen=True, slots=True)
class SettingPlan:
    """A change of dbconn.yaml: the edit, and the errors that the file would have after it and has not now."""

    before: str = field(repr=False)
    edit: Edit
    problems: tuple[Problem, ...] = ()

    @property
    def possible(self) -> bool:
        """Whether it can be written."""
        return self.edit.text is not None and not any(problem.blocks for problem in self.problems)


def layer_paths(key: str, tenant: str) -> dict[str, tuple[str, ...]]:
    """Layer → where it stands in the document, from the lowest; for a connection and a tenant."""
    own = ("connections", key)
    return {
        "defaults": ("defaults",),
        "connection": own,
        f"defaults on {tenant}": ("defaults", "tenants", tenant),
        f"connection on {tenant}": (*own, "tenants", tenant),
    }


def settings_of(project: Project, key: str, tenant: str) -> tuple[Setting, ...]:
    """Every setting of a connection on a tenant: those that are said in the table's order, then those that could be."""
    layers = layers_of(project, key, tenant)
    names: dict[DocumentPath, str] = {where: name for name, where in layer_paths(key, tenant).items()}
    merged = _Merged(project, layers, names, _other_tenants(project, key, tenant))
    rows = [merged.setting(path, known) for path, known in _known(layers)]
    return (*(row for row in rows if row.layers), *(row for row in rows if not row.layers))


def plan_setting(text: str, file: str, path: tuple[str, ...], value: Json) -> SettingPlan:
    """`value` at a path of the document; ABSENT takes the key out, and maps that are empty then. `file`: for places."""
    edit = remove_value(text, _lonely(text, path)) if value is ABSENT else set_value(text, path, value)
    if edit.text is None:
        return SettingPlan(text, edit)
    known = {(problem.rule, problem.message) for problem in text_problems(text, file)}
    fresh = [one for one in text_problems(edit.text, file) if (one.rule, one.message) not in known]
    return SettingPlan(text, edit, tuple(fresh))


def _lonely(text: str, path: tuple[str, ...]) -> tuple[str, ...]:
    """The path, or the topmost map above it that holds nothing else: an empty map would be a value of its own."""
    root = read_document(text, "").root
    values = plain_value(root) if root is not None else {}
    least = 3 if path[0] == "connections" else 2
    while len(path) > least and len(_below({}, values, path[:-1]) or {}) == 1:
        path = path[:-1]
    return path


def text_problems(text: str, file: str) -> tuple[Problem, ...]:
    """What is wrong with the text of a project by itself; script files are not looked at."""
    document = read_document(text, file)
    if document.root is None:
        return document.problems
    check = Check(file)
    crossing = CrossChecks(check.value(document.root, TOP, ()), check.places, file)
    crossing.tenants()
    crossing.tenant_names()
    crossing.connection_names()
    crossing.secret_spellings()
    crossing.secret_command()
    return (*document.problems, *check.problems, *crossing.problems)


def _known(layers: Sequence[Layer]) -> Iterator[tuple[tuple[str, ...], Key]]:
    """Every path that is in the table or in the files."""
    table = {one.name: one for one in OVERLAY.keys}
    for key in OVERLAY.keys:
        whole = isinstance(key.shape, Group) and not any(layer.get(key.name) for _, layer in layers)
        if key.name not in _OF_THEIR_OWN and whole:
            # What needs several keys at once can only begin as a whole.
            yield (key.name,), key
        elif key.name not in _OF_THEIR_OWN:
            yield from _leaves(Group((key,)), ())
    names = dict.fromkeys(name for _, layer in layers for name in layer.get("configuration") or {})
    for name in names:
        yield ("configuration", name), Key(name, CONFIGURATION_VALUE, table["configuration"].sentence, "none")
    known = dict(_leaves(OPTIONS, ("options",)))
    yield from known.items()
    said = {path for _, layer in layers for path in _paths(layer.get("options"), ("options",))}
    for path in sorted(said):
        if not any(path[: len(other)] == other or other[: len(path)] == path for other in known):
            yield path, Key(path[-1], Anything(), "An option that dbconn does not know; it is sent as it stands.")


def _paths(value: Json, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The leaves of a map; a list, null and an empty map are leaves."""
    if isinstance(value, dict) and value:
        for name, below in value.items():
            yield from _paths(below, (*path, name))
    else:
        yield path


def _leaves(group: Group, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Key]]:
    for key in group.keys:
        here = (*path, key.name)
        if isinstance(key.shape, Group) and not key.shape.one_of:
            yield from _leaves(key.shape, here)
        else:
            yield here, key


class _Merged:
    """The layers of one connection on one tenant, merged field by field, with where each leaf comes from."""

    def __init__(
        self, project: Project, layers: Sequence[Layer], names: Mapping[DocumentPath, str], others: Mapping[str, Json]
    ) -> None:
        self.project, self.layers, self.names, self.others = project, layers, names, others
        self.values: dict[str, Json] = {}
        self.origins: dict[str, dict[tuple[str, ...], DocumentPath]] = {}
        for name in (key.name for key in OVERLAY.keys):
            found: dict[tuple[str, ...], DocumentPath] = {}
            # A reference such as {secret: NAME} is one value, while options merge leaf by leaf.
            self.values[name] = merge_layers(_field(layers, name), found, deep=name != "configuration")
            self.origins[name] = found

    def setting(self, path: tuple[str, ...], known: Key) -> Setting:
        """One key as it holds."""
        value = _below(ABSENT, self.values[path[0]], path[1:])
        return Setting(
            path,
            known.shape,
            known.sentence,
            known.default,
            value is not ABSENT,
            None if value is ABSENT else value,
            tuple(self._said(path)),
            "" if value is ABSENT else self._source(path),
            tuple(
                (name, found) for name, one in self.others.items() if (found := _below(ABSENT, one, path)) is not ABSENT
            ),
        )

    def _said(self, path: tuple[str, ...]) -> Iterator[LayerValue]:
        for where, layer in self.layers:
            found = _below(ABSENT, layer, path)
            if found is not ABSENT:
                full = (*map(str, where), *path)
                place = self.project.places.get(full, Place(self.project.shown_file))
                yield LayerValue(self.names.get(where, ""), full, found, place)

    def _source(self, path: tuple[str, ...]) -> str:
        """The layer of a leaf; of a map with several origins the topmost."""
        wanted = path[1:]
        found = [self._layer(at) for leaf, at in self.origins[path[0]].items() if leaf[: len(wanted)] == wanted]
        order = list(self.names.values())
        return max(found, key=order.index, default="")

    def _layer(self, at: DocumentPath) -> str:
        inside = [where for where in self.names if at[: len(where)] == where]
        return self.names[max(inside, key=len)]


def _other_tenants(project: Project, key: str, tenant: str) -> dict[str, Json]:
    """The connection's own overlays of other tenants."""
    own = _below({}, project.document.get("connections"), (key, "tenants"))
    return {name: overlay for name, overlay in (own or {}).items() if name != tenant}


def _field(layers: Sequence[Layer], name: str) -> list[Layer]:
    return [((*path, name), layer[name]) for path, layer in layers if name in layer]


def _below(otherwise: Json, value: Json, path: Sequence[str]) -> Json:
    for part in path:
        if not isinstance(value, dict) or part not in value:
            return otherwise
        value = value[part]
    return value


def tenants_of(project: Project) -> tuple[str, ...]:
    """The tenants whose side can be looked at: the project's, then `local`."""
    return (*project.tenants, LOCAL)
