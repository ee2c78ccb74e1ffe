"""`dbconn modules list`: the npm modules that scripts can require here."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from dbconn_tui.cli.session import Session

USAGE: Final = ""
ABOUT: Final = "Lists the modules in this machine's cache, exact versions as the platform knows them."
EXAMPLES: Final = "dbconn modules list                  # name@version, one a line"


def add_arguments(parser: ArgumentParser) -> None:
    """None of its own."""


def run(session: Session, arguments: Namespace) -> int:
    """Print the list."""
    from dbconn_tui.runtime.modules import list_modules
    from dbconn_tui.tasks.script_runs import modules_folder

    modules = list_modules(modules_folder(session.outside))
    if session.json:
        session.out.answer({"modules": [{"name": one.name, "version": one.version} for one in modules]})
        return 0
    for module in modules:
        session.out.line(str(module))
    if not modules:
        session.out.line("No modules yet.")
        session.progress.note("Next: dbconn modules install NAME@VERSION")
    return 0
