"""A Cognito user pool: InitiateAuth, GetUser and ListUsers, with the client's secret hash and AWS signatures checked.

Sources: Amazon Cognito "API Reference" (InitiateAuth, GetUser, ListUsers, their errors and the filter's grammar),
"Developer Guide" (computing secret hash values, managing error responses), AWS "Signature Version 4 for API requests".
A `NotAuthorizedException` stands for a wrong password, for a disabled user and for a wrong client secret alike; with
`hides_users` (prevent user existence errors) also for an unknown user.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

POOL_ID = "eu-central-1_Te5tPool0"
CLIENT_ID = "1234567890abcdefghijklmnop"
CLIENT_SECRET = "client-secret-of-the-tests"
ACCESS_KEY_ID = "AKIATESTTESTTESTTEST"
SECRET_ACCESS_KEY = "secret-access-key/of+the+tests"

_SERVICE = "AWSCognitoIdentityProviderService."
_FILTER = re.compile(r'(username|email) = "((?:[^"\\]|\\.)*)"', re.DOTALL)
_AUTHORIZATION = re.compile(r"AWS4-HMAC-SHA256 Credential=([^/]+)/([^,]+), SignedHeaders=([^,]+), Signature=(\w+)")


@dataclass(frozen=True, slots=True)
class CognitoUser:
    """One user; `challenge` or `failure` is what a sign-in with the right password meets."""

    sub: str
    email: str
    password: str
    username: str = ""
    given_name: str = ""
    verified: bool = True
    enabled: bool = True
    status: str = "CONFIRMED"
    challenge: str = ""
    failure: str = ""

    @property
    def name(self) -> str:
        return self.username or self.sub

    def attributes(self) -> list[dict[str, str]]:
        values = {
            "sub": self.sub,
            "email_verified": str(self.verified).lower(),
            "given_name": self.given_name,
            "email": self.email,
        }
        return [{"Name": name, "Value": value} for name, value in values.items() if value]

    def as_json(self) -> dict[str, Any]:
        return {
            "Username": self.name,
            "Attributes": self.attributes(),
            "UserCreateDate": 1.7e9,
            "UserLastModifiedDate": 1.7e9,
            "Enabled": self.enabled,
            "UserStatus": self.status,
        }


class _Refused(Exception):
    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


@dataclass(slots=True)
class Cognito:
    """The pool. `limited` answers every operation with TooManyRequestsException."""

    users: list[CognitoUser]
    client_secret: str = CLIENT_SECRET
    hides_users: bool = True
    limited: bool = False
    operations: list[str] = field(default_factory=list)
    _tokens: dict[str, CognitoUser] = field(default_factory=dict)

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/", self._answer, methods=["POST"])])

    async def _answer(self, request: Request) -> Response:
        body = await request.body()
        operation = request.headers.get("x-amz-target", "").removeprefix(_SERVICE)
        self.operations.append(operation)
        operations = {"InitiateAuth": self._initiate, "GetUser": self._get_user, "ListUsers": self._list}
        try:
            if request.headers.get("content-type") != "application/x-amz-json-1.1" or operation not in operations:
                raise _Refused("UnknownOperationException", "")
            if self.limited:
                raise _Refused("TooManyRequestsException", "Rate exceeded")
            if operation == "ListUsers":
                self._check_signature(request, body)
            return _json(operations[operation](json.loads(body)), 200)
        except _Refused as refused:
            return _json({"__type": refused.name, "message": str(refused)}, 400)

    def _initiate(self, given: dict[str, Any]) -> dict[str, Any]:
        if given.get("ClientId") != CLIENT_ID:
            raise _Refused("ResourceNotFoundException", f"User pool client {given.get('ClientId')} does not exist.")
        if given.get("AuthFlow") != "USER_PASSWORD_AUTH":
            raise _Refused("InvalidParameterException", "Initiate Auth method not supported.")
        parameters = given["AuthParameters"]
        username, password = parameters.get("USERNAME"), parameters.get("PASSWORD")
        self._check_secret_hash(username, parameters.get("SECRET_HASH"))
        if not username or not password:
            raise _Refused("InvalidParameterException", "Missing required parameter USERNAME")
        user = next((one for one in self.users if username.lower() in (one.name.lower(), one.email.lower())), None)
        if user is None and not self.hides_users:
            raise _Refused("UserNotFoundException", "User does not exist.")
        if user is None or user.password != password:
            raise _Refused("NotAuthorizedException", "Incorrect username or password.")
        if not user.enabled:
            raise _Refused("NotAuthorizedException", "User is disabled.")
        if user.failure:
            raise _Refused(user.failure, "Password reset required for the user")
        if user.challenge:
            challenge = {"USER_ID_FOR_SRP": user.name, "requiredAttributes": "[]"}
            return {"ChallengeName": user.challenge, "Session": "AYABe", "ChallengeParameters": challenge}
        claims = base64.urlsafe_b64encode(json.dumps({"sub": user.sub, "username": user.name}).encode()).decode()
        token = f"eyJraWQ.{claims.rstrip('=')}.signature"
        self._tokens[token] = user
        result = {"AccessToken": token, "ExpiresIn": 3600, "TokenType": "Bearer", "RefreshToken": "r", "IdToken": "i"}
        return {"AuthenticationResult": result, "ChallengeParameters": {}}

    def _check_secret_hash(self, username: str, given: str | None) -> None:
        if not self.client_secret:
            return
        if given is None:
            message = f"Client {CLIENT_ID} is configured with secret but SECRET_HASH was not received"
            raise _Refused("NotAuthorizedException", message)
        wanted = hmac.new(self.client_secret.encode(), f"{username}{CLIENT_ID}".encode(), hashlib.sha256).digest()
        if base64.b64encode(wanted).decode() != given:
            raise _Refused("NotAuthorizedException", f"Unable to verify secret hash for client {CLIENT_ID}")

    def _get_user(self, given: dict[str, Any]) -> dict[str, Any]:
        user = self._tokens.get(given.get("AccessToken", ""))
        if user is None:
            raise _Refused("NotAuthorizedException", "Invalid Access Token")
        return {"Username": user.name, "UserAttributes": user.attributes()}

    def _list(self, given: dict[str, Any]) -> dict[str, Any]:
        if given.get("UserPoolId") != POOL_ID:
            raise _Refused("ResourceNotFoundException", f"User pool {given.get('UserPoolId')} does not exist.")
        text = given.get("Filter", "")
        match = _FILTER.fullmatch(text)
        if match is None or len(text) > 256:
            raise _Refused("InvalidParameterException", "Error while parsing filter.")
        wanted = re.sub(r"\\(.)", r"\1", match[2], flags=re.DOTALL).lower()
        found = [
            user.as_json()
            for user in self.users
            if wanted == (user.email.lower() if match[1] == "email" else user.name.lower())
        ]
        return {"Users": found[: given.get("Limit", 60)]}

    def _check_signature(self, request: Request, body: bytes) -> None:
        match = _AUTHORIZATION.fullmatch(request.headers.get("authorization", ""))
        if match is None:
            raise _Refused("MissingAuthenticationTokenException", "Missing Authentication Token")
        key_id, scope, names, signature = match.groups()
        time = request.headers.get("x-amz-date", "")
        if key_id != ACCESS_KEY_ID:
            raise _Refused("UnrecognizedClientException", "The security token included in the request is invalid.")
        if scope != f"{time[:8]}/eu-central-1/cognito-idp/aws4_request":
            raise _Refused("InvalidSignatureException", "Credential should be scoped to a valid region.")
        if {"host", "x-amz-date", "x-amz-target", "content-type"} - set(names.split(";")):
            raise _Refused("InvalidSignatureException", "Not all required headers are signed.")
        lines = "".join(f"{name}:{request.headers[name].strip()}\n" for name in names.split(";"))
        canonical = f"POST\n/\n\n{lines}\n{names}\n{hashlib.sha256(body).hexdigest()}"
        text = f"AWS4-HMAC-SHA256\n{time}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        key = f"AWS4{SECRET_ACCESS_KEY}".encode()
        for part in scope.split("/"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        if hmac.new(key, text.encode(), hashlib.sha256).hexdigest() != signature:
            message = "The request signature we calculated does not match the signature you provided."
            raise _Refused("InvalidSignatureException", message)


def _json(content: dict[str, Any], status: int) -> Response:
    return Response(json.dumps(content), status, media_type="application/x-amz-json-1.1")
