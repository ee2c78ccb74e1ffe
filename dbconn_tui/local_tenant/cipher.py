"""The tenant's ciphertext for configuration values: stable over reads, new at every write (api.md §4.1)."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from random import Random
from typing import Final

from dbconn_tui.local_tenant.settings import CipherResend

_HEAD: Final = bytes([0x0A, 0x42, 0x0A, 0x20])
_LENGTH: Final = 126
"""Bytes of a short value's ciphertext in the form seen since 2025: 168 characters of base64."""
_BLOCK: Final = 16


class Vault:
    """Makes ciphertexts and remembers what each stands for. Nothing is encrypted: a ciphertext is a random name."""

    __slots__ = ("_plain", "_random", "_resend", "old_form")

    def __init__(self, random: Random, resend: CipherResend, *, old_form: bool = False) -> None:
        self._plain: dict[str, str] = {}
        self._random = random
        self._resend = resend
        self.old_form = old_form

    def seal(self, value: str) -> str:
        """A new ciphertext for `value`; one of our own is handled as CipherResend says."""
        if self._resend is CipherResend.KEEP and value in self._plain:
            return value
        ciphertext = self._new(len(value.encode(errors="surrogatepass")))
        self._plain[ciphertext] = value
        return ciphertext

    def seal_all(self, configuration: Mapping[str, str | None]) -> dict[str, str]:
        """The stored map of a written one. A null value takes its key away (the real effect is unknown)."""
        return {key: self.seal(value) for key, value in configuration.items() if value is not None}

    def reseal(self, ciphertext: str) -> str:
        """A new ciphertext for the same value, as after somebody else's save."""
        plain = self._plain.get(ciphertext, ciphertext)
        fresh = self._new(len(plain.encode(errors="surrogatepass")))
        self._plain[fresh] = plain
        return fresh

    def open(self, ciphertext: str) -> str | None:
        """The value behind a ciphertext; None for text that is none of ours."""
        return self._plain.get(ciphertext)

    def remember(self, ciphertext: str, plain: str) -> None:
        """Takes a pair back in, e.g. from a state file."""
        self._plain[ciphertext] = plain

    def _new(self, size: int) -> str:
        if self.old_form:
            parts = (self._random.randbytes(count).hex() for count in (16, 16, 32))
            return "2.0$" + "$".join(parts)
        more = max(0, -(-size // _BLOCK) - 1) * _BLOCK
        return base64.b64encode(_HEAD + self._random.randbytes(_LENGTH - len(_HEAD) + more)).decode()
