"""`dbconn deploy`: the files to the tenant, all scripts of a connection together."""

from __future__ import annotations

import signal
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, cast

from dbconn_tui.cli.choices import add_choices, read_choices

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from dbconn_tui.cli.parser import Parser
    from dbconn_tui.cli.session import Session
    from dbconn_tui.deploy.values import Outcome
    from dbconn_tui.project.values import Tenant
    from dbconn_tui.tasks.deploy import Deployment
    from dbconn_tui.tasks.plan import Planned

USAGE: Final = "[NAME…] [--yes | --confirm TENANT] [flags]"
ABOUT: Final = """\
Checks everything first, shows the plan, asks, and then writes each changed connection in one request
with all its scripts. What was written is read back and compared."""
EXAMPLES: Final = """\
dbconn deploy                            # shows the plan and asks
dbconn deploy legacy-users --yes         # one connection, without a question
dbconn deploy -t prod --confirm prod     # a protected tenant, from a script
dbconn deploy --overwrite-drift=legacy-users/script:login"""


def add_arguments(parser: ArgumentParser) -> None:
    """The verb's own flags."""
    parser.add_argument("names", metavar="NAME", nargs="*", help="connections by their key; all when left out")
    parser.add_argument("--yes", "-y", action="store_true", help="do not ask (a protected tenant needs --confirm)")
    parser.add_argument("--confirm", metavar="TENANT", help="the tenant's name, typed out; includes --yes")
    parser.add_argument("--fail-fast", action="store_true", help="stop at the first connection that fails")
    add_choices(cast("Parser", parser))


def run(session: Session, arguments: Namespace) -> int:
    """Deploy; the exit code is the first that applies of design §4."""
    import asyncio

    try:
        return asyncio.run(_deploy(session, arguments))
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


async def _deploy(session: Session, arguments: Namespace) -> int:
    from dbconn_tui.errors import ExitCode
    from dbconn_tui.tasks.access import open_tenant
    from dbconn_tui.tasks.deploy import check_before_reading, check_plan, deploy_plan
    from dbconn_tui.tasks.plan import plan_connections
    from dbconn_tui.tasks.workspace import open_workspace

    choices = read_choices(arguments)
    outside = session.outside
    workspace = open_workspace(outside, config=session.config, tenant=session.tenant)
    _check_confirmation(arguments, workspace.tenant)
    for problem in workspace.problems:
        session.progress.note(str(problem))
    resolved = check_before_reading(outside, workspace, arguments.names, choices)
    on_event = session.progress.event
    async with open_tenant(outside, workspace.tenant, on_event=on_event) as tenant:
        planned = await plan_connections(
            outside, workspace, tenant, names=arguments.names, choices=choices, resolved=resolved, on_event=on_event
        )
        show_plan(session, planned)
        if not planned.plan.has_work:
            return _nothing_to_do(session, planned)
        await check_plan(planned, tenant)
        _confirm(session, arguments, workspace.tenant, planned)
        session.progress.expected = sum(one.writes for one in planned.plan.connections)
        with _stopping(session) as stop_requested:
            deployment = await deploy_plan(
                outside,
                planned,
                tenant,
                fail_fast=arguments.fail_fast,
                on_event=on_event,
                stop_requested=stop_requested,
            )
            stopped = stop_requested()
    show_outcomes(session, deployment)
    return ExitCode.INTERRUPTED if stopped else deployment.exit_code


def show_plan(session: Session, planned: Planned) -> None:
    """The plan on stdout, or on stderr when stdout is for the JSON answer."""
    from dbconn_tui.cli.plan_text import plan_lines
    from dbconn_tui.tasks.masking import mask_values

    write = session.progress.note if session.json else session.out.line
    for line in plan_lines(planned.plan, mask_values(planned), verbose=session.verbose):
        write(*line)
    session.out.flush()


def _nothing_to_do(session: Session, planned: Planned) -> int:
    from dbconn_tui.deploy.values import ConnectionState, Outcome, OutcomeState

    if session.json:
        from dbconn_tui.cli.plan_answer import deploy_answer

        unchanged = [
            Outcome(one.key, one.name, OutcomeState.UNCHANGED)
            for one in planned.plan.connections
            if one.state is not ConnectionState.ONLY_ON_TENANT
        ]
        session.out.answer(deploy_answer(planned.plan, unchanged, str))
    else:
        session.out.line("Nothing to do; nothing was sent.")
    return 0


