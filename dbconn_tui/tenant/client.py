"""TenantClient: the few endpoints of one tenant's Management API that dbconn uses (api.md §1)."""

from __future__ import annotations

import asyncio
import random
import secrets
import time
from collections.abc import Awaitable, Callable, Collection, Coroutine, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar
from urllib.parse import quote

from dbconn_tui import __version__
from dbconn_tui.errors import (
    AuthenticationError,
    DbconnError,
    MissingScopeError,
    NameTakenError,
    UnreachableError,
)
from dbconn_tui.events import OnEvent, ignore
from dbconn_tui.project.values import Tenant
from dbconn_tui.sensitive import Sensitive
from dbconn_tui.tenant.answers import Call, refuse_answer, shown
from dbconn_tui.tenant.body import encode_body
from dbconn_tui.tenant.calls import FOREVER, Calls, new_page, read_call
from dbconn_tui.tenant.exchange import Exchange
from dbconn_tui.tenant.login import Login
from dbconn_tui.tenant.pages import (
    PAGE_SIZE,
    read_client,
    read_connection,
    read_enabled_client,
    read_log_event,
    read_page,
)
from dbconn_tui.tenant.scopes import GRANT_HINT, PLAN_SCOPES, missing_scopes
from dbconn_tui.tenant.token import Credentials, TokenCache
from dbconn_tui.tenant.values import AnswerHeaders, LiveClient, LiveConnection, LiveReading, LogEvent, UserAnswer
from dbconn_tui.tenant.wire import Wire, check_domain

if TYPE_CHECKING:
    from types import TracebackType

    import httpx

STRATEGY: Final = "auth0"
TIMEOUT: Final = 30.0
"""Seconds for connecting, and between two pieces of an answer."""

CONNECTIONS: Final = "/api/v2/connections"
CLIENTS: Final = "/api/v2/clients"
SETTINGS: Final = "/api/v2/tenants/settings"
SIGN_UP_CALL: Final = Call("POST", "/dbconnections/signup", "/dbconnections/signup", "a sign-up", repeatable=True)
LOG_IN_CALL: Final = Call("POST", "/oauth/token", "/oauth/token", "a login", repeatable=True)
PASSWORD_REALM: Final = "http://auth0.com/oauth/grant-type/password-realm"

LOGS: Final = "/api/v2/logs"

ENABLED_PAGE: Final = 1000
"""The most enabled clients that the API gives on one page (api.md §1.4)."""

MOST_CLIENT_CHANGES: Final = 50
"""The most enabled clients that one PATCH may change (api.md §1.4)."""

Value = TypeVar("Value")


