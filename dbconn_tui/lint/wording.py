"""Small turns of phrase that several messages share."""

from __future__ import annotations

from collections.abc import Sequence


def listed(words: Sequence[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    return f"{', '.join(words[:-1])} {last} {words[-1]}" if len(words) > 1 else "".join(words)


def counted(number: int, noun: str) -> str:
    """`1 parameter`, `3 parameters`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def did_you_mean(word: str | None) -> str:
    """The hint for a probable misspelling; empty when there is no guess."""
    return f"Did you mean `{word}`?" if word else ""
