"""`dbconn plan`: what a deploy would do, with content."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Final, cast

from dbconn_tui.cli.choices import add_choices, read_choices

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from dbconn_tui.cli.parser import Parser
    from dbconn_tui.cli.session import Session
    from dbconn_tui.tasks.plan import Planned

USAGE: Final = "[NAME…] [flags]"
ABOUT: Final = """\
Compares the files with the tenant and shows what a deploy would do: scripts as diffs, options as
before → after, configuration by names only. Writes nothing, and needs no configuration value."""
EXAMPLES: Final = """\
dbconn plan                              # every connection
dbconn plan legacy-users --tenant prod   # one connection of another tenant
dbconn plan --detailed-exitcode          # exit 2 when there is anything to do
dbconn plan --format markdown            # for a pull request
dbconn plan --out reviewed.plan          # then: dbconn deploy --plan reviewed.plan"""


def add_arguments(parser: ArgumentParser) -> None:
    """The verb's own flags."""
    parser.add_argument("names", metavar="NAME", nargs="*", help="connections by their key; all when left out")
    parser.add_argument(
        "--detailed-exitcode", action="store_true", help="exit 2 when a deploy would write or be refused"
    )
    parser.add_argument("--format", choices=("text", "json", "markdown"), default="text", help="text (default)")
    parser.add_argument(
        "--out", metavar="FILE", help="save the plan, to carry out exactly this with deploy --plan FILE"
    )
    add_choices(cast("Parser", parser))


def run(session: Session, arguments: Namespace) -> int:
    """Print the plan."""
    import asyncio

    from dbconn_tui.errors import ExitCode
    from dbconn_tui.tasks.access import open_tenant
    from dbconn_tui.tasks.plan import plan_connections
    from dbconn_tui.tasks.status import live_status
    from dbconn_tui.tasks.workspace import open_workspace, select

    choices = read_choices(arguments)
    outside = session.outside
    workspace = open_workspace(outside, config=session.config, tenant=session.tenant)
    select(workspace.connections, arguments.names)
    for problem in workspace.problems:
        session.progress.note(str(problem))

    async def make() -> Planned:
        async with open_tenant(outside, workspace.tenant, on_event=session.progress.event) as tenant:
            return await plan_connections(
                outside, workspace, tenant, names=arguments.names, choices=choices, on_event=session.progress.event
            )

    planned = asyncio.run(make())
    live_status(outside, planned)
    _show(session, planned, arguments.format)
    if arguments.out:
        from dbconn_tui.tasks.saved_plan import save_plan

        path = outside.folder / arguments.out
        save_plan(outside, planned, choices, path, everything=not arguments.names)
        session.progress.note(f"Saved to {arguments.out}. Next: dbconn deploy --plan {arguments.out}")
    if arguments.detailed_exitcode and planned.plan.has_work:
        return ExitCode.CHANGES
    return ExitCode.OK


def _show(session: Session, planned: Planned, form: str) -> None:
    from dbconn_tui.cli.plan_answer import plan_answer
    from dbconn_tui.cli.plan_markdown import plan_markdown
    from dbconn_tui.cli.plan_text import plan_lines
    from dbconn_tui.tasks.masking import mask_credentials, mask_values

    mask = mask_values(planned)
    if session.json or form == "json":
        session.out.answer(plan_answer(planned.plan, mask))
        return
    if form == "markdown":
        session.out.text(plan_markdown(planned.plan, lambda text: mask_credentials(mask(text))))
        return
    for line in plan_lines(planned.plan, mask, verbose=session.verbose):
        session.out.line(*line)
    plan = planned.plan
    if plan.refused:
        session.progress.note("A deploy would be refused; nothing is sent while any connection is blocked.")
    elif plan.blocked_by_lint:
        session.progress.note("A deploy would stop at the lint errors: `dbconn lint` shows them.")
    elif plan.has_work:
        session.progress.note(f"Next: dbconn deploy {' '.join(_again(session, planned))}".rstrip())


def _again(session: Session, planned: Planned) -> list[str]:
    tenant = ["--tenant", planned.plan.tenant] if session.tenant else []
    return [*(["--config", str(session.config)] if session.config else []), *tenant]
