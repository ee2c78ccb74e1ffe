"""Token and credentials of one tenant; nothing here sends anything.

Claims are read locally and never verified: the tenant does that, they only tell us early what it would say.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from dbconn_tui.sensitive import Sensitive
from dbconn_tui.tenant.answers import parse_json

EXPIRED_EARLY: Final = 60.0
"""Seconds before its expiry from which a token counts as expired."""

USUAL_LIFETIME: Final = 86_400.0
"""Seconds; what the API gives unless it is configured otherwise (api.md §5.1)."""

ALGORITHMS: Final = ("RS256", "RS384", "PS256")
"""How a client assertion may be signed (api.md §5.2)."""

_HEADER_TEXT: Final = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True, slots=True)
class Token:
    """An access token with what it says of itself; `expires_at` in epoch seconds."""

    access: Sensitive
    expires_at: float
    scopes: frozenset[str]
    issuer: str = ""
    client_id: str = ""
    """The application it was issued to (claim `azp`, api.md §5.1); empty when it does not say."""

    @classmethod
    def from_access(cls, access: Sensitive) -> Token:
        """A token from its own claims. Raises ValueError, which quotes nothing, when it has none that can be read."""
        claims = _claims(access)
        return cls(
            access,
            _moment(claims["exp"]),
            _scopes(claims.get("scope")),
            str(claims.get("iss", "")),
            str(claims.get("azp", "")),
        )

    @classmethod
    def from_answer(cls, content: Any, now: float) -> Token:
        """A token from the content of POST /oauth/token's answer, `now` in epoch seconds.

        Its expiry is counted from `expires_in` on this machine's clock, which may be wrong; a lifetime under
        two minutes counts for half of it. Scopes are its own, or those beside it when it cannot be read.
        Raises ValueError when there is no usable token in it.
        """
        access = content.get("access_token") if isinstance(content, dict) else None
        if not isinstance(access, str) or not _HEADER_TEXT.fullmatch(access):
            raise ValueError("no access token")
        lifetime = max(_moment(content.get("expires_in", USUAL_LIFETIME)), 1.0)
        expires_at = now + max(lifetime, EXPIRED_EARLY + lifetime / 2)
        try:
            own = cls.from_access(Sensitive(access))
        except ValueError:
            return cls(Sensitive(access), expires_at, _scopes(content.get("scope")))
        return cls(own.access, expires_at, own.scopes or _scopes(content.get("scope")), own.issuer, own.client_id)

    def is_expired(self, now: float) -> bool:
        """Whether it should no longer be used; `now` in epoch seconds."""
        return now >= self.expires_at - EXPIRED_EARLY


class TokenCache(Protocol):
    """Where a token outlives the run, bound to domain, client id and audience."""

    def get(self, domain: str, client_id: str, audience: str) -> Token | None:
        """The token kept for exactly these three."""

    def put(self, domain: str, client_id: str, audience: str, token: Token) -> None:
        """Keeps a token in place of any earlier one."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """How a token is got: by a client secret, by a signing key, or it is there already. Made by the class methods."""

    client_id: str = ""
    client_secret: Sensitive | None = None
    signing_key: Sensitive | None = None
    algorithm: str = ALGORITHMS[0]
    key_id: str = ""
    access_token: Sensitive | None = None

    @classmethod
    def secret(cls, client_id: str, client_secret: Sensitive) -> Credentials:
        """Client id and client secret (api.md §5.1)."""
        return cls(client_id, client_secret=client_secret)

    @classmethod
    def signing(
        cls, client_id: str, signing_key: Sensitive, algorithm: str = ALGORITHMS[0], key_id: str = ""
    ) -> Credentials:
        """Client id and an RSA private key in PEM (private_key_jwt, api.md §5.2); `algorithm` is one of ALGORITHMS."""
        return cls(client_id, signing_key=signing_key, algorithm=algorithm, key_id=key_id)

    @classmethod
    def ready(cls, access_token: Sensitive) -> Credentials:
        """A token that was fetched elsewhere."""
        return cls(access_token=access_token)

    def issued_for(self, domain: str) -> bool:
        """Whether a ready token says that `domain` issued it; only then it may be sent there."""
        if self.access_token is None:
            return False
        try:
            issuer = Token.from_access(self.access_token).issuer
        except ValueError:
            return False
        return bool(issuer) and _host(issuer) == _host(domain)

    @property
    def hidden(self) -> tuple[Sensitive, ...]:
        """The texts that must never show."""
        return tuple(text for text in (self.client_secret, self.signing_key, self.access_token) if text)


def _claims(access: Sensitive) -> Mapping[str, Any]:
    text = access.reveal()
    pieces = text.split(".")
    if len(pieces) != 3 or not _HEADER_TEXT.fullmatch(text):
        raise ValueError("not a JSON Web Token")
    try:
        claims = parse_json(base64.b64decode(pieces[1] + "=" * (-len(pieces[1]) % 4), altchars="-_", validate=True))
    except (binascii.Error, ValueError):
        raise ValueError("not a JSON Web Token") from None
    if not isinstance(claims, dict) or "exp" not in claims:
        raise ValueError("a JSON Web Token without expiry")
    return claims


def _moment(seconds: object) -> float:
    """Finite seconds. Raises ValueError."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not abs(seconds) < 1e15:
        raise ValueError("not a time")
    return float(seconds)


def _scopes(scope: object) -> frozenset[str]:
    if isinstance(scope, list):
        return frozenset(str(one) for one in scope)
    return frozenset(scope.split()) if isinstance(scope, str) else frozenset()


def _host(address: str) -> str:
    return address.lower().removeprefix("https://").removeprefix("http://").rstrip("/").removesuffix(":443")
