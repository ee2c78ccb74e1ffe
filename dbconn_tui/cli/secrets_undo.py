"""`dbconn secrets undo`: the value before the last `secrets set` again."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from dbconn_tui.cli.session import Session

USAGE: Final = "NAME [flags]"
ABOUT: Final = """\
Puts the value that the last `dbconn secrets set NAME` replaced back into this machine's keyring, and keeps the
newer one in its place: a second undo brings that back. The tenant has it after `dbconn deploy`."""
EXAMPLES: Final = """\
dbconn secrets undo api_client_secret            # then: dbconn deploy
dbconn secrets undo api_client_secret -t prod"""


def add_arguments(parser: ArgumentParser) -> None:
    """The verb's own flags."""
    parser.add_argument("name", metavar="NAME", help="the name in {secret: NAME}")


def run(session: Session, arguments: Namespace) -> int:
    """Swap the two values."""
    from dbconn_tui.project.tenant_choice import choose_values
    from dbconn_tui.tasks.secrets import undo_secret
    from dbconn_tui.tasks.workspace import open_project

    outside = session.outside
    project, _ = open_project(outside, session.config, partial=True)
    tenant = choose_values(project, session.tenant, outside.environment)
    undo_secret(outside, tenant, arguments.name)
    if session.json:
        session.out.answer({"secrets": [{"name": arguments.name, "tenant": tenant.name, "state": "restored"}]})
        return 0
    session.out.line(f"The value of {arguments.name} for {tenant.name} is the one before; the newer one is kept.")
    session.progress.note("Next: dbconn deploy")
    return 0
