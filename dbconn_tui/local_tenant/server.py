"""Serving the tenant on 127.0.0.1: in this process, in a thread, or in a child process.

Nothing heavy is imported with this module; uvicorn, starlette and cryptography come with a start.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random, SystemRandom
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final

from dbconn_tui.errors import ExitCode, UsageError
from dbconn_tui.local_tenant.settings import APPLICATION_ID, Settings
from dbconn_tui.sensitive import Sensitive

if TYPE_CHECKING:
    import uvicorn

    from dbconn_tui.local_tenant.sign_in.mail import Mail
    from dbconn_tui.local_tenant.sign_in.script_host import ScriptHost
    from dbconn_tui.local_tenant.state import TenantState

HOST: Final = "127.0.0.1"
GRACE: Final = 2
"""Seconds that requests under way get at a stop."""
READY_WITHIN: Final = 30.0
"""Seconds that a child process may take to its readiness line."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a tenant listens, and the files that go with it; they are gone after its stop.

    `domain` is `127.0.0.1:PORT`. `ca_file` is the authority to trust, None over plain HTTP.
    """

    url: str
    domain: str
    port: int
    pid: int
    client_id: str
    client_secret_file: Path
    ca_file: Path | None
    application_id: str = APPLICATION_ID
    """The application that users may sign in through on every connection, without a secret."""

    @property
    def client_secret(self) -> Sensitive:
        """The client's secret, read from its file. Raises OSError once the tenant has stopped."""
        return Sensitive(self.client_secret_file.read_text(encoding="utf-8"))

    def line(self) -> str:
        """The readiness line: one JSON object, no secret in it."""
        return json.dumps(
            {
                "url": self.url,
                "domain": self.domain,
                "ca_file": str(self.ca_file) if self.ca_file else None,
                "pid": self.pid,
                "client_id": self.client_id,
                "client_secret_file": str(self.client_secret_file),
                "application_id": self.application_id,
            }
        )


@dataclass(frozen=True, slots=True)
class _Prepared:
    """Everything for a start: the bound socket listens already, so whoever connects now will be served."""

    address: Address
    server: uvicorn.Server
    listener: socket.socket
    state: TenantState
    scripts: ScriptHost | None

    def serve(self) -> None:
        """Serves until the server is told to stop, then ends what the script host started."""
        import asyncio

        asyncio.run(self._serve())

    async def _serve(self) -> None:
        try:
            await self.server.serve(sockets=[self.listener])
        finally:
            if self.scripts is not None:
                await self.scripts.close()


@contextmanager
def _prepared(
    settings: Settings,
    random: Random,
    scripts: ScriptHost | None = None,
    on_mail: Callable[[Mail], None] | None = None,
) -> Iterator[_Prepared]:
    import asyncio

    import uvicorn
    from uvicorn.protocols.http.h11_impl import H11Protocol

    from dbconn_tui.local_tenant import state_file
    from dbconn_tui.local_tenant.app import admit, create_app, new_state
    from dbconn_tui.local_tenant.certificate import write_certificate, write_private

    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dbconn-local-tenant-")))
        kept = state_file.load(settings.state_file, settings, random) if settings.state_file else None
        state = admit(kept, settings) if kept else new_state(settings, random)
        if settings.state_file:
            # What cannot be kept is told now, not at the first write.
            state_file.keep(state, settings.state_file)
        client = state.clients[settings.client_id]
        secret_file = folder / "client-secret"
        write_private(secret_file, client.secret.reveal().encode())
        files = write_certificate(folder, datetime.now(UTC)) if settings.https else None
        listener = stack.enter_context(_listener(settings.port))
        port = listener.getsockname()[1]
        app = create_app(
            settings,
            clock=time.time,
            random=random,
            sleep=asyncio.sleep,
            state=state,
            on_write=_saver(settings),
            scripts=scripts,
            on_mail=on_mail,
        )
        config = uvicorn.Config(
            app,
            http=_with_transport(H11Protocol),
            loop="asyncio",
            ws="none",
            lifespan="off",
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=GRACE,
            ssl_certfile=files.certificate_file if files else None,
            ssl_keyfile=files.key_file if files else None,
        )
        config.load()
        address = Address(
            url=f"{'https' if files else 'http'}://{HOST}:{port}",
            domain=f"{HOST}:{port}",
            port=port,
            pid=os.getpid(),
            client_id=client.client_id,
            client_secret_file=secret_file,
            ca_file=files.ca_file if files else None,
        )
        yield _Prepared(address, uvicorn.Server(config), listener, state, scripts)


def _listener(port: int) -> socket.socket:
    # With the protocol named, asyncio switches off Nagle's algorithm, which would cost 40 ms an answer.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen(256)
    except (OSError, OverflowError) as error:
        listener.close()
        raise UsageError(
            f"the local tenant cannot listen on {HOST}:{port}: {error}", "Pass another --port, or 0 for a free one."
        ) from None
    return listener


