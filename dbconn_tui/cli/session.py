"""Session: one run of the command line: its streams, its global flags, the outside, and who can be asked."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from dbconn_tui.cli.output import Output, wants_colour
from dbconn_tui.cli.progress import Progress
from dbconn_tui.errors import UsageError

if TYPE_CHECKING:
    from dbconn_tui.sensitive import Sensitive
    from dbconn_tui.tasks.outside import Outside


@dataclass(frozen=True, slots=True)
class Streams:
    """The three streams of a process, and how a hidden answer is read (getpass at a real terminal)."""

    stdin: TextIO
    stdout: TextIO
    stderr: TextIO
    read_hidden: Callable[[str], str] | None = None


@dataclass(slots=True)
class Session:
    """What a verb gets. `at_terminal`: stdin and stdout are terminals, TERM isn't dumb, CI isn't set."""

    streams: Streams
    environment: Mapping[str, str] = field(repr=False)
    out: Output
    progress: Progress
    at_terminal: bool
    json: bool = False
    quiet: bool = False
    verbose: bool = False
    no_input: bool = False
    config: Path | None = None
    tenant: str | None = None
    given_outside: Outside | None = None

    @property
    def outside(self) -> Outside:
        """The outside of the tasks; the real one unless a caller gave another. Raises UsageError."""
        if self.given_outside is None:
            from dbconn_tui.tasks.outside import real_outside

            try:
                self.given_outside = real_outside()
            except (FileNotFoundError, RuntimeError) as failure:
                raise UsageError(
                    f"the current folder or the home folder cannot be found ({failure})",
                    "Change to a folder that exists.",
                ) from None
        return self.given_outside

    @property
    def may_ask(self) -> bool:
        """Whether somebody is there to answer a question."""
        return self.at_terminal and not self.no_input

    def ask(self, question: str, *, instead: str) -> str:
        """One line from the terminal, without spaces at its ends.

        `instead` names the flag to pass where nobody can be asked: UsageError. Ctrl-D is KeyboardInterrupt.
        """
        if not self.may_ask:
            raise UsageError(f"cannot ask “{question.strip()}” here: this is not a terminal", f"Pass {instead}.")
        self.progress.ask(question)
        answer = self.streams.stdin.readline()
        if not answer:
            self.progress.say("")
            raise KeyboardInterrupt
        return answer.strip()

    def ask_hidden(self, question: str, *, instead: str) -> Sensitive:
        """As `ask`, without showing what is typed."""
        from dbconn_tui.sensitive import Sensitive

        if not self.may_ask:
            raise UsageError(f"cannot ask “{question.strip()}” here: this is not a terminal", f"Pass {instead}.")
        self.progress.clear()
        if self.streams.read_hidden is not None:
            return Sensitive(self.streams.read_hidden(question))
        import getpass

        try:
            return Sensitive(getpass.getpass(question, stream=self.streams.stderr))
        except EOFError:
            raise KeyboardInterrupt from None

    def read_stdin(self, what: str, *, instead: str) -> Sensitive:
        """All of stdin as UTF-8 text. Raises UsageError when stdin is a terminal, or is not UTF-8."""
        from dbconn_tui.sensitive import Sensitive

        if self.streams.stdin.isatty():
            raise UsageError(f"{what} is expected on stdin, and stdin is a terminal", instead)
        stdin = self.streams.stdin
        try:
            # Bytes where there are any: line ends stay as they are, whatever the locale.
            content = stdin.buffer.read().decode("utf-8") if hasattr(stdin, "buffer") else stdin.read()
        except UnicodeDecodeError:
            raise UsageError(f"{what} on stdin is not UTF-8 text") from None
        return Sensitive(content)


def open_session(words: list[str], streams: Streams, outside: Outside | None, *, json: bool) -> Session:
    """A session before its command line is understood, so that mistakes in it can be told the right way."""
    environment = outside.environment if outside is not None else os.environ
    no_color = "--no-color" in words
    quiet = "--quiet" in words
    verbose = "--verbose" in words
    redraws = streams.stderr.isatty() and environment.get("TERM") != "dumb" and not environment.get("CI")
    progress = Progress(
        streams.stderr,
        colour=wants_colour(streams.stderr, environment, no_color=no_color),
        redraws=redraws,
        quiet=quiet,
        verbose=verbose,
    )
    out = Output(
        streams.stdout,
        colour=wants_colour(streams.stdout, environment, no_color=no_color),
        before=progress.clear,
    )
    at_terminal = (
        streams.stdin.isatty()
        and streams.stdout.isatty()
        and environment.get("TERM") != "dumb"
        and not environment.get("CI")
    )
    return Session(
        streams,
        environment,
        out,
        progress,
        at_terminal,
        json,
        quiet,
        verbose,
        "--no-input" in words,
        given_outside=outside,
    )


def take_globals(session: Session, arguments: Namespace) -> None:
    """Put the parsed global flags into the session."""
    session.config = Path(arguments.config) if arguments.config is not None else None
    session.tenant = arguments.tenant
    session.json = session.json or arguments.json


def real_streams(nowhere: TextIO) -> Streams:
    """The streams of this process; a closed one is replaced by `nowhere`."""
    return Streams(sys.stdin or nowhere, sys.stdout or nowhere, sys.stderr or nowhere)
