"""The Starlette application: routes, tokens, scopes, limits and the request log around the tenant's state."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from random import Random
from typing import Any, Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dbconn_tui.local_tenant import connections, paging, tokens
from dbconn_tui.local_tenant.answers import Refusal, decode, encode, management_body, refuse_scope
from dbconn_tui.local_tenant.api_log import ApiEvent
from dbconn_tui.local_tenant.cipher import Vault
from dbconn_tui.local_tenant.control import ControlRoutes
from dbconn_tui.local_tenant.defaults import defaults_of
from dbconn_tui.local_tenant.faults import FaultPlan, with_faults
from dbconn_tui.local_tenant.limits import GLOBAL, PLANS, READ_CLIENTS, READ_CONNECTIONS, TOKEN, Limits, Plan, Rate
from dbconn_tui.local_tenant.settings import APPLICATION_ID, Settings
from dbconn_tui.local_tenant.sign_in.authentication import PASSWORD, PASSWORD_REALM, Authentication
from dbconn_tui.local_tenant.sign_in.deployed import DeployedScripts
from dbconn_tui.local_tenant.sign_in.post import OnMail, Post
from dbconn_tui.local_tenant.sign_in.requests import hosts_of, read_body
from dbconn_tui.local_tenant.sign_in.script_host import NoScriptHost, ScriptHost
from dbconn_tui.local_tenant.sign_in.user_api import UserApi, fits, query_terms
from dbconn_tui.local_tenant.sign_in.users import Users
from dbconn_tui.local_tenant.state import Client, SeenRequest, StoredConnection, TenantState, collation
from dbconn_tui.sensitive import Sensitive

Clock = Callable[[], float]
"""Epoch seconds."""
Sleep = Callable[[float], Awaitable[None]]
Handler = Callable[[Request, tokens.Grant], Awaitable[Response]]

OPTIONS_SCOPE: Final = "read:connections_options"
MOST_CLIENTS: Final = 1000

_TENANT_SETTINGS: Final[dict[str, Any]] = {
    "friendly_name": "Local tenant",
    "enabled_locales": ["en"],
    "flags": {},
    "sandbox_version": "22",
    "sandbox_versions_available": ["22", "18"],
}


def new_state(settings: Settings, random: Random) -> TenantState:
    """An empty tenant with the client of the settings, its secret random where none is given, and an application."""
    state = TenantState(
        random=random,
        vault=Vault(random, settings.cipher_resend, old_form=settings.defaults == "2022-10"),
        signing_key=random.randbytes(32),
        deletion_seconds=settings.deletion_seconds,
    )
    return admit(state, settings)


def admit(state: TenantState, settings: Settings) -> TenantState:
    """The state with the settings' client in it; a client kept from before keeps its secret unless one is given."""
    before = state.clients.get(settings.client_id)
    kept = before.secret if before else Sensitive(state.new_id("", 64))
    state.clients[settings.client_id] = Client(
        settings.client_id,
        "dbconn",
        secret=settings.client_secret or kept,
        scopes=settings.scopes,
        public_key=settings.client_public_key or (before.public_key if before else ""),
    )
    if settings.client_id != APPLICATION_ID:
        grants = (PASSWORD, PASSWORD_REALM)
        state.clients[APPLICATION_ID] = Client(
            APPLICATION_ID, "Local application", grant_types=grants, public=True, everywhere=True
        )
    state.tenant_settings = {**_TENANT_SETTINGS, **state.tenant_settings}
    if settings.default_directory:
        state.tenant_settings["default_directory"] = settings.default_directory
    return state


