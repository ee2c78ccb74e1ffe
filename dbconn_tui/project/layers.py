"""Layers: values that lie over one another, as defaults < connection < tenant overlay do (design §3).

Maps merge by key, all else replaces, and null takes a key away again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dbconn_tui.project.values import Json

DocumentPath = tuple[str | int, ...]
"""Where a value stands in the document."""

Layer = tuple[DocumentPath, Json]

ABSENT: Final = object()
"""What a merge gives where no layer says anything, or where null took it away."""


def merge_layers(
    layers: Sequence[Layer], origins: dict[tuple[str, ...], DocumentPath], deep: bool = True, path: tuple[str, ...] = ()
) -> Json:
    """The value of some layers, the lowest first; ABSENT when there is none.

    `origins` receives, for each leaf below `path`, where in the document it stands; a list and an empty
    map are leaves. With `deep` False only the outermost maps merge, and what they hold are leaves. A map
    that null emptied is ABSENT; one that was written empty stays.
    """
    maps: list[tuple[DocumentPath, dict[str, Json]]] = []
    for place, value in reversed(layers):
        if isinstance(value, dict) and (deep or not path):
            maps.append((place, value))
        elif maps:
            break
        elif value is None:
            return ABSENT
        else:
            origins[path] = place
            return value
    if not maps:
        return ABSENT
    maps.reverse()
    merged: dict[str, Json] = {}
    for name in dict.fromkeys(name for _, values in maps for name in values):
        below = [((*place, name), values[name]) for place, values in maps if name in values]
        value = merge_layers(below, origins, deep, (*path, name))
        if value is not ABSENT:
            merged[name] = value
    if merged:
        return merged
    if any(values for _, values in maps):
        return ABSENT
    origins[path] = maps[-1][0]
    return {}
