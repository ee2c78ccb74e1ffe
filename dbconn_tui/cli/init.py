"""`dbconn init`: make a new project."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from dbconn_tui.cli.session import Session
    from dbconn_tui.tasks.init import FirstTenant

USAGE: Final = "[DIR] [flags]"
ABOUT: Final = """\
Makes a project: dbconn.yaml with a fresh project_key, a scripts folder, and .gitattributes so that scripts keep
their line ends. What is there already stays as it is. At a terminal it asks for the first tenant."""
EXAMPLES: Final = """\
dbconn init                                    # here
dbconn init users --no-input                   # in a new folder, without questions
dbconn init --tenant-name dev --domain your-dev-tenant.eu.auth0.com --client-id ID"""


def add_arguments(parser: ArgumentParser) -> None:
    """The verb's own flags."""
    parser.add_argument("folder", metavar="DIR", nargs="?", default="", help="the project's folder (here)")
    parser.add_argument("--tenant-name", metavar="NAME", help="what the first tenant is called (dev)")
    parser.add_argument("--domain", metavar="DOMAIN", help="its domain")
    parser.add_argument("--client-id", metavar="ID", help="the client id of its machine-to-machine application")


def run(session: Session, arguments: Namespace) -> int:
    """Make it."""
    from dbconn_tui.tasks.init import PROJECT_FILE, FileOutcome, make_project

    outside = session.outside
    folder = outside.folder / Path(arguments.folder).expanduser()
    exists = (folder / PROJECT_FILE).is_file()
    tenant = _first_tenant(session, arguments, ask=not exists)
    made = make_project(outside, folder, tenant)
    if session.json:
        session.out.answer({"files": [{"file": name, "state": state.value} for name, state in made.files]})
        return 0
    for name, state in made.files:
        kept = " (it was there already)" if state is FileOutcome.KEPT else ""
        session.out.line(f"{state.value:8} {Path(arguments.folder) / name}{kept}")
    there = f"cd {arguments.folder} && " if arguments.folder not in ("", ".") else ""
    then = f"dbconn login {tenant.name}" if tenant else "dbconn login dev"
    session.progress.note(f"Next: {there}{then}")
    session.progress.note("Then: dbconn add legacy-users --template rest-api")
    return 0


def _first_tenant(session: Session, arguments: Namespace, *, ask: bool) -> FirstTenant | None:
    from dbconn_tui.errors import UsageError
    from dbconn_tui.tasks.init import FirstTenant

    name, domain, client_id = arguments.tenant_name, arguments.domain, arguments.client_id
    if domain is None and (name or client_id):
        raise UsageError("a tenant needs its domain", "Pass --domain your-tenant.eu.auth0.com, too.")
    if domain is None and ask and session.may_ask:
        domain = session.ask("Domain of the first tenant (Enter: later): ", instead="--domain")
        if domain:
            name = session.ask("What to call it [dev]: ", instead="--tenant-name")
            client_id = session.ask("Client id of its application (Enter: later): ", instead="--client-id")
    return FirstTenant(name or "dev", domain, client_id or "") if domain else None
