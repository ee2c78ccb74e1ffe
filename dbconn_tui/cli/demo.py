"""`dbconn demo`: everything on a ready project, offline."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from dbconn_tui.cli.session import Session
    from dbconn_tui.tasks.demo import DemoStep, DemoWorld

USAGE: Final = "[--headless]"
ABOUT: Final = """\
Makes a project in a temporary folder, with a local tenant and a sample user store on 127.0.0.1. At a terminal it
opens the app on them; elsewhere, or with --headless, it prints the whole path step by step. No account, no network,
no keyring; everything is gone at the end."""
EXAMPLES: Final = """\
dbconn demo               # the app on a ready project
dbconn demo --headless    # the whole path, printed"""

OWN_TENANT: Final = (
    ("dbconn init", "a project of your own"),
    ("dbconn login", "your tenant's application"),
    ("dbconn add legacy-users --template rest-api", "a connection; then dbconn plan"),
)


def add_arguments(parser: ArgumentParser) -> None:
    """The verb's own flags."""
    parser.add_argument("--headless", action="store_true", help="print the steps, also at a terminal")


def run(session: Session, arguments: Namespace) -> int:
    """Show it."""
    from dbconn_tui.tasks.demo import demo_world

    kept = {
        name: session.environment[name]
        for name in ("TERM", "COLORTERM", "NO_COLOR", "PATH")
        if name in session.environment
    }
    session.progress.note("Starting a local tenant and a sample user store on 127.0.0.1 …")
    with demo_world(kept) as world:
        if arguments.headless or not session.at_terminal or session.json:
            return _print_steps(session, world)
        return _open_app(session, world)


def _open_app(session: Session, world: DemoWorld) -> int:
    import asyncio

    from dbconn_tui.cli.open_app import open_app
    from dbconn_tui.tasks.demo import prepare_for_app

    asyncio.run(prepare_for_app(world))
    session.given_outside = world.outside
    session.config = world.project_file
    session.tenant = world.tenant.name
    code = open_app(session)
    _write_own(session)
    return code


def _print_steps(session: Session, world: DemoWorld) -> int:
    import asyncio

    from dbconn_tui.tasks.demo import walk_through

    async def walk() -> list[dict[str, Any]]:
        done: list[dict[str, Any]] = []
        async for step in walk_through(world, session.progress.event if session.verbose else lambda event: None):
            done.append(_step_object(step))
            if not session.json:
                _write_step(session, len(done), step)
        return done

    steps = asyncio.run(walk())
    if session.json:
        session.out.answer({"steps": steps})
    else:
        session.out.line()
        _write_own(session)
    return 0


def _step_object(step: DemoStep) -> dict[str, Any]:
    from dbconn_tui.cli.plan_text import plan_summary

    lines = [*step.lines, *([plan_summary(step.planned.plan)] if step.planned else [])]
    return {"title": step.title, "lines": lines}


def _write_step(session: Session, number: int, step: DemoStep) -> None:
    from dbconn_tui.cli.plan_text import plan_lines
    from dbconn_tui.cli.text import Span, Style
    from dbconn_tui.tasks.masking import mask_values

    session.out.line(Span(f"{number}. {step.title}", Style.BOLD))
    for line in step.lines:
        session.out.line("   ", line)
    if step.planned:
        for parts in plan_lines(step.planned.plan, mask_values(step.planned)):
            session.out.line(*(["   ", *parts] if parts else []))
    session.out.flush()


def _write_own(session: Session) -> None:
    from dbconn_tui.cli.text import Part, Span, Style, columns

    session.out.line(Span("With your own tenant:", Style.BOLD))
    rows: list[list[Part]] = [[f"   {command}", Span(f"# {meaning}", Style.DIM)] for command, meaning in OWN_TENANT]
    for line in columns(rows):
        session.out.line(*line)
