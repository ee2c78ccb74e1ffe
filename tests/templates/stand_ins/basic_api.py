"""The sample user API behind a gate that wants Basic authentication instead of a token."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from dbconn_tui.sample_store.app import build_app
from dbconn_tui.sample_store.server import served
from dbconn_tui.sample_store.tokens import Tokens
from dbconn_tui.sample_store.users import Users
from dbconn_tui.sensitive import Sensitive
from tests.templates.faults import WithFaults

USER = "auth0-user-store"
PASSWORD = "pässword: with a colon"


@dataclass(frozen=True, slots=True)
class Gate:
    """An ASGI app that lets requests with the right Basic credentials (RFC 7617, UTF-8) through to the user API."""

    api: ASGIApp
    token: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        wanted = base64.b64encode(f"{USER}:{PASSWORD}".encode())
        headers = [header for header in scope["headers"] if header[0] != b"authorization"]
        if (b"authorization", b"Basic " + wanted) not in scope["headers"]:
            refusal = JSONResponse({"error": "unauthorized"}, 401, {"www-authenticate": 'Basic realm="users"'})
            await refusal(scope, receive, send)
            return
        headers.append((b"authorization", f"Bearer {self.token}".encode()))
        await self.api({**scope, "headers": headers}, receive, send)


@dataclass(frozen=True, slots=True)
class Api:
    """The running API."""

    url: str
    users: Users
    seen: list[str]

    def configuration(self, url: str | None = None, password: str = PASSWORD) -> dict[str, str]:
        return {"API_URL": self.url if url is None else url, "API_USER": USER, "API_PASSWORD": password}


@contextmanager
def run_basic_api() -> Iterator[Api]:
    """The API with robin@example.com, whose password is `sesame 1`, and faults below `/fault/`."""
    numbers = iter(range(1, 1_000_000))
    users = Users(":memory:", lambda count: next(numbers).to_bytes(count, "big"))
    users.add("robin@example.com", "sesame 1", username="robin")
    tokens = Tokens("x", Sensitive("x"), clock=lambda: 0.0, new_token=lambda: "inside")
    tokens.issue("x", "x")
    app = WithFaults(Gate(build_app(users, tokens), "inside"))
    with served(app) as url:
        yield Api(url, users, app.seen)
    users.close()
