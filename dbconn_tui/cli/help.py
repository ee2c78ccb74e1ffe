"""`dbconn help`: the verbs in groups, one verb, or the exit codes; also what `--help` shows."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from dbconn_tui.cli.text import Part, Span, Style, columns
from dbconn_tui.cli.verbs import BY_NAME, GROUPS, VERBS, load
from dbconn_tui.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from dbconn_tui.cli.session import Session

USAGE: Final = "[VERB | exit-codes]"
ABOUT: Final = "Shows what a verb does with its flags and examples, all verbs, or what the exit codes mean."
EXAMPLES: Final = """\
dbconn help plan         # a verb
dbconn help exit-codes   # what 0 to 6 and 130 mean"""

EXIT_CODES: Final = "exit-codes"

_INTRODUCTION: Final = """\
dbconn keeps Auth0 custom database connections as files: lint, plan and deploy their action scripts.
Alone it opens the terminal app; elsewhere it prints the status."""

_FIRST_STEPS: Final = """\
dbconn demo                                          # look at everything, offline
dbconn init && dbconn login                          # your own project and tenant
dbconn add legacy-users --template rest-api && dbconn plan"""

_EXIT_CODES: Final = {
    ExitCode.INTERRUPTED: "interrupted, or a question was answered with no",
    ExitCode.AUTHENTICATION: "no token from the tenant, or it lacks a scope",
    ExitCode.UNREACHABLE: "the tenant did not answer, or something else answered in its place",
    ExitCode.REFUSED: "refused: drift, conflict, undecided, unknown configuration key, brake, stale plan",
    ExitCode.USAGE: "the command line, dbconn.yaml, a script file, a missing value, or a question nobody can answer",
    ExitCode.FAILED: "lint errors, a write that the tenant refused, an answer that differs from what was sent",
    ExitCode.CHANGES: "plan --detailed-exitcode: there is something to do",
    ExitCode.OK: "done",
}


def add_arguments(parser: ArgumentParser) -> None:
    """The verb's own flags."""
    parser.add_argument("topic", metavar="VERB", nargs="*", help="a verb, or exit-codes")


def run(session: Session, arguments: Namespace) -> int:
    """Show the topic."""
    return show_topic(session, " ".join(arguments.topic))


def show_topic(session: Session, topic: str) -> int:
    """Write the help on a verb, on the verbs that begin with a word, on exit-codes, or on everything (empty)."""
    if session.json:
        names = [verb for verb in VERBS if not topic or verb.name == topic or verb.name.startswith(f"{topic} ")]
        if names:
            session.out.answer({"verbs": [{"name": verb.name, "summary": verb.summary} for verb in names]})
            return ExitCode.OK
    if not topic:
        _write(session, _overview())
    elif topic == EXIT_CODES:
        if session.json:
            session.out.answer({"exit_codes": [{"code": int(c), "meaning": m} for c, m in _EXIT_CODES.items()]})
            return ExitCode.OK
        _write(session, _exit_codes())
    elif topic in BY_NAME:
        _write(session, _verb(topic))
    elif any(verb.name.startswith(f"{topic} ") for verb in VERBS):
        _write(session, _word(topic))
    else:
        import difflib

        near = difflib.get_close_matches(topic, [*BY_NAME, EXIT_CODES], n=1)
        hint = f"Did you mean `dbconn help {near[0]}`? " if near else ""
        raise UsageError(f"there is no help on {topic!r}", f"{hint}`dbconn help` lists the verbs.")
    return ExitCode.OK


def _write(session: Session, lines: Iterator[list[Part]]) -> None:
    for line in lines:
        session.out.line(*line)


def _overview() -> Iterator[list[Part]]:
    for text in _INTRODUCTION.splitlines():
        yield [text]
    longest = max(len(verb.name) for verb in VERBS)
    for group in GROUPS:
        yield []
        yield [Span(group, Style.BOLD)]
        for verb in VERBS:
            if verb.group == group:
                yield ["  ", Span(verb.name.ljust(longest), Style.CYAN), f"  {verb.summary}"]
    yield []
    yield [Span("Examples", Style.BOLD)]
    for text in _FIRST_STEPS.splitlines():
        yield [f"  {text}"]
    yield []
    yield ["Every verb: --config FILE, --tenant NAME, --json, --quiet, --verbose, --no-color, --no-input, --help."]
    yield ["dbconn help VERB says more; dbconn help exit-codes lists the exit codes; dbconn --version."]


def _verb(name: str) -> Iterator[list[Part]]:
    from dbconn_tui.cli.parser import verb_parser

    for text in verb_parser(name).format_help().rstrip().splitlines():
        yield [text]
    yield []
    yield [Span("examples:", Style.BOLD)]
    for text in load(name).EXAMPLES.splitlines():
        yield [f"  {text}"]


def _word(word: str) -> Iterator[list[Part]]:
    verbs = [verb for verb in VERBS if verb.name.startswith(f"{word} ")]
    yield [f"dbconn {word}: " + ", ".join(verb.name.partition(" ")[2] for verb in verbs)]
    yield []
    yield from columns([[f"  dbconn {verb.name}", verb.summary] for verb in verbs])
    yield []
    yield [f"dbconn {verbs[0].name} --help says more."]


def _exit_codes() -> Iterator[list[Part]]:
    yield ["Exit codes; where several apply, the first of this list counts:"]
    yield []
    yield from columns([[f"  {int(code):>3}", meaning] for code, meaning in _EXIT_CODES.items()])
