"""Arrivals in a project: a key, a folder and an entry for each new connection, apart from those that are there."""

from __future__ import annotations

import copy
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from dbconn_tui.action_scripts.kinds import KINDS
from dbconn_tui.project.arrival import Arrival, LeftOut, name_fault
from dbconn_tui.project.placement import TAKEN_AWAY, Placed
from dbconn_tui.project.script_files import work_tree
from dbconn_tui.project.script_places import file_names, new_folder, setting_for, taken_folders
from dbconn_tui.project.values import Json, Project
from dbconn_tui.tasks.incoming import IncomingConnection, NeededSecret, Skipped, script_change


class Arrivals:
    """Gives arrivals their places in a project, one after the other."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._folders = taken_folders(project)
        self._keys = set(project.connection_keys)
        self._boundary = work_tree(project.root)

    def place(
        self,
        arrival: Arrival,
        *,
        only: Sequence[str] = (),
        left: Sequence[LeftOut] = (),
        secrets: Sequence[NeededSecret] = (),
        notes: Sequence[str] = (),
    ) -> IncomingConnection | Skipped:
        """One connection as it will be, or why it stays out. `only` are the tenants it exists on; none = all.

        Raises ProjectError when a file that is in the way cannot be read.
        """
        if fault := name_fault(arrival.name):
            return Skipped(arrival.name, f"its name cannot stand in the files: {fault}")
        if not arrival.scripts:
            why = "; ".join(f"{one.item.partition(':')[2]}: {one.reason}" for one in left if one.item[:7] == "script:")
            return Skipped(arrival.name, f"it has no script that could be a file{f' ({why})' if why else ''}")
        key = self._key(arrival.name)
        folder = new_folder(key, self._folders)
        if not Path(os.path.realpath(self.project.root / folder)).is_relative_to(self._boundary):
            return Skipped(arrival.name, f"{folder} is a link that leads out of the project")
        names = file_names(arrival.scripts)
        explicit = "scripts" in (self.project.document.get("defaults") or {})
        setting = setting_for(key, folder, names, explicit=explicit)
        entry: dict[str, Json] = {
            **({"name": arrival.name} if key != arrival.name else {}),
            **({"scripts": setting} if setting is not None else {}),
            **arrival.entry(),
            **({"only": list(only)} if only else {}),
        }
        root = self.project.root
        files = tuple(
            script_change(root / folder / names[kind], f"{folder}/{names[kind]}", kind, text)
            for kind, text in arrival.scripts.items()
        )
        strays = [] if isinstance(setting, dict) else _strays(root / folder, folder, set(names.values()))
        return IncomingConnection(
            key,
            arrival.name,
            entry,
            files,
            (Placed(("connections", key), entry),),
            secrets=tuple(secrets),
            left=tuple(left),
            notes=(*notes, *strays),
        )

    def _key(self, name: str) -> str:
        number, key = 1, name
        while key in self._keys:
            number += 1
            key = f"{name}-{number}"
        self._keys.add(key)
        return key


def _strays(folder: Path, shown: str, made: set[str]) -> list[str]:
    return [
        f"{shown}/{kind.file} was there before and would be deployed, too"
        for kind in KINDS
        if kind.file not in made and (folder / kind.file).is_file()
    ]


def with_entry(project: Project, key: str, entry: Mapping[str, Json]) -> Project:
    """The project as if dbconn.yaml said this of a connection; for looking at, never for writing."""
    connections = {**(project.document.get("connections") or {}), key: copy.deepcopy(dict(entry))}
    keys = (*(known for known in project.connection_keys if known != key), key)
    return replace(project, document={**project.document, "connections": connections}, connection_keys=keys)


def amended(connection: IncomingConnection, placed: Sequence[Placed]) -> IncomingConnection:
    """A new connection whose entry has some changes more."""
    entry = copy.deepcopy(dict(connection.entry or {}))
    for one in placed:
        values = entry
        for part in one.path[2:-1]:
            values = values.setdefault(part, {})
        if one.value is TAKEN_AWAY:
            values.pop(one.path[-1], None)
        else:
            values[one.path[-1]] = copy.deepcopy(one.value)
    return replace(connection, entry=entry, placed=(Placed(("connections", connection.key), entry),))
