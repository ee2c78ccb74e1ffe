"""Tokens: access tokens by client credentials, kept in memory until they expire."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import Final

from dbconn_tui.sensitive import Sensitive

LIFETIME: Final = 3_600
"""Seconds that a token is good for."""


class Tokens:
    """Issues bearer tokens to one client. `clock` gives seconds, `new_token` an unguessable text."""

    def __init__(
        self,
        client_id: str,
        client_secret: Sensitive,
        *,
        clock: Callable[[], float],
        new_token: Callable[[], str],
        lifetime: float = LIFETIME,
    ) -> None:
        self._client_id = client_id
        self._client_secret = client_secret
        self._clock = clock
        self._new_token = new_token
        self._lifetime = lifetime
        self._expiry: dict[str, float] = {}

    def issue(self, client_id: str, client_secret: str) -> tuple[str, int] | None:
        """A token and its lifetime in whole seconds, or None for wrong credentials."""
        right_id = _equal(client_id, self._client_id)
        right_secret = _equal(client_secret, self._client_secret.reveal())
        if not (right_id and right_secret):
            return None
        now = self._clock()
        self._expiry = {token: expiry for token, expiry in self._expiry.items() if expiry > now}
        token = self._new_token()
        self._expiry[token] = now + self._lifetime
        return token, int(self._lifetime)

    def is_valid(self, token: str) -> bool:
        """Whether the token was issued here and has not expired or been revoked."""
        return self._expiry.get(token, 0.0) > self._clock()

    def revoke_all(self) -> None:
        """Make every token invalid at once."""
        self._expiry = {}


def _equal(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), expected.encode("utf-8"))
