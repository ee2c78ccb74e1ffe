"""Stores that misbehave: a port that never answers, and one whose first answer is late and nothing after it."""

from __future__ import annotations

import asyncio

import pytest

from dbconn_tui.runtime.stand_ins import late_ports, silent_port

pytestmark = pytest.mark.anyio


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while line := await reader.readline():
        writer.write(b"> " + line)
    writer.close()


async def test_first_answer_waits_and_the_rest_does_not() -> None:
    waited: list[float] = []
    release = asyncio.Event()

    async def sleep(seconds: float) -> None:
        waited.append(seconds)
        await release.wait()

    store = await asyncio.start_server(echo, "127.0.0.1", 0)
    target = ("127.0.0.1", store.sockets[0].getsockname()[1])
    async with store, late_ports([target], 3.0, sleep) as ports:
        reader, writer = await asyncio.open_connection("127.0.0.1", ports[target])
        writer.write(b"one\n")
        answer = asyncio.ensure_future(reader.readline())
        while not waited:
            await asyncio.sleep(0)
        assert not answer.done()
        release.set()
        assert await answer == b"> one\n"
        writer.write(b"two\n")
        assert await reader.readline() == b"> two\n"
        assert waited == [3.0]
        writer.close()


async def test_store_that_is_not_there_closes_the_connection() -> None:
    async with silent_port() as gone:
        pass
    async with late_ports([("127.0.0.1", gone)], 3.0) as ports:
        reader, writer = await asyncio.open_connection("127.0.0.1", ports["127.0.0.1", gone])
        assert await reader.read() == b""
        writer.close()


async def test_silent_port_takes_connections_and_says_nothing() -> None:
    async with silent_port() as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"hello\n")
        await writer.drain()
        assert not reader.at_eof()
        writer.close()
