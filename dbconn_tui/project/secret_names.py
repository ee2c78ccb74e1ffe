"""Secret names for configuration keys whose values cannot be read: made of the connection and the key, never twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from dbconn_tui.project.values import Json, Project

LONGEST: Final = 64
"""Characters of a secret's name (design §3 "Secrets")."""


class SecretNames:
    """Gives names that no other secret has; they are told apart without case, as environment variables are."""

    def __init__(self, used: Iterable[str] = ()) -> None:
        self._used = {name.casefold(): name for name in used}

    def of_key(self, connection: str, key: str) -> str:
        """A new name for a key of a connection, e.g. `legacy_users_api_key`."""
        return self._new(f"{connection}_{key}")

    def of_word(self, word: str) -> str:
        """The name for a word that stands for the same value wherever it occurs; the project's own spelling of it."""
        name = _spelled(word)
        return self._used.setdefault(name.casefold(), name)

    def _new(self, words: str) -> str:
        wanted = name = _spelled(words)
        number = 1
        while name.casefold() in self._used:
            number += 1
            ending = f"_{number}"
            name = wanted[: LONGEST - len(ending)] + ending
        self._used[name.casefold()] = name
        return name


def _spelled(words: str) -> str:
    name = re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")
    if not name[:1].isalpha():
        name = f"value_{name}".rstrip("_")
    return name[:LONGEST].rstrip("_")


def names_in(project: Project) -> set[str]:
    """Every secret's name that a project uses."""
    found: set[str] = set()
    for layer in (project.document.get("defaults"), *(project.document.get("connections") or {}).values()):
        for part in _parts(layer or {}):
            for value in (part.get("configuration") or {}).values():
                if isinstance(value, Mapping) and isinstance(value.get("secret"), str):
                    found.add(value["secret"])
    return found


def _parts(layer: Mapping[str, Json]) -> list[Mapping[str, Json]]:
    return [layer, *(overlay for overlay in (layer.get("tenants") or {}).values() if overlay)]
