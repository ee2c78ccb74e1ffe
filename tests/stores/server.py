"""A database server of the tests: started on a port of this machine, stopped by its own process id."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

NOBODY = 65534
"""Servers refuse to run as root; root runs them as this user."""

PATIENCE = 60
"""Seconds a server may take to start, on a machine that is busy."""


def unprivileged() -> dict[str, Any]:
    """The settings of a process that runs as another user when this one is root."""
    if hasattr(os, "getuid") and os.getuid() == 0:
        return {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    return {}


def free_port() -> int:
    """A port of 127.0.0.1 that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


@contextmanager
def data_folder(name: str) -> Iterator[Path]:
    """A folder that belongs to the user the server runs as; gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix=f"dbconn-{name}-"))
    try:
        if unprivileged():
            os.chown(folder, NOBODY, NOBODY)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running(
    command: Sequence[str | Path],
    ready: bytes,
    stop: signal.Signals,
    folder: Path,
    environment: Mapping[str, str],
    *,
    as_root: bool = False,
) -> Iterator[None]:
    """The server while it runs; begins when it has said `ready`. Raises RuntimeError with its last words.

    `as_root`: it may run as root where the tests do.
    """
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        **({} if as_root else unprivileged()),
    )
    assert process.stderr is not None
    log = _Log(process.stderr, ready)
    try:
        log.wait()
        yield
    finally:
        process.send_signal(stop)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.join()
        process.stderr.close()


class _Log(threading.Thread):
    """Reads what a server says, so that it never waits for a reader."""

    def __init__(self, stream: IO[bytes], ready: bytes) -> None:
        super().__init__(daemon=True)
        self._stream = stream
        self._ready = ready
        self._lines: list[bytes] = []
        self._known = threading.Event()
        self._is_ready = False
        self.start()

    def run(self) -> None:
        for line in self._stream:
            self._lines = [*self._lines[-40:], line]
            if self._ready in line:
                self._is_ready = True
                self._known.set()
        self._known.set()

    def wait(self) -> None:
        """Until the server is ready."""
        if not self._known.wait(PATIENCE) or not self._is_ready:
            raise RuntimeError("the server did not start:\n" + b"".join(self._lines).decode(errors="replace"))
