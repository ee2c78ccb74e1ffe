"""Near names: which known name somebody probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

_ALIKE: Final = 0.8
"""How alike two names are, from 0 to 1, before one is taken for a slip of the other; found by trying typos."""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that `name` is probably a slip of; None when nothing is near or `name` itself is known.

    Names that differ only in case, dashes and underscores always count as near, and from three letters on
    those one slip apart: a letter too many, missing, wrong, or two swapped.
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
    if matches:
        return by_bare[matches[0]]
    return next((by_bare[other] for other in by_bare if _one_slip(bare, other)), None)


def _one_slip(one: str, other: str) -> bool:
    """Whether two different words are one letter, or one swap of neighbours, apart; short words never are."""
    if min(len(one), len(other)) < 3 or abs(len(one) - len(other)) > 1:
        return False
    same = next((index for index, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), None)
    start = min(len(one), len(other)) if same is None else same
    rest, wanted = one[start:], other[start:]
    swapped = rest[1::-1] + rest[2:]
    return rest[1:] == wanted or rest == wanted[1:] or rest[1:] == wanted[1:] or swapped == wanted


def _bare(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")
