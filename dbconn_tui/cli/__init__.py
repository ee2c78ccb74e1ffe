"""The command line: one file a verb; results on stdout, messages on stderr, one exit code (design §4)."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from dbconn_tui.cli.session import Session, Streams
    from dbconn_tui.errors import DbconnError
    from dbconn_tui.tasks.outside import Outside


def run() -> NoReturn:
    """The console entry point."""
    sys.exit(main())


def main(words: Sequence[str] | None = None, *, outside: Outside | None = None, streams: Streams | None = None) -> int:
    """Carry out one command line and return its exit code; nothing escapes but SystemExit's kin.

    `words` are those after `dbconn`; `outside` and `streams` replace the real ones in tests.
    """
    from dbconn_tui.cli.parser import asks_for_json
    from dbconn_tui.cli.session import open_session, real_streams

    words = sys.argv[1:] if words is None else list(words)
    with open(os.devnull, "r+", encoding="utf-8") as nowhere:
        streams = streams or real_streams(nowhere)
        session = open_session(words, streams, outside, json=asks_for_json(words))
        return _carry_out(session, words)


def _carry_out(session: Session, words: list[str]) -> int:
    """Run the verb and turn whatever goes wrong into words and an exit code."""
    from dbconn_tui.cli.output import silence
    from dbconn_tui.errors import DbconnError, ExitCode

    try:
        code = _dispatch(session, words)
        session.out.flush()
    except DbconnError as failure:
        return _tell(session, failure)
    except KeyboardInterrupt as interrupt:
        return _tell_interrupt(session, str(interrupt))
    except BrokenPipeError:
        silence(session.streams.stdout)
        return ExitCode.FAILED
    except OSError as failure:
        # What could not be written must not be tried again when the interpreter ends.
        silence(session.streams.stdout)
        return _tell(session, _failed_file(failure))
    except Exception as bug:  # noqa: BLE001 - the last resort: a person gets a line, not a traceback
        return _tell_bug(session, bug)
    return code


def _dispatch(session: Session, words: list[str]) -> int:
    from dbconn_tui.cli.parser import HelpWanted, VersionWanted, read_command_line
    from dbconn_tui.cli.session import take_globals

    request = read_command_line(words)
    if isinstance(request, HelpWanted):
        from dbconn_tui.cli.help import show_topic

        return show_topic(session, request.topic)
    if isinstance(request, VersionWanted):
        from dbconn_tui import __version__

        session.out.line(f"dbconn {__version__}")
        return 0
    take_globals(session, request.arguments)
    if request.module is not None:
        return request.module.run(session, request.arguments)
    if (session.at_terminal or _is_served(session)) and not session.json and not session.no_input:
        from dbconn_tui.cli.open_app import open_app

        return open_app(session)
    from dbconn_tui.cli.status import show_status

    return show_status(session, names=(), check=False)


def _is_served(session: Session) -> bool:
    """Whether Textual draws elsewhere than on a terminal of this process, as for `dbconn serve`."""
    return bool(session.environment.get("TEXTUAL_DRIVER"))


def _tell(session: Session, failure: DbconnError) -> int:
    """Say a failure on stderr, and with --json also on stdout."""
    from dbconn_tui.cli.failure import failure_answer, failure_problems

    if not (session.json and session.quiet):
        for problem in failure_problems(failure):
            session.progress.say(str(problem))
            if problem.hint:
                session.progress.say(f"    {problem.hint}")
        session.progress.error(failure)
    _answer(session, failure_answer(failure))
    return failure.exit_code


def _tell_interrupt(session: Session, words: str) -> int:
    """Say that somebody ended it; `words` when they answered a question with no."""
    from dbconn_tui.cli.failure import error_object
    from dbconn_tui.errors import ExitCode

    if not (session.json and session.quiet):
        session.progress.say(words or "interrupted")
    _answer(session, {"error": error_object("interrupted", words or "interrupted", "")})
    return ExitCode.INTERRUPTED


def _tell_bug(session: Session, bug: Exception) -> int:
    """One line for an unexpected exception; the traceback only with --verbose, never with texts or local variables."""
    from dbconn_tui.cli.failure import error_object
    from dbconn_tui.errors import ExitCode

    message = f"{type(bug).__name__} inside dbconn; this is a bug of dbconn, not of your files"
    hint = "Run it again with --verbose and report what it prints; no value of yours is in it."
    session.progress.say(f"error: {message}")
    if session.verbose:
        import traceback

        for line in traceback.format_tb(bug.__traceback__):
            session.progress.say(line.rstrip())
        session.progress.say(f"{type(bug).__name__} (its text may hold values and is left out)")
    else:
        session.progress.say(f"  next: {hint}")
    _answer(session, {"error": error_object("bug", message, hint)})
    return ExitCode.FAILED


def _answer(session: Session, content: Mapping[str, Any]) -> None:
    """A failure's answer on stdout, with --json only; where it cannot be written, stderr has said it."""
    if not session.json:
        return
    try:
        session.out.answer(content)
        session.out.flush()
    except OSError:
        return


def _failed_file(failure: OSError) -> DbconnError:
    from dbconn_tui.errors import DbconnError

    where = f"{failure.filename}: " if failure.filename else ""
    return DbconnError(
        f"{where}{failure.strerror or failure}", "Look at free space and permissions, then run it again."
    )