def create_app(
    settings: Settings,
    *,
    clock: Clock,
    random: Random,
    sleep: Sleep,
    state: TenantState | None = None,
    on_write: Callable[[TenantState], None] | None = None,
    scripts: ScriptHost | None = None,
    on_mail: OnMail | None = None,
) -> Starlette:
    """The tenant as an ASGI application; its TenantState is `app.state.tenant`.

    `clock` gives epoch seconds. `state` continues an earlier tenant. `on_write` is called after each
    request that may have changed something. `scripts` runs the deployed scripts, and is closed by whoever made it;
    without one nobody can sign in. `on_mail` is told the mails that the platform would send.
    """
    tenant = state or new_state(settings, random)
    plan = PLANS[settings.plan] if settings.rate is None else Plan(Rate(*settings.rate), {})
    limits = Limits(plan, settings.reset_when)
    faults = FaultPlan()
    users = Users(tenant, DeployedScripts(tenant.vault, scripts or NoScriptHost()), clock)
    post = Post(tenant, users, on_mail)
    authentication = Authentication(settings, tenant, limits, users, post)
    api = ManagementApi(settings, tenant, limits, authentication, clock, sleep)
    routes = [*api.routes(), *authentication.routes(), *post.routes()]
    user_api = UserApi(tenant, users, post, settings.domain)
    routes += [api.guarded(method, path, handler, scope) for method, path, handler, scope in user_api.routes()]
    if settings.control:
        routes += ControlRoutes(tenant, limits, faults, clock).routes()
    app = Starlette(
        routes=routes,
        exception_handlers={Refusal: _refused, HTTPException: _no_route},
        middleware=[],
    )
    app.state.tenant = tenant
    app.state.faults = faults
    app.add_middleware(_around, api=api, faults=faults, sleep=sleep, on_write=on_write)
    return app


