"""`dbconn secrets delete`: take a stored value out of the keyring."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from dbconn_tui.cli.session import Session

USAGE: Final = "NAME [flags]"
ABOUT: Final = """\
Takes the value of {secret: NAME} for one tenant out of this machine's keyring, with the one it replaced. The
tenant itself keeps what was deployed."""
EXAMPLES: Final = "dbconn secrets delete api_client_secret -t dev"


def add_arguments(parser: ArgumentParser) -> None:
    """The verb's own flags."""
    parser.add_argument("name", metavar="NAME", help="the name in {secret: NAME}")


def run(session: Session, arguments: Namespace) -> int:
    """Delete it."""
    from dbconn_tui.project.tenant_choice import choose_values
    from dbconn_tui.tasks.secrets import delete_secret
    from dbconn_tui.tasks.workspace import open_project

    outside = session.outside
    project, _ = open_project(outside, session.config, partial=True)
    tenant = choose_values(project, session.tenant, outside.environment)
    delete_secret(outside, tenant, arguments.name)
    if session.json:
        session.out.answer({"secrets": [{"name": arguments.name, "tenant": tenant.name, "state": "deleted"}]})
    else:
        session.out.line(f"Deleted {arguments.name} for {tenant.name} from the keyring.")
    return 0
