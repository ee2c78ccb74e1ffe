"""The Management API's routes for users, tickets and organizations; changes run the deployed scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from dbconn_tui.errors import NodeError
from dbconn_tui.local_tenant import connections, paging
from dbconn_tui.local_tenant.answers import Refusal, encode, management_body, refuse, refuse_invalid_body
from dbconn_tui.local_tenant.sign_in.deployed import Custody, FlowError, UserExistsError, scripts_of
from dbconn_tui.local_tenant.sign_in.flow import EMAIL_TAKEN, Flow
from dbconn_tui.local_tenant.sign_in.mail import TicketKind
from dbconn_tui.local_tenant.sign_in.post import Post
from dbconn_tui.local_tenant.sign_in.refusals import IDP_ERROR, UNDOCUMENTED, refused_change
from dbconn_tui.local_tenant.sign_in.requests import (
    disabled_message,
    issuer_of,
    may_use,
    origin_of,
    read_object,
    requires_username,
    takes_username,
    text_of,
)
from dbconn_tui.local_tenant.sign_in.stored_user import StoredUser
from dbconn_tui.local_tenant.sign_in.users import Users
from dbconn_tui.local_tenant.state import StoredConnection, TenantState
from dbconn_tui.local_tenant.tokens import Grant
from dbconn_tui.passwords import is_acceptable

_ATTRIBUTES: Final[Mapping[str, type]] = {
    "blocked": bool,
    "name": str,
    "nickname": str,
    "given_name": str,
    "family_name": str,
    "picture": str,
    "phone_number": str,
    "user_metadata": dict,
    "app_metadata": dict,
}
"""What a user's body may hold besides credentials, which scripts are not asked about."""
_CREDENTIALS: Final[Mapping[str, type]] = {"email": str, "email_verified": bool, "username": str, "password": str}
_OTHER: Final[Mapping[str, type]] = {"connection": str, "client_id": str, "verify_email": bool, "user_id": str}
_NOT_TOGETHER: Final = (
    ("password", "email"),
    ("password", "email_verified"),
    ("username", "password"),
    ("username", "email_verified"),
)
"""Pairs that one PATCH may not change, as the platform names them."""
_TERM: Final = re.compile(r'(?P<name>[\w.]+):(?:"(?P<quoted>[^"]*)"|(?P<bare>\S+))')


