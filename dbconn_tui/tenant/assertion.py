"""The client assertion of private_key_jwt: a short-lived JSON Web Token signed with the application's key."""

from __future__ import annotations

from typing import Final

from dbconn_tui.errors import AuthenticationError
from dbconn_tui.tenant.token import ALGORITHMS, Credentials

LIFETIME: Final = 60
"""Seconds; one minute is what the platform advises, five the most it takes (api.md §5.2)."""

ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def make_assertion(credentials: Credentials, audience: str, now: float, unique: str) -> str:
    """A signed assertion for one token request.

    `audience` is `https://DOMAIN/`, `now` epoch seconds, `unique` a text that was never used before.
    Raises AuthenticationError when the key or the algorithm cannot be used; the key is never quoted.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key
    from jwt import PyJWT
    from jwt.exceptions import PyJWTError

    if credentials.algorithm not in ALGORITHMS:
        raise AuthenticationError(
            f"The signing algorithm {credentials.algorithm!r} is not supported.", f"Use one of {', '.join(ALGORITHMS)}."
        )
    claims = {
        "iss": credentials.client_id,
        "sub": credentials.client_id,
        "aud": audience,
        "iat": int(now),
        "exp": int(now) + LIFETIME,
        "jti": unique,
    }
    header = {"kid": credentials.key_id} if credentials.key_id else None
    pem = credentials.signing_key.reveal().encode() if credentials.signing_key else b""
    signer = PyJWT(options={"enforce_minimum_key_length": True})
    try:
        key = load_pem_private_key(pem, password=None)
        return signer.encode(claims, key, credentials.algorithm, header)  # type: ignore[arg-type]
    except (PyJWTError, UnsupportedAlgorithm, ValueError, TypeError):
        raise AuthenticationError(
            "The signing key cannot be used.",
            "It must be an RSA private key in PEM form, of 2048 bits at least and without a passphrase.",
        ) from None
