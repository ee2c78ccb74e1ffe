"""Control routes `/__control/`: what tests and demos do to the tenant behind the API's back.

Only there with Settings.control. They need no token: the tenant listens on this machine alone.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from dbconn_tui.action_scripts.kinds import BY_NAME
from dbconn_tui.local_tenant.answers import decode, encode, refuse, refuse_missing_connection
from dbconn_tui.local_tenant.api_log import ApiEvent
from dbconn_tui.local_tenant.connections import seed
from dbconn_tui.local_tenant.faults import FaultPlan, fault_from, set_path, unset_path
from dbconn_tui.local_tenant.limits import Limits
from dbconn_tui.local_tenant.state import Client, StoredConnection, TenantState, configuration_values
from dbconn_tui.sensitive import Sensitive

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

PREFIX: Final = "/__control"
SOMEBODY: Final = "Somebody at the dashboard"
"""The name under which the tenant's log tells changes through these routes."""

_DASHBOARD_KINDS: Final = {
    "login": "Login",
    "get_user": "Get User",
    "create": "Create",
    "verify": "Verify",
    "change_password": "Change Password",
    "delete": "Delete",
}


def placeholder(kind: str) -> str:
    """A script as the dashboard fills it in for a kind that has none; the error text marks it (api.md §3.2)."""
    known = BY_NAME[kind]
    signature = ", ".join(known.signature())
    return (
        f"function {known.function}({signature}) {{\n"
        f'  const msg = "Please implement the {_DASHBOARD_KINDS[kind]} script for this database connection";\n'
        "  return callback(new Error(msg));\n"
        "}\n"
    )


def dashboard_save(state: TenantState, connection: StoredConnection) -> StoredConnection:
    """Saves a connection's scripts as the dashboard does.

    It drops the kinds it does not know, fills in placeholders for its six, adds an empty
    `configuration`, and encrypts the same values anew.
    """
    options = deepcopy(dict(connection.options))
    scripts: dict[str, Any] = {
        kind: text
        for kind, text in (options.get("customScripts") or {}).items()
        if kind not in BY_NAME or not BY_NAME[kind].dropped_by_dashboard
    }
    for kind in _DASHBOARD_KINDS:
        scripts.setdefault(kind, placeholder(kind))
    configuration = options.get("configuration") or {}
    options["customScripts"] = scripts
    options["configuration"] = {key: state.vault.reseal(value) for key, value in configuration.items()}
    return state.put(replace(connection, options=options))


def change(state: TenantState, connection: StoredConnection, path: tuple[str, ...], value: Any) -> StoredConnection:
    """Sets `path` in the raw object, e.g. ("options", "mfa", "active"). A configuration value is plain text."""
    if path[:2] == ("options", "configuration") and len(path) == 3:
        value = state.vault.seal(value)
    return _changed(state, connection, lambda body: set_path(body, path, value))


def remove(state: TenantState, connection: StoredConnection, path: tuple[str, ...]) -> StoredConnection:
    """Removes `path` from the raw object."""
    return _changed(state, connection, lambda body: unset_path(body, path))


def _changed(
    state: TenantState, connection: StoredConnection, edit: Callable[[dict[str, Any]], None]
) -> StoredConnection:
    body = deepcopy(connection.body())
    edit(body)
    del state.connections[connection.id]
    return seed(state, body, sealed=True, users=connection.users)


def put_client(state: TenantState, body: Mapping[str, Any]) -> Client:
    """Adds a client or changes the one with its `client_id`; keys left out keep their value."""
    client_id = body.get("client_id") or state.new_id("", 32)
    client = state.clients.get(client_id, Client(client_id, client_id))
    if "name" in body:
        client = replace(client, name=str(body["name"]))
    if "client_secret" in body:
        client = replace(client, secret=Sensitive(str(body["client_secret"])))
    if "scopes" in body:
        scopes = body["scopes"]
        client = replace(client, scopes=None if scopes is None else tuple(scopes))
    if "public_key" in body:
        client = replace(client, public_key=str(body["public_key"]))
    if "grant_types" in body:
        client = replace(client, grant_types=tuple(body["grant_types"]))
    if "public" in body:
        client = replace(client, public=bool(body["public"]))
    state.clients[client_id] = client
    return client


