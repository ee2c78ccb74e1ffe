"""`dbconn doctor`: what works here and what does not, and with --probe what the tenant does that nothing documents."""

from __future__ import annotations

import signal
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from dbconn_tui.cli.confirmation import add_confirmation, check_confirmation, confirm

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from dbconn_tui.cli.session import Session
    from dbconn_tui.deploy.probe import ProbeResult
    from dbconn_tui.project.values import Tenant
    from dbconn_tui.tasks.doctor import Diagnosis

USAGE: Final = "[--probe [--yes | --confirm TENANT]] [flags]"
ABOUT: Final = """\
Checks this machine, the project and the tenant, and says how to put right what is not: versions, keyring, state
folder, credentials, each scope, the clock, the rate limit. Nothing is written, and nothing secret is printed:
paste it into an issue. Exits 4 without a token or the scopes to deploy, 6 when the tenant cannot be reached.

With --probe it makes a throw-away connection on the tenant, finds out whether a configuration value survives that
its ciphertext is sent back ({keep: live} needs that), and deletes the connection again. It asks first."""
EXAMPLES: Final = """\
dbconn doctor
dbconn doctor -t prod --json
dbconn doctor --probe -t dev         # shows what it does to the tenant, and asks
dbconn doctor --probe -t dev --yes   # without a question"""


def add_arguments(parser: ArgumentParser) -> None:
    """The verb's own flags."""
    parser.add_argument(
        "--probe", action="store_true", help="find out on a throw-away connection what {keep: live} does"
    )
    add_confirmation(parser)


def run(session: Session, arguments: Namespace) -> int:
    """Check, and probe when asked to."""
    import asyncio

    from dbconn_tui.errors import UsageError

    if not arguments.probe and (arguments.yes or arguments.confirm is not None):
        raise UsageError("--yes and --confirm belong to --probe", "Without it nothing is written and nothing is asked.")
    try:
        return asyncio.run(_doctor(session, arguments))
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


async def _doctor(session: Session, arguments: Namespace) -> int:
    from dbconn_tui.tasks.doctor import diagnose

    diagnosis = await diagnose(
        session.outside, config=session.config, tenant=session.tenant, on_event=session.progress.event
    )
    if not session.json:
        _show(session, diagnosis)
    if not arguments.probe:
        if session.json:
            session.out.answer({"checks": _checks(diagnosis)})
        return diagnosis.exit_code
    return await _probe(session, arguments, diagnosis)


async def _probe(session: Session, arguments: Namespace, diagnosis: Diagnosis) -> int:
    from dbconn_tui.errors import ExitCode, UsageError
    from dbconn_tui.tasks.access import open_tenant
    from dbconn_tui.tasks.probe import PROBE_STEPS, check_probe, probe_tenant

    tenant = diagnosis.tenant
    if tenant is None:
        raise UsageError("there is no tenant to probe", "Name one of the project's with --tenant.")
    check_confirmation(arguments, tenant)
    on_event = session.progress.event
    async with open_tenant(session.outside, tenant, on_event=on_event) as client:
        client_id = await check_probe(client, tenant)
        session.progress.note(f"The probe on {tenant.name} ({tenant.domain}):")
        for step in PROBE_STEPS:
            session.progress.note(f"  - {step}")
        confirm(session, arguments, tenant, "a throw-away connection")
        with _ending_cleanly(session):
            result = await probe_tenant(session.outside, client, client_id, on_event=on_event)
    if session.json:
        session.out.answer({"checks": _checks(diagnosis), "probe": _probe_object(result, tenant)})
    else:
        _show_probe(session, result)
    return ExitCode.FAILED if result.leftover or result.reason else ExitCode.OK


@contextmanager
def _ending_cleanly(session: Session) -> Iterator[None]:
    """Ctrl-C and SIGTERM end the probe, which deletes its connection first; only a third one gives that up."""
    import asyncio

    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    presses = 0

    def pressed() -> None:
        nonlocal presses
        presses += 1
        if presses == 2:
            session.progress.say("Deleting the throw-away connection; once more leaves it there.")
        elif task is not None:
            task.cancel()

    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, pressed)
    except (NotImplementedError, RuntimeError, ValueError):  # no signals on this platform or thread
        yield
        return
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


def _show(session: Session, diagnosis: Diagnosis) -> None:
    from dbconn_tui.cli.text import Part, Span, Style, columns
    from dbconn_tui.tasks.doctor import Mark

    marks = {
        Mark.OK: Span("✓", Style.GREEN),
        Mark.NOTE: Span("!", Style.YELLOW),
        Mark.FAILED: Span("✗", Style.RED),
    }
    rows: list[list[Part]] = [[marks[one.mark], one.name, one.text] for one in diagnosis.findings]
    for line, finding in zip(columns(rows), diagnosis.findings, strict=True):
        session.out.line(*line)
        if finding.fix:
            session.out.line("     ", Span(finding.fix, Style.DIM))
    session.out.flush()


def _show_probe(session: Session, result: ProbeResult) -> None:
    from dbconn_tui.cli.text import Span, Style
    from dbconn_tui.deploy.probe import Resent
    from dbconn_tui.tasks.probe import verdict_of

    session.out.line()
    mark = Span("✓", Style.GREEN) if result.resent is Resent.KEPT else Span("!", Style.YELLOW)
    for sentence in verdict_of(result):
        session.out.line(mark, " ", Span(sentence, Style.BOLD))
    for one in result.answers:
        session.out.line("  ", f"{one.question}: {one.answer}")
    if result.leftover:
        session.out.line(Span("✗", Style.RED), f" {result.leftover} is still there: delete it in the dashboard.")
    else:
        session.out.line("  ", "The throw-away connection is deleted.")


def _checks(diagnosis: Diagnosis) -> list[dict[str, Any]]:
    return [
        {"name": one.name, "state": one.mark.value, "message": one.text, "fix": one.fix} for one in diagnosis.findings
    ]


def _probe_object(result: ProbeResult, tenant: Tenant) -> dict[str, Any]:
    return {
        "tenant": tenant.name,
        "domain": tenant.domain,
        "resent": result.resent.name.lower(),
        "reason": result.reason,
        "answers": [{"name": one.id, "question": one.question, "answer": one.answer} for one in result.answers],
        "leftover": result.leftover,
    }
