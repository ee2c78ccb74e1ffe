"""`dbconn modules install`: fetch npm modules for scripts to require."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from dbconn_tui.cli.session import Session
    from dbconn_tui.runtime.modules import Module

USAGE: Final = "[NAME@VERSION…] [flags]"
ABOUT: Final = """\
Fetches exact versions of npm modules into this machine's cache, for `try` and `test`; when none is named, those
that the scripts of the project here require and that are not in it. npm does the fetching; the packages' install
scripts never run. Nothing is ever fetched while a script runs."""
EXAMPLES: Final = """\
dbconn modules install                       # what the project's scripts require
dbconn modules install pg@8.11.3
dbconn modules install bcrypt@5.0.1 mysql2@3.9.7"""


def add_arguments(parser: ArgumentParser) -> None:
    """The verb's own flags."""
    parser.add_argument("modules", metavar="NAME@VERSION", nargs="*", help="the module with all three numbers")
    parser.add_argument(
        "--node", metavar="PATH", help="the Node whose npm fetches (else PATH's, else the node extra's)"
    )


def run(session: Session, arguments: Namespace) -> int:
    """Install them one after the other."""
    from dbconn_tui.runtime.modules import parse_module
    from dbconn_tui.tasks.required_modules import missing_in_project
    from dbconn_tui.tasks.workspace import open_project

    outside = session.outside
    wanted = [parse_module(text) for text in arguments.modules]
    if not wanted:
        open_project(outside, session.config, partial=True)
        wanted = [*missing_in_project(outside, session.config)]
    installed = [_install(session, arguments, module) for module in wanted]
    if session.json:
        found = zip(wanted, installed, strict=True)
        answer = [{"name": got.name, "version": got.version, "requested": str(module)} for module, got in found]
        session.out.answer({"modules": answer})
    elif not wanted:
        session.out.line("Nothing is missing.")
    return 0


def _install(session: Session, arguments: Namespace, module: Module) -> Module:
    from pathlib import Path

    from dbconn_tui.events import Event, EventKind
    from dbconn_tui.runtime.modules import install_module
    from dbconn_tui.tasks.script_runs import RunSettings, modules_folder, runner_node

    outside = session.outside
    node = runner_node(outside, RunSettings(node=Path(arguments.node) if arguments.node else None))
    session.progress.event(Event(EventKind.STEP, f"fetching {module}"))
    got = install_module(module, modules_folder(outside), node, outside.environment)
    if not session.json:
        session.out.line(f"{got}{f' stands in for {module}' if got != module else ''}")
    return got