class TenantClient:
    """One tenant, open for requests inside `async with`; requests may overlap.

    `cache` keeps the token between runs. `transport` replaces the network. `clock` is monotonic, `wall_clock` epoch
    seconds. `on_event` gets requests and waits. Every method raises AuthenticationError (no token, or refused),
    MissingScopeError, UnreachableError (also RateLimitedError), ApiError; writes AnswerLostError besides.
    """

    def __init__(
        self,
        tenant: Tenant,
        credentials: Credentials,
        *,
        cache: TokenCache | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
        unique: Callable[[], str] = secrets.token_urlsafe,
        on_event: OnEvent = ignore,
        user_agent: str = f"dbconn/{__version__}",
        timeout: float = TIMEOUT,
    ) -> None:
        """Raises UsageError when the tenant's domain is none, or is plain HTTP to another machine."""
        check_domain(tenant.domain)
        self.tenant = tenant
        self._clock = clock
        self._wire = Wire(tenant.base_url, transport=transport, timeout=timeout, user_agent=user_agent)
        self._exchange = Exchange(
            self._wire,
            tenant,
            clock=clock,
            wall_clock=wall_clock,
            sleep=sleep,
            chance=chance,
            on_event=on_event,
        )
        self._login = Login(tenant, credentials, cache, self._exchange, wall_clock=wall_clock, unique=unique)
        self._calls = Calls(tenant.domain, self._exchange, self._login, clock)

    async def __aenter__(self) -> Self:
        await self._wire.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._wire.__aexit__(kind, error, trace)

    @property
    def requests(self) -> int:
        """How many requests were sent so far, attempts counted."""
        return self._exchange.counts.total()

    @property
    def request_counts(self) -> Mapping[tuple[str, str], int]:
        """Requests sent by (method, path template), e.g. ("PATCH", "/api/v2/connections/{id}")."""
        return dict(self._exchange.counts)

    async def scopes(self, needed: Collection[str] = tuple(PLAN_SCOPES)) -> frozenset[str]:
        """The scopes of the token; a kept token that lacks one of `needed` is replaced by a new one first, once."""
        token = await self._login.current()
        if missing_scopes(needed, token.scopes):
            token = await self._login.replace(token, lacks_scope=True) or token
        return token.scopes

    async def list_connections(self) -> LiveReading:
        """All connections of strategy auth0, sorted by name: one request for each 100."""
        query = (("strategy", STRATEGY),)
        found, read_at = await self._calls.listed(
            "reading the connections", CONNECTIONS, query, "connections", read_connection
        )
        return _reading(found, read_at, complete=True)

    async def find_connections(self, names: Sequence[str]) -> LiveReading:
        """The connections with these names, one request for each; names of other strategies in `other_names`."""
        read_at = self._clock()
        found = await _together([self._find(name) for name in dict.fromkeys(names)])
        return _reading([one for several in found for one in several], read_at, complete=False)

    async def get_connection(self, connection_id: str) -> LiveConnection:
        """One connection by id. Raises NotFoundError."""
        return await self._calls.send(_connection_call("GET", connection_id, "reading a connection"), read_connection)

    def until(self, deadline: float) -> AbstractContextManager[None]:
        """Inside, no write starts after `deadline`, a time of the clock; reads may for a minute more.

        What cannot start in time raises HeldBackError.
        """
        return self._exchange.until(deadline)

    async def create_connection(self, body: Mapping[str, Any], *, start_by: float = FOREVER) -> LiveConnection:
        """Creates a connection; `body` as POST takes it, Sensitive values allowed. Raises NameTakenError.

        HeldBackError when the rate limit does not let it start by `start_by`, a time of the clock: it was not sent.
        """
        name = str(body.get("name", ""))
        call = Call("POST", CONNECTIONS, CONNECTIONS, f"creating the connection {name}")
        try:
            return await self._calls.send(call, read_connection, body, start_by)
        except NameTakenError as taken:
            raise await self._explained(taken, name) from None

    async def update_connection(
        self, connection_id: str, body: Mapping[str, Any], *, start_by: float = FOREVER
    ) -> LiveConnection:
        """Changes a connection; `body` as PATCH takes it, Sensitive values allowed. Raises NotFoundError.

        HeldBackError as `create_connection`.
        """
        call = _connection_call("PATCH", connection_id, "changing a connection")
        return await self._calls.send(call, read_connection, body, start_by)

    async def delete_connection(self, connection_id: str) -> None:
        """Deletes a connection with its users; one that is gone already is no failure (api.md §7)."""
        call = replace(_connection_call("DELETE", connection_id, "deleting a connection"), repeatable=True)
        await self._calls.send(call, _nothing)

    async def sign_up(self, connection: str, email: str, password: Sensitive) -> UserAnswer:
        """Asks for a user on a database connection, as a login page does, for the application of the token.

        Needs no scope, but the connection must be enabled for that application. A refusal is an answer like any
        other. Raises UnreachableError, and AuthenticationError when the token does not name its application.
        """
        client_id = await self.client_id()
        if not client_id:
            raise AuthenticationError(
                f"The access token given for {self.tenant.domain} does not say whose it is.",
                "Use an application's id and secret for this.",
            )
        body = {"client_id": client_id, "connection": connection, "email": email, "password": password}
        return await self._ask_as_user(SIGN_UP_CALL, body)

    async def log_in(self, connection: str, identifier: str, password: Sensitive, client_id: str) -> UserAnswer:
        """Logs a user in on a database connection, through an application that needs no secret for it.

        A refusal is an answer like any other. Raises UnreachableError.
        """
        body = {"grant_type": PASSWORD_REALM, "client_id": client_id, "realm": connection}
        return await self._ask_as_user(LOG_IN_CALL, {**body, "username": identifier, "password": password})

    async def _ask_as_user(self, call: Call, body: Mapping[str, Any]) -> UserAnswer:
        """A request of the Authentication API, whose limits are others than the Management API's."""
        content, _ = encode_body(body)
        answer = await self._exchange.send(call, {"content-type": "application/json"}, lambda: content, for_token=True)
        if answer.status >= 500 or answer.status == 429:
            refuse_answer(call, answer, self.tenant.domain, f"status {answer.status}")
        return UserAnswer(answer.status, answer.body.decode(errors="replace"))

    async def client_id(self) -> str:
        """The id of the application that the token was issued to; empty when nothing says it."""
        return (await self._login.current()).client_id or self._login.client_id

    async def token_expires_at(self) -> float:
        """Epoch seconds at which the token in use expires."""
        return (await self._login.current()).expires_at

    async def tenant_settings(self) -> Mapping[str, Any]:
        """The tenant's settings as the API gives them; needs SETTINGS_SCOPE."""
        return await self._calls.send(read_call("reading the tenant's settings", SETTINGS, ()), _object)

    @property
    def last_headers(self) -> AnswerHeaders | None:
        """What the headers of the last answer said; None before the first."""
        return self._exchange.last_headers

    async def list_clients(self) -> tuple[LiveClient, ...]:
        """The tenant's applications, sorted by name, without the global one: one request for each 100."""
        query = (("is_global", "false"), ("fields", "client_id,name"), ("include_fields", "true"))
        found = await self._calls.by_offset("reading the applications", CLIENTS, query, "clients", read_client)
        return tuple(sorted(found, key=lambda client: (client.name, client.client_id)))

    async def enabled_clients(self, connection_ids: Sequence[str]) -> dict[str, frozenset[str]]:
        """Connection id → the client ids that may use it; one request a connection and each 1000 clients.

        All or nothing: a reading that fails raises, it never looks like a connection without clients.
        """
        ids = list(dict.fromkeys(connection_ids))
        found = await _together([self._enabled_clients(one) for one in ids])
        return dict(zip(ids, found, strict=True))

    async def change_enabled_clients(self, connection_id: str, changes: Mapping[str, bool]) -> None:
        """Enables (True) and disables (False) clients; those not named stay as they are. One request for each 50.

        What was answered before a failure is carried out. Raises NotFoundError for an unknown client or connection.
        """
        items = [{"client_id": client_id, "status": status} for client_id, status in changes.items()]
        call = _connection_call("PATCH", connection_id, "changing a connection's enabled clients", "/clients")
        for start in range(0, len(items), MOST_CLIENT_CHANGES):
            await self._calls.send(call, _nothing, items[start : start + MOST_CLIENT_CHANGES])

    async def api_writes(self) -> tuple[LogEvent, ...]:
        """The newest calls of the Management API that the tenant's log holds, newest first: one request, at most 100.

        Needs the scope read:logs.
        """
        query = (("q", "type:sapi"), ("sort", "date:-1"), ("page", "0"), ("per_page", str(PAGE_SIZE)))
        call = read_call("reading the tenant's log", LOGS, query)
        page = await self._calls.send(call, lambda content: read_page(content, "logs", read_log_event))
        return tuple(sorted(page.items, key=lambda event: event.at, reverse=True))

    async def _enabled_clients(self, connection_id: str) -> frozenset[str]:
        call = _connection_call("GET", connection_id, "reading a connection's enabled clients", "/clients")
        found: set[str] = set()
        begins: list[str] = []
        while True:
            start = (("from", begins[-1]),) if begins else ()
            paged = replace(call, query=(("take", str(ENABLED_PAGE)), *start))
            page = await self._calls.send(
                paged, lambda content: new_page(read_page(content, "clients", read_enabled_client), begins)
            )
            found.update(page.items)
            if page.is_last:
                return frozenset(found)
            if page.is_last is None:
                raise UnreachableError(
                    f"{self.tenant.domain} shows only a part of a connection's enabled clients.",
                    "It pages in a way that is not the API's.",
                )
            begins.append(page.next)

    async def _find(self, name: str) -> list[LiveConnection]:
        call = read_call(f"reading the connection {name}", CONNECTIONS, (("name", name),))
        page = await self._calls.send(call, lambda content: read_page(content, "connections", read_connection))
        return [one for one in page.items if one.name == name]

    async def _explained(self, taken: NameTakenError, name: str) -> NameTakenError:
        """The refusal of a name with who holds it, where one more request can tell."""
        try:
            reading = await self.find_connections([name])
        except DbconnError:
            return taken
        message, hint = taken.message, taken.hint
        if name in reading.other_names:
            strategy = shown(reading.other_names[name])
            message = f"The name {name} is held on {self.tenant.domain} by a connection of strategy {strategy}."
            hint = "Choose another `name:` for the connection in dbconn.yaml."
        elif reading.connections:
            hint = "It was created since the tenant was last read: run plan again."
        return NameTakenError(message, hint, status=taken.status, error_code=taken.error_code)


