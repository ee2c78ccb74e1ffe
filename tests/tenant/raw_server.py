"""A server on a real socket that answers each request as it is told, also as no HTTP server should."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.tenant.conftest import jwt

Behaviour = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def http(status: int, content: bytes, *headers: str, length: int | None = None) -> bytes:
    lines = [f"HTTP/1.1 {status} X", f"content-length: {len(content) if length is None else length}", *headers, "", ""]
    return "\r\n".join(lines).encode() + content


def answer(content: Any, status: int = 200, *headers: str) -> Behaviour:
    return raw(http(status, json.dumps(content).encode(), "content-type: application/json", *headers))


def raw(data: bytes, *, then_close: bool = False) -> Behaviour:
    async def act(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()
        if then_close:
            writer.close()

    return act


def reset(data: bytes = b"") -> Behaviour:
    """Sends `data`, then a TCP reset."""

    async def act(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()
        linger = struct.pack("ii", 1, 0)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        writer.transport.abort()

    return act


async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Says nothing until the other side gives up."""
    await reader.read()


async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Sends an endless answer, a byte at a time, each in time."""
    writer.write(http(200, b"", length=1_000_000))
    while not writer.is_closing():
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.01)


@dataclass
class RawServer:
    """Answers the token endpoint properly and everything else by `script`, its last entry again and again."""

    script: list[Behaviour]
    port: int = 0
    seen: list[str] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                fields = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
                await reader.readexactly(int(fields.get("content-length", "0")))
                method, target, _ = head.split(" ", 2)
                if target == "/oauth/token":
                    token = {"access_token": jwt(), "expires_in": 86_400}
                    await answer(token)(reader, writer)
                    continue
                self.seen.append(f"{method} {target.partition('?')[0]}")
                await self.script[min(len(self.seen), len(self.script)) - 1](reader, writer)
                if writer.is_closing():
                    return
        except (asyncio.IncompleteReadError, ConnectionError, ssl.SSLError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def running(*script: Behaviour, tls: ssl.SSLContext | None = None) -> AsyncIterator[RawServer]:
    """The server on a free port of 127.0.0.1."""
    raw_server = RawServer(list(script))
    tasks: set[asyncio.Task[None]] = set()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(raw_server.serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=tls)
    raw_server.port = server.sockets[0].getsockname()[1]
    try:
        yield raw_server
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
