"""`dbconn secrets set`: store a configuration value in the keyring."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from dbconn_tui.cli.session import Session

USAGE: Final = "NAME [flags]"
ABOUT: Final = """\
Stores the value of {secret: NAME} for one tenant in the operating system's keyring. The value comes from a
hidden prompt, or from stdin where there is no terminal; it never stands on the command line. One final line
end is taken off. The value that it replaces is kept for `dbconn secrets undo`. With `--tenant local` it is for
`try`, `test` and the local tenant. To rotate a secret: this, then `dbconn deploy`."""
EXAMPLES: Final = """\
dbconn secrets set api_client_secret                       # asks, without showing it
dbconn secrets set api_client_secret -t prod < secret.txt  # from a file"""


def add_arguments(parser: ArgumentParser) -> None:
    """The verb's own flags."""
    parser.add_argument("name", metavar="NAME", help="the name in {secret: NAME}")


def run(session: Session, arguments: Namespace) -> int:
    """Read the value and store it."""
    from dbconn_tui.project.tenant_choice import choose_values
    from dbconn_tui.secret_store.admission import check_name
    from dbconn_tui.tasks.secrets import require_store, set_secret
    from dbconn_tui.tasks.workspace import open_project

    check_name(arguments.name)
    outside = session.outside
    project, _ = open_project(outside, session.config, partial=True)
    tenant = choose_values(project, session.tenant, outside.environment)
    require_store(outside)
    if session.may_ask:
        value = session.ask_hidden(f"Value of {arguments.name} on {tenant.name} (not shown): ", instead="it on stdin")
    else:
        command = f"dbconn secrets set {arguments.name} --tenant {tenant.name}"
        value = session.read_stdin("the value", instead=f"For example: {command} < file")
    stored = set_secret(outside, project, tenant, arguments.name, value)
    if session.json:
        session.out.answer({"secrets": [{"name": stored.name, "tenant": stored.tenant, "state": "stored"}]})
        return 0
    session.out.line(f"Stored {stored.name} for {stored.tenant} in the keyring.")
    if stored.stripped_newline:
        session.progress.note("One line end at the end of the value was taken off.")
    if stored.replaced:
        session.progress.note(f"The value before is kept: dbconn secrets undo {stored.name} brings it back.")
    if project.secrets_from is not None:
        session.progress.note(
            f"The command of secrets_from ({project.secrets_from.program}) is asked first: what it prints counts."
        )
    if not stored.used_by:
        session.progress.note(
            f"Nothing in {project.shown_file} uses it yet: write KEY: {{secret: {stored.name}}} under a configuration."
        )
    else:
        session.progress.note(f"Next: dbconn {'secrets check' if tenant.domain else 'test'}")
    return 0
