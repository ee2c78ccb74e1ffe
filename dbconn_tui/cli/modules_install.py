"""`dbconn modules install`: fetch npm modules for scripts to require."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from dbconn_tui.cli.session import Session

USAGE: Final = "NAME@VERSION… [flags]"
ABOUT: Final = """\
Fetches exact versions of npm modules into this machine's cache, for `try` and `test`. npm does the fetching;
the packages' install scripts never run. Nothing is ever fetched while a script runs."""
EXAMPLES: Final = """\
dbconn modules install pg@8.11.3
dbconn modules install bcrypt@5.0.1 mysql2@3.9.7"""


def add_arguments(parser: ArgumentParser) -> None:
    """The verb's own flags."""
    parser.add_argument("modules", metavar="NAME@VERSION", nargs="+", help="the module with all three numbers")
    parser.add_argument(
        "--node", metavar="PATH", help="the Node whose npm fetches (else PATH's, else the node extra's)"
    )


def run(session: Session, arguments: Namespace) -> int:
    """Install them one after the other."""
    from pathlib import Path

    from dbconn_tui.events import Event, EventKind
    from dbconn_tui.runtime.modules import install_module, parse_module
    from dbconn_tui.tasks.script_runs import RunSettings, modules_folder, runner_node

    wanted = [parse_module(text) for text in arguments.modules]
    outside = session.outside
    node = runner_node(outside, RunSettings(node=Path(arguments.node) if arguments.node else None))
    installed = []
    for module in wanted:
        session.progress.event(Event(EventKind.STEP, f"fetching {module}"))
        got = install_module(module, modules_folder(outside), node, outside.environment)
        installed.append(got)
        if not session.json:
            instead = f" stands in for {module}" if got != module else ""
            session.out.line(f"{got}{instead}")
    if session.json:
        session.out.answer({"modules": [{"name": one.name, "version": one.version} for one in installed]})
    return 0
