"""Asking before a write: `y`, or the name of a protected tenant (design §4)."""

from __future__ import annotations

import signal
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dbconn_tui.cli.session import Session
    from dbconn_tui.project.values import Tenant


def add_confirmation(parser: ArgumentParser) -> None:
    """The flags that answer before the question is asked."""
    parser.add_argument("--yes", "-y", action="store_true", help="do not ask (a protected tenant needs --confirm)")
    parser.add_argument("--confirm", metavar="TENANT", help="the tenant's name, typed out; includes --yes")


def check_confirmation(arguments: Namespace, tenant: Tenant) -> None:
    """What is wrong with the confirming flags is known before anything is read."""
    from dbconn_tui.errors import UsageError

    if arguments.confirm is not None and arguments.confirm != tenant.name:
        raise UsageError(
            f"--confirm {arguments.confirm} does not name the chosen tenant, {tenant.name}",
            f"Pass --confirm {tenant.name}, or choose the other with --tenant {arguments.confirm}.",
        )


def confirm(session: Session, arguments: Namespace, tenant: Tenant, what: str) -> None:
    """Ask whether to write `what`, e.g. `2 connections`.

    Raises KeyboardInterrupt when declined, UsageError when nobody can answer.
    """
    if arguments.confirm is not None or (arguments.yes and not tenant.protected):
        return
    with _default_interrupt():
        if tenant.protected:
            question = f"{tenant.name} is protected. Type its name to write {what} (or Enter to cancel): "
            agreed = session.ask(question, instead=f"--confirm {tenant.name}") == tenant.name
        else:
            question = f"Write {what} to {tenant.name} ({tenant.domain})? [y/N] "
            agreed = session.ask(question, instead="--yes").lower() in ("y", "yes")
    if not agreed:
        raise KeyboardInterrupt("Cancelled; nothing was sent.")


@contextmanager
def _default_interrupt() -> Iterator[None]:
    """Ctrl-C ends a question at once; asyncio's own handling would wait for an answer first."""
    try:
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
    except ValueError:  # not the main thread, which gets no signals
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
