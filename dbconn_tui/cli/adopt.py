"""`dbconn adopt`: a connection that was there before dbconn becomes managed; only its record is written."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Any, Final

from dbconn_tui.cli.confirmation import add_confirmation

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Sequence

    from dbconn_tui.cli.session import Session
    from dbconn_tui.deploy.adopt import Adoption
    from dbconn_tui.deploy.values import Outcome

USAGE: Final = "NAME… [--yes | --confirm TENANT] [flags]"
ABOUT: Final = """\
Makes what is live on the tenant the record of a connection that was there before dbconn, so that
plan can tell your changes from others'. Writes the connection's metadata alone: no script, no option,
no configuration value is touched. What differs from the files is then yours to deploy or to pull.
After a pull it records what was taken, so that your next change of it is no conflict."""
EXAMPLES: Final = """\
dbconn adopt legacy-users                # shows what is recorded and asks
dbconn adopt legacy-users staff --yes    # without a question
dbconn adopt legacy-users -t prod --confirm prod"""


def add_arguments(parser: ArgumentParser) -> None:
    """The verb's own flags."""
    parser.add_argument("names", metavar="NAME", nargs="*", help="connections by their key")
    add_confirmation(parser)


def run(session: Session, arguments: Namespace) -> int:
    """Adopt; exit 5 when there is nothing to adopt."""
    import asyncio

    try:
        return asyncio.run(_adopt(session, arguments))
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


async def _adopt(session: Session, arguments: Namespace) -> int:
    from dbconn_tui.cli.confirmation import check_confirmation, confirm
    from dbconn_tui.cli.text import counted
    from dbconn_tui.errors import UsageError
    from dbconn_tui.tasks.access import open_tenant
    from dbconn_tui.tasks.adopt import adopt, plan_adoptions
    from dbconn_tui.tasks.deploy import exit_code_of
    from dbconn_tui.tasks.workspace import open_workspace

    if not arguments.names:
        raise UsageError("adopt needs the names of connections", "dbconn plan lists those that were there before.")
    outside = session.outside
    workspace = open_workspace(outside, config=session.config, tenant=session.tenant)
    check_confirmation(arguments, workspace.tenant)
    on_event = session.progress.event
    async with open_tenant(outside, workspace.tenant, on_event=on_event) as tenant:
        adopting = await plan_adoptions(outside, workspace, tenant, arguments.names, on_event=on_event)
        _show(session, adopting.adoptions)
        confirm(session, arguments, workspace.tenant, f"the record of {counted(len(adopting.adoptions), 'connection')}")
        outcomes = await adopt(outside, adopting, tenant, on_event=on_event)
    _show_outcomes(session, workspace.tenant.name, adopting.adoptions, outcomes)
    return exit_code_of(outcomes)


def _show(session: Session, adoptions: Sequence[Adoption]) -> None:
    """What would be recorded, on stderr when stdout is for the JSON answer."""
    from dbconn_tui.cli.plan_text import item_words
    from dbconn_tui.cli.text import Span, Style, counted

    write = session.progress.note if session.json else session.out.line
    for adoption in adoptions:
        differing = set(adoption.differing)
        write(Span(adoption.plan.key, Style.BOLD), f"  {counted(len(adoption.adopted), 'item')} to be recorded as live")
        for note in adoption.plan.notes:
            write("    ", Span("note: ", Style.YELLOW), note)
        for item in adoption.adopted:
            if item not in differing:
                write("    ", Span("✓", Style.GREEN), f" {item_words(item)}")
            elif item.startswith("configuration:"):
                write(
                    "    ", Span("~", Style.YELLOW), f" {item_words(item)}  cannot be compared: a deploy writes yours"
                )
            else:
                write("    ", Span("~", Style.YELLOW), f" {item_words(item)}  differs: a deploy would write yours")
    session.out.flush()


def _show_outcomes(session: Session, tenant: str, adoptions: Sequence[Adoption], outcomes: Sequence[Outcome]) -> None:
    from dbconn_tui.cli.text import Span, Style
    from dbconn_tui.deploy.values import OutcomeState

    if session.json:
        pairs = zip(adoptions, outcomes, strict=True)
        session.out.answer({"tenant": tenant, "connections": [_answer(*pair) for pair in pairs]})
        return
    session.out.line()
    for outcome in outcomes:
        done = outcome.state is OutcomeState.DEPLOYED
        symbol = Span("✓", Style.GREEN) if done else Span("✗", Style.RED)
        why = f": {outcome.message}" if outcome.message else ""
        session.out.line(symbol, " ", Span(outcome.key, Style.BOLD), f"  {_word(outcome)}{why}")
        if outcome.hint:
            session.out.line("    ", outcome.hint)
    differing = [adoption.plan.key for adoption in adoptions if adoption.differing]
    session.progress.note(f"Next: dbconn plan {' '.join(differing)}" if differing else "Next: dbconn status --check")


def _answer(adoption: Adoption, outcome: Outcome) -> dict[str, Any]:
    from dbconn_tui.cli.failure import error_object

    return {
        "name": outcome.key,
        "state": _word(outcome),
        "adopted": list(adoption.adopted),
        "differs": list(adoption.differing),
        "notes": list(adoption.plan.notes),
        "error": error_object(outcome.state.value, outcome.message, outcome.hint) if outcome.message else None,
    }


def _word(outcome: Outcome) -> str:
    from dbconn_tui.deploy.values import OutcomeState

    return "adopted" if outcome.state is OutcomeState.DEPLOYED else outcome.state.value
