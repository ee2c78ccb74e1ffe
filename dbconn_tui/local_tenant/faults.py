"""Faults that tests ask for: wrong statuses, HTML, answers cut off, connections reset, delays.

Answers are spoiled between the application and the socket. A reset or a cut needs the real transport,
which server.py puts into the scope under TRANSPORT; without one (ASGI transport) ConnectionResetError
is raised instead.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, Protocol

from dbconn_tui.local_tenant.answers import decode, encode, management_body

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

TRANSPORT: Final = "dbconn.transport"

_HTML: Final = b"<!doctype html><html><head><title>Proxy</title></head><body><h1>Please sign in</h1></body></html>"


DRIP_SIZE: Final = 512
"""Bytes."""


class FaultKind(StrEnum):
    """What goes wrong."""

    STATUS = "status"
    """Answers `status` with `body`, or a Management API error body."""
    HTML = "html"
    """Answers `status` (200 unless given) with an HTML page."""
    CUT = "cut"
    """Sends half of the answer's body and drops the connection."""
    RESET = "reset"
    """Drops the connection without an answer."""
    DELAY = "delay"
    """Waits `seconds` before the request is carried out, or before its answer leaves."""
    ALTER = "alter"
    """Sets `json_path` in the answer's JSON to `value`."""
    HEADERS = "headers"
    """Answers properly, with `headers` in place of its own."""
    DRIP = "drip"
    """Answers properly, in pieces of DRIP_SIZE bytes with `seconds` between them."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: for requests of `method` whose path matches `path`, after `skip` of them, `times` times.

    `after` decides whether the request is carried out before things go wrong. CUT, ALTER, HEADERS and DRIP
    always are. `headers` are added to the answer of STATUS, and replace those of the same name for HEADERS.
    """

    kind: FaultKind
    method: str = ""
    path: str = ""
    """A regular expression searched in the request's path; empty: all of the API, not the control routes."""
    times: int = 1
    skip: int = 0
    after: bool = False
    status: int = 0
    seconds: float = 0.0
    body: Any = None
    json_path: tuple[str, ...] = ()
    value: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


def fault_from(body: Any) -> Fault:
    """A Fault from the JSON of a control request. Raises ValueError or TypeError for anything else."""
    fault = Fault(**{**body, "kind": FaultKind(body["kind"]), "json_path": tuple(body.get("json_path", ()))})
    try:
        re.compile(fault.path)
    except re.error as error:
        raise ValueError(f"{fault.path} is not a regular expression: {error}") from None
    return fault


class Transport(Protocol):
    """The part of an asyncio transport that faults use."""

    def abort(self) -> None:
        """Closes the connection at once."""


class FaultPlan:
    """The faults that are still due, in the order they were asked for."""

    __slots__ = ("_due",)

    def __init__(self) -> None:
        self._due: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Asks for a fault."""
        self._due.append(fault)

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self._due.clear()

    def take(self, method: str, path: str) -> Fault | None:
        """The fault due for this request, which then is one time less."""
        for index, fault in enumerate(self._due):
            if fault.method not in ("", method) or re.search(fault.path, path) is None:
                continue
            if fault.skip:
                self._due[index] = replace(fault, skip=fault.skip - 1)
                continue
            self._due[index] = replace(fault, times=fault.times - 1)
            if fault.times <= 1:
                del self._due[index]
            return fault
        return None


def with_faults(app: ASGIApp, plan: FaultPlan, sleep: Callable[[float], Awaitable[None]]) -> ASGIApp:
    """The application with the plan's faults around it; `sleep` takes seconds."""

    async def spoiled(scope: Scope, receive: Receive, send: Send) -> None:
        fault = None
        if scope["type"] == "http" and not scope["path"].startswith("/__control/"):
            fault = plan.take(scope["method"], scope["path"])
        if fault is None:
            await app(scope, receive, send)
            return
        if fault.kind is FaultKind.DELAY and not fault.after:
            await sleep(fault.seconds)
            await app(scope, receive, send)
            return
        start: Message = {"type": "http.response.start", "status": 500, "headers": []}
        content = b""
        if fault.after or fault.kind in _CARRIED_OUT:
            start, content = await _carried_out(app, scope, receive)
        if fault.kind is FaultKind.DELAY:
            await sleep(fault.seconds)
            await _answer(send, start, content)
        elif fault.kind is FaultKind.DRIP:
            await _drip(send, start, content, lambda: sleep(fault.seconds))
        else:
            await _spoil(fault, scope, send, start, content)

    return spoiled


