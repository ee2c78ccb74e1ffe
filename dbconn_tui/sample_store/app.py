"""The user API as a Starlette app: the HTTP contract of templates/rest-api/README.md over Users and Tokens."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any, Final
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dbconn_tui.passwords import is_acceptable
from dbconn_tui.sample_store.tokens import Tokens
from dbconn_tui.sample_store.users import UserExistsError, Users

LARGEST_BODY: Final = 64_000
"""Bytes; a larger request body is refused."""

LONGEST_IDENTIFIER: Final = 254
"""Characters of an e-mail address or user name that is stored."""

Question = dict[str, Any]
Answer = dict[str, Any]


class RefusedRequest(Exception):
    """A request that is answered with an error: the status, and a word for what is wrong."""

    def __init__(self, status: int, error: str) -> None:
        super().__init__(error)
        self.status = status
        self.error = error


def build_app(users: Users, tokens: Tokens) -> Starlette:
    """The API over the given users and tokens. It logs nothing."""
    operations: dict[str, Callable[[Question], tuple[int, Answer]]] = {
        "/users/authenticate": lambda question: _authenticate(users, question),
        "/users/find": lambda question: _find(users, question),
        "/users/create": lambda question: _create(users, question),
        "/users/verify-email": lambda question: _verify_email(users, question),
        "/users/change-password": lambda question: _change_password(users, question),
        "/users/change-email": lambda question: _change_email(users, question),
        "/users/delete": lambda question: _delete(users, question),
    }
    routes = [Route("/oauth/token", _token_endpoint(tokens), methods=["POST"])]
    routes += [Route(path, _endpoint(tokens, run), methods=["POST"]) for path, run in operations.items()]
    return Starlette(routes=routes, exception_handlers={RefusedRequest: _refusal, HTTPException: _http_error})


def _endpoint(
    tokens: Tokens, run: Callable[[Question], tuple[int, Answer]]
) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not tokens.is_valid(token.strip()):
            raise RefusedRequest(401, "invalid_token")
        question = _json_object(await _body(request))
        status, content = await run_in_threadpool(run, question)  # hashing a password takes 50 ms
        return JSONResponse(content, status)

    return answer


def _token_endpoint(tokens: Tokens) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            fields = parse_qs((await _body(request)).decode("utf-8"), max_num_fields=20)
        except ValueError:
            raise RefusedRequest(400, "invalid_request") from None
        if fields.get("grant_type") != ["client_credentials"]:
            raise RefusedRequest(400, "unsupported_grant_type")
        issued = tokens.issue(fields.get("client_id", [""])[0], fields.get("client_secret", [""])[0])
        if issued is None:
            raise RefusedRequest(401, "invalid_client")
        token, lifetime = issued
        content = {"access_token": token, "token_type": "Bearer", "expires_in": lifetime}
        return JSONResponse(content, headers={"cache-control": "no-store"})

    return answer


def _authenticate(users: Users, question: Question) -> tuple[int, Answer]:
    user = users.authenticate(_text(question, "identifier"), _text(question, "password"))
    return 200, {"user": None if user is None else user.as_json()}


def _find(users: Users, question: Question) -> tuple[int, Answer]:
    user = users.find(_text(question, "identifier"))
    return 200, {"user": None if user is None else user.as_json()}


def _create(users: Users, question: Question) -> tuple[int, Answer]:
    email = _email(question, "email")
    username = _username(question) if question.get("username") is not None else None
    try:
        user = users.add(email, _password(question, "password"), username=username)
    except UserExistsError:
        raise RefusedRequest(409, "user_exists") from None
    return 201, {"id": user.id}


def _verify_email(users: Users, question: Question) -> tuple[int, Answer]:
    return 200, {"updated": users.verify_email(_text(question, "email"))}


def _change_password(users: Users, question: Question) -> tuple[int, Answer]:
    identifier = _text(question, "identifier")
    return 200, {"updated": users.change_password(identifier, _password(question, "new_password"))}


def _change_email(users: Users, question: Question) -> tuple[int, Answer]:
    verified = question.get("verified")
    if not isinstance(verified, bool):
        raise RefusedRequest(400, "verified_must_be_true_or_false")
    try:
        updated = users.change_email(_text(question, "email"), _email(question, "new_email"), verified)
    except UserExistsError:
        raise RefusedRequest(409, "email_taken") from None
    return 200, {"updated": updated}


def _delete(users: Users, question: Question) -> tuple[int, Answer]:
    return 200, {"deleted": users.delete(_text(question, "id"))}


def _text(question: Question, field: str) -> str:
    value = question.get(field)
    if not isinstance(value, str) or any(0xD800 <= ord(character) <= 0xDFFF for character in value):
        raise RefusedRequest(400, f"{field}_must_be_text")
    return value


def _email(question: Question, field: str) -> str:
    email = _text(question, field).strip()
    local, at, domain = email.rpartition("@")
    if not (local and at and domain) or len(email) > LONGEST_IDENTIFIER or not email.isprintable():
        raise RefusedRequest(400, f"{field}_must_be_an_address")
    return email


def _username(question: Question) -> str:
    username = _text(question, "username").strip()
    # Without an @ a user name can never be taken for another user's address.
    if not username or "@" in username or len(username) > LONGEST_IDENTIFIER or not username.isprintable():
        raise RefusedRequest(400, "username_must_be_a_name")
    return username


def _password(question: Question, field: str) -> str:
    password = _text(question, field)
    if not is_acceptable(password):
        raise RefusedRequest(400, f"{field}_must_have_1_to_1024_bytes")
    return password


async def _body(request: Request) -> bytes:
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_BODY:
            raise RefusedRequest(413, "body_too_large")
    return body


def _json_object(body: bytes) -> Question:
    try:
        question = json.loads(body)
    except (ValueError, RecursionError):
        raise RefusedRequest(400, "body_must_be_json") from None
    if not isinstance(question, dict):
        raise RefusedRequest(400, "body_must_be_an_object")
    return question


async def _refusal(request: Request, refused: Exception) -> Response:
    assert isinstance(refused, RefusedRequest)
    headers = {"www-authenticate": 'Bearer error="invalid_token"'} if refused.error == "invalid_token" else {}
    return JSONResponse({"error": refused.error}, refused.status, headers)


async def _http_error(request: Request, failure: Exception) -> Response:
    assert isinstance(failure, HTTPException)
    words = {404: "not_found", 405: "method_not_allowed"}
    return JSONResponse({"error": words.get(failure.status_code, "refused")}, failure.status_code)
