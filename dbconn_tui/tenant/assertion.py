"""The client assertion of private_key_jwt: a short-lived JSON Web Token signed with the application's key."""

from __future__ import annotations

import base64
import json
from typing import Any, Final

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
    header = {"alg": credentials.algorithm, "typ": "JWT"}
    if credentials.key_id:
        header["kid"] = credentials.key_id
    claims = {
        "iss": credentials.client_id,
        "sub": credentials.client_id,
        "aud": audience,
        "iat": int(now),
        "exp": int(now) + LIFETIME,
        "jti": unique,
    }
    signed = f"{_encoded(header)}.{_encoded(claims)}"
    signature = _signature(credentials, signed.encode())
    return f"{signed}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def _encoded(content: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content, separators=(",", ":")).encode()).rstrip(b"=").decode()


def _signature(credentials: Credentials, content: bytes) -> bytes:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import padding, rsa

    if credentials.algorithm not in ALGORITHMS:
        raise AuthenticationError(
            f"The signing algorithm {credentials.algorithm!r} is not supported.", f"Use one of {', '.join(ALGORITHMS)}."
        )
    pem = credentials.signing_key.reveal().encode() if credentials.signing_key else b""
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, rsa.RSAPrivateKey):
        raise AuthenticationError(
            "The signing key cannot be used.", "It must be an RSA private key in PEM form without a passphrase."
        )
    digest = hashes.SHA384() if credentials.algorithm == "RS384" else hashes.SHA256()
    if credentials.algorithm == "PS256":
        return key.sign(content, padding.PSS(padding.MGF1(hashes.SHA256()), hashes.SHA256.digest_size), digest)
    return key.sign(content, padding.PKCS1v15(), digest)
