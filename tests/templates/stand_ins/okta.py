"""An Okta org: sign-in, Users API and the org's own token endpoint.

Sources: Okta's "Authentication API" (primary authentication, transaction states), "Users API" (list users with
`search`, get a user), "Okta API error codes" (E0000004, E0000007, E0000011, E0000031, E0000047), "Implement OAuth for
Okta with a service app" (private_key_jwt, scope okta.users.read). A locked account shows as LOCKED_OUT only in orgs
that show lockouts; elsewhere it is E0000004.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .tokens import read_assertion

_SUMMARIES = {
    "E0000001": (400, "Api validation failed: authRequest"),
    "E0000004": (401, "Authentication failed"),
    "E0000007": (404, "Not found: Resource not found (User)"),
    "E0000011": (401, "Invalid token provided"),
    "E0000031": (400, "Invalid search criteria."),
    "E0000047": (429, "API call exceeded rate limit due to too many requests."),
}
_STRING = r'"(?:[^"\\]|\\.)*"'
_SEARCH = re.compile(rf"profile\.login eq ({_STRING}) or profile\.email eq ({_STRING})")

API_TOKEN = "00-a-token-of-the-tests"
CLIENT_ID = "0oa1serviceapp"
KEY_ID = "auth0-import"


@dataclass(frozen=True, slots=True)
class OktaUser:
    """One user; `state` is what a sign-in with the right password answers."""

    id: str
    email: str
    password: str
    login: str = ""
    first_name: str | None = None
    last_name: str | None = None
    verified: bool = True
    status: str = "ACTIVE"
    state: str = "SUCCESS"

    def as_json(self) -> dict[str, Any]:
        email = {"value": self.email, "status": "VERIFIED" if self.verified else "UNVERIFIED", "type": "PRIMARY"}
        return {
            "id": self.id,
            "status": self.status,
            "profile": {
                "firstName": self.first_name,
                "lastName": self.last_name,
                "mobilePhone": None,
                "secondEmail": None,
                "login": self.login or self.email,
                "email": self.email,
            },
            "credentials": {"password": {}, "emails": [email], "provider": {"type": "OKTA", "name": "OKTA"}},
        }


def _error(code: str) -> Response:
    status, summary = _SUMMARIES[code]
    body = {"errorCode": code, "errorSummary": summary, "errorLink": code, "errorId": "oae1", "errorCauses": []}
    return JSONResponse(body, status)


@dataclass(slots=True)
class Okta:
    """The org. `limited` answers every sign-in with the rate limit; `revoke` ends all access tokens."""

    users: list[OktaUser]
    limited: bool = False
    _tokens: set[str] = field(default_factory=set)
    _issued: int = 0

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/api/v1/authn", self._authenticate, methods=["POST"]),
                Route("/api/v1/users", self._list),
                Route("/api/v1/users/{id}", self._one),
                Route("/oauth2/v1/token", self._token, methods=["POST"]),
            ]
        )

    def revoke(self) -> None:
        self._tokens.clear()

    async def _authenticate(self, request: Request) -> Response:
        given = json.loads(await request.body())
        username, password = given.get("username"), given.get("password")
        if self.limited:
            return _error("E0000047")
        if not username or not password:
            return _error("E0000001")
        user = next((one for one in self.users if one.as_json()["profile"]["login"].lower() == username.lower()), None)
        if user is None or user.status in ("SUSPENDED", "DEPROVISIONED"):
            return _error("E0000004")
        if user.state == "LOCKED_OUT":
            return JSONResponse({"status": "LOCKED_OUT", "_links": {}})
        if user.password != password:
            return _error("E0000004")
        profile = user.as_json()["profile"]
        shown = {name: profile[name] for name in ("login", "firstName", "lastName")}
        embedded = {"user": {"id": user.id, "profile": {**shown, "locale": "en", "timeZone": "America/Los_Angeles"}}}
        token: Mapping[str, str] = (
            {"sessionToken": "00session"} if user.state == "SUCCESS" else {"stateToken": "007state"}
        )
        body = {"expiresAt": "2030-01-01T00:00:00.000Z", "status": user.state, **token, "_embedded": embedded}
        return JSONResponse(body)

    def _may_read(self, request: Request) -> bool:
        scheme, _, value = request.headers.get("authorization", "").partition(" ")
        return (scheme, value) == ("SSWS", API_TOKEN) or (scheme == "Bearer" and value in self._tokens)

    async def _list(self, request: Request) -> Response:
        if not self._may_read(request):
            return _error("E0000011")
        search = _SEARCH.fullmatch(request.query_params.get("search", ""))
        if search is None:
            return _error("E0000031")
        login, email = (json.loads(quoted).lower() for quoted in search.groups())
        found = [
            user.as_json()
            for user in self.users
            if user.as_json()["profile"]["login"].lower() == login or user.email.lower() == email
        ]
        return JSONResponse(found[: int(request.query_params.get("limit", "200"))])

    async def _one(self, request: Request) -> Response:
        if not self._may_read(request):
            return _error("E0000011")
        name = request.path_params["id"]
        user = next((one for one in self.users if name in (one.id, one.as_json()["profile"]["login"])), None)
        return _error("E0000007") if user is None else JSONResponse(user.as_json())

    async def _token(self, request: Request) -> Response:
        fields = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        read = read_assertion(fields.get("client_assertion", ""))
        audience = str(request.url)
        if read is None or (read[0].get("kid"), read[1].get("iss"), read[1].get("sub"), read[1].get("aud")) != (
            KEY_ID,
            CLIENT_ID,
            CLIENT_ID,
            audience,
        ):
            description = "The client_assertion token signature is invalid."
            return JSONResponse({"error": "invalid_client", "error_description": description}, 401)
        if fields.get("grant_type") != "client_credentials" or fields.get("scope") != "okta.users.read":
            return JSONResponse({"error": "invalid_scope"}, 400)
        self._issued += 1
        token = f"token-{self._issued}"
        self._tokens.add(token)
        return JSONResponse(
            {"token_type": "Bearer", "expires_in": 3600, "access_token": token, "scope": "okta.users.read"}
        )