def _check_confirmation(arguments: Namespace, tenant: Tenant) -> None:
    """What is wrong with the confirming flags is known before anything is read."""
    from dbconn_tui.errors import UsageError

    if arguments.confirm is not None and arguments.confirm != tenant.name:
        raise UsageError(
            f"--confirm {arguments.confirm} does not name the chosen tenant, {tenant.name}",
            f"Pass --confirm {tenant.name}, or choose the other with --tenant {arguments.confirm}.",
        )


def _confirm(session: Session, arguments: Namespace, tenant: Tenant, planned: Planned) -> None:
    """The ladder of design §4: `y`, or the name of a protected tenant. Raises KeyboardInterrupt when declined."""
    from dbconn_tui.cli.text import counted

    if arguments.confirm is not None or (arguments.yes and not tenant.protected):
        return
    number = counted(sum(one.writes for one in planned.plan.connections), "connection")
    with _default_interrupt():
        if tenant.protected:
            question = f"{tenant.name} is protected. Type its name to write {number} (or Enter to cancel): "
            agreed = session.ask(question, instead=f"--confirm {tenant.name}") == tenant.name
        else:
            question = f"Write {number} to {tenant.name} ({tenant.domain})? [y/N] "
            agreed = session.ask(question, instead="--yes").lower() in ("y", "yes")
    if not agreed:
        raise KeyboardInterrupt("Cancelled; nothing was sent.")


@contextmanager
def _default_interrupt() -> Iterator[None]:
    """Ctrl-C ends a question at once; asyncio's own handling would wait for an answer first."""
    try:
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
    except ValueError:  # not the main thread, which gets no signals
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _stopping(session: Session) -> Iterator[Callable[[], bool]]:
    """The first Ctrl-C finishes the write under way and stops, a second one ends at once."""
    import asyncio

    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    presses = 0

    def pressed() -> None:
        nonlocal presses
        presses += 1
        if presses == 1:
            session.progress.say("Stopping after the write under way; Ctrl-C again stops at once.")
        elif task is not None:
            task.cancel()

    try:
        loop.add_signal_handler(signal.SIGINT, pressed)
    except (NotImplementedError, RuntimeError, ValueError):  # no signals on this platform or thread
        yield lambda: False
        return
    try:
        yield lambda: presses > 0
    finally:
        loop.remove_signal_handler(signal.SIGINT)


def show_outcomes(session: Session, deployment: Deployment) -> None:
    """What became of each connection, and the command to run next."""
    from collections import Counter

    from dbconn_tui.cli.plan_answer import deploy_answer
    from dbconn_tui.cli.text import Span, Style
    from dbconn_tui.deploy.values import OutcomeState
    from dbconn_tui.tasks.masking import mask_values

    if session.json:
        session.out.answer(deploy_answer(deployment.planned.plan, deployment.outcomes, mask_values(deployment.planned)))
        return
    session.out.line()
    for outcome in deployment.outcomes:
        if outcome.state is not OutcomeState.UNCHANGED:
            _show_outcome(session, outcome)
    counts = Counter(outcome.state for outcome in deployment.outcomes)
    words = ", ".join(
        f"{counts[state]} {state.value.replace('-', ' ')}"
        for state in OutcomeState
        if counts[state] or state is OutcomeState.DEPLOYED
    )
    session.out.line(Span(f"Deploy to {deployment.planned.plan.tenant}: {words}.", Style.BOLD))
    if counts[OutcomeState.FAILED] or counts[OutcomeState.REFUSED] or counts[OutcomeState.NOT_ATTEMPTED]:
        session.progress.note("Next: dbconn plan shows what is left; dbconn deploy again does it.")
    else:
        session.progress.note("Next: dbconn status")


def _show_outcome(session: Session, outcome: Outcome) -> None:
    from dbconn_tui.cli.text import Span, Style
    from dbconn_tui.deploy.values import OutcomeState

    symbols = {
        OutcomeState.DEPLOYED: Span("✓", Style.GREEN),
        OutcomeState.NOT_ATTEMPTED: Span("·", Style.DIM),
    }
    symbol = symbols.get(outcome.state, Span("✗", Style.RED))
    seconds = f"  {outcome.seconds:.1f} s" if outcome.seconds else ""
    why = f": {outcome.message}" if outcome.message else ""
    session.out.line(symbol, " ", Span(outcome.key, Style.BOLD), f"  {outcome.state.value}{seconds}{why}")
    if outcome.hint:
        session.out.line("    ", outcome.hint)
