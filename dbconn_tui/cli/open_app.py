"""Opening the app, in the terminal or in a browser: the one place where the command line knows the TUI."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dbconn_tui.cli.session import Session


def open_app(session: Session) -> int:
    """Run the app on the session's project and tenant until it is left; its exit code."""
    from dbconn_tui.tui.app import run_app

    def show_demo(wish: str) -> int:
        from argparse import Namespace

        from dbconn_tui.cli.demo import run

        return run(session, Namespace(headless=False))

    return run_app(session.outside, config=session.config, tenant=session.tenant, on_wish=show_demo)


def serve_in_browser(session: Session, port: int, announce: Callable[[str], None]) -> int:
    """Serve the app on the session's project and tenant (`tui.browser.server.serve_app`); its exit code.

    Raises UsageError when the extra `web` is not installed or the port is taken.
    """
    from dbconn_tui.errors import UsageError

    try:
        from dbconn_tui.tui.browser.server import listen, serve_app
    except ImportError as failure:
        raise UsageError(
            f"dbconn serve needs the extra `web` ({failure.name} is missing)",
            "Install dbconn with it: uv tool install '.[web]', or pip install '.[web]'.",
        ) from None
    command = [sys.executable, "-m", "dbconn_tui"]
    if session.config is not None:
        command += ["--config", str(session.config)]
    if session.tenant is not None:
        command += ["--tenant", session.tenant]
    try:
        listener = listen(port)
    except OSError as failure:
        raise UsageError(f"port {port} cannot be used: {failure.strerror}", "Choose another --port.") from None
    with listener:
        return serve_app(command, listener, announce)
