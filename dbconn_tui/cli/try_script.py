"""`dbconn try`: run one script on this machine."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from dbconn_tui.cli.session import Session

USAGE: Final = "NAME KIND [--arg k=v]… [flags]"
ABOUT: Final = """\
Runs one script as Auth0's sandbox would, in a Node process shut off from this machine, and says whether it kept
its contract. Values come from the `local` overlay, or with -t from that tenant. Exits 0 when the contract was
kept, also when the script refused the user; a password that is not given is asked for."""
EXAMPLES: Final = """\
dbconn try legacy-users login --arg email=robin@example.com
dbconn try legacy-users get_user --arg email=robin@example.com --json
dbconn try legacy-users create --args - < user.json
dbconn try legacy-users login --case "blocked user"   # a case of tests/legacy-users/*.yaml"""


def add_arguments(parser: ArgumentParser) -> None:
    """The verb's own flags."""
    from dbconn_tui.cli.run_flags import add_run_flags

    parser.add_argument("name", metavar="NAME", help="the connection by its key")
    parser.add_argument("kind", metavar="KIND", help="the script: login, get_user, create, …")
    parser.add_argument(
        "--arg",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="an argument: email (username, identifier), password, new_password, id, new_email, verified, user.X, "
        "context.organization.X",
    )
    parser.add_argument("--args", metavar="FILE", help="arguments as a JSON object, from a file or - for stdin")
    parser.add_argument(
        "--case",
        metavar="CASE",
        help="the arguments of a case in tests/NAME/*.yaml, and what must come of it; --arg changes single ones",
    )
    add_run_flags(parser)


def run(session: Session, arguments: Namespace) -> int:
    """Run it and show what came of it."""
    import asyncio

    from dbconn_tui.cli.run_flags import read_run_flags
    from dbconn_tui.cli.run_text import run_object, show_run
    from dbconn_tui.errors import ExitCode
    from dbconn_tui.tasks.try_script import try_script
    from dbconn_tui.tasks.workspace import open_project

    settings = read_run_flags(session, arguments)
    given = _arguments(session, arguments)
    project, _ = open_project(session.outside, session.config)
    work = try_script(session.outside, project, arguments.name, arguments.kind, given, settings, case=arguments.case)
    trial = asyncio.run(work)
    if session.json:
        more = {"case": arguments.case, "difference": trial.difference} if arguments.case is not None else {}
        session.out.answer({"runs": [{"connection": trial.connection, **run_object(trial.run), **more}]})
    else:
        show_run(session, trial)
    return ExitCode.OK if trial.passed else ExitCode.FAILED


def _arguments(session: Session, arguments: Namespace) -> Mapping[str, Any]:
    """The arguments by name. Raises UsageError."""
    from dbconn_tui.cli.run_flags import read_arguments_file
    from dbconn_tui.errors import UsageError

    given: dict[str, Any] = read_arguments_file(session, arguments.args) if arguments.args else {}
    for pair in arguments.arg:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise UsageError("--arg takes NAME=VALUE", "For example --arg email=robin@example.com.")
        given[name] = {"true": True, "false": False}.get(value, value) if name == "verified" else value
    wanted = {"login": "password", "create": "password", "change_password": "new_password"}.get(arguments.kind)
    if wanted is not None and wanted not in given and arguments.case is None and session.may_ask:
        given[wanted] = session.ask_hidden(f"{wanted}: ", instead=f"--arg {wanted}=… or --args -").reveal()
    return given
