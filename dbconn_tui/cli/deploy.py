"""`dbconn deploy`: the files to the tenant, all scripts of a connection together."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Final, cast

from dbconn_tui.cli.carry_out import add_history, add_pace, carry_out
from dbconn_tui.cli.choices import add_choices, read_choices
from dbconn_tui.cli.confirmation import add_confirmation, check_confirmation

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from dbconn_tui.cli.parser import Parser
    from dbconn_tui.cli.session import Session

USAGE: Final = "[NAME…] [--yes | --confirm TENANT] [flags]"
ABOUT: Final = """\
Checks everything first, shows the plan, asks, and then writes each changed connection in one request
with all its scripts. What was written is read back and compared."""
EXAMPLES: Final = """\
dbconn deploy                            # shows the plan and asks
dbconn deploy legacy-users --yes         # one connection, without a question
dbconn deploy -t prod --confirm prod     # a protected tenant, from a script
dbconn deploy --overwrite-drift=legacy-users/script:login
dbconn deploy --plan reviewed.plan --yes # exactly what was reviewed, or refused (5)"""


def add_arguments(parser: ArgumentParser) -> None:
    """The verb's own flags."""
    parser.add_argument("names", metavar="NAME", nargs="*", help="connections by their key; all when left out")
    add_confirmation(parser)
    parser.add_argument("--plan", metavar="FILE", help="carry out exactly a plan that was saved with plan --out")
    parser.add_argument("--fail-fast", action="store_true", help="stop at the first connection that fails")
    add_history(parser)
    add_pace(parser)
    add_choices(cast("Parser", parser))


def run(session: Session, arguments: Namespace) -> int:
    """Deploy; the exit code is the first that applies of design §4."""
    import asyncio

    try:
        return asyncio.run(_deploy(session, arguments))
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


async def _deploy(session: Session, arguments: Namespace) -> int:
    from dbconn_tui.tasks.access import open_tenant
    from dbconn_tui.tasks.deploy import check_before_reading
    from dbconn_tui.tasks.plan import plan_connections
    from dbconn_tui.tasks.workspace import open_workspace

    if arguments.plan is not None:
        return await _deploy_saved(session, arguments)
    choices = read_choices(arguments)
    outside = session.outside
    workspace = open_workspace(outside, config=session.config, tenant=session.tenant).limited(arguments.max_rps)
    check_confirmation(arguments, workspace.tenant)
    for problem in workspace.problems:
        session.progress.note(str(problem))
    resolved = check_before_reading(outside, workspace, arguments.names, choices)
    on_event = session.progress.event
    async with open_tenant(outside, workspace.tenant, on_event=on_event) as tenant:
        planning = plan_connections(
            outside, workspace, tenant, names=arguments.names, choices=choices, resolved=resolved, on_event=on_event
        )
        return await carry_out(session, arguments, planning, tenant)


async def _deploy_saved(session: Session, arguments: Namespace) -> int:
    from dbconn_tui.deploy.plan import NO_CHOICES
    from dbconn_tui.errors import UsageError
    from dbconn_tui.tasks.access import open_tenant
    from dbconn_tui.tasks.saved_plan import plan_again, read_plan
    from dbconn_tui.tasks.workspace import open_workspace

    if arguments.names or read_choices(arguments) != NO_CHOICES:
        raise UsageError(
            "a saved plan says which connections and choices it was made with", "Pass --plan FILE without them."
        )
    outside = session.outside
    saved = read_plan(outside.folder / arguments.plan)
    workspace = open_workspace(outside, config=session.config, tenant=session.tenant or saved.tenant).limited(
        arguments.max_rps
    )
    check_confirmation(arguments, workspace.tenant)
    on_event = session.progress.event
    async with open_tenant(outside, workspace.tenant, on_event=on_event) as tenant:
        planning = plan_again(outside, workspace, tenant, saved, on_event=on_event)
        return await carry_out(session, arguments, planning, tenant)
