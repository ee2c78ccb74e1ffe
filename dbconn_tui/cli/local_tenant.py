"""`dbconn local-tenant`: the stand-in tenant on this machine."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from dbconn_tui.cli.session import Session

USAGE: Final = "[--port N] [flags]"
ABOUT: Final = """\
Runs a stand-in for a tenant on 127.0.0.1 until Ctrl-C, in memory: the Management API for connections, clients and
users, and logins by the deployed scripts. Prints one JSON line when it is ready: its address, client id, the file
with its secret, the certificate to trust.

An application on this machine can sign users in: /oauth/token (password, password-realm), /dbconnections/signup and
change_password, /userinfo, /.well-known/openid-configuration. The scripts run in Node as in `dbconn try`, with the
values that were deployed; what each run showed is on stderr and in GET /api/v2/logs. `Local application` needs no
secret (any text passes for one) and may use every connection, other clients those they are enabled for; any audience
is known. Mails are not sent: their links are on stderr. An answer that the platform does not document carries the
header x-local-tenant."""
EXAMPLES: Final = """\
dbconn local-tenant                                 # HTTPS on a free port
dbconn local-tenant --http --port 8080              # plain HTTP
dbconn local-tenant --allow-host mail.example.com   # scripts may reach more than their configuration names
dbconn local-tenant --state tenant.json             # keep what it holds between runs"""


def add_arguments(parser: ArgumentParser) -> None:
    """The flags of the local tenant itself, and of running scripts."""
    from dbconn_tui.cli.run_flags import add_run_flags
    from dbconn_tui.local_tenant.arguments import add_arguments as add_own

    add_own(parser)
    add_run_flags(parser, confirm=False)


def run(session: Session, arguments: Namespace) -> int:
    """Serve until SIGINT or SIGTERM."""
    from dbconn_tui.cli.run_flags import read_run_flags
    from dbconn_tui.local_tenant.arguments import settings_from
    from dbconn_tui.local_tenant.server import address_from, run
    from dbconn_tui.local_tenant.sign_in.mail import Mail
    from dbconn_tui.tasks.deployed_scripts import DeployedScriptHost

    def announce(line: str) -> None:
        address = address_from(line)
        session.progress.note("Ctrl-C stops it. In another terminal, in a project without `tenants:`:")
        session.progress.note(f"  export AUTH0_DOMAIN={address.domain if arguments.https else address.url}")
        session.progress.note(f"  export AUTH0_CLIENT_ID={address.client_id}")
        session.progress.note(f'  export AUTH0_CLIENT_SECRET="$(cat {address.client_secret_file})"')
        if address.ca_file:
            session.progress.note(f"  export SSL_CERT_FILE={address.ca_file}")
        session.progress.note(f"Applications sign users in at {address.url}, client id {address.application_id}.")
        if session.json:
            import json

            session.out.answer({"tenants": [json.loads(line)]})
        else:
            session.out.line(line)
        session.out.flush()

    def deliver(mail: Mail) -> None:
        session.progress.note(f"mail to {mail.to}: {mail.subject}: {mail.link}")

    settings = settings_from(arguments)
    scripts = DeployedScriptHost(session.outside, read_run_flags(session, arguments), session.progress.event)
    return run(settings, announce, scripts, deliver)
