"""`dbconn modules list`: the npm modules that scripts can require here."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from dbconn_tui.cli.session import Session

USAGE: Final = ""
ABOUT: Final = """\
Lists the modules in this machine's cache, exact versions as the platform knows them; and what the scripts of the
project here require beyond them."""
EXAMPLES: Final = "dbconn modules list                  # name@version, one a line"


def add_arguments(parser: ArgumentParser) -> None:
    """None of its own."""


def run(session: Session, arguments: Namespace) -> int:
    """Print the list."""
    from dbconn_tui.runtime.modules import list_modules
    from dbconn_tui.tasks.required_modules import install_command, missing_in_project
    from dbconn_tui.tasks.script_runs import modules_folder

    modules = list_modules(modules_folder(session.outside))
    missing = missing_in_project(session.outside, session.config)
    if session.json:
        here = [{"name": one.name, "version": one.version} for one in modules]
        lacking = [{"name": one.name, "version": one.version} for one in missing]
        session.out.answer({"modules": here, "missing": lacking})
        return 0
    for module in modules:
        session.out.line(str(module))
    if not modules:
        session.out.line("No modules yet.")
    if missing:
        session.progress.note(f"The project's scripts also require: {', '.join(map(str, missing))}.")
        session.progress.note(f"Next: {install_command(missing)}")
    elif not modules:
        session.progress.note("Next: dbconn modules install NAME@VERSION")
    return 0
