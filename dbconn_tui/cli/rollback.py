"""`dbconn rollback`: a connection back to an earlier state, through a plan."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Final

from dbconn_tui.cli.carry_out import add_history, add_pace, carry_out, history_folder
from dbconn_tui.cli.confirmation import add_confirmation, check_confirmation

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from dbconn_tui.cli.session import Session

USAGE: Final = "NAME [--to ID|GIT-REF] [--yes | --confirm TENANT] [flags]"
ABOUT: Final = """\
Takes a connection back to before its last deploy, to a deploy of the history, or to the scripts of a git
ref: shows the plan, asks, writes, reads back. Configuration values are today's. What was rolled back stays
back: deploying the same text again needs --allow redeploy-rolled-back."""
EXAMPLES: Final = """\
dbconn rollback legacy-users                        # to before the last deploy
dbconn rollback legacy-users --to 20261122-141503   # to a deploy of `dbconn history`
dbconn rollback legacy-users --to v1.4              # the scripts of a git tag
dbconn rollback legacy-users -t prod --confirm prod # from a script"""


def add_arguments(parser: ArgumentParser) -> None:
    """The verb's own flags."""
    parser.add_argument("name", metavar="NAME", help="the connection, by its key")
    parser.add_argument("--to", metavar="ID|GIT-REF", help="a deploy's id (or its beginning), or a git ref")
    parser.add_argument(
        "--allow", metavar="BRAKE", action="append", default=[], help="delete-script deletes scripts that came later"
    )
    add_confirmation(parser)
    add_history(parser)
    add_pace(parser)


def run(session: Session, arguments: Namespace) -> int:
    """Roll back; the exit code is the first that applies of design §4."""
    import asyncio

    try:
        return asyncio.run(_rollback(session, arguments))
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


async def _rollback(session: Session, arguments: Namespace) -> int:
    from dbconn_tui.tasks.access import open_tenant
    from dbconn_tui.tasks.deploy import refuse_read_only, resolve_or_refuse
    from dbconn_tui.tasks.rollback import find_target, plan_rollback
    from dbconn_tui.tasks.workspace import open_workspace, select

    outside = session.outside
    workspace = open_workspace(outside, config=session.config, tenant=session.tenant).limited(arguments.max_rps)
    check_confirmation(arguments, workspace.tenant)
    refuse_read_only(workspace)
    target = find_target(outside, workspace, arguments.name, arguments.to, history_folder(session, arguments))
    resolved = resolve_or_refuse(outside, workspace, select(workspace.connections, [arguments.name]))
    on_event = session.progress.event
    async with open_tenant(outside, workspace.tenant, on_event=on_event) as tenant:
        planning = plan_rollback(
            outside,
            workspace,
            tenant,
            arguments.name,
            target,
            resolved=resolved,
            allow=frozenset(arguments.allow),
            on_event=on_event,
        )
        return await carry_out(session, arguments, planning, tenant, verb="rollback")
