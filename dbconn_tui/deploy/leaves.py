"""Option trees leaf by leaf: paths, item words, looking up, setting. A list or an empty map is one leaf (design §3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

Path = tuple[str, ...]

ABSENT: Final = object()
"""What `value_at` gives where there is nothing; None would be a JSON null."""

NOT_OPTIONS: Final = frozenset({"customScripts", "configuration"})
"""Keys of the live options that are compared in their own way."""


def leaves(tree: Mapping[str, Any], prefix: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every leaf of an option tree with its path, in the tree's order."""
    for key, value in tree.items():
        path = (*prefix, key)
        if isinstance(value, Mapping) and value:
            yield from leaves(value, path)
        else:
            yield path, value


def option_item(path: Path) -> str:
    """The item word of an option leaf, e.g. `option:mfa.active`; a dot inside a key is written `\\.`."""
    return "option:" + ".".join(key.replace("\\", "\\\\").replace(".", "\\.") for key in path)


def item_path(item: str) -> Path:
    """The path that `option_item` made an item word of."""
    keys = [""]
    characters = iter(item.partition(":")[2])
    for character in characters:
        if character == ".":
            keys.append("")
        else:
            keys[-1] += next(characters, "") if character == "\\" else character
    return tuple(keys)


def value_at(tree: Mapping[str, Any], path: Path) -> Any:
    """The value at a path, or ABSENT. Where a leaf stands in the way of a longer path, that leaf is given."""
    value: Any = tree
    for key in path:
        if not isinstance(value, Mapping):
            return value
        if key not in value:
            return ABSENT
        value = value[key]
    return value


def set_at(tree: dict[str, Any], path: Path, value: Any) -> None:
    """Put a value at a path in place, making maps on the way and replacing a leaf that stands in it."""
    for key in path[:-1]:
        inner = tree.get(key)
        if not isinstance(inner, dict):
            inner = {}
            tree[key] = inner
        tree = inner
    tree[path[-1]] = value
