"""`dbconn login`: an application's credentials into the keyring, its scopes checked."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from dbconn_tui.cli.session import Session
    from dbconn_tui.project.values import Project, Tenant
    from dbconn_tui.tasks.login import Access
    from dbconn_tui.tenant.token import Credentials

USAGE: Final = "[TENANT] [--secret-stdin | --key-file FILE] [flags]"
ABOUT: Final = """\
Asks for a tenant's domain, the client id of its machine-to-machine application and, hidden, its secret; fetches a
token to try them, keeps the secret in the operating system's keyring, and says which scopes are missing for what.
Domain and client id go into dbconn.yaml, the secret never does."""
EXAMPLES: Final = """\
dbconn login                              # asks for what it needs
dbconn login prod --domain your-tenant.eu.auth0.com --client-id ID --secret-stdin < secret.txt
dbconn login prod --key-file key.pem      # a signing key instead of a secret"""


def add_arguments(parser: ArgumentParser) -> None:
    """The verb's own flags."""
    parser.add_argument("name", metavar="TENANT", nargs="?", help="its name in the project, new or not")
    parser.add_argument("--domain", metavar="DOMAIN", help="the domain of a new tenant")
    parser.add_argument("--client-id", metavar="ID", help="the client id of the application")
    given = parser.add_mutually_exclusive_group()
    given.add_argument("--secret-stdin", action="store_true", help="read the client secret from stdin")
    given.add_argument("--key-file", metavar="FILE", help="a private key in PEM (private_key_jwt)")


def run(session: Session, arguments: Namespace) -> int:
    """Log in."""
    import asyncio

    from dbconn_tui.errors import ExitCode
    from dbconn_tui.tasks.login import check_access, keep_login, tenant_to_log_in
    from dbconn_tui.tasks.secrets import require_store
    from dbconn_tui.tasks.workspace import open_project

    outside = session.outside
    project, _ = open_project(outside, session.config, partial=True)
    require_store(outside)
    name = _name(session, arguments, project)
    domain = arguments.domain
    if name not in project.tenants and not domain:
        domain = session.ask(f"Domain of {name}: ", instead="--domain")
    client_id = arguments.client_id or (project.tenants[name].client_id if name in project.tenants else "")
    if not client_id:
        client_id = session.ask("Client id of its machine-to-machine application: ", instead="--client-id")
    tenant = tenant_to_log_in(project, name, domain=domain, client_id=client_id)
    credentials = _credentials(session, arguments, tenant)
    session.progress.note(f"Trying the credentials on {tenant.domain} …")
    access = asyncio.run(check_access(outside, tenant, credentials, on_event=session.progress.event))
    paste = keep_login(outside, project, tenant, credentials)
    _show(session, tenant, access, paste)
    return ExitCode.AUTHENTICATION if access.missing_for_plan else ExitCode.OK


def _name(session: Session, arguments: Namespace, project: Project) -> str:
    from dbconn_tui.errors import UsageError

    if arguments.name and session.tenant and arguments.name != session.tenant:
        raise UsageError(f"two tenants are named: {arguments.name} and {session.tenant}", "Name one.")
    name = arguments.name or session.tenant
    if name:
        return str(name)
    if len(project.tenants) == 1:
        return next(iter(project.tenants))
    if project.tenants:
        listed = ", ".join(project.tenants)
        raise UsageError(f"which tenant? There are {listed}", f"dbconn login {next(iter(project.tenants))}")
    return session.ask("What to call the tenant [dev]: ", instead="its name: dbconn login dev --domain …") or "dev"


def _credentials(session: Session, arguments: Namespace, tenant: Tenant) -> Credentials:
    from dbconn_tui.secret_store.admission import admit
    from dbconn_tui.tasks.login import read_signing_key
    from dbconn_tui.tenant.token import Credentials

    if arguments.key_file:
        return Credentials.signing(tenant.client_id, read_signing_key(session.outside, arguments.key_file))
    if arguments.secret_stdin:
        text = session.read_stdin("the client secret", instead="dbconn login NAME --secret-stdin < file")
    else:
        text = session.ask_hidden("Client secret (not shown): ", instead="--secret-stdin or --key-file FILE")
    return Credentials.secret(tenant.client_id, admit(text.reveal()).value)


def _show(session: Session, tenant: Tenant, access: Access, paste: str) -> None:
    from dbconn_tui.cli.text import Span, Style

    if session.json:
        missing = {"plan": list(access.missing_for_plan), "deploy": list(access.missing_for_deploy)}
        entry = {"name": tenant.name, "domain": tenant.domain, "client_id": tenant.client_id}
        session.out.answer({"tenants": [{**entry, "scopes": list(access.scopes), "missing": missing}]})
        return
    yes, no = Span("✓ ", Style.GREEN), Span("✗ ", Style.RED)
    session.out.line(yes, f"Logged in to {tenant.name} ({tenant.domain}); the credentials are in the keyring.")
    for work, missing_here in (("plan", access.missing_for_plan), ("deploy", access.missing_for_deploy)):
        if not missing_here:
            session.out.line(yes, f"Its scopes are enough to {work}.")
            continue
        session.out.line(no, f"To {work}, the application lacks:")
        for scope, sentence in missing_here.items():
            session.out.line(f"    {scope}  {sentence}")
    if access.missing_for_deploy:
        session.progress.note(
            "Grant scopes in the dashboard under Applications → APIs → Auth0 Management API → "
            "Machine to Machine Applications, then log in again."
        )
    if paste:
        session.progress.say("dbconn.yaml could not be edited safely; add these lines yourself:")
        session.out.text(paste)
    session.progress.note("Next: dbconn status --check, or dbconn add NAME --template rest-api")