def _saver(settings: Settings) -> Callable[[TenantState], None] | None:
    if settings.state_file is None:
        return None
    path = settings.state_file

    def save(state: TenantState) -> None:
        from dbconn_tui.local_tenant import state_file

        state_file.save(state, path)

    return save


def _with_transport(protocol_class: Any) -> Any:
    """uvicorn's protocol, whose scopes carry the transport for faults that drop the connection."""
    from dbconn_tui.local_tenant.faults import TRANSPORT

    def make(**arguments: Any) -> Any:
        protocol = protocol_class(**arguments)
        served = protocol.app

        async def app(scope: Any, receive: Any, send: Any) -> None:
            scope.setdefault("extensions", {})[TRANSPORT] = protocol.transport
            await served(scope, receive, send)

        protocol.app = app
        return protocol

    return make


def run(
    settings: Settings,
    announce: Callable[[str], None],
    scripts: ScriptHost | None = None,
    on_mail: Callable[[Mail], None] | None = None,
) -> ExitCode:
    """Serves until SIGINT (INTERRUPTED) or SIGTERM (OK). `announce` gets the readiness line.

    `scripts` runs the deployed scripts and is closed at the end. `on_mail` is told each mail that would be sent.

    Raises UsageError when the port or the state file cannot be used.
    """

    received: list[int] = []

    with _prepared(settings, SystemRandom(), scripts, on_mail) as prepared:
        # Only noted, never raised: an exception out of a handler can be lost while the server starts.
        def stop(number: int, frame: object) -> None:
            received.append(number)
            prepared.server.should_exit = True

        before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            announce(prepared.address.line())
            prepared.serve()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
    return ExitCode.INTERRUPTED if signal.SIGINT in received else ExitCode.OK


class LocalTenant:
    """A tenant in a thread of this process: `with LocalTenant(Settings(...)) as tenant:`.

    Ready to be spoken to inside the block; stopped, with its files gone, at its end. `scripts` runs the deployed
    scripts, without one nobody can sign in; it lives in the tenant's thread and is closed with it.
    """

    def __init__(self, settings: Settings | None = None, scripts: ScriptHost | None = None) -> None:
        self._settings = settings or Settings()
        self._scripts = scripts
        self._stack = ExitStack()
        self._running: _Prepared | None = None

    def __enter__(self) -> LocalTenant:
        prepared = self._stack.enter_context(_prepared(self._settings, SystemRandom(), self._scripts))
        thread = threading.Thread(target=prepared.serve, name="dbconn-local-tenant", daemon=True)
        thread.start()
        self._stack.callback(_stop, prepared.server, thread)
        self._running = prepared
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._running = None
        self._stack.close()

    @property
    def address(self) -> Address:
        """Where it listens. Raises UsageError outside of the `with` block."""
        return self._started().address

    @property
    def state(self) -> TenantState:
        """What it holds; owned by its thread, so read it between requests."""
        return self._started().state

    @property
    def url(self) -> str:
        """`https://127.0.0.1:PORT` or `http://…`."""
        return self.address.url

    @property
    def domain(self) -> str:
        """`127.0.0.1:PORT`."""
        return self.address.domain

    @property
    def ca_file(self) -> Path | None:
        """The PEM file of the authority to trust."""
        return self.address.ca_file

    @property
    def client_id(self) -> str:
        """The client that may ask for tokens."""
        return self.address.client_id

    @property
    def client_secret(self) -> Sensitive:
        """That client's secret."""
        return self.address.client_secret

    def _started(self) -> _Prepared:
        if self._running is None:
            raise UsageError("the local tenant is not running")
        return self._running


def _stop(server: uvicorn.Server, thread: threading.Thread) -> None:
    server.should_exit = True
    thread.join()


@contextmanager
def tenant_process(*arguments: str) -> Iterator[Address]:
    """A tenant in a child process, started with the command's own flags: `with tenant_process("--plan", "free")`.

    Raises UsageError when the process ends, or says nothing for READY_WITHIN seconds; its message is on stderr.
    """
    command = (sys.executable, "-m", "dbconn_tui.local_tenant", *arguments)
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    watchdog = threading.Timer(READY_WITHIN, process.kill)
    watchdog.start()
    try:
        line = process.stdout.readline()
        watchdog.cancel()
        if not line:
            raise UsageError("the local tenant's process ended before it was ready", "Its own message is above.")
        yield address_from(line)
    finally:
        watchdog.cancel()
        _terminate(process)


def _terminate(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(timeout=GRACE + 3)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()


def address_from(line: str) -> Address:
    """The Address of a readiness line. Raises ValueError or KeyError for another line."""
    read = json.loads(line)
    return Address(
        url=read["url"],
        domain=read["domain"],
        port=int(read["domain"].rpartition(":")[2]),
        pid=read["pid"],
        client_id=read["client_id"],
        client_secret_file=Path(read["client_secret_file"]),
        ca_file=Path(read["ca_file"]) if read["ca_file"] else None,
        application_id=read["application_id"],
    )
