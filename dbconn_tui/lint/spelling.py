"""The nearest known word to one that is not known."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant, or None. Case, `_` and `-` weigh nothing."""
    from difflib import get_close_matches

    by_letters = {_letters(candidate): candidate for candidate in sorted(known)}
    letters = _letters(word)
    if letters in by_letters:
        return by_letters[letters]
    close = get_close_matches(letters, by_letters, n=1, cutoff=0.75)
    return by_letters[close[0]] if close else None


def _letters(word: str) -> str:
    return word.lower().replace("_", "").replace("-", "")
