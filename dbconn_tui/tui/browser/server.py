"""BrowserServer: textual-serve on 127.0.0.1 behind a Door, without a word to any other host."""

from __future__ import annotations

import asyncio
import logging
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler
from textual_serve.server import Server

from dbconn_tui.errors import ExitCode
from dbconn_tui.tui.browser.door import HOST, TOKEN, Answer, Door

_HERE: Final = Path(__file__).parent

_WORDS: Final = {
    Answer.USED_UP: "This address was used already. Stop `dbconn serve` and start it again for another one.\n",
    Answer.STRANGER: "Open the address that `dbconn serve` printed.\n",
}


class BrowserServer(Server):
    """Starts the command for every page that a browser let in by the door opens."""

    def __init__(self, command: Sequence[str], door: Door) -> None:
        line = subprocess.list2cmdline(command) if sys.platform == "win32" else shlex.join(command)
        super().__init__(line, host=HOST, port=door.port, title="dbconn", templates_path=_HERE)
        self._door = door

    async def application(self) -> web.Application:
        """The whole site; nothing of it answers outside the door."""
        application = await self._make_app()
        application.middlewares.append(self._admit)
        application.router.add_get("/page.css", self._page_style)
        application.on_response_prepare.append(self._add_headers)
        return application

    async def on_startup(self, app: web.Application) -> None:
        """Says nothing: whoever started the server announces it."""

    @web.middleware
    async def _admit(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        cookie = request.cookies.get(self._door.cookie)
        token = request.query.get(TOKEN) if request.path == "/" else None
        answer = self._door.answer(request.host, request.headers.get("Origin"), token, cookie)
        if answer is Answer.IN:
            return await handler(request)
        if answer is Answer.OPENED:
            opened = web.HTTPSeeOther("/")
            opened.set_cookie(self._door.cookie, self._door.session, httponly=True, samesite="Strict")
            raise opened
        return web.Response(status=403, text=_WORDS[answer])

    async def _page_style(self, request: web.Request) -> web.StreamResponse:
        return web.FileResponse(_HERE / "page.css")

    async def _add_headers(self, request: web.Request, response: web.StreamResponse) -> None:
        """The page may talk to this server alone, and no other page may show it."""
        response.headers["Content-Security-Policy"] = (
            "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
            f"connect-src 'self' ws://{HOST}:{self._door.port}; frame-ancestors 'none'"
        )
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Content-Type-Options"] = "nosniff"


def listen(port: int) -> socket.socket:
    """A socket on this port of 127.0.0.1, 0 = a free one. Raises OSError when it is taken."""
    return socket.create_server((HOST, port))


def serve_app(command: Sequence[str], listener: socket.socket, announce: Callable[[str], None]) -> int:
    """Serve what `command` shows until SIGINT (exit code 130) or SIGTERM (0).

    `announce` gets the address to open as soon as it answers.
    """
    # A failure in the app's process is the app's to tell; the server's own log would show local variables.
    logging.getLogger("textual-serve").addHandler(logging.NullHandler())
    logging.getLogger("textual-serve").propagate = False
    door = Door(listener.getsockname()[1])
    try:
        return asyncio.run(_serve(BrowserServer(command, door), listener, lambda: announce(door.address)))
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED


async def _serve(server: BrowserServer, listener: socket.socket, ready: Callable[[], None]) -> int:
    ended: asyncio.Queue[ExitCode] = asyncio.Queue()
    _on_signal(signal.SIGINT, lambda: ended.put_nowait(ExitCode.INTERRUPTED))
    _on_signal(signal.SIGTERM, lambda: ended.put_nowait(ExitCode.OK))
    runner = web.AppRunner(await server.application(), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.SockSite(runner, listener).start()
        ready()
        return await ended.get()
    finally:
        await runner.cleanup()


def _on_signal(number: signal.Signals, then: Callable[[], None]) -> None:
    try:
        asyncio.get_running_loop().add_signal_handler(number, then)
    except NotImplementedError:
        return  # Windows: Ctrl-C arrives as KeyboardInterrupt
