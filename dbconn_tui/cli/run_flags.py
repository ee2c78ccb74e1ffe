"""The flags that `try`, `test` and `local-tenant` share: how scripts are run."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from dbconn_tui.cli.session import Session
    from dbconn_tui.tasks.script_runs import RunSettings


def add_run_flags(parser: ArgumentParser, *, confirm: bool = True) -> None:
    """Add the flags; `confirm` where the values may be a protected tenant's."""
    parser.add_argument("--timeout", metavar="SECONDS", help="stop a script after so long (20, as on the platform)")
    parser.add_argument(
        "--allow-host",
        metavar="HOST[:PORT]",
        action="append",
        default=[],
        help="a host scripts may reach, besides those that the configuration names",
    )
    parser.add_argument(
        "--node", metavar="PATH", help="the Node to run scripts in (else PATH's, else the node extra's)"
    )
    if confirm:
        parser.add_argument("--confirm", metavar="TENANT", help="change users with a protected tenant's values")
    parser.add_argument(
        "--compat",
        action="store_true",
        help="give scripts the globals that Auth0 took away after Node 12, such as request and mysql; each use is told",
    )
    parser.add_argument(
        "--no-isolation",
        action="store_true",
        help="run without Node's permission model: scripts may read your files and start programs",
    )


def read_run_flags(session: Session, arguments: Namespace) -> RunSettings:
    """The flags as settings. Raises UsageError."""
    from pathlib import Path

    from dbconn_tui.errors import UsageError
    from dbconn_tui.runtime.hosts import parse_host
    from dbconn_tui.runtime.job import LIMIT
    from dbconn_tui.tasks.script_runs import RunSettings

    limit = LIMIT
    if arguments.timeout is not None:
        try:
            limit = float(arguments.timeout)
        except ValueError:
            limit = 0.0
        if not 0 < limit <= 600:
            raise UsageError(f"--timeout {arguments.timeout} is not a number of seconds up to 600")
    return RunSettings(
        tenant=session.tenant,
        confirm=getattr(arguments, "confirm", None),
        limit=limit,
        hosts=tuple(parse_host(host) for host in arguments.allow_host),
        node=Path(arguments.node) if arguments.node else None,
        isolate=not arguments.no_isolation,
        compat=arguments.compat,
    )


def read_arguments_file(session: Session, source: str) -> dict[str, Any]:
    """A JSON object from a file, or from stdin when `source` is `-`. Raises UsageError."""
    import json

    from dbconn_tui.errors import UsageError

    if source == "-":
        text = session.read_stdin("a JSON object with arguments", instead="Pass --args FILE.").reveal()
    else:
        file = session.outside.folder / source
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as failure:
            raise UsageError(f"--args {source}: cannot be read as UTF-8 text ({type(failure).__name__})") from None
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        raise UsageError(f"--args {source} is not JSON", '{"email": "robin@example.com"}') from None
    if not isinstance(content, dict):
        raise UsageError(f"--args {source} is not a JSON object", '{"email": "robin@example.com"}')
    return content
