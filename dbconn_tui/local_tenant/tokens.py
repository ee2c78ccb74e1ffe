"""Tokens of the tenant: /oauth/token by client credentials, and the check of a bearer token (api.md §5).

Tokens are shaped like the real ones (RS256 header, 256-byte signature, the real claims), but signed
with a keyed hash: only this tenant can check them, and making one costs nothing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from dbconn_tui.local_tenant.answers import encode, refuse_oauth, refuse_token
from dbconn_tui.local_tenant.state import Client, TenantState

ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LONGEST_ASSERTION: Final = 300
"""Seconds from now that a client assertion may at most be valid (api.md §5.2)."""

_HEADER: Final = {"alg": "RS256", "typ": "JWT", "kid": "local-tenant"}
_SIGNATURE_LENGTH: Final = 256


@dataclass(frozen=True, slots=True)
class Grant:
    """What a checked bearer token allows, and to whom."""

    client_id: str
    scopes: frozenset[str]


def issue(state: TenantState, body: Mapping[str, Any], hosts: tuple[str, ...], now: float, lifetime: int) -> bytes:
    """The JSON answer to POST /oauth/token. Raises Refusal with the OAuth error bodies of api.md §5.4.

    `hosts` are the domains the tenant answers to, the canonical one first; `lifetime` is in seconds.
    """
    if body.get("grant_type") != "client_credentials":
        raise refuse_oauth(403, "unsupported_grant_type", f"Unsupported grant type: {body.get('grant_type')}")
    client = authenticated(state, body, hosts, now)
    if "client_credentials" not in client.grant_types:
        raise refuse_oauth(403, "unauthorized_client", "Grant type 'client_credentials' not allowed for the client.")
    audience = body.get("audience")
    if audience not in [f"{scheme}://{host}/api/v2/" for host in hosts for scheme in ("https", "http")]:
        raise refuse_oauth(403, "access_denied", f"Service not enabled within domain: {audience}")
    if client.scopes is None:
        raise refuse_oauth(
            403,
            "access_denied",
            f'Client is not authorized to access "{audience}". You need to create a "client-grant" associated to '
            "this API. See: https://auth0.com/docs/api/v2#!/Client_Grants/post_client_grants",
        )
    scope = " ".join(client.scopes)
    claims = {
        "iss": f"https://{hosts[0]}/",
        "sub": f"{client.client_id}@clients",
        "aud": audience,
        "iat": int(now),
        "exp": int(now) + lifetime,
        "scope": scope,
        "gty": "client-credentials",
        "azp": client.client_id,
    }
    return encode({"access_token": sign(state, claims), "scope": scope, "expires_in": lifetime, "token_type": "Bearer"})


def sign(state: TenantState, claims: Mapping[str, Any]) -> str:
    """A token with these claims."""
    payload = f"{_encoded(encode(_HEADER))}.{_encoded(encode(claims))}"
    return f"{payload}.{_encoded(_signature(state.signing_key, payload))}"


def check(state: TenantState, authorization: str, now: float) -> Grant:
    """The grant of an Authorization header. Raises Refusal (401)."""
    kind, _, token = authorization.partition(" ")
    if kind.lower() != "bearer" or token.count(".") != 2:
        raise refuse_token("Invalid token")
    payload, _, signature = token.strip().rpartition(".")
    if not hmac.compare_digest(signature.encode(), _encoded(_signature(state.signing_key, payload)).encode()):
        raise refuse_token("Invalid signature received for JSON Web Token validation")
    claims = json.loads(_decoded(payload.partition(".")[2]))
    if claims["exp"] <= now:
        raise refuse_token("Expired token received for JSON Web Token validation")
    return Grant(claims["azp"], frozenset(claims["scope"].split()))


def authenticated(state: TenantState, body: Mapping[str, Any], hosts: tuple[str, ...], now: float) -> Client:
    """The client whose secret or assertion a request carries. Raises Refusal (401)."""
    if body.get("client_assertion_type") == ASSERTION_TYPE:
        return _by_assertion(state, str(body.get("client_assertion", "")), hosts, now)
    client = state.clients.get(str(body.get("client_id", "")))
    secret = str(body.get("client_secret", ""))
    if (
        client is None
        or not client.secret
        or not hmac.compare_digest(
            client.secret.reveal().encode(errors="surrogatepass"), secret.encode(errors="surrogatepass")
        )
    ):
        raise refuse_oauth(401, "access_denied", "Unauthorized")
    return client


def _by_assertion(state: TenantState, assertion: str, hosts: tuple[str, ...], now: float) -> Client:
    refusal = refuse_oauth(401, "invalid_client", "Client authentication failed: the client assertion is not valid.")
    try:
        head, payload, signature = assertion.split(".")
        header, claims = json.loads(_decoded(head)), json.loads(_decoded(payload))
        client = state.clients.get(claims["sub"])
        identity, audience, expiry, once = claims["iss"], claims["aud"], float(claims["exp"]), str(claims["jti"])
        algorithm = str(header["alg"])
    except (ValueError, KeyError, TypeError):
        raise refusal from None
    for seen in [jti for jti, until in state.used_assertions.items() if until <= now]:
        del state.used_assertions[seen]
    audiences = [f"{scheme}://{host}/" for host in hosts for scheme in ("https", "http")]
    if (
        client is None
        or not client.public_key
        or identity != client.client_id
        or audience not in audiences
        or not now < expiry <= now + LONGEST_ASSERTION + 1
        or once in state.used_assertions
        or not _signed_by(client.public_key, algorithm, f"{head}.{payload}".encode(), _decoded(signature))
    ):
        raise refusal
    state.used_assertions[once] = expiry
    return client


def _signed_by(public_key: str, algorithm: str, content: bytes, signature: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import padding, rsa

    key = serialization.load_pem_public_key(public_key.encode())
    ways: dict[str, tuple[padding.AsymmetricPadding, hashes.HashAlgorithm]] = {
        "RS256": (padding.PKCS1v15(), hashes.SHA256()),
        "RS384": (padding.PKCS1v15(), hashes.SHA384()),
        "PS256": (padding.PSS(padding.MGF1(hashes.SHA256()), hashes.SHA256.digest_size), hashes.SHA256()),
    }
    if algorithm not in ways or not isinstance(key, rsa.RSAPublicKey):
        return False
    try:
        key.verify(signature, content, *ways[algorithm])
    except InvalidSignature:
        return False
    return True


def _signature(key: bytes, payload: str) -> bytes:
    rounds = range(_SIGNATURE_LENGTH // hashlib.sha256().digest_size)
    return b"".join(
        hmac.digest(key, bytes([number]) + payload.encode(errors="surrogatepass"), "sha256") for number in rounds
    )


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    """The bytes of unpadded base64url. Raises ValueError."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
