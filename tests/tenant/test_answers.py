from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbconn_tui.errors import (
    AnswerLostError,
    ApiError,
    AuthenticationError,
    DbconnError,
    ExitCode,
    MissingScopeError,
    NameTakenError,
    NotFoundError,
    RateLimitedError,
    UnreachableError,
)
from dbconn_tui.sensitive import Sensitive
from dbconn_tui.tenant.answers import (
    LONGEST_TEXT,
    Answer,
    Call,
    content_of,
    parse_json,
    refusal,
    shown,
    token_refusal,
)
from tests.tenant.conftest import DOMAIN

READ = Call("GET", "/api/v2/connections", "/api/v2/connections", "reading the connections", repeatable=True)
WRITE = Call("POST", "/api/v2/connections", "/api/v2/connections", "creating the connection users")


def error(status: int, message: str, code: str = "") -> Answer:
    body = {"statusCode": status, "error": "An Error", "message": message, "errorCode": code}
    return Answer(status, {}, json.dumps(body).encode())


@pytest.mark.parametrize(
    ("answer", "kind", "message", "hint"),
    [
        (
            error(400, "Cannot set both options.attributes and options.validation", "invalid_body"),
            ApiError,
            "Cannot set both options.attributes and options.validation",
            "dbconn.yaml",
        ),
        (
            error(400, "Payload validation error: 'Additional properties not allowed: enabled_clients'"),
            ApiError,
            "Additional properties not allowed: enabled_clients",
            "schema",
        ),
        (error(401, "Invalid token"), AuthenticationError, "Invalid token", "dbconn login"),
        (
            error(401, "Expired token received for JSON Web Token validation"),
            AuthenticationError,
            "Expired token",
            "AUTH0_ACCESS_TOKEN",
        ),
        (
            error(
                403,
                "Insufficient scope, expected any of: update:connections,update:connections_options",
                "insufficient_scope",
            ),
            MissingScopeError,
            "update:connections, update:connections_options",
            "Machine to Machine",
        ),
        (error(403, "Please upgrade your subscription", "insufficient_scope"), ApiError, "upgrade", ""),
        (error(403, "Not for you", "feature_not_enabled"), ApiError, "Not for you", "plan or settings"),
        (error(404, "The connection does not exist", "inexistent_connection"), NotFoundError, "does not exist", "plan"),
        (
            error(409, "A connection with the same name already exists", "connection_conflict"),
            NameTakenError,
            "same name already exists",
            "another strategy",
        ),
        (
            error(409, "A connection with the same name is being deleted, try again later"),
            NameTakenError,
            "being deleted",
            "minute",
        ),
        (error(429, "Global limit has been reached", "too_many_requests"), RateLimitedError, "Global limit", "rate"),
        (error(500, "Internal"), UnreachableError, "Internal", "again"),
    ],
)
def test_every_error_of_the_api_becomes_its_exception_with_a_hint(
    answer: Answer, kind: type[DbconnError], message: str, hint: str
) -> None:
    made = refusal(READ, answer, DOMAIN)
    assert type(made) is kind
    assert message in made.message
    assert DOMAIN in made.message
    assert "reading the connections" in made.message or made.exit_code is ExitCode.AUTHENTICATION
    assert hint in made.hint
    if isinstance(made, ApiError):
        assert made.status == answer.status
        assert made.error_code == json.loads(answer.body)["errorCode"]


def test_a_missing_scope_carries_the_names_of_the_scopes() -> None:
    answer = error(403, "Insufficient scope, expected any of: create:connections", "insufficient_scope")
    made = refusal(WRITE, answer, DOMAIN)
    assert isinstance(made, MissingScopeError)
    assert made.scopes == ("create:connections",)


@pytest.mark.parametrize(
    ("status", "body", "message", "hint"),
    [
        (401, {"error": "access_denied", "error_description": "Unauthorized"}, "Unauthorized", "client id and secret"),
        (401, {"error": "invalid_client"}, "invalid_client", "client id and secret"),
        (
            403,
            {"error": "access_denied", "error_description": 'Client is not authorized to access "https://x/api/v2/".'},
            "not authorized",
            "Authorize the application",
        ),
        (
            403,
            {"error": "access_denied", "error_description": "Service not enabled within domain: https://x/"},
            "not enabled",
            "AUTH0_AUDIENCE",
        ),
        (
            403,
            {"error": "unauthorized_client", "error_description": "Grant type 'client_credentials' not allowed."},
            "Grant type",
            "Grant Types",
        ),
        (400, {"error": "invalid_request", "error_description": "Odd"}, "Odd", "settings"),
    ],
)
def test_a_refused_token_says_what_to_check(status: int, body: dict[str, str], message: str, hint: str) -> None:
    made = token_refusal(READ, Answer(status, {}, json.dumps(body).encode()), DOMAIN, "https://x/api/v2/")
    assert type(made) is AuthenticationError
    assert made.exit_code is ExitCode.AUTHENTICATION
    assert message in made.message
    assert hint in made.hint


