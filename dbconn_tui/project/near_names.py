"""Near names: which known name somebody probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

_ALIKE: Final = 0.8
"""How alike two names are, from 0 to 1, before one is taken for a slip of the other; found by trying typos."""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that `name` is probably a slip of; None when nothing is near or `name` itself is known.

    Names that differ only in case, dashes and underscores always count as near.
    """
    candidates = list(known)
    if name in candidates or len(name) > 200:
        return None
    bare = _bare(name)
    for candidate in candidates:
        if _bare(candidate) == bare:
            return candidate
    by_bare = {_bare(candidate): candidate for candidate in candidates}
    matches = get_close_matches(bare, by_bare, n=1, cutoff=_ALIKE)
    return by_bare[matches[0]] if matches else None


def _bare(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")
