"""Proxy: stands between a script and its database, and breaks or holds the conversation at a given word."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum

POSTGRESQL_ASKS_FOR_TLS = bytes.fromhex("0000000804d2162f")
"""PostgreSQL's SSLRequest; the server answers S and both go on in TLS."""


class Fault(StrEnum):
    """What becomes of a conversation once the client has said the word."""

    CUT = "cut"
    """Both sides lose their connection."""
    HANG = "hang"
    """The word never arrives, and nothing is answered."""


@dataclass
class Proxy:
    """A running proxy: the port that scripts are given, its word, and what every client said."""

    port: int
    word: bytes
    times: int
    heard: bytearray = field(default_factory=bytearray)
    connections: int = 0
    sockets: list[socket.socket] = field(default_factory=list)
    """Both ends of every conversation."""


@contextmanager
def run_proxy(
    target: int, word: bytes = b"", fault: Fault = Fault.CUT, tls: ssl.SSLContext | None = None, times: int = 1
) -> Iterator[Proxy]:
    """A proxy on 127.0.0.1 to a port there. Without a word it only passes on.

    `times` is how often the word must be said on a connection. With `tls` it speaks TLS as PostgreSQL does, and
    plainly to the database.
    """
    ending = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        proxy = Proxy(server.getsockname()[1], word, times)
        threads: list[threading.Thread] = []

        def accept() -> None:
            while True:
                try:
                    client, _ = server.accept()
                except OSError:
                    return
                if ending.is_set():
                    client.close()
                    return
                proxy.connections += 1
                thread = threading.Thread(target=_converse, args=(proxy, client, target, fault, tls, ending))
                thread.start()
                threads.append(thread)

        accepting = threading.Thread(target=accept)
        accepting.start()
        try:
            yield proxy
        finally:
            ending.set()
            with suppress(OSError), socket.create_connection(("127.0.0.1", proxy.port)):
                pass
            accepting.join()
            for one in proxy.sockets:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
            for thread in threads:
                thread.join()


def _converse(
    proxy: Proxy,
    client: socket.socket,
    target: int,
    fault: Fault,
    tls: ssl.SSLContext | None,
    ending: threading.Event,
) -> None:
    with client, suppress(OSError), socket.create_connection(("127.0.0.1", target)) as database:
        if tls is not None:
            assert client.recv(8) == POSTGRESQL_ASKS_FOR_TLS
            client.sendall(b"S")
            client = tls.wrap_socket(client, server_side=True)
        proxy.sockets += [client, database]
        back = threading.Thread(target=_pass_on, args=(database, client))
        back.start()
        said = b""
        with suppress(OSError):
            while data := client.recv(65_536):
                proxy.heard += data
                said = (said + data)[-65_536:]
                if proxy.word and said.count(proxy.word) >= proxy.times:
                    if fault is Fault.HANG:
                        ending.wait()
                    break
                database.sendall(data)
        for one in (client, database):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        back.join()
        client.close()


def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