def test_a_token_endpoint_that_limits_or_fails_is_not_a_wrong_secret() -> None:
    limited = {"error": "too_many_requests", "error_description": "Rate limit exceeded."}
    assert type(token_refusal(READ, Answer(429, {}, json.dumps(limited).encode()), DOMAIN, "")) is RateLimitedError
    failed = Answer(503, {}, json.dumps({"error": "temporarily_unavailable"}).encode())
    assert type(token_refusal(READ, failed, DOMAIN, "")) is UnreachableError


NOT_JSON = [
    (b"<!DOCTYPE html><html>Sign in to the guest network</html>", "a web page"),
    (b"  <html>", "a web page"),
    (b"", "nothing but the status"),
    (b'{"connections": [{"id": "con', "cut off or garbled"),
    (b"[" * 200_000, "cut off or garbled"),
    (b'{"a": NaN}', "cut off or garbled"),
    (b'{"a": 1e999}', "cut off or garbled"),
    (b"\xff\xfe\x00", "something other than JSON"),
    (b"Bad gateway", "something other than JSON"),
]


@pytest.mark.parametrize(("body", "what"), NOT_JSON, ids=range(len(NOT_JSON)))
@pytest.mark.parametrize("status", [200, 302, 400, 401, 403, 404, 409, 429, 502])
def test_an_answer_that_is_not_the_apis_is_named_as_such_and_not_quoted(status: int, body: bytes, what: str) -> None:
    answer = Answer(status, {}, body)
    for call in (READ, WRITE):
        with pytest.raises(UnreachableError) as caught:
            content_of(call, answer, DOMAIN)
        made = [caught.value]
        if status >= 400:
            failure = refusal(call, answer, DOMAIN)
            token_failure = token_refusal(call, answer, DOMAIN, "")
            assert isinstance(failure, UnreachableError)
            assert isinstance(token_failure, UnreachableError)
            made += [failure, token_failure]
        in_doubt = call is WRITE and status in (200, 502)
        for one in made:
            assert isinstance(one, AnswerLostError) is in_doubt
            assert (what if status != 302 else "redirect") in one.message
            assert "guest network" not in one.message
            assert in_doubt or "isn't the API's" in one.message


def test_json_of_another_kind_is_not_an_error_of_the_api() -> None:
    for body in (b"[]", b"3", b"null", b'"text"', b'{"other": 1}'):
        assert isinstance(refusal(READ, Answer(404, {}, body), DOMAIN), UnreachableError)


@given(st.text(min_size=4, max_size=30), st.text(max_size=50), st.text(max_size=50))
def test_a_hidden_text_never_shows(secret: str, before: str, after: str) -> None:
    for text in (before + secret + after, json.dumps(before + secret + after)):
        line = shown(text, [Sensitive(secret)])
        assert secret not in line or secret in "***" or secret in shown(before + "***" + after)
        assert len(line) <= LONGEST_TEXT


def test_short_hidden_texts_go_where_they_stand_alone() -> None:
    assert shown("Invalid value '7' on 17 items", [Sensitive("7")]) == "Invalid value '***' on 17 items"
    assert shown("Bad Request: a", [Sensitive("a")]) == "Bad Request: ***"


def test_a_text_of_the_tenant_cannot_steer_the_terminal_or_fill_it() -> None:
    line = shown("red \x1b[31m\r\n\x07 text\u202e " + "x" * 10_000)
    assert "\x1b" not in line
    assert "\n" not in line
    assert "\u202e" not in line
    assert len(line) == LONGEST_TEXT


@given(st.binary())
def test_any_bytes_are_json_or_a_value_error(body: bytes) -> None:
    try:
        content: Any = parse_json(body)
    except ValueError:
        return
    json.dumps(content, allow_nan=False)
