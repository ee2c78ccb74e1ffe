"""The Authentication API's routes: logins at /oauth/token, /dbconnections, /userinfo and what describes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dbconn_tui.errors import NodeError
from dbconn_tui.local_tenant.answers import encode, refuse_oauth
from dbconn_tui.local_tenant.limits import TOKEN, Limits
from dbconn_tui.local_tenant.settings import GENERATIONS, Settings
from dbconn_tui.local_tenant.sign_in.deployed import FlowError, ScriptFailedError, UserMissingError
from dbconn_tui.local_tenant.sign_in.mail import TicketKind
from dbconn_tui.local_tenant.sign_in.post import Post
from dbconn_tui.local_tenant.sign_in.refusals import (
    UNDOCUMENTED,
    refused_form,
    refused_login,
    refused_sign_up,
)
from dbconn_tui.local_tenant.sign_in.requests import (
    disabled_message,
    hosts_of,
    issuer_of,
    may_use,
    organization_of,
    origin_of,
    read_body,
    requires_username,
    takes_username,
    text_of,
)
from dbconn_tui.local_tenant.sign_in.user_tokens import (
    DEFAULT_SCOPE,
    LoginRequest,
    claims,
    issue_tokens,
    key_set,
    provider_configuration,
    read_access_token,
)
from dbconn_tui.local_tenant.sign_in.users import Users
from dbconn_tui.local_tenant.state import Client, StoredConnection, TenantState
from dbconn_tui.local_tenant.tokens import authenticated
from dbconn_tui.passwords import is_acceptable

PASSWORD: Final = "password"
PASSWORD_REALM: Final = "http://auth0.com/oauth/grant-type/password-realm"
RESET_SENT: Final = "We've just sent you an email to reset your password."

_SIGN_UP_FIELDS: Final = ("username", "phone_number", "given_name", "family_name", "name", "nickname", "picture")


@dataclass(frozen=True, slots=True)
class Authentication:
    """The handlers. A refusal is raised as Refusal."""

    settings: Settings
    state: TenantState
    limits: Limits
    users: Users
    post: Post

    def routes(self) -> list[Route]:
        """The routes, but for /oauth/token, which other grants share."""
        return [
            Route("/dbconnections/signup", self.sign_up, methods=["POST"]),
            Route("/dbconnections/change_password", self.request_reset, methods=["POST"]),
            Route("/userinfo", self.userinfo, methods=["GET", "POST"]),
            Route("/.well-known/openid-configuration", self.describe, methods=["GET"]),
            Route("/.well-known/jwks.json", self.keys, methods=["GET"]),
        ]

    async def log_in(self, request: Request, body: Mapping[str, Any]) -> bytes:
        """POST /oauth/token with a password: the JSON answer."""
        now = self.users.clock()
        client = self._client(request, body, now)
        grant = text_of(body, "grant_type")
        if grant not in client.grant_types:
            raise refuse_oauth(403, "unauthorized_client", f"Grant type '{grant}' not allowed for the client.")
        for name in ("username", "password"):
            if not text_of(body, name):
                raise refuse_oauth(400, "invalid_request", f"Missing required parameter: {name}", UNDOCUMENTED)
        connection = self._directory(grant, body)
        if not may_use(client, connection):
            raise refuse_oauth(403, "access_denied", disabled_message(client.client_id, connection), UNDOCUMENTED)
        organization = organization_of(self.state, body)
        flow = self.users.flow(connection, origin_of(request, self.state, client.client_id, organization))
        username = text_of(body, "username")
        try:
            user = await flow.log_in(username, text_of(body, "password"))
        except (FlowError, NodeError) as error:
            refusal = refused_login(error)
            flow.note("fepft", refusal.body["error_description"], name=username)
            raise refusal from None
        flow.note("sepft", "", user=user)
        login = LoginRequest(
            issuer=issuer_of(request, self.settings.domain),
            client_id=client.client_id,
            audience=text_of(body, "audience"),
            scope=text_of(body, "scope") or DEFAULT_SCOPE,
            organization_id=organization["id"] if organization else "",
        )
        return issue_tokens(self.state, user, login, now, self.settings.token_lifetime)

    async def sign_up(self, request: Request) -> Response:
        """POST /dbconnections/signup."""
        headers = self.limits.take(TOKEN, self.users.clock())
        body = await read_body(request)
        client, connection = self._named(body)
        account = self._account(body, client, connection)
        flow = self.users.flow(
            connection, origin_of(request, self.state, client.client_id, organization_of(self.state, body))
        )
        try:
            user = await flow.sign_up(account)
        except (FlowError, NodeError) as error:
            generation = GENERATIONS.index(self.settings.defaults)
            raise refused_sign_up(error, from_sandbox=generation < GENERATIONS.index("2026-01")) from None
        if not user.profile.get("email_verified"):
            self.post.send(TicketKind.VERIFY, flow, user.email, issuer_of(request, self.settings.domain))
        shown = {key: value for key, value in account.items() if key != "password"}
        verified = bool(user.profile.get("email_verified"))
        return _json(encode({"_id": user.id, "email_verified": verified, **shown}), headers)

    async def request_reset(self, request: Request) -> Response:
        """POST /dbconnections/change_password: the same answer whether there is such a user or not."""
        headers = self.limits.take(TOKEN, self.users.clock())
        body = await read_body(request)
        client, connection = self._named(body)
        identifier = text_of(body, "email") or text_of(body, "username")
        if not identifier:
            raise refused_form(400, "email is required", documented=False)
        flow = self.users.flow(
            connection, origin_of(request, self.state, client.client_id, organization_of(self.state, body))
        )
        try:
            user = await flow.look_up(identifier)
        except UserMissingError:
            flow.note("fcpr", "The user does not exist.", name=identifier)
        except (FlowError, NodeError) as error:
            flow.note("fcpr", str(error), name=identifier)
            status = 400 if isinstance(error, ScriptFailedError) else 503
            words = "We're sorry, something went wrong when attempting to change the password."
            raise refused_form(status, words if status == 400 else str(error), documented=False) from None
        else:
            self.post.send(TicketKind.RESET, flow, user.identifier, issuer_of(request, self.settings.domain))
            flow.note("scpr", "", user=user)
        return PlainTextResponse(RESET_SENT, headers={**headers, "content-type": "text/html; charset=utf-8"})

    async def userinfo(self, request: Request) -> Response:
        """GET /userinfo for a user's access token."""
        found = read_access_token(self.state, request.headers.get("authorization", ""), self.users.clock())
        user = self.state.users.get(found["sub"]) if found else None
        if found is None or user is None:
            return PlainTextResponse("Unauthorized", 401, headers={"www-authenticate": 'Bearer error="invalid_token"'})
        return _json(encode(claims(user, found["scope"].split())), {})

    async def describe(self, request: Request) -> Response:
        """GET /.well-known/openid-configuration."""
        return _json(encode(provider_configuration(issuer_of(request, self.settings.domain))), {})

    async def keys(self, request: Request) -> Response:
        """GET /.well-known/jwks.json."""
        return _json(encode(key_set(self.state)), {})

    def _client(self, request: Request, body: Mapping[str, Any], now: float) -> Client:
        client = self.state.clients.get(text_of(body, "client_id"))
        if client is not None and client.public:
            return client
        return authenticated(self.state, body, hosts_of(request, self.settings.domain), now)

    def _directory(self, grant: str, body: Mapping[str, Any]) -> StoredConnection:
        """The connection of a login: by realm, else the tenant's default directory."""
        name = text_of(body, "realm")
        if grant == PASSWORD:
            name = str(self.state.tenant_settings.get("default_directory") or "")
            if not name:
                raise refuse_oauth(500, "server_error", "Authorization server not configured with default connection.")
        databases = [one for one in self.state.connections.values() if one.strategy == "auth0"]
        for connection in databases:
            if name in (connection.top.get("realms") or [connection.name]):
                return connection
        raise refuse_oauth(403, "invalid_grant", f"No connection has the realm {name!r}", UNDOCUMENTED)

    def _named(self, body: Mapping[str, Any]) -> tuple[Client, StoredConnection]:
        """The application and the connection that a /dbconnections request names."""
        client = self.state.clients.get(text_of(body, "client_id"))
        if client is None:
            raise refused_form(400, "invalid client_id", documented=False)
        connection = self.state.by_name(text_of(body, "connection"))
        if connection is None or connection.strategy != "auth0":
            raise refused_form(400, "Connection does not exist", documented=False)
        return client, connection

    def _account(self, body: Mapping[str, Any], client: Client, connection: StoredConnection) -> dict[str, Any]:
        """What a sign-up gives, checked."""
        if connection.options.get("disable_signup"):
            raise refused_form(400, "public signup is disabled")
        if not may_use(client, connection):
            raise refused_form(400, disabled_message(client.client_id, connection))
        if requires_username(connection) and not text_of(body, "username"):
            raise refused_form(400, f"missing username for {connection.name} connection with requires_username enabled")
        email, password = text_of(body, "email"), text_of(body, "password")
        if "@" not in email:
            words = f"error in email - email format validation failed: {email}" if email else "email is required"
            raise refused_form(400, words, documented=False)
        if not is_acceptable(password):
            raise refused_form(400, "password is required", documented=False)
        account: dict[str, Any] = {"email": email, "password": password}
        account |= {name: body[name] for name in _SIGN_UP_FIELDS if text_of(body, name)}
        if not takes_username(connection):
            account.pop("username", None)
        if isinstance(body.get("user_metadata"), dict):
            account["user_metadata"] = body["user_metadata"]
        return account


def _json(content: bytes, headers: Mapping[str, str]) -> Response:
    return Response(content, headers={"content-type": "application/json; charset=utf-8", **headers})
