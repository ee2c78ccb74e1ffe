"""Password hashes: scrypt with a salt of its own for each, compared in constant time."""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

LONGEST_PASSWORD: Final = 1_024
"""Bytes of UTF-8; a longer one is refused before any hashing."""

SALT_BYTES: Final = 16

_COST: Final = 2**14
_BLOCK_SIZE: Final = 8
_PARALLEL: Final = 1


def hash_password(password: str, salt: bytes) -> bytes:
    """The salt followed by the scrypt hash (N = 16,384, r = 8, p = 1; 16 MB of memory)."""
    digest = hashlib.scrypt(password.encode("utf-8"), salt=salt, n=_COST, r=_BLOCK_SIZE, p=_PARALLEL, dklen=32)
    return salt + digest


def matches(password: str, stored: bytes) -> bool:
    """Whether a password gives the stored hash."""
    return hmac.compare_digest(hash_password(password, stored[:SALT_BYTES]), stored)


def is_acceptable(password: str) -> bool:
    """Whether a password is there, valid Unicode and of a sane length."""
    try:
        return 0 < len(password.encode("utf-8")) <= LONGEST_PASSWORD
    except UnicodeEncodeError:
        return False
