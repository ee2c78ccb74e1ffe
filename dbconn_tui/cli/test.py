"""`dbconn test`: play the life cycle of connections against their real user store."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Coroutine, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from dbconn_tui.cli.session import Session
    from dbconn_tui.cli.text import Part
    from dbconn_tui.runtime.checks import KnownUser
    from dbconn_tui.tasks.connection_tests import ConnectionTest

_Result = TypeVar("_Result")

USAGE: Final = "[NAME…] [flags]"
ABOUT: Final = """\
Plays what Auth0 does with the scripts of the named connections (all when none is named) against the user store:
sign-up, login, wrong password, reset, change of address, deletion, odd identifiers, a store that is down, hangs or
answers late. Makes test users whose addresses begin with dbconn-test- and deletes them again, also when it is
interrupted. Then runs the cases of tests/NAME/*.yaml beside dbconn.yaml. Where no user can be made, `test_user` of
dbconn.yaml signs in; what could not be tested is listed. Exits 1 when a check fails.

A case:  blocked user:
           kind: login
           args: {email: blocked@example.com, password: {secret: blocked_password}}
           answer: refused      # profile, not-found, done, not-done, refused or failed
           error: UnauthorizedError
A case may also ask for fields of the profile: `profile: {email_verified: true}`."""
EXAMPLES: Final = """\
dbconn test                                  # every connection, with the values of `local`
dbconn test legacy-users -t dev --quick      # without the stores that hang or answer late
dbconn test legacy-users --import-mode both --repeat 20 --coverage
dbconn test legacy-users --format junit > test.xml
dbconn test imported --args - < user.json    # import mode: a user that is in the store"""

_MODES: Final[dict[str | None, tuple[bool, ...]]] = {
    None: (),
    "true": (True,),
    "false": (False,),
    "both": (False, True),
}
_MOST_ROUNDS: Final = 1000


def add_arguments(parser: ArgumentParser) -> None:
    """The verb's own flags."""
    from dbconn_tui.cli.run_flags import add_run_flags

    parser.add_argument("names", metavar="NAME", nargs="*", help="connections by their key")
    parser.add_argument("--format", choices=("text", "json", "junit"), default="text", help="text (default)")
    parser.add_argument(
        "--quick", action="store_true", help="leave out the stores that hang or answer late: they take the most time"
    )
    parser.add_argument(
        "--import-mode",
        choices=("true", "false", "both"),
        help="play it as with this import_mode (else the file's); where the file says false, true signs a user up "
        "to import it",
    )
    parser.add_argument(
        "--repeat", metavar="N", default="1", help="go a user's way N times, for the table of durations (1)"
    )
    parser.add_argument("--coverage", action="store_true", help="show which lines of each script ran")
    parser.add_argument(
        "--args",
        metavar="FILE",
        help="email and password of a user that is there, as JSON from a file or - for stdin, in place of test_user: "
        "for connections that cannot make users",
    )
    add_run_flags(parser)


def run(session: Session, arguments: Namespace) -> int:
    """Play, show the board, and fail when a check failed."""
    import asyncio
    from dataclasses import replace

    from dbconn_tui.cli.run_flags import read_run_flags
    from dbconn_tui.errors import ExitCode
    from dbconn_tui.tasks.connection_tests import play_life_cycles
    from dbconn_tui.tasks.workspace import open_project

    settings = replace(read_run_flags(session, arguments), coverage=arguments.coverage)
    rounds = _rounds(arguments.repeat)
    known = _known_user(session, arguments.args)
    project, _ = open_project(session.outside, session.config)
    work = play_life_cycles(
        session.outside,
        project,
        arguments.names,
        settings,
        known=known,
        quick=arguments.quick,
        import_modes=_MODES[arguments.import_mode],
        rounds=rounds,
        on_event=session.progress.event,
    )
    try:
        tests = asyncio.run(_until_told(work))
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
    if session.json or arguments.format == "json":
        session.out.answer({"tests": [_object(test) for test in tests]})
    elif arguments.format == "junit":
        from dbconn_tui.cli.junit import junit_report

        session.out.painted(junit_report(tests))
    else:
        for test in tests:
            _show(session, test)
    return ExitCode.OK if all(test.passed for test in tests) else ExitCode.FAILED


async def _until_told(work: Coroutine[Any, Any, _Result]) -> _Result:
    """Do the work; SIGTERM ends it as Ctrl-C does, so that no test user stays behind."""
    import asyncio
    import signal
    from contextlib import suppress

    task = asyncio.current_task()
    assert task is not None
    with suppress(NotImplementedError):
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await work


def _rounds(text: str) -> int:
    from dbconn_tui.errors import UsageError

    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:5]) <= _MOST_ROUNDS:
        raise UsageError(f"--repeat {text} is not a number from 1 to {_MOST_ROUNDS}")
    return int(text)


def _known_user(session: Session, source: str | None) -> KnownUser | None:
    from dbconn_tui.cli.run_flags import read_arguments_file
    from dbconn_tui.errors import UsageError
    from dbconn_tui.runtime.checks import KnownUser

    if source is None:
        return None
    given = read_arguments_file(session, source)
    email, password = given.get("email"), given.get("password")
    if not isinstance(email, str) or not isinstance(password, str) or len(given) != 2:
        raise UsageError(f"--args {source} must hold email and password", '{"email": "…", "password": "…"}')
    return KnownUser(email, password)


def _show(session: Session, test: ConnectionTest) -> None:
    """The board of one connection."""
    from dbconn_tui.cli.text import Span, Style, columns
    from dbconn_tui.problems import Severity
    from dbconn_tui.runtime.checks import State
    from dbconn_tui.runtime.verdict import duration_words as duration

    out = session.out
    mode = "import mode" if test.import_mode else "users stay in the store"
    variant = test.variant.removeprefix("import mode").strip()
    out.line(Span(test.connection, Style.BOLD), f" ({', '.join(filter(None, (mode, variant)))})")
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
    for line in columns(_coverage_rows(test)):
        out.line(*line)
    for note in test.notes:
        out.line(Span("  note: ", Style.DIM), note)
    if test.left_behind:
        out.line(Span("✗ ", Style.RED), f"the test user {test.left_behind} is still in the store: delete it by hand")
    counts = [f"{test.count(state)} {state}" for state in State if test.count(state)]
    out.line(f"{test.connection}: {', '.join(counts)}")


def _coverage_rows(test: ConnectionTest) -> list[Sequence[Part]]:
    """A line a script: how many of its lines ran, and which did not; empty when nothing was counted."""
    from dbconn_tui.cli.text import Span, Style
    from dbconn_tui.runtime.coverage import spans

    if not test.coverage:
        return []
    rows: list[Sequence[Part]] = [[Span(head, Style.DIM) for head in ("  script", "lines", "did not run")]]
    for one in test.coverage:
        missed = spans(one.lines.missed) or ("" if one.lines.partly else "–")
        partly = f"in part: {spans(one.lines.partly)}" if one.lines.partly else ""
        lines = f"{len(one.lines.run)} of {one.lines.total}"
        rows.append([f"  {one.file}", lines, "; ".join(filter(None, (missed, partly)))])
    return rows


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
        "coverage": [
            {
                "kind": one.kind,
                "file": one.file,
                "lines": one.lines.total,
                "run": len(one.lines.run),
                "not_run": list(one.lines.missed),
                "partly_run": list(one.lines.partly),
            }
            for one in test.coverage
        ],
        "notes": list(test.notes),
    }
