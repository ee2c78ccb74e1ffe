"""The login: one token for a run, from the cache or fetched, and a new one once when it is refused (design §3)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from enum import Enum
from typing import Final

from dbconn_tui.errors import AuthenticationError
from dbconn_tui.project.values import Tenant
from dbconn_tui.sensitive import Sensitive
from dbconn_tui.tenant.answers import Call, content_of, refuse_answer, token_refusal
from dbconn_tui.tenant.assertion import ASSERTION_TYPE, make_assertion
from dbconn_tui.tenant.exchange import Exchange
from dbconn_tui.tenant.token import Credentials, Token, TokenCache

TOKEN_CALL: Final = Call("POST", "/oauth/token", "/oauth/token", "the request for a token", repeatable=True)


class Origin(Enum):
    """Where the token in use came from; it decides whether fetching another can help."""

    CACHE = "cache"
    FETCHED = "fetched"
    REPLACEMENT = "replacement"
    READY = "ready"


class Login:
    """The token of one tenant for one run. `unique` makes texts that were never used before."""

    def __init__(
        self,
        tenant: Tenant,
        credentials: Credentials,
        cache: TokenCache | None,
        exchange: Exchange,
        *,
        wall_clock: Callable[[], float],
        unique: Callable[[], str],
    ) -> None:
        self._tenant = tenant
        self._credentials = credentials
        self._cache = cache
        self._exchange = exchange
        self._wall_clock = wall_clock
        self._unique = unique
        self._lock = asyncio.Lock()
        self._token: Token | None = None
        self._origin = Origin.CACHE

    @property
    def client_id(self) -> str:
        """The application that signs in; empty with a token that was fetched elsewhere."""
        return self._credentials.client_id

    @property
    def hidden(self) -> tuple[Sensitive, ...]:
        """The texts that must never show."""
        return self._credentials.hidden if self._token is None else (*self._credentials.hidden, self._token.access)

    async def current(self) -> Token:
        """The token to use now. Raises AuthenticationError, UnreachableError."""
        async with self._lock:
            if self._token is not None and not self._token.is_expired(self._wall_clock()):
                return self._token
            if self._credentials.access_token is not None:
                self._token, self._origin = self._ready(self._credentials.access_token), Origin.READY
                return self._token
            cached = await self._cached() if self._token is None else None
            if cached is not None and not cached.is_expired(self._wall_clock()):
                self._token, self._origin = cached, Origin.CACHE
            else:
                self._token, self._origin = await self._fetch(), Origin.FETCHED
            return self._token

    async def replace(self, refused: Token, *, lacks_scope: bool = False) -> Token | None:
        """Another token than the refused one, or None where fetching one cannot help.

        A token fetched in this run has the scopes that the application has now. Raises like `current`.
        """
        async with self._lock:
            if self._token is not None and self._token is not refused:
                return self._token
            if self._origin in (Origin.READY, Origin.REPLACEMENT) or (lacks_scope and self._origin is Origin.FETCHED):
                return None
            self._token, self._origin = await self._fetch(), Origin.REPLACEMENT
            return self._token

    def _ready(self, access: Sensitive) -> Token:
        domain = self._tenant.domain
        if not self._credentials.issued_for(domain):
            raise AuthenticationError(
                f"The access token given was not issued by {domain}; it was not sent there.",
                "AUTH0_ACCESS_TOKEN must be a token for the chosen tenant's Management API.",
            )
        token = Token.from_access(access)
        if token.is_expired(self._wall_clock()):
            raise AuthenticationError(
                f"The access token given for {domain} has expired.", "Put a new one into AUTH0_ACCESS_TOKEN."
            )
        return token

    async def _cached(self) -> Token | None:
        if self._cache is None:
            return None
        # A keyring may ask its user to unlock it: the event loop goes on meanwhile.
        return await asyncio.to_thread(self._cache.get, *self._key)

    @property
    def _key(self) -> tuple[str, str, str]:
        return self._tenant.domain, self._credentials.client_id, self._tenant.api_audience

    async def _fetch(self) -> Token:
        domain = self._tenant.domain
        answer = await self._exchange.send(
            TOKEN_CALL, {"content-type": "application/json"}, self._request_body, for_token=True
        )
        if answer.status >= 400:
            raise token_refusal(TOKEN_CALL, answer, domain, self._tenant.api_audience, self._credentials.hidden)
        try:
            token = Token.from_answer(content_of(TOKEN_CALL, answer, domain), self._wall_clock())
        except ValueError:
            refuse_answer(TOKEN_CALL, answer, domain, "there is no token in it")
        if self._cache is not None:
            await asyncio.to_thread(self._cache.put, *self._key, token)
        return token

    def _request_body(self) -> bytes:
        """The body of one token request; an assertion may be used only once, so each attempt gets its own."""
        credentials = self._credentials
        body = {
            "grant_type": "client_credentials",
            "client_id": credentials.client_id,
            "audience": self._tenant.api_audience,
        }
        if credentials.signing_key is not None:
            audience = f"{self._tenant.base_url}/"
            body["client_assertion_type"] = ASSERTION_TYPE
            body["client_assertion"] = make_assertion(credentials, audience, self._wall_clock(), self._unique())
        elif credentials.client_secret is not None:
            body["client_secret"] = credentials.client_secret.reveal()
        return json.dumps(body).encode()
