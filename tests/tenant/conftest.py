from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from dbconn_tui.events import Event
from dbconn_tui.project.values import Tenant
from dbconn_tui.sensitive import Sensitive
from dbconn_tui.tenant.client import TenantClient
from dbconn_tui.tenant.scopes import CREATE_SCOPES, DEPLOY_SCOPES
from dbconn_tui.tenant.token import Credentials, Token

DOMAIN = "shop.example.com"
ALL_SCOPES = (*DEPLOY_SCOPES, *CREATE_SCOPES)
CLIENT_SECRET = "s3cret-of-the-application"
START = 1_700_000_000.0

Handler = Callable[[httpx.Request], httpx.Response]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def encoded(content: Mapping[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def jwt(
    *,
    scopes: Sequence[str] = ALL_SCOPES,
    issuer: str = f"https://{DOMAIN}/",
    expires_at: float = START + 86_400,
    id: int = 1,
) -> str:
    claims = {
        "iss": issuer,
        "aud": f"https://{DOMAIN}/api/v2/",
        "exp": int(expires_at),
        "scope": " ".join(scopes),
        "id": id,
    }
    return f"{encoded({'alg': 'RS256'})}.{encoded(claims)}.c2lnbmF0dXJl"


def connection(name: str, strategy: str = "auth0", **options: Any) -> dict[str, Any]:
    return {"id": f"con_{name}", "name": name, "strategy": strategy, "options": options}


def api_error(
    status: int, message: str, error_code: str = "", headers: Mapping[str, str] | None = None
) -> httpx.Response:
    body = {"statusCode": status, "error": "An Error", "message": message, "errorCode": error_code}
    return httpx.Response(status, json=body, headers=headers)


@dataclass
class Time:
    """Both clocks and a sleep that only moves them."""

    now: float = 1_000.0
    slept: list[float] = field(default_factory=list)

    def clock(self) -> float:
        return self.now

    def wall_clock(self) -> float:
        return self.now - 1_000.0 + START

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


class FakeTenant:
    """Answers token requests with fresh tokens, and API requests by `handler`; keeps every request."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler
        self.requests: list[httpx.Request] = []
        self.scopes: Sequence[str] = ALL_SCOPES
        self.token_handler: Handler = self._token
        self.tokens: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return (self.token_handler if request.url.path == "/oauth/token" else self.handler)(request)

    def _token(self, request: httpx.Request) -> httpx.Response:
        self.tokens.append(jwt(scopes=self.scopes, id=len(self.tokens) + 1))
        answer = {"access_token": self.tokens[-1], "scope": " ".join(self.scopes), "expires_in": 86_400}
        return httpx.Response(200, json={**answer, "token_type": "Bearer"}, headers={"x-ratelimit-remaining": "0"})

    @property
    def sent(self) -> list[str]:
        return [f"{request.method} {request.url.path}" for request in self.requests]


class DictCache:
    """A TokenCache in memory that counts."""

    def __init__(self) -> None:
        self.tokens: dict[tuple[str, str, str], Token] = {}
        self.reads = 0

    def get(self, domain: str, client_id: str, audience: str) -> Token | None:
        self.reads += 1
        return self.tokens.get((domain, client_id, audience))

    def put(self, domain: str, client_id: str, audience: str, token: Token) -> None:
        self.tokens[domain, client_id, audience] = token


@dataclass
class Opened:
    """A client of a fake tenant with everything around it."""

    client: TenantClient
    fake: FakeTenant
    time: Time
    events: list[Event]


def opened(handler: Handler, *, credentials: Credentials | None = None, **arguments: Any) -> Opened:
    fake, time, events = FakeTenant(handler), Time(), list[Event]()
    tenant = arguments.pop("tenant", Tenant("dev", DOMAIN, client_id="an-id"))
    client = TenantClient(
        tenant,
        credentials or Credentials.secret("an-id", Sensitive(CLIENT_SECRET)),
        transport=httpx.MockTransport(fake),
        clock=time.clock,
        wall_clock=time.wall_clock,
        sleep=time.sleep,
        on_event=events.append,
        chance=lambda: 0.0,
        unique=lambda: f"unique-{len(fake.requests)}",
        **arguments,
    )
    return Opened(client, fake, time, events)


def in_turn(*answers: httpx.Response | Exception) -> Handler:
    """A handler that gives these answers one after the other, then fails the test."""
    waiting = list(answers)

    def handler(request: httpx.Request) -> httpx.Response:
        answer = waiting.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return handler
