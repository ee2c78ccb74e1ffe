"""Placement: where in dbconn.yaml a value has to be written so that it holds on one tenant and changes no other.

A value goes to the connection itself while it exists on no other tenant, else to its overlay for the
tenant. Every choice is tried on the document's values and kept only when nothing else changes.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from dbconn_tui.project.overlay import configuration_value, connections_for
from dbconn_tui.project.values import Connection, Json, Project

Path = tuple[str, ...]

TAKEN_AWAY: Final = object()
"""Stands for a value that is not to hold, and for a key that is to be removed."""


@dataclass(frozen=True, slots=True)
class Placed:
    """One change of the document: `value` at `path`, or the key there removed. `before` is None where nothing stood."""

    path: Path
    value: Json = field(repr=False)
    before: Json = field(default=None, repr=False)

    @property
    def removes(self) -> bool:
        """Whether the key is removed."""
        return self.value is TAKEN_AWAY


def exists_elsewhere(project: Project, key: str, tenant: str) -> tuple[str, ...]:
    """The other tenants on which a connection exists."""
    return tuple(
        other
        for other in project.tenants
        if other != tenant and any(one.key == key for one in connections_for(project, other)[0])
    )


def place(
    project: Project, key: str, tenant: str, wanted: Mapping[Path, Json]
) -> tuple[tuple[Placed, ...], tuple[Path, ...]]:
    """Where to write what is to hold of the connection `key` on `tenant`.

    `wanted`: path below the connection, such as ("options", "mfa", "active"), to the JSON value or
    TAKEN_AWAY. Second come the paths for which no single change does it. Pure.
    """
    working = _Working(project, key, tenant)
    homes: tuple[Path, ...] = (("connections", key), ("connections", key, "tenants", tenant))
    if exists_elsewhere(project, key, tenant):
        homes = homes[1:]
    placed: list[Placed] = []
    impossible: list[Path] = []
    for path, value in wanted.items():
        change = next((one for one in working.ways(homes, path, value) if working.takes(one, path, value)), None)
        if change is None:
            impossible.append(path)
        else:
            placed.append(change)
    return tuple(placed), tuple(impossible)


class _Working:
    """The part of the document that makes up one connection, changed step by step."""

    def __init__(self, project: Project, key: str, tenant: str) -> None:
        document = project.document
        self.project = project
        self.key = key
        self.tenant = tenant
        self.document: dict[str, Json] = {
            "defaults": _apart(document.get("defaults")),
            "connections": {key: _apart(document["connections"][key]) or {}},
        }

    def ways(self, homes: tuple[Path, ...], path: Path, value: Json) -> Iterator[Placed]:
        """The changes that may do it, the plainest first."""
        for home in homes:
            if value is not TAKEN_AWAY:
                yield Placed((*home, *path), value, self.said((*home, *path)))
                continue
            whole = self.emptied(home, path)
            if self.said(whole) is not None:
                yield Placed(whole, TAKEN_AWAY, self.said(whole))
            yield Placed((*home, *path), None, self.said((*home, *path)))

    def said(self, path: Path) -> Json:
        """What the document says at a path; None when nothing."""
        value: Json = self.document
        for part in path:
            value = value.get(part) if isinstance(value, dict) else None
        return value

    def emptied(self, home: Path, path: Path) -> Path:
        """The path of the outermost map that holds nothing but this one key."""
        whole = (*home, *path)
        while len(whole) > len(home) + 1 and isinstance(holder := self.said(whole[:-1]), dict) and len(holder) == 1:
            whole = whole[:-1]
        return whole

    def takes(self, change: Placed, path: Path, value: Json) -> bool:
        """Make a change when it gives what is wanted and nothing else; else leave all as it was."""
        expected = _leaves_of(self.connection())
        for leaf in [leaf for leaf in expected if leaf[: len(path)] == path or path[: len(leaf)] == leaf]:
            del expected[leaf]
        if value is not TAKEN_AWAY:
            expected.update(_leaves(value, path))
        before = self.document
        self.document = copy.deepcopy(before)
        if self.change(change) and _leaves_of(self.connection()) == expected:
            return True
        self.document = before
        return False

    def change(self, change: Placed) -> bool:
        """Make a change in the document; False when a value stands where a map is needed."""
        values = self.document
        for part in change.path[:-1]:
            below = values.get(part)
            if below is None:
                below = values[part] = {}
            if not isinstance(below, dict):
                return False
            values = below
        if change.removes:
            values.pop(change.path[-1], None)
        else:
            values[change.path[-1]] = copy.deepcopy(change.value)
        return True

    def connection(self) -> Connection | None:
        """The connection as it is on the tenant by the document as it stands."""
        view = replace(self.project, document=self.document, connection_keys=(self.key,))
        return next(iter(connections_for(view, self.tenant)[0]), None)


def _apart(value: Json) -> Json:
    """A copy in which no map or list stands in two places, as one behind an alias may."""
    if isinstance(value, Mapping):
        return {key: _apart(below) for key, below in value.items()}
    return [_apart(item) for item in value] if isinstance(value, list) else value


def _leaves_of(connection: Connection | None) -> dict[Path, str]:
    """Every leaf of what an entry says, as text that tells true from 1."""
    if connection is None:
        return {}
    leaves = _leaves(connection.options, ("options",)) if connection.options else {}
    leaves |= {("configuration", key): repr(value) for key, value in connection.configuration.items()}
    for name in ("import_mode", "display_name", "enabled_clients", "name"):
        value = getattr(connection, name)
        if value is not None:
            leaves[(name,)] = repr(value)
    return leaves


def _leaves(value: Json, path: Path) -> dict[Path, str]:
    if isinstance(value, Mapping) and value and path[:1] != ("configuration",):
        return {leaf: text for key, below in value.items() for leaf, text in _leaves(below, (*path, key)).items()}
    if path[:1] == ("configuration",):
        return {path: repr(configuration_value(value))}
    return {path: repr(value)}
