"""`dbconn import`: an export of auth0-deploy-cli becomes files of the project."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Final

from dbconn_tui.cli.take_incoming import add_writing

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from dbconn_tui.cli.session import Session

USAGE: Final = "PATH [--keywords secret|env] [--yes | --dry-run] [flags]"
ABOUT: Final = """\
Takes the custom database connections of an auth0-deploy-cli export over: a tenant.yaml, or a folder with
tenant.yaml or database-connections. Needs no tenant and no network. Options come as the export has them; a
connection that dbconn.yaml has already stays as it is.

dbconn substitutes nothing. A configuration value ##KEY## becomes {secret: key}, which is kept apart for each
tenant and works from the keyring, too; with --keywords env it becomes {env: KEY}, the variable that deploy-cli
read. A plain value whose key or text looks like a credential becomes a secret, too, and has to be stored. A
keyword inside a script stays, with a warning; anywhere else the value is left out and said. Any error in the
export means that nothing is written. --config may name a file that is not there yet."""
EXAMPLES: Final = """\
dbconn import ../auth0/tenant.yaml
dbconn import ../auth0 --dry-run                     # a folder of either layout
dbconn import ../auth0 --config dbconn.yaml --yes    # into a new project"""


def add_arguments(parser: ArgumentParser) -> None:
    """The verb's own flags."""
    parser.add_argument("path", metavar="PATH", help="the export: tenant.yaml, or its folder")
    parser.add_argument(
        "--keywords",
        choices=("secret", "env"),
        default="secret",
        help="what a configuration value ##KEY## becomes (default secret)",
    )
    add_writing(parser)


def run(session: Session, arguments: Namespace) -> int:
    """Import."""
    from pathlib import Path

    from dbconn_tui.cli.take_incoming import take_incoming
    from dbconn_tui.project.export_arrivals import KeywordUse
    from dbconn_tui.tasks.import_export import open_target, plan_import

    outside = session.outside
    target = open_target(outside, config=session.config)
    incoming = plan_import(outside, target, Path(arguments.path), KeywordUse(arguments.keywords))
    return take_incoming(session, arguments, incoming, session.tenant or "")