def require_options(reading: LiveReading) -> None:
    """Raises MissingScopeError when a connection came without its options: merging into nothing would erase them."""
    bare = next((one for one in reading.connections if not one.has_options), None)
    if bare is not None:
        raise MissingScopeError(
            f"The tenant shows {bare.name} without its options, so nothing can be compared or merged.",
            f"The application lacks read:connections_options. {GRANT_HINT}",
            ("read:connections_options",),
        )


def _reading(found: Sequence[LiveConnection], read_at: float, *, complete: bool) -> LiveReading:
    """The connections of our strategy, each once, sorted by name; the names of others beside them."""
    own = {one.id: one for one in found if one.strategy == STRATEGY}
    return LiveReading(
        tuple(sorted(own.values(), key=lambda one: (one.name, one.id))),
        read_at,
        complete,
        {one.name: one.strategy for one in found if one.strategy != STRATEGY},
    )


def _connection_call(method: str, connection_id: str, doing: str, under: str = "") -> Call:
    path = f"{CONNECTIONS}/{quote(connection_id, safe='')}{under}"
    return Call(method, path, f"{CONNECTIONS}/{{id}}{under}", doing, repeatable=method == "GET")


def _nothing(content: Any) -> None:
    """Reads an answer whose status says everything."""


def _object(content: Any) -> Mapping[str, Any]:
    if not isinstance(content, dict):
        raise ValueError("no object")
    return content


async def _together(work: Sequence[Coroutine[Any, Any, Value]]) -> list[Value]:
    """The results in order; the first failure ends the rest."""
    tasks = [asyncio.ensure_future(one) for one in work]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