_CARRIED_OUT: Final = frozenset({FaultKind.CUT, FaultKind.ALTER, FaultKind.HEADERS, FaultKind.DRIP})


async def _carried_out(app: ASGIApp, scope: Scope, receive: Receive) -> tuple[Message, bytes]:
    messages: list[Message] = []

    async def keep(message: Message) -> None:
        messages.append(message)

    await app(scope, receive, keep)
    return messages[0], b"".join(message.get("body", b"") for message in messages[1:])


async def _spoil(fault: Fault, scope: Scope, send: Send, start: Message, content: bytes) -> None:
    match fault.kind:
        case FaultKind.RESET:
            _drop(scope)
        case FaultKind.CUT:
            await send({**start, "headers": _sized(start["headers"], len(content))})
            await send({"type": "http.response.body", "body": content[: len(content) // 2], "more_body": True})
            _drop(scope)
        case FaultKind.HTML:
            headers = [(b"content-type", b"text/html; charset=utf-8")]
            await _answer(send, {**start, "status": fault.status or 200, "headers": headers}, _HTML)
        case FaultKind.ALTER:
            altered = decode(content)
            set_path(altered, fault.json_path, fault.value)
            await _answer(send, start, encode(altered))
        case FaultKind.HEADERS:
            replaced = {name.lower() for name in fault.headers}
            kept = [(name, value) for name, value in start["headers"] if name.decode().lower() not in replaced]
            await _answer(send, {**start, "headers": [*kept, *_encoded(fault.headers)]}, content)
        case _:
            status = fault.status or 500
            body = management_body(status, "An internal error occurred") if fault.body is None else fault.body
            headers = [(b"content-type", b"application/json; charset=utf-8"), *_encoded(fault.headers)]
            await _answer(send, {**start, "status": status, "headers": headers}, encode(body))


async def _answer(send: Send, start: Message, content: bytes) -> None:
    await send({**start, "headers": _sized(start["headers"], len(content))})
    await send({"type": "http.response.body", "body": content})


async def _drip(send: Send, start: Message, content: bytes, pause: Callable[[], Awaitable[None]]) -> None:
    await send({**start, "headers": _sized(start["headers"], len(content))})
    for at in range(0, len(content), DRIP_SIZE):
        await send({"type": "http.response.body", "body": content[at : at + DRIP_SIZE], "more_body": True})
        await pause()
    await send({"type": "http.response.body", "body": b""})


def _encoded(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


def _sized(headers: list[tuple[bytes, bytes]], length: int) -> list[tuple[bytes, bytes]]:
    kept = [(name, value) for name, value in headers if name.lower() != b"content-length"]
    return [*kept, (b"content-length", str(length).encode())]


def _drop(scope: Scope) -> None:
    transport: Transport | None = scope.get("extensions", {}).get(TRANSPORT)
    if transport is None:
        raise ConnectionResetError("a fault dropped the connection")
    transport.abort()


def set_path(value: Any, path: tuple[str, ...], new: Any) -> None:
    """Sets the item at `path` (keys, or indexes of lists) in nested JSON, making objects on the way.

    Raises KeyError, IndexError or TypeError where the path does not fit.
    """
    for key in path[:-1]:
        value = value[int(key)] if isinstance(value, list) else value.setdefault(key, {})
    if isinstance(value, list):
        value[int(path[-1])] = new
    else:
        value[path[-1]] = new


def unset_path(value: Any, path: tuple[str, ...]) -> None:
    """Removes the item at `path`; a path that leads nowhere is left alone."""
    for key in path[:-1]:
        value = value.get(key)
        if not isinstance(value, dict):
            return
    value.pop(path[-1], None)
