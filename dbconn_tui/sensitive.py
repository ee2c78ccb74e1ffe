"""Sensitive: text that must not be shown: a configuration value, a client secret, a token."""

from __future__ import annotations

from typing import Final


class Sensitive:
    """Wraps UTF-8 text so that printing, formatting, logging or a traceback shows only `***`.

    `reveal()` is the one way to the text; call it where the bytes leave for the tenant or the keyring.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text: Final = text

    def reveal(self) -> str:
        """The text itself."""
        return self._text

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__

    def __format__(self, specification: str) -> str:
        return "***"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sensitive) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __bool__(self) -> bool:
        return bool(self._text)

    def __reduce__(self) -> str:
        raise TypeError("a Sensitive value is never pickled")