def _around(app: Any, api: ManagementApi, faults: FaultPlan, sleep: Sleep, on_write: Any) -> Any:
    """Latency and the request log outside, faults inside of them."""
    spoiled = with_faults(app, faults, sleep)

    async def served(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/__control/"):
            await app(scope, receive, send)
            return
        status = 0

        async def noted(message: Any) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        await api.wait()
        try:
            await spoiled(scope, receive, noted)
        finally:
            api.note(scope, status)
        if on_write is not None and scope["method"] != "GET":
            on_write(api.tenant)

    return served


class ManagementApi:
    """The handlers of /oauth/token and /api/v2, but for users."""

    __slots__ = ("_authentication", "_clock", "_limits", "_rules", "_settings", "_sleep", "tenant")

    def __init__(
        self,
        settings: Settings,
        tenant: TenantState,
        limits: Limits,
        authentication: Authentication,
        clock: Clock,
        sleep: Sleep,
    ) -> None:
        self.tenant = tenant
        self._authentication = authentication
        self._settings = settings
        self._limits = limits
        self._clock = clock
        self._sleep = sleep
        self._rules = connections.Rules(
            defaults=defaults_of(settings.defaults, otp_methods=settings.otp_methods),
            omitted_display_name=settings.omitted_display_name,
            metadata_patch=settings.metadata_patch,
        )

    def routes(self) -> list[Route]:
        """The routes, each with the scope it needs and the bucket it counts against."""
        one = "/api/v2/connections/{id}"
        return [
            Route("/oauth/token", self.token, methods=["POST"]),
            self.guarded("GET", "/api/v2/connections", self.list_connections, "read:connections", READ_CONNECTIONS),
            self.guarded("POST", "/api/v2/connections", self.create, "create:connections"),
            self.guarded("GET", one, self.get, "read:connections", READ_CONNECTIONS),
            self.guarded("PATCH", one, self.update, "update:connections"),
            self.guarded("DELETE", one, self.delete, "delete:connections"),
            self.guarded("GET", f"{one}/clients", self.enabled_clients, "read:connections", READ_CONNECTIONS),
            self.guarded("PATCH", f"{one}/clients", self.write_clients, "update:connections"),
            self.guarded("GET", "/api/v2/clients", self.list_clients, "read:clients", READ_CLIENTS),
            self.guarded("GET", "/api/v2/logs", self.list_logs, "read:logs"),
            self.guarded("GET", "/api/v2/tenants/settings", self.tenant_settings, "read:tenant_settings"),
            self.guarded("GET", "/api/v2/actions/actions", self.actions, "read:actions"),
        ]

    async def wait(self) -> None:
        """The latency of the settings."""
        if self._settings.latency:
            await self._sleep(self._settings.latency)

    def note(self, scope: Any, status: int) -> None:
        """Remembers a request."""
        route = scope["path"].split("/")
        if route[1:3] == ["api", "v2"] and len(route) > 4 and route[3] in ("connections", "users"):
            route[4] = "{id}"
        self.tenant.counts[f"{scope['method']} {'/'.join(route)}"] += 1
        query = scope["query_string"].decode("latin-1")
        self.tenant.log.append(SeenRequest(scope["method"], scope["path"], query, status, self._clock()))

    async def token(self, request: Request) -> Response:
        """POST /oauth/token, form or JSON (api.md §5)."""
        now = self._clock()
        headers = self._limits.take(TOKEN, now)
        body = await read_body(request)
        if body.get("grant_type") in (PASSWORD, PASSWORD_REALM):
            answer = await self._authentication.log_in(request, body)
        else:
            hosts = hosts_of(request, self._settings.domain)
            answer = tokens.issue(self.tenant, body, hosts, now, self._settings.token_lifetime)
        return _json(answer, headers={**headers, "cache-control": "no-store"})

    async def list_connections(self, request: Request, grant: tokens.Grant) -> Response:
        """GET /connections in its three shapes (api.md §1.1)."""
        query = request.query_params
        strategies = set(query.getlist("strategy"))
        found = [
            one
            for one in self.tenant.sorted_connections()
            if (not strategies or one.strategy in strategies) and query.get("name", one.name) == one.name
        ]
        page = paging.cut(found, query, _checkpoint)
        return _json(
            page.render([self._encoded(one, request, grant) for one in found[page.start : page.end]], "connections")
        )

    async def create(self, request: Request, grant: tokens.Grant) -> Response:
        """POST /connections."""
        body = decode(await request.body())
        _, answer = connections.create(self.tenant, self._rules, body, self._clock())
        return _json(encode(answer), 201)

    async def get(self, request: Request, grant: tokens.Grant) -> Response:
        """GET /connections/{id}."""
        return _json(self._encoded(self._named(request), request, grant))

    async def update(self, request: Request, grant: tokens.Grant) -> Response:
        """PATCH /connections/{id}; `options` need a scope of their own (api.md §1.6)."""
        body = decode(await request.body())
        if isinstance(body, dict) and "options" in body and "update:connections_options" not in grant.scopes:
            raise refuse_scope("update:connections_options")
        connection = connections.update(self.tenant, self._rules, self._named(request), body)
        return _json(self._encoded(connection, request, grant))

    async def delete(self, request: Request, grant: tokens.Grant) -> Response:
        """DELETE /connections/{id}: 202 while data is being removed, else 204; never 404 (api.md §7)."""
        deleted_at = connections.delete(self.tenant, request.path_params["id"], self._clock())
        if deleted_at is None:
            return Response(status_code=204)
        return _json(encode({"deleted_at": deleted_at}), 202)

    async def enabled_clients(self, request: Request, grant: tokens.Grant) -> Response:
        """GET /connections/{id}/clients."""
        client_ids = sorted(self._named(request).enabled_clients)
        page = paging.cut(client_ids, request.query_params, str, most=MOST_CLIENTS, always_checkpoint=True)
        rows = [encode({"client_id": client_id}) for client_id in client_ids[page.start : page.end]]
        return _json(page.render(rows, "clients"))

    async def write_clients(self, request: Request, grant: tokens.Grant) -> Response:
        """PATCH /connections/{id}/clients."""
        body = decode(await request.body())
        connections.write_clients(self.tenant, self._named(request), body)
        return Response(status_code=204)

    async def list_clients(self, request: Request, grant: tokens.Grant) -> Response:
        """GET /clients, by client id."""
        query = request.query_params
        found = sorted(self.tenant.clients.values(), key=lambda one: one.client_id)
        if query.get("is_global") == "true":
            found = []
        page = paging.cut(found, query, lambda one: one.client_id)
        fields, include = query.get("fields"), query.get("include_fields") != "false"
        rows = [encode(_cut_client(one, fields, include)) for one in found[page.start : page.end]]
        return _json(page.render(rows, "clients"))

    async def list_logs(self, request: Request, grant: tokens.Grant) -> Response:
        """GET /logs by page, newest first, whatever `sort` says; in `q` the terms `name:value`, all must hold."""
        terms = query_terms(request.query_params.get("q", ""))
        events = [event.body(number) for number, event in enumerate(self.tenant.api_events)]
        found = [event for event in events[::-1] if fits(event, terms)]
        page = paging.cut(found, request.query_params, lambda event: str(event["log_id"]))
        return _json(page.render([encode(event) for event in found[page.start : page.end]], "logs"))

    async def tenant_settings(self, request: Request, grant: tokens.Grant) -> Response:
        """GET /tenants/settings."""
        return _json(encode(self.tenant.tenant_settings))

    async def actions(self, request: Request, grant: tokens.Grant) -> Response:
        """GET /actions/actions: this tenant has none."""
        return _json(encode({"total": 0, "page": 0, "per_page": 50, "actions": []}))

    def guarded(self, method: str, path: str, handler: Handler, scope: str, bucket: str = GLOBAL) -> Route:
        """A route of /api/v2: token, limit and scope are checked first, and a write is logged after."""

        async def guarded(request: Request) -> Response:
            now = self._clock()
            grant = tokens.check(self.tenant, request.headers.get("authorization", ""), now)
            limit_headers = self._limits.take(bucket, now)
            if scope not in grant.scopes:
                raise _with_headers(refuse_scope(scope), limit_headers)
            try:
                response = await handler(request, grant)
            except Refusal as refusal:
                raise _with_headers(refusal, limit_headers) from None
            response.headers.update(limit_headers)
            if method != "GET":
                agent = request.headers.get("user-agent", "")
                self.tenant.api_events.append(
                    ApiEvent(method, request.url.path, now, response.status_code, grant.client_id, user_agent=agent)
                )
            return response

        return Route(path, guarded, methods=[method])

    def _named(self, request: Request) -> StoredConnection:
        return connections.get(self.tenant, request.path_params["id"])

    def _encoded(self, connection: StoredConnection, request: Request, grant: tokens.Grant) -> bytes:
        query = request.query_params
        fields = query.get("fields")
        if OPTIONS_SCOPE in grant.scopes and not fields:
            return connection.encoded
        body = connection.body(with_options=OPTIONS_SCOPE in grant.scopes)
        return encode(connections.shown(body, fields, query.get("include_fields") != "false"))


def _checkpoint(connection: StoredConnection) -> str:
    return "\x00".join(collation(connection.name, connection.id))


def _cut_client(client: Client, fields: str | None, include: bool) -> dict[str, Any]:
    body = client.body()
    if not fields:
        return body
    named = set(fields.split(","))
    return {key: value for key, value in body.items() if (key in named) is include}


def _with_headers(refusal: Refusal, headers: dict[str, str]) -> Refusal:
    return Refusal(refusal.status, refusal.body, {**headers, **refusal.headers})


def _json(content: bytes, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(content, status, headers={"content-type": "application/json; charset=utf-8", **(headers or {})})


async def _refused(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal)
    return _json(encode(refusal.body), refusal.status, refusal.headers)


async def _no_route(request: Request, exception: Exception) -> Response:
    assert isinstance(exception, HTTPException)
    return _json(encode(management_body(404, "Not Found")), 404)
