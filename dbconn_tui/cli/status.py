"""`dbconn status`: a line a connection."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from dbconn_tui.cli.text import Part, Span, Style, columns, counted

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from dbconn_tui.cli.session import Session
    from dbconn_tui.tasks.plan import Planned
    from dbconn_tui.tasks.status import Status, StatusRow

USAGE: Final = "[NAME…] [--check] [flags]"
ABOUT: Final = """\
Shows a line for each connection: its state, scripts, lint findings, configuration values available here,
and when it was last deployed. Works offline from the last reading of the tenant; --check reads it again."""
EXAMPLES: Final = """\
dbconn status                  # offline, at once
dbconn status --check          # reads the tenant
dbconn status --json           # for a program"""


def add_arguments(parser: ArgumentParser) -> None:
    """The verb's own flags."""
    parser.add_argument("names", metavar="NAME", nargs="*", help="connections by their key; all when left out")
    parser.add_argument("--check", action="store_true", help="read the tenant now")


def run(session: Session, arguments: Namespace) -> int:
    """Print the table."""
    return show_status(session, names=arguments.names, check=arguments.check)


def show_status(session: Session, *, names: Sequence[str], check: bool) -> int:
    """Print the status of the named connections, all when empty."""
    from dbconn_tui.cli.plan_answer import status_answer
    from dbconn_tui.errors import ExitCode
    from dbconn_tui.tasks.status import offline_status
    from dbconn_tui.tasks.workspace import open_workspace

    outside = session.outside
    workspace = open_workspace(outside, config=session.config, tenant=session.tenant)
    status = _check(session, names) if check else offline_status(outside, workspace, names)
    if session.json:
        session.out.answer(status_answer(status))
        return ExitCode.OK
    for problem in workspace.problems:
        session.progress.note(str(problem))
    _write_table(session, status)
    return ExitCode.OK


def _check(session: Session, names: Sequence[str]) -> Status:
    import asyncio

    from dbconn_tui.tasks.access import open_tenant
    from dbconn_tui.tasks.plan import plan_connections
    from dbconn_tui.tasks.status import live_status
    from dbconn_tui.tasks.workspace import open_workspace

    outside = session.outside
    workspace = open_workspace(outside, config=session.config, tenant=session.tenant)
    on_event = session.progress.event

    async def read() -> Planned:
        async with open_tenant(outside, workspace.tenant, on_event=on_event) as tenant:
            return await plan_connections(outside, workspace, tenant, names=names, on_event=on_event)

    return live_status(outside, asyncio.run(read()))


def _write_table(session: Session, status: Status) -> None:
    now = session.outside.wall_clock()
    read = "read just now" if status.live else f"read {age(status.read_at, now)}" if status.read_at else "not read yet"
    session.out.line(Span(status.tenant, Style.BOLD), f" ({status.domain}), {read}")
    session.out.line()
    if not status.rows:
        session.out.line("No connections yet.")
        session.progress.note("Next: dbconn templates, then dbconn add NAME --template T")
        return
    heads: list[Part] = [
        Span(head, Style.DIM) for head in ("", "connection", "state", "scripts", "lint", "values", "deployed")
    ]
    for line in columns([heads, *(_cells(row, now) for row in status.rows)]):
        session.out.line(*line)
    session.progress.note("")
    session.progress.note(f"Next: {_next(status)}")


def _cells(row: StatusRow, now: float) -> list[Part]:
    from dbconn_tui.tasks.status import StatusState

    if row.state is StatusState.ONLY_ON_TENANT:
        return [row.state.symbol, row.key, row.words, "–", "–", "–", age(row.deployed, now) if row.deployed else "–"]
    styles = {StatusState.IN_SYNC: Style.GREEN, StatusState.NEW: Style.GREEN, StatusState.CHANGED: Style.YELLOW}
    style = Style.DIM if row.state is StatusState.UNKNOWN else styles.get(row.state, Style.RED)
    findings = [counted(row.errors, "error")] if row.errors else []
    findings += [counted(row.warnings, "warning")] if row.warnings else []
    return [
        Span(row.state.symbol, style),
        row.key,
        Span(row.words, style),
        f"{row.scripts}/{row.scripts_expected}",
        ", ".join(findings) or "clean",
        f"{row.values}/{row.values_needed}",
        age(row.deployed, now) if row.deployed else "never",
    ]


def _next(status: Status) -> str:
    from dbconn_tui.tasks.status import StatusState

    states = {row.state for row in status.rows}
    if StatusState.LINT in states:
        return "dbconn lint"
    if StatusState.VALUES in states:
        return "dbconn secrets check"
    if StatusState.UNKNOWN in states and not status.live:
        return "dbconn status --check"
    return "dbconn plan" if states != {StatusState.IN_SYNC} else "dbconn status --check, or dbconn alone for the app"


def age(then: float | None, now: float) -> str:
    """How long ago `then` was, in one unit: `just now`, `5 min ago`, `2 h ago`, `3 d ago`; both in epoch seconds."""
    if then is None:
        return "never"
    seconds = max(0.0, now - then)
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{int(seconds // size)} {unit} ago"
    return "just now"
