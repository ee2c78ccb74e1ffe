"""A Firebase project: the Identity Toolkit API's sign-in and lookup, and Google's token endpoint for service accounts.

Sources: Firebase "Auth REST API" (sign in with email / password, get user data, error codes), Identity Platform "REST
reference" (accounts.signInWithPassword, accounts.lookup, projects.accounts.lookup), "Enumeration protection",
Google "Using OAuth 2.0 for server to server applications" (JWT bearer grant).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .tokens import read_assertion

PROJECT_ID = "acme-shop"
API_KEY = "api-key-of-the-tests"
SERVICE_ACCOUNT = "auth0-import@acme-shop.iam.gserviceaccount.com"
SCOPE = "https://www.googleapis.com/auth/identitytoolkit"


@dataclass(frozen=True, slots=True)
class FirebaseUser:
    """One user; `failure` is the error code that a sign-in with the right password meets."""

    local_id: str
    email: str
    password: str
    display_name: str = ""
    verified: bool = True
    disabled: bool = False
    has_password: bool = True
    second_factor: bool = False
    failure: str = ""

    def as_json(self, *, administrator: bool) -> dict[str, Any]:
        provider = {"providerId": "password" if self.has_password else "google.com", "email": self.email}
        shown: dict[str, Any] = {
            "localId": self.local_id,
            "email": self.email,
            "emailVerified": self.verified,
            "providerUserInfo": [provider],
            "validSince": "1700000000",
            "lastLoginAt": "1700000000000",
            "createdAt": "1700000000000",
        }
        if self.display_name:
            shown["displayName"] = self.display_name
        if self.disabled:
            shown["disabled"] = True
        if administrator:
            shown |= {"passwordHash": "UkVEQUNURUQ=", "salt": "c2FsdA==", "version": 0}
        return shown


def _error(code: int, message: str, status: str = "") -> Response:
    errors = [{"message": message, "domain": "global", "reason": "invalid"}]
    body: dict[str, Any] = {"code": code, "message": message, "errors": errors}
    return JSONResponse({"error": body | ({"status": status} if status else {})}, code)


@dataclass(slots=True)
class Firebase:
    """The project. `hides_users` is the protection against enumeration."""

    users: list[FirebaseUser]
    hides_users: bool = True
    _tokens: set[str] = field(default_factory=set)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/v1/accounts:signInWithPassword", self._sign_in, methods=["POST"]),
                Route("/v1/accounts:lookup", self._own_record, methods=["POST"]),
                Route("/v1/projects/{project}/accounts:lookup", self._lookup, methods=["POST"]),
                Route("/token", self._token, methods=["POST"]),
            ]
        )

    def revoke(self) -> None:
        self._tokens.clear()

    async def _sign_in(self, request: Request) -> Response:
        if request.headers.get("x-goog-api-key") != API_KEY:
            return _error(400, "API key not valid. Please pass a valid API key.", "INVALID_ARGUMENT")
        given = json.loads(await request.body())
        email, password = given.get("email"), given.get("password")
        if not email or "@" not in email or any(ord(character) < 0x21 for character in email):
            return _error(400, "INVALID_EMAIL" if email else "MISSING_EMAIL")
        if not password:
            return _error(400, "MISSING_PASSWORD")
        user = next((one for one in self.users if one.email == email.lower() and one.has_password), None)
        if user is None:
            return _error(400, "INVALID_LOGIN_CREDENTIALS" if self.hides_users else "EMAIL_NOT_FOUND")
        if user.disabled:
            return _error(400, "USER_DISABLED")
        if user.failure:
            return _error(400, user.failure)
        if user.password != password:
            return _error(400, "INVALID_LOGIN_CREDENTIALS" if self.hides_users else "INVALID_PASSWORD")
        common = {"localId": user.local_id, "email": user.email, "displayName": user.display_name, "registered": True}
        if user.second_factor:
            factor = {"mfaEnrollmentId": "1", "enrolledAt": "2024-01-01T00:00:00Z", "phoneInfo": "+*******1234"}
            return JSONResponse({"mfaPendingCredential": "pending", "mfaInfo": [factor], **common})
        tokens = {"idToken": f"id-token-{user.local_id}", "refreshToken": "refresh", "expiresIn": "3600"}
        return JSONResponse({"kind": "identitytoolkit#VerifyPasswordResponse", **common, **tokens})

    async def _own_record(self, request: Request) -> Response:
        if request.headers.get("x-goog-api-key") != API_KEY:
            return _error(400, "API key not valid. Please pass a valid API key.", "INVALID_ARGUMENT")
        token = json.loads(await request.body()).get("idToken", "")
        found = [user for user in self.users if token == f"id-token-{user.local_id}"]
        return _accounts(found, administrator=False) if found else _error(400, "INVALID_ID_TOKEN")

    async def _lookup(self, request: Request) -> Response:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer" or token not in self._tokens:
            return _error(401, "Request had invalid authentication credentials.", "UNAUTHENTICATED")
        if request.path_params["project"] != PROJECT_ID:
            return _error(403, "INSUFFICIENT_PERMISSION", "PERMISSION_DENIED")
        wanted = {email.lower() for email in json.loads(await request.body()).get("email", [])}
        return _accounts([user for user in self.users if user.email in wanted], administrator=True)

    async def _token(self, request: Request) -> Response:
        fields = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        read = read_assertion(fields.get("assertion", ""))
        if fields.get("grant_type") != "urn:ietf:params:oauth:grant-type:jwt-bearer":
            return JSONResponse({"error": "unsupported_grant_type"}, 400)
        if read is None or (read[1].get("iss"), read[1].get("aud")) != (SERVICE_ACCOUNT, str(request.url)):
            description = "Invalid JWT Signature."
            return JSONResponse({"error": "invalid_grant", "error_description": description}, 400)
        if read[1].get("scope") != SCOPE:
            return JSONResponse({"error": "invalid_scope", "error_description": "Invalid OAuth scope"}, 400)
        token = f"ya29.{len(self._tokens)}"
        self._tokens.add(token)
        return JSONResponse({"access_token": token, "expires_in": 3599, "token_type": "Bearer"})


def _accounts(users: list[FirebaseUser], *, administrator: bool) -> Response:
    """An answer without `users` is how the API says that there is nobody."""
    found = {"users": [user.as_json(administrator=administrator) for user in users]} if users else {}
    return JSONResponse({"kind": "identitytoolkit#GetAccountInfoResponse", **found})