class ControlRoutes:
    """The handlers; every one answers JSON."""

    __slots__ = ("_clock", "_faults", "_limits", "_state")

    def __init__(self, state: TenantState, limits: Limits, faults: FaultPlan, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._state = state
        self._limits = limits
        self._faults = faults

    def routes(self) -> Iterator[Route]:
        """The Starlette routes."""
        from starlette.routing import Route

        for path, handler, method in (
            ("/reset", self.reset, "POST"),
            ("/dashboard-save", self.save, "POST"),
            ("/set", self.set, "POST"),
            ("/unset", self.unset, "POST"),
            ("/users", self.users, "POST"),
            ("/connections", self.seed, "POST"),
            ("/connections", self.connections, "GET"),
            ("/clients", self.client, "POST"),
            ("/clients", self.clients, "GET"),
            ("/faults", self.fault, "POST"),
            ("/faults", self.no_faults, "DELETE"),
            ("/mails", self.mails, "GET"),
            ("/requests", self.requests, "GET"),
            ("/requests", self.forget_requests, "DELETE"),
        ):
            yield Route(PREFIX + path, _checked(handler), methods=[method])

    async def reset(self, request: Request) -> Response:
        """Empties the tenant but for the clients."""
        self._state.connections.clear()
        self._state.deletions.clear()
        self._state.api_events.clear()
        for kept in (self._state.users, self._state.tickets, self._state.mails, self._state.organizations):
            kept.clear()
        self._state.forget_requests()
        self._faults.clear()
        self._limits.refill()
        return _json({})

    async def save(self, request: Request) -> Response:
        """{connection}: dashboard_save."""
        return self._by_hand(dashboard_save(self._state, self._named(await _body(request))))

    async def set(self, request: Request) -> Response:
        """{connection, path: [...], value}: change."""
        body = await _body(request)
        path = tuple(map(str, body["path"]))
        return self._by_hand(change(self._state, self._named(body), path, body.get("value")))

    async def unset(self, request: Request) -> Response:
        """{connection, path: [...]}: remove."""
        body = await _body(request)
        return self._by_hand(remove(self._state, self._named(body), tuple(map(str, body["path"]))))

    async def users(self, request: Request) -> Response:
        """{connection, count}: how many users its database holds."""
        body = await _body(request)
        connection = replace(self._named(body), users=int(body["count"]))
        return _json({"count": self._state.put(connection).users})

    async def seed(self, request: Request) -> Response:
        """A raw connection, stored as it is; configuration in plain text."""
        return _json(seed(self._state, await _body(request)).body())

    async def connections(self, request: Request) -> Response:
        """Every connection, with configuration values in plain text under `values`."""
        rows = [
            {**one.body(), "users": one.users, "values": dict(configuration_values(one, self._state.vault))}
            for one in self._state.sorted_connections()
        ]
        return _json({"connections": rows})

    async def client(self, request: Request) -> Response:
        """put_client."""
        client = put_client(self._state, await _body(request))
        return _json({**client.body(), "scopes": client.scopes})

    async def clients(self, request: Request) -> Response:
        """Every client with its scopes."""
        return _json({"clients": [{**one.body(), "scopes": one.scopes} for one in self._state.clients.values()]})

    async def fault(self, request: Request) -> Response:
        """A Fault's fields."""
        self._faults.add(fault_from(await _body(request)))
        return _json({})

    async def no_faults(self, request: Request) -> Response:
        """Clears the faults."""
        self._faults.clear()
        return _json({})

    async def mails(self, request: Request) -> Response:
        """The e-mails that the platform would have sent, newest last, with their links."""
        rows = [{"to": mail.to, "subject": mail.subject, "link": mail.link} for mail in self._state.mails]
        return _json({"mails": rows})

    async def requests(self, request: Request) -> Response:
        """The requests so far and their counts by route."""
        rows = [
            {"method": one.method, "path": one.path, "query": one.query, "status": one.status, "at": one.at}
            for one in self._state.log
        ]
        return _json({"total": self._state.counts.total(), "counts": dict(self._state.counts), "requests": rows})

    async def forget_requests(self, request: Request) -> Response:
        """Starts the log anew."""
        self._state.forget_requests()
        return _json({})

    def _by_hand(self, connection: StoredConnection) -> Response:
        """The connection after somebody changed it at the dashboard, which the tenant's log tells."""
        path = f"/api/v2/connections/{connection.id}"
        self._state.api_events.append(ApiEvent("PATCH", path, self._clock(), 200, user=SOMEBODY))
        return _json(connection.body())

    def _named(self, body: Mapping[str, Any]) -> StoredConnection:
        connection = self._state.find(str(body.get("connection")))
        if connection is None:
            raise refuse_missing_connection()
        return connection


def _checked(handler: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    async def checked(request: Request) -> Response:
        try:
            return await handler(request)
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise refuse(400, f"this control request cannot be carried out: {error!r}") from None

    return checked


async def _body(request: Request) -> dict[str, Any]:
    body = decode(await request.body())
    if not isinstance(body, dict):
        raise refuse(400, "a control request takes a JSON object")
    return body


def _json(value: object) -> Response:
    from starlette.responses import Response

    return Response(encode(value), media_type="application/json")
