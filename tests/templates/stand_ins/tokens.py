"""Signed assertions as identity providers ask for them: JSON Web Tokens, RS256 (RFC 7515, RFC 7523)."""

from __future__ import annotations

import base64
import json
import time
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

LONGEST_LIFE = 3600
"""Seconds between now and `exp`; a longer life is refused."""


@cache
def signing_key() -> rsa.RSAPrivateKey:
    """One key for all tests: making one takes a while."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def signing_key_pem() -> str:
    plain = serialization.NoEncryption()
    return signing_key().private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain).decode()


def read_assertion(token: str) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Header and claims of a token that the tests' key signed and that is valid now; None for any other."""
    try:
        head, body, signature = token.split(".")
        header, claims = json.loads(_decoded(head)), json.loads(_decoded(body))
        signing_key().public_key().verify(
            _decoded(signature), f"{head}.{body}".encode(), padding.PKCS1v15(), hashes.SHA256()
        )
    except (ValueError, InvalidSignature):
        return None
    if header.get("alg") != "RS256" or not 0 < claims.get("exp", 0) - time.time() <= LONGEST_LIFE:
        return None
    return header, claims


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
