"""Taking files in at the command line: show what would be written, ask, write, and say what to run next."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from dbconn_tui.cli.session import Session
    from dbconn_tui.tasks.incoming import Incoming

_MOST_ADOPTED: Final = 5
"""Connections that are named in one command."""
_MOST_SECRETS: Final = 12
"""Commands listed one by one; `dbconn secrets check` lists the others."""


def add_writing(parser: ArgumentParser) -> None:
    """The flags that answer before the question is asked."""
    parser.add_argument(
        "--yes", "-y", action="store_true", help="do not ask; what git does not have is still never replaced"
    )
    parser.add_argument("--dry-run", action="store_true", help="show what would be written, and write nothing")


def take_incoming(
    session: Session, arguments: Namespace, incoming: Incoming, tenant: str = "", *, adopts: bool = False
) -> int:
    """Show, confirm, write; the exit code. `tenant` is named in the commands to run next; `adopts` = adopt is one.

    Raises RefusedError when files that git could not bring back would be replaced and nobody can be asked,
    UsageError where --yes is needed, KeyboardInterrupt when declined, ProjectError.
    """
    from dbconn_tui.cli.incoming_text import incoming_answer, incoming_lines
    from dbconn_tui.errors import ExitCode
    from dbconn_tui.tasks.incoming import write_incoming

    for problem in incoming.problems:
        session.progress.note(str(problem))
        if problem.hint:
            session.progress.note(f"    {problem.hint}")
    write = session.progress.note if session.json else session.out.line
    for line in incoming_lines(incoming, verbose=session.verbose):
        write(*line)
    session.out.flush()
    writes = bool(incoming.changes) and not arguments.dry_run
    if writes:
        _confirm(session, incoming, yes=arguments.yes)
        write_incoming(incoming)
    if session.json:
        session.out.answer(incoming_answer(incoming, written=writes))
    elif incoming.changes and not writes:
        session.progress.note("Nothing was written (--dry-run).")
    elif writes:
        _say_next(session, incoming, tenant, adopts=adopts)
    return ExitCode.OK


def _confirm(session: Session, incoming: Incoming, *, yes: bool) -> None:
    """Ask unless it was answered. What git does not have is replaced only when somebody at a terminal says so."""
    from dbconn_tui.cli.text import counted
    from dbconn_tui.tasks.incoming import refuse_loss

    lost = incoming.lost()
    if lost and not session.may_ask:
        refuse_loss(incoming)
    if yes and not lost:
        return
    files = counted(len(incoming.changes), "file")
    names = ", ".join(change.file for change in lost)
    replacing = f", replacing what git does not have in {names}" if lost else ""
    if session.ask(f"Write {files}{replacing}? [y/N] ", instead="--yes").lower() not in ("y", "yes"):
        raise KeyboardInterrupt("Cancelled; nothing was written.")


def _say_next(session: Session, incoming: Incoming, tenant: str, *, adopts: bool) -> None:
    from dbconn_tui.cli.text import Span, Style

    where = f" --config {session.config}" if session.config else ""
    where += f" --tenant {tenant}" if tenant and len(incoming.project.tenants) > 1 else ""
    session.out.line(Span("Next:", Style.BOLD))
    for secret in incoming.secrets[:_MOST_SECRETS]:
        said = f": {secret.note}" if secret.note else ""
        session.out.line(f"  dbconn secrets set {secret.name}{where}    # {secret.key}{said}")
    if len(incoming.secrets) > _MOST_SECRETS:
        session.out.line(f"  dbconn secrets check{where}    # lists {len(incoming.secrets) - _MOST_SECRETS} more")
    session.out.line(f"  dbconn lint{where}")
    if incoming.project.tenants or tenant:
        session.out.line(f"  dbconn plan{where}")
        taken = [one.key for one in incoming.connections if one.new or one.items]
        if adopts and 0 < len(taken) <= _MOST_ADOPTED:
            session.out.line(f"  dbconn adopt {' '.join(taken)}{where}    # makes what is live the record")
    else:
        session.out.line(f"  dbconn login TENANT --domain DOMAIN{where}    # then dbconn plan")
