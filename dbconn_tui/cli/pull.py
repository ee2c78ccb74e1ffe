"""`dbconn pull`: what the tenant has comes into the files."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Final

from dbconn_tui.cli.take_incoming import add_writing

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from dbconn_tui.cli.session import Session
    from dbconn_tui.tasks.incoming import Incoming

USAGE: Final = "[NAME[/ITEM]…] [--yes | --dry-run] [flags]"
ABOUT: Final = """\
Takes what the tenant has into the files; without NAME all its custom database connections.

A connection that the files have: what changed on the tenant since the last deploy, scripts and the options
that the files manage. What changed only here stays, unless ITEM names it: script:login, option:mfa.active,
configuration:KEY, display_name. Where other tenants use the connection, too, values go to its overlay.

A new connection: its scripts byte for byte, and the options that differ from what the platform gives by
itself; all others stay as they are on the tenant, unmanaged. Enabled clients are not taken.

Configuration comes as keys only, since the tenant gives no value back; each becomes a reference to a secret.
Therefore a plan after a full pull shows these keys, and nothing else, as undecided, until `dbconn adopt`.
The dashboard's placeholder scripts are never taken, and no file is ever deleted.

--config may name a file that is not there yet: it becomes a new project with the tenant of AUTH0_DOMAIN,
called after its domain or as --tenant says."""
EXAMPLES: Final = """\
dbconn pull                              # everything that changed on the tenant
dbconn pull legacy-users                 # one connection
dbconn pull legacy-users/script:login    # one item: the tenant's version wins
dbconn pull --config new/dbconn.yaml     # a new project from a tenant
dbconn pull --dry-run"""


def add_arguments(parser: ArgumentParser) -> None:
    """The verb's own flags."""
    parser.add_argument(
        "names", metavar="NAME[/ITEM]", nargs="*", help="connections by key or live name, or single items of them"
    )
    add_writing(parser)


def run(session: Session, arguments: Namespace) -> int:
    """Pull."""
    import asyncio

    from dbconn_tui.cli.take_incoming import take_incoming
    from dbconn_tui.tasks.access import open_tenant
    from dbconn_tui.tasks.destination import open_destination
    from dbconn_tui.tasks.pull import plan_pull

    outside = session.outside
    destination = open_destination(outside, config=session.config, tenant=session.tenant)
    on_event = session.progress.event

    async def read() -> Incoming:
        async with open_tenant(outside, destination.tenant, on_event=on_event) as tenant:
            return await plan_pull(outside, destination, tenant, arguments.names, on_event=on_event)

    incoming = asyncio.run(read())
    return take_incoming(session, arguments, incoming, destination.tenant.name, adopts=True)
