"""Carrying out a plan at the command line: show it, ask, write with progress, say what became of each connection."""

from __future__ import annotations

import signal
from argparse import ArgumentParser, Namespace
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from dbconn_tui.cli.confirmation import confirm

if TYPE_CHECKING:
    from dbconn_tui.cli.session import Session
    from dbconn_tui.deploy.values import Outcome
    from dbconn_tui.tasks.deploy import Deployment
    from dbconn_tui.tasks.plan import Planned
    from dbconn_tui.tenant.client import TenantClient


def add_history(parser: ArgumentParser) -> None:
    """The flag that names another folder for the history."""
    parser.add_argument(
        "--history", metavar="DIR", help="keep and read the history here instead of the state folder (in CI)"
    )


def add_pace(parser: ArgumentParser) -> None:
    """The flags that keep a run below a rate and within a time."""
    parser.add_argument(
        "--max-rps", metavar="N", type=_rate, help="at most N requests a second (else as the tenant allows)"
    )
    parser.add_argument(
        "--deadline",
        metavar="SECONDS",
        type=_seconds,
        help="start no write later; the rest is not attempted (1800 when left out; a question is not counted)",
    )


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds <= 86_400:
        raise ValueError(text)
    return seconds


def _rate(text: str) -> float:
    rate = float(text)
    if not 0 < rate <= 1000:
        raise ValueError(text)
    return rate


def history_folder(session: Session, arguments: Namespace) -> Path | None:
    """The folder of --history, relative to where the command runs; None for the state folder."""
    return session.outside.folder / arguments.history if arguments.history else None


async def carry_out(
    session: Session,
    arguments: Namespace,
    planning: Awaitable[Planned],
    tenant: TenantClient,
    *,
    verb: str = "deploy",
) -> int:
    """Make a plan, show it, refuse or confirm it, carry it out, show the outcomes; the exit code (design §4)."""
    from dbconn_tui.cli.text import counted
    from dbconn_tui.errors import ExitCode
    from dbconn_tui.tasks.deploy import DEADLINE, check_plan, deploy_plan

    deadline = arguments.deadline or DEADLINE
    started = session.outside.clock()
    with tenant.until(started + deadline):
        planned = await planning
    deadline -= session.outside.clock() - started
    show_plan(session, planned)
    if not planned.plan.has_work:
        return _nothing_to_do(session, planned)
    await check_plan(planned, tenant)
    writes = sum(one.writes for one in planned.plan.connections)
    confirm(session, arguments, planned.workspace.tenant, counted(writes, "connection"))
    session.progress.expected = writes
    with _stopping(session) as stop_requested:
        deployment = await deploy_plan(
            session.outside,
            planned,
            tenant,
            fail_fast=getattr(arguments, "fail_fast", False),
            history=history_folder(session, arguments),
            verb=verb,
            deadline=deadline,
            on_event=session.progress.event,
            stop_requested=stop_requested,
        )
        stopped = stop_requested()
    show_outcomes(session, deployment, verb)
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


@contextmanager
def _stopping(session: Session) -> Iterator[Callable[[], bool]]:
    """The first Ctrl-C (or SIGTERM) finishes the writes under way and stops, a second one ends at once."""
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
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, pressed)
    except (NotImplementedError, RuntimeError, ValueError):  # no signals on this platform or thread
        yield lambda: False
        return
    try:
        yield lambda: presses > 0
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


def show_outcomes(session: Session, deployment: Deployment, verb: str = "deploy") -> None:
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
    session.out.line(Span(f"{verb.capitalize()} to {deployment.planned.plan.tenant}: {words}.", Style.BOLD))
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
