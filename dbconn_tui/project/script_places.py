"""Script places: folders and files for scripts that come into a project, apart also where case does not count.

Live names are told apart by case (api.md §2 "Name"); the file systems of macOS and Windows do not.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from typing import Final

from dbconn_tui.project.layers import ABSENT, merge_layers
from dbconn_tui.project.schema import SCRIPT_KINDS
from dbconn_tui.project.values import Json, Project

SCRIPTS: Final = "scripts"

_DEVICES: Final = frozenset({"con", "prn", "aux", "nul", *(f"{word}{n}" for word in ("com", "lpt") for n in range(10))})
"""Names that Windows keeps for devices, with any ending."""


def scripts_setting(project: Project, key: str) -> Json:
    """What holds for `scripts` of a connection: a folder, or a map from kind to file (design §3)."""
    layers = []
    for path in (("defaults",), ("connections", key)):
        layer: Json = project.document
        for part in path:
            layer = (layer or {}).get(part)
        if layer and "scripts" in layer:
            layers.append(((*path, "scripts"), layer["scripts"]))
    value = merge_layers(layers, {}, deep=False)
    return f"{SCRIPTS}/{key}" if value is ABSENT else value


def taken_folders(project: Project) -> set[str]:
    """The folders in which a project keeps scripts, relative to it and without case."""
    folders: set[str] = set()
    for key in project.connection_keys:
        setting = scripts_setting(project, key)
        files = (
            [setting] if isinstance(setting, str) else [posixpath.dirname(file) for file in (setting or {}).values()]
        )
        folders.update(posixpath.normpath(file).casefold() for file in files)
    return folders


def new_folder(key: str, taken: set[str]) -> str:
    """A folder for a connection's scripts that no other one has; it is added to `taken`."""
    number, name = 1, key
    while f"{SCRIPTS}/{name}".casefold() in taken or name.partition(".")[0].casefold() in _DEVICES:
        number += 1
        name = f"{key}-{number}"
    folder = f"{SCRIPTS}/{name}"
    taken.add(folder.casefold())
    return folder


def file_names(kinds: Iterable[str]) -> dict[str, str]:
    """Kind → file name, known kinds first; no two alike without case."""
    names: dict[str, str] = {}
    for kind in sorted(kinds, key=lambda kind: kind not in SCRIPT_KINDS):
        number, stem = 1, kind
        while f"{stem}.js".casefold() in {name.casefold() for name in names.values()} or stem.casefold() in _DEVICES:
            number += 1
            stem = f"{kind}-{number}"
        names[kind] = f"{stem}.js"
    return names


def setting_for(key: str, folder: str, files: Mapping[str, str], *, explicit: bool) -> Json | None:
    """What the entry says as `scripts`: nothing for scripts/KEY, a folder, or a map where a file is not named as usual.

    `explicit` says the folder even so, because `defaults` name another one.
    """
    if any(kind not in SCRIPT_KINDS or file != f"{kind}.js" for kind, file in files.items()):
        return {kind: f"{folder}/{file}" for kind, file in files.items()}
    return folder if explicit or folder != f"{SCRIPTS}/{key}" else None
