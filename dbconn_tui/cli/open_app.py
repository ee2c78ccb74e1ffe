"""Opening the terminal app: the one place where the command line knows the TUI."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dbconn_tui.cli.session import Session


def open_app(session: Session) -> int:
    """Run the app on the session's project and tenant until it is left; its exit code."""
    from dbconn_tui.tui.app import run_app

    return run_app(session.outside, config=session.config, tenant=session.tenant)
