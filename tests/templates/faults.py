"""Answers that no store should give, below `/fault/NAME/` of any app of the tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

FAULTS: Mapping[str, Callable[[], Response]] = {
    "500": lambda: JSONResponse({"error": "internal"}, 500),
    "429": lambda: JSONResponse({"error": "slow_down"}, 429),
    "404": lambda: JSONResponse({"error": "not_found"}, 404),
    "always-401": lambda: JSONResponse({"error": "invalid_token"}, 401),
    "html": lambda: Response(
        "<html><body>robin@example.com is under maintenance</body></html>", media_type="text/html"
    ),
    "html-502": lambda: Response("<html>Bad gateway</html>", 502, media_type="text/html"),
    "null": lambda: JSONResponse(None),
    "empty-object": lambda: JSONResponse({}),
    "empty-body": lambda: Response(b""),
    "broken-json": lambda: Response('{"user": {"id": "usr_1", "email": "robin@exam', media_type="application/json"),
    "user-without-id": lambda: JSONResponse({"user": {"email": "robin@example.com"}}),
    "user-as-text": lambda: JSONResponse({"user": "robin@example.com"}),
    "redirect": lambda: Response(None, 307, {"location": "/users/authenticate"}),
}
"""Fault → the answer to everything below `/fault/NAME/`. `hang` and `hang-in-body` are in WithFaults."""


@dataclass(slots=True)
class WithFaults:
    """An ASGI app with faults below `/fault/NAME/`; it notes the path and query of every request."""

    app: ASGIApp
    seen: list[str] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, query = scope["path"], scope["query_string"].decode()
        self.seen.append(f"{path}?{query}" if query else path)
        if path.startswith("/fault/"):
            await self._misbehave(path.split("/")[2], scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _misbehave(self, fault: str, scope: Scope, receive: Receive, send: Send) -> None:
        if not fault.startswith("hang"):
            await FAULTS[fault]()(scope, receive, send)
            return
        if fault == "hang-in-body":
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1000")]})
            await send({"type": "http.response.body", "body": b'{"user": ', "more_body": True})
        request = Request(scope, receive)
        try:
            await request.body()
            while not await request.is_disconnected():
                await request.receive()
        except (ClientDisconnect, RuntimeError):
            return