@dataclass(frozen=True, slots=True)
class UserApi:
    """The handlers. `domain` is the tenant's canonical domain, empty for the one that was asked."""

    state: TenantState
    users: Users
    post: Post
    domain: str

    def routes(self) -> Iterator[tuple[str, str, Any, str]]:
        """Method, path, handler and scope of each route."""
        one = "/api/v2/users/{id}"
        yield "GET", "/api/v2/users", self.search, "read:users"
        yield "POST", "/api/v2/users", self.create, "create:users"
        yield "GET", "/api/v2/users-by-email", self.by_email, "read:users"
        yield "GET", one, self.get, "read:users"
        yield "PATCH", one, self.update, "update:users"
        yield "DELETE", one, self.delete, "delete:users"
        yield "DELETE", "/api/v2/connections/{id}/users", self.delete_by_email, "delete:users"
        yield "POST", "/api/v2/tickets/password-change", self.reset_ticket, "create:user_tickets"
        yield "POST", "/api/v2/tickets/email-verification", self.verify_ticket, "create:user_tickets"
        yield "GET", "/api/v2/organizations", self.organizations, "read:organizations"
        yield "POST", "/api/v2/organizations", self.create_organization, "create:organizations"

    async def search(self, request: Request, grant: Grant) -> Response:
        """GET /users by page; `q` takes `name:"value"` terms that all must hold."""
        terms = query_terms(request.query_params.get("q", ""))
        found = [user for user in self.state.users.values() if fits(user.body(), terms)]
        found.sort(key=lambda user: user.user_id)
        page = paging.cut(found, request.query_params, lambda user: user.user_id)
        return _json(page.render([encode(user.body()) for user in found[page.start : page.end]], "users"))

    async def by_email(self, request: Request, grant: Grant) -> Response:
        """GET /users-by-email."""
        email = request.query_params.get("email", "").lower()
        found = [user.body() for user in self.state.users.values() if email and user.email.lower() == email]
        return _json(encode(found))

    async def get(self, request: Request, grant: Grant) -> Response:
        """GET /users/{id}."""
        return _json(encode(self._user(request).body()))

    async def create(self, request: Request, grant: Grant) -> Response:
        """POST /users: get_user → create."""
        body = _checked(read_object(await request.body()), required=("connection",))
        connection = self._connection(text_of(body, "connection"))
        client = self.state.clients.get(grant.client_id)
        if client is None or not may_use(client, connection):
            raise refuse(400, disabled_message(grant.client_id, connection), IDP_ERROR)
        account = _account(body, connection)
        flow = self._flow(request, connection, grant.client_id)
        try:
            user = await flow.sign_up(account, then_log_in=False, own_id=text_of(body, "user_id"))
        except (FlowError, NodeError) as error:
            raise refused_change(error) from None
        if body.get("verify_email", True) and not user.profile.get("email_verified"):
            self.post.send(TicketKind.VERIFY, flow, user.email, issuer_of(request, self.domain))
        return _json(encode(user.body()), 201)

    async def update(self, request: Request, grant: Grant) -> Response:
        """PATCH /users/{id}: change_email, change_password; everything else is the tenant's own."""
        user = self._user(request)
        body = _checked(read_object(await request.body()))
        for first, second in _NOT_TOGETHER:
            if first in body and second in body:
                raise refuse_invalid_body(f"Cannot update {first} and {second} simultaneously")
        flow = self._flow(request, self._connection_of(user), grant.client_id)
        try:
            user = await self._changed(flow, user, body, request)
        except UserExistsError:
            raise refuse(400, EMAIL_TAKEN, IDP_ERROR) from None
        except (FlowError, NodeError) as error:
            raise refused_change(error) from None
        attributes = {name: body[name] for name in _ATTRIBUTES if name in body}
        if attributes:
            user = self.state.put_user(user.changed(self.users.clock(), **attributes))
        return _json(encode(user.body()))

    async def delete(self, request: Request, grant: Grant) -> Response:
        """DELETE /users/{id}: delete; a user who is not there is no failure."""
        user = self.state.users.get(request.path_params["id"])
        if user is not None:
            await self._delete(request, user, grant)
        return Response(status_code=204)

    async def delete_by_email(self, request: Request, grant: Grant) -> Response:
        """DELETE /connections/{id}/users?email=…: one user (api.md §1.5)."""
        connection = connections.get(self.state, request.path_params["id"])
        email = request.query_params.get("email", "").lower()
        if not email:
            raise refuse(400, "Query validation error: 'Missing required property: email'.", "invalid_query_string")
        for user in list(self.state.users_of(connection.id)):
            if user.email.lower() == email:
                await self._delete(request, user, grant)
        return Response(status_code=204)

    async def reset_ticket(self, request: Request, grant: Grant) -> Response:
        """POST /tickets/password-change: a link by which a password can be set."""
        body = read_object(await request.body())
        user_id = text_of(body, "user_id")
        if user_id:
            user = self._user_by_id(user_id)
            return self._ticket(request, grant, TicketKind.RESET, self._connection_of(user), user.identifier, body)
        connection = connections.get(self.state, text_of(body, "connection_id"))
        return self._ticket(request, grant, TicketKind.RESET, connection, text_of(body, "email"), body)

    async def verify_ticket(self, request: Request, grant: Grant) -> Response:
        """POST /tickets/email-verification: a link by which an address is confirmed."""
        body = read_object(await request.body())
        user = self._user_by_id(text_of(body, "user_id"))
        return self._ticket(request, grant, TicketKind.VERIFY, self._connection_of(user), user.identifier, body)

    async def organizations(self, request: Request, grant: Grant) -> Response:
        """GET /organizations by page."""
        found = sorted(self.state.organizations.values(), key=lambda one: str(one["name"]))
        page = paging.cut(found, request.query_params, lambda one: str(one["name"]))
        return _json(page.render([encode(one) for one in found[page.start : page.end]], "organizations"))

    async def create_organization(self, request: Request, grant: Grant) -> Response:
        """POST /organizations: name, display_name, metadata; logins name one for the scripts' context."""
        body = read_object(await request.body())
        name = text_of(body, "name")
        if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,49}", name):
            raise refuse_invalid_body("Payload validation error: 'String does not match pattern' on property name.")
        if self.state.find_organization(name) is not None:
            raise refuse(409, "An organization with this name already exists", "organization_conflict")
        metadata = body.get("metadata")
        made = {
            "id": self.state.new_id("org_", 16),
            "name": name,
            "display_name": text_of(body, "display_name") or name,
            "metadata": metadata if isinstance(metadata, dict) else {},
        }
        self.state.organizations[str(made["id"])] = made
        return _json(encode(made), 201)

    async def _changed(self, flow: Flow, user: StoredUser, body: Mapping[str, Any], request: Request) -> StoredUser:
        if "username" in body and body["username"] != user.profile.get("username"):
            user = self._renamed(flow, user, body["username"])
        if "email" in body or "email_verified" in body:
            # A new address is unverified unless the request says otherwise.
            moved = body.get("email", user.email) != user.email
            before = False if moved else bool(user.profile.get("email_verified"))
            verified = body.get("email_verified", before)
            user = await flow.change_email(user, body.get("email", user.email), verified)
            if body.get("verify_email") and not verified:
                self.post.send(TicketKind.VERIFY, flow, user.email, issuer_of(request, self.domain))
        if "password" in body:
            user = await flow.change_password(user.identifier, body["password"])
        return user

    def _renamed(self, flow: Flow, user: StoredUser, username: str) -> StoredUser:
        """With another user name: the tenant's own matter unless the users live behind scripts."""
        if flow.custody is Custody.THEIRS:
            there = "change_username" in scripts_of(flow.connection)
            words = (
                "the platform does not document what change_username is called with: a local tenant does not run it"
                if there
                else "change_username script does not exist"
            )
            raise Refusal(400, management_body(400, words, IDP_ERROR), UNDOCUMENTED)
        if not takes_username(flow.connection):
            raise refuse(400, "Cannot set username for connection without requires_username", "invalid_body")
        other = flow.find(username)
        if other is not None and other.user_id != user.user_id:
            raise refuse(400, "The specified new username already exists", IDP_ERROR)
        user = self.state.put_user(user.changed(self.users.clock(), username=username))
        flow.note("scu", "", user=user)
        return user

    async def _delete(self, request: Request, user: StoredUser, grant: Grant) -> None:
        try:
            await self._flow(request, self._connection_of(user), grant.client_id).delete(user)
        except (FlowError, NodeError) as error:
            raise refused_change(error) from None

    def _ticket(
        self,
        request: Request,
        grant: Grant,
        kind: TicketKind,
        connection: StoredConnection,
        identifier: str,
        body: Mapping[str, Any],
    ) -> Response:
        flow = self._flow(request, connection, text_of(body, "client_id") or grant.client_id)
        link = self.post.link(kind, flow, identifier, issuer_of(request, self.domain), text_of(body, "result_url"))
        return _json(encode({"ticket": link}), 201)

    def _flow(self, request: Request, connection: StoredConnection, client_id: str) -> Flow:
        return self.users.flow(connection, origin_of(request, self.state, client_id))

    def _user(self, request: Request) -> StoredUser:
        return self._user_by_id(request.path_params["id"])

    def _user_by_id(self, user_id: str) -> StoredUser:
        user = self.state.users.get(user_id)
        if user is None:
            raise refuse(404, "The user does not exist.", "inexistent_user")
        return user

    def _connection(self, name: str) -> StoredConnection:
        connection = self.state.by_name(name)
        if connection is None:
            raise refuse(400, "Connection does not exist", "inexistent_connection")
        if connection.strategy != "auth0":
            words = "Connection does not support user creation through the API. It must either be a database or SMS"
            raise refuse(400, f"{words} connection.", "invalid_body")
        return connection

    def _connection_of(self, user: StoredUser) -> StoredConnection:
        return self.state.connections[user.connection_id]


