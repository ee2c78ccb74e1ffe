"""`dbconn test`: play the life cycle of connections against their real user store."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from dbconn_tui.cli.session import Session
    from dbconn_tui.runtime.life_cycle import KnownUser
    from dbconn_tui.tasks.connection_tests import ConnectionTest

USAGE: Final = "[NAME…] [flags]"
ABOUT: Final = """\
Plays what Auth0 does with the scripts of the named connections (all when none is named) against the user store:
sign-up, login, wrong password, reset, change of address, deletion, odd identifiers, a store that is down or
hangs. Makes test users whose addresses begin with dbconn-test- and deletes them again. Exits 1 when a check fails."""
EXAMPLES: Final = """\
dbconn test                                  # every connection, with the values of `local`
dbconn test legacy-users -t dev --quick      # without the store that hangs
dbconn test legacy-users --format junit > test.xml
dbconn test imported --args - < user.json    # import mode: a user that is in the store"""


def add_arguments(parser: ArgumentParser) -> None:
    """The verb's own flags."""
    from dbconn_tui.cli.run_flags import add_run_flags

    parser.add_argument("names", metavar="NAME", nargs="*", help="connections by their key")
    parser.add_argument("--format", choices=("text", "json", "junit"), default="text", help="text (default)")
    parser.add_argument("--quick", action="store_true", help="leave out the store that hangs: it takes the most time")
    parser.add_argument(
        "--args",
        metavar="FILE",
        help="email and password of a user that is there, as JSON from a file or - for stdin: for connections "
        "that cannot make users",
    )
    add_run_flags(parser)


def run(session: Session, arguments: Namespace) -> int:
    """Play, show the board, and fail when a check failed."""
    import asyncio

    from dbconn_tui.cli.run_flags import read_run_flags
    from dbconn_tui.errors import ExitCode
    from dbconn_tui.tasks.connection_tests import play_life_cycles
    from dbconn_tui.tasks.workspace import open_project

    settings = read_run_flags(session, arguments)
    known = _known_user(session, arguments.args)
    project, _ = open_project(session.outside, session.config)
    tests = asyncio.run(
        play_life_cycles(
            session.outside,
            project,
            arguments.names,
            settings,
            known=known,
            quick=arguments.quick,
            on_event=session.progress.event,
        )
    )
    if session.json or arguments.format == "json":
        session.out.answer({"tests": [_object(test) for test in tests]})
    elif arguments.format == "junit":
        from dbconn_tui.cli.junit import junit_report

        session.out.painted(junit_report(tests))
    else:
        for test in tests:
            _show(session, test)
    return ExitCode.OK if all(test.passed for test in tests) else ExitCode.FAILED


def _known_user(session: Session, source: str | None) -> KnownUser | None:
    from dbconn_tui.cli.run_flags import read_arguments_file
    from dbconn_tui.errors import UsageError
    from dbconn_tui.runtime.life_cycle import KnownUser

    if source is None:
        return None
    given = read_arguments_file(session, source)
    email, password = given.get("email"), given.get("password")
    if not isinstance(email, str) or not isinstance(password, str) or len(given) != 2:
        raise UsageError(f"--args {source} must hold email and password", '{"email": "…", "password": "…"}')
    return KnownUser(email, password)


def _show(session: Session, test: ConnectionTest) -> None:
    """The board of one connection."""
    from dbconn_tui.cli.text import Part, Span, Style, columns
    from dbconn_tui.problems import Severity
    from dbconn_tui.runtime.life_cycle import State
    from dbconn_tui.runtime.verdict import duration_words as duration

    out = session.out
    mode = "import mode" if test.import_mode else "users stay in the store"
    out.line(Span(test.connection, Style.BOLD), f" ({', '.join(filter(None, (mode, test.variant)))})")
    marks = {
        State.PASSED: Span("✓", Style.GREEN),
        State.FAILED: Span("✗", Style.RED),
        State.SKIPPED: Span("–", Style.DIM),
    }
    for check in test.checks:
        took = duration(check.milliseconds) if check.runs else ""
        out.line("  ", marks[check.state], f" {check.name}", Span(f"  {took}".rstrip(), Style.DIM))
        if check.message:
            out.line("      ", check.message)
        for problem in check.problems:
            if problem.severity is Severity.WARNING:
                out.line(Span("      warning: ", Style.YELLOW), str(problem))
    if test.durations:
        rows: list[Sequence[Part]] = [[Span(head, Style.DIM) for head in ("  script", "runs", "median", "p95")]]
        rows += [[f"  {one.kind}", str(one.count), duration(one.median), duration(one.p95)] for one in test.durations]
        for line in columns(rows):
            out.line(*line)
    if test.left_behind:
        out.line(Span("✗ ", Style.RED), f"the test user {test.left_behind} is still in the store: delete it by hand")
    counts = [f"{test.count(state)} {state}" for state in State if test.count(state)]
    out.line(f"{test.connection}: {', '.join(counts)}")


def _object(test: ConnectionTest) -> dict[str, Any]:
    from dbconn_tui.lint.reports import json_report

    return {
        "connection": test.connection,
        "import_mode": test.import_mode,
        "variant": test.variant,
        "node": test.node,
        "passed": test.passed,
        "left_behind": test.left_behind,
        "checks": [
            {
                "name": check.name,
                "state": check.state.value,
                "message": check.message,
                "duration_ms": round(check.milliseconds, 1),
                "runs": len(check.runs),
                "problems": json_report(check.problems)["problems"],
            }
            for check in test.checks
        ],
        "durations": [
            {"kind": one.kind, "runs": one.count, "median_ms": round(one.median, 1), "p95_ms": round(one.p95, 1)}
            for one in test.durations
        ],
    }
