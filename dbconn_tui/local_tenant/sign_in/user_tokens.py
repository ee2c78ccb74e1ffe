"""Tokens of users: RS256 with a real key, so that an application can check them against /.well-known/jwks.json."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from dbconn_tui.local_tenant.answers import encode
from dbconn_tui.local_tenant.sign_in.stored_user import StoredUser
from dbconn_tui.local_tenant.state import TenantState
from dbconn_tui.sensitive import Sensitive

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from jwt.types import Options

DEFAULT_SCOPE: Final = "openid profile email address phone"
"""What a login without `scope` gets."""
ID_LIFETIME: Final = 36_000
"""Seconds that an id token is valid, as on the platform by default."""

_ALGORITHM: Final = "RS256"
_KEY_SIZE: Final = 2048
_PROFILE_CLAIMS: Final = ("name", "nickname", "picture", "given_name", "family_name", "updated_at")
_EMAIL_CLAIMS: Final = ("email", "email_verified")


@dataclass(frozen=True, slots=True)
class LoginRequest:
    """What a login asked for: the tenant's issuer (`https://…/`), the application, audience, scope, organization."""

    issuer: str
    client_id: str
    audience: str = ""
    scope: str = DEFAULT_SCOPE
    organization_id: str = ""


def issue_tokens(state: TenantState, user: StoredUser, login: LoginRequest, now: float, lifetime: int) -> bytes:
    """The JSON answer of a login: access token, with `openid` an id token. `lifetime` in seconds.

    Without an audience the access token is for /userinfo alone; the platform gives an opaque one there.
    """
    userinfo = f"{login.issuer}userinfo"
    scopes = login.scope.split()
    common = {"iss": login.issuer, "sub": user.user_id, "iat": int(now)}
    if login.organization_id:
        common["org_id"] = login.organization_id
    access = {
        **common,
        "aud": [login.audience, userinfo] if login.audience else userinfo,
        "exp": int(now) + lifetime,
        "scope": login.scope,
        "gty": "password",
        "azp": login.client_id,
    }
    answer: dict[str, Any] = {"access_token": _sign(state, access)}
    if "openid" in scopes:
        own = {**common, **claims(user, scopes), "aud": login.client_id, "exp": int(now) + ID_LIFETIME}
        answer["id_token"] = _sign(state, own)
    return encode({**answer, "scope": login.scope, "expires_in": lifetime, "token_type": "Bearer"})


def claims(user: StoredUser, scopes: list[str]) -> dict[str, Any]:
    """What a user's tokens and /userinfo say, by scope."""
    body = user.body()
    wanted = (_PROFILE_CLAIMS if "profile" in scopes else ()) + (_EMAIL_CLAIMS if "email" in scopes else ())
    return {"sub": user.user_id, **{name: body[name] for name in wanted if name in body}}


def read_access_token(state: TenantState, authorization: str, now: float) -> Mapping[str, Any] | None:
    """The claims of a user's access token in an Authorization header; None when it is none of ours, or too old."""
    from jwt import decode
    from jwt.exceptions import InvalidTokenError

    kind, _, token = authorization.partition(" ")
    if kind.lower() != "bearer" or not state.user_key:
        return None
    # The tenant's clock decides about time, not the machine's.
    unchecked: Options = {"verify_exp": False, "verify_iat": False, "verify_aud": False}
    try:
        found = decode(token.strip(), _key_of(state).public_key(), algorithms=[_ALGORITHM], options=unchecked)
    except (InvalidTokenError, UnicodeError):
        return None
    return found if found["exp"] > now and "scope" in found else None


def key_set(state: TenantState) -> dict[str, Any]:
    """The content of /.well-known/jwks.json."""
    from jwt.algorithms import RSAAlgorithm

    key = RSAAlgorithm.to_jwk(_key_of(state).public_key(), as_dict=True)
    key.pop("key_ops", None)
    return {"keys": [{**key, "use": "sig", "alg": _ALGORITHM, "kid": _key_id(state)}]}


def provider_configuration(issuer: str) -> dict[str, Any]:
    """The content of /.well-known/openid-configuration: what this tenant has of it."""
    return {
        "issuer": issuer,
        "token_endpoint": f"{issuer}oauth/token",
        "userinfo_endpoint": f"{issuer}userinfo",
        "jwks_uri": f"{issuer}.well-known/jwks.json",
        "id_token_signing_alg_values_supported": ["RS256"],
        "subject_types_supported": ["public"],
        "scopes_supported": [*DEFAULT_SCOPE.split()],
        "claims_supported": ["aud", "exp", "iat", "iss", "sub", *_PROFILE_CLAIMS, *_EMAIL_CLAIMS],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
    }


def _sign(state: TenantState, content: Mapping[str, Any]) -> str:
    from jwt import encode as encode_token

    return encode_token(dict(content), _key_of(state), _ALGORITHM, {"kid": _key_id(state)})


def _key_id(state: TenantState) -> str:
    numbers = _key_of(state).public_key().public_numbers()
    return hashlib.sha256(f"{numbers.e}.{numbers.n}".encode()).hexdigest()[:21]


def _key_of(state: TenantState) -> RSAPrivateKey:
    """The tenant's key for users' tokens, made when it is first needed."""
    if not state.user_key:
        state.user_key = Sensitive(_new_key())
    return _loaded(state.user_key)


@lru_cache(maxsize=8)
def _loaded(pem: Sensitive) -> RSAPrivateKey:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    key = load_pem_private_key(pem.reveal().encode(), None)
    if not isinstance(key, RSAPrivateKey):
        raise ValueError("the key for users' tokens is no RSA key")
    return key


def _new_key() -> str:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65_537, key_size=_KEY_SIZE)
    shape = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, shape, serialization.NoEncryption()).decode()
