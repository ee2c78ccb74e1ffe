"""Serving: an ASGI app on a free port of 127.0.0.1, in a thread of its own, until it is told to stop."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp


@contextmanager
def served(app: ASGIApp, *, certificate: Path | None = None, key: Path | None = None) -> Iterator[str]:
    """Serve an app and give its address, `http://127.0.0.1:PORT`, or `https://…` with a certificate (PEM files).

    The socket listens before the address is given, so the first request cannot come too early. On leaving,
    open requests are cut off and the thread has ended. Raises OSError for unusable certificate files.
    """
    import uvicorn

    config = uvicorn.Config(
        app,
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        ssl_certfile=certificate,
        ssl_keyfile=key,
        timeout_graceful_shutdown=1,
    )
    config.load()  # here, where a bad certificate is the caller's exception and not the thread's
    # With the protocol named, asyncio switches off Nagle's algorithm, which would cost 40 ms an answer.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if os.name == "posix":
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    scheme = "https" if config.is_ssl else "http"
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="served", daemon=True)
    thread.start()
    try:
        yield f"{scheme}://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