def query_terms(query: str) -> list[tuple[str, str]]:
    """The `name:value` terms of a search; everything else in it is left out."""
    return [(one["name"], one["bare"] if one["quoted"] is None else one["quoted"]) for one in _TERM.finditer(query)]


def fits(body: Mapping[str, Any], terms: list[tuple[str, str]]) -> bool:
    """Whether every term's text is the value at its name (`identities.connection` looks into the first identity)."""
    for name, wanted in terms:
        value: Any = body
        for part in name.split("."):
            value = value[0] if isinstance(value, list) and value else value
            value = value.get(part) if isinstance(value, dict) else None
        text = str(value).lower() if isinstance(value, bool) else str(value)
        if value is None or text.lower() != wanted.lower():
            return False
    return True


def _checked(body: dict[str, Any], required: tuple[str, ...] = ()) -> dict[str, Any]:
    """A user's body with fields of the right types. Raises Refusal (400)."""
    if not body:
        raise refuse_invalid_body("Payload validation error: 'Too few properties defined (0), minimum 1'.")
    known = {**_ATTRIBUTES, **_CREDENTIALS, **_OTHER}
    for name in required:
        if name not in body:
            raise refuse_invalid_body(f"Payload validation error: 'Missing required property: {name}'.")
    for name, value in body.items():
        if name not in known:
            raise refuse_invalid_body(f"Payload validation error: 'Additional properties not allowed: {name}'.")
        if not isinstance(value, known[name]):
            wanted = {str: "string", bool: "boolean", dict: "object"}[known[name]]
            raise refuse_invalid_body(f"Payload validation error: 'Expected type {wanted}' on property {name}.")
    if "email" in body and "@" not in body["email"]:
        raise refuse_invalid_body(
            f"Payload validation error: 'Object didn't pass validation for format email: {body['email']}' "
            "on property email."
        )
    if "password" in body and not is_acceptable(body["password"]):
        raise refuse_invalid_body("Payload validation error: 'String is too short' on property password.")
    return body


def _account(body: Mapping[str, Any], connection: StoredConnection) -> dict[str, Any]:
    """What create gets of a body. Raises Refusal (400) where the connection needs more, or cannot take it."""
    needed = ("email", "password", "username") if requires_username(connection) else ("email", "password")
    for name in needed:
        if not body.get(name):
            raise refuse_invalid_body(f"Payload validation error: 'Missing required property: {name}'.")
    if "username" in body and not takes_username(connection):
        raise refuse(400, "Cannot set username for connection without requires_username", "invalid_body")
    return {name: value for name, value in body.items() if name not in _OTHER and name != "blocked"}


def _json(content: bytes, status: int = 200) -> Response:
    return Response(content, status, headers={"content-type": "application/json; charset=utf-8"})
