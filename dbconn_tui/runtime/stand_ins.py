"""Stand-ins for a store that misbehaves: ports of this machine that never answer, or answer late."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress

Address = tuple[str, int]
Sleep = Callable[[float], Awaitable[None]]


@asynccontextmanager
async def silent_port() -> AsyncIterator[int]:
    """A port of 127.0.0.1 that takes every connection and never answers."""
    writers: list[asyncio.StreamWriter] = []

    async def keep(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)

    async with _listening(keep) as port:
        try:
            yield port
        finally:
            for writer in writers:
                writer.close()


@asynccontextmanager
async def late_ports(
    targets: Iterable[Address], delay: float, sleep: Sleep = asyncio.sleep
) -> AsyncIterator[Mapping[Address, int]]:
    """Target → a port of 127.0.0.1 that passes everything on, the first answer of a connection `delay` seconds late."""
    async with AsyncExitStack() as stack:
        ports: dict[Address, int] = {}
        for target in targets:
            ports[target] = await stack.enter_async_context(_late_port(target, delay, sleep))
        yield ports


@asynccontextmanager
async def _late_port(target: Address, delay: float, sleep: Sleep) -> AsyncIterator[int]:
    passing: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        passing.add(task)
        try:
            with suppress(OSError, asyncio.CancelledError):
                await _pass_on(target, reader, writer, delay, sleep)
        finally:
            passing.discard(task)
            writer.close()

    async with _listening(serve) as port:
        try:
            yield port
        finally:
            left = tuple(passing)
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)


async def _pass_on(
    target: Address, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay: float, sleep: Sleep
) -> None:
    answers, requests = await asyncio.open_connection(*target)
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(_copy(reader, requests))
            group.create_task(_copy_late(answers, writer, delay, sleep))
    except* OSError:
        pass
    finally:
        requests.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while chunk := await reader.read(65_536):
        writer.write(chunk)
        await writer.drain()
    writer.write_eof() if writer.can_write_eof() else writer.close()


async def _copy_late(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay: float, sleep: Sleep) -> None:
    first = await reader.read(65_536)
    await sleep(delay)
    writer.write(first)
    await _copy(reader, writer)


@asynccontextmanager
async def _listening(
    serve: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> AsyncIterator[int]:
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        # Waiting for it would wait for clients that keep their connections open.
