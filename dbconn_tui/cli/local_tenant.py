"""`dbconn local-tenant`: the stand-in tenant on this machine."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from dbconn_tui.cli.session import Session

USAGE: Final = "[--port N] [flags]"
ABOUT: Final = """\
Runs a stand-in for a tenant's Management API on 127.0.0.1 until Ctrl-C: connections and clients, in memory.
Prints one JSON line when it is ready: its address, client id, the file with its secret, the certificate to trust."""
EXAMPLES: Final = """\
dbconn local-tenant                        # HTTPS on a free port
dbconn local-tenant --http --port 8080     # plain HTTP
dbconn local-tenant --state tenant.json    # keep what it holds between runs"""


def add_arguments(parser: ArgumentParser) -> None:
    """The flags of the local tenant itself."""
    from dbconn_tui.local_tenant.arguments import add_arguments as add_own

    add_own(parser)


def run(session: Session, arguments: Namespace) -> int:
    """Serve until SIGINT or SIGTERM."""
    from dbconn_tui.local_tenant.arguments import settings_from
    from dbconn_tui.local_tenant.server import address_from, run

    def announce(line: str) -> None:
        address = address_from(line)
        session.progress.note("Ctrl-C stops it. In another terminal, in a project without `tenants:`:")
        session.progress.note(f"  export AUTH0_DOMAIN={address.domain if arguments.https else address.url}")
        session.progress.note(f"  export AUTH0_CLIENT_ID={address.client_id}")
        session.progress.note(f'  export AUTH0_CLIENT_SECRET="$(cat {address.client_secret_file})"')
        if address.ca_file:
            session.progress.note(f"  export SSL_CERT_FILE={address.ca_file}")
        if session.json:
            import json

            session.out.answer({"tenants": [json.loads(line)]})
        else:
            session.out.line(line)
        session.out.flush()

    return run(settings_from(arguments), announce)
