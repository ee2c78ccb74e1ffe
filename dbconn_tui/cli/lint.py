"""`dbconn lint`: check the action scripts."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from dbconn_tui.cli.session import Session
    from dbconn_tui.tasks.lint import LintFindings

USAGE: Final = "[NAME…] [flags]   or   dbconn lint - --kind KIND"
ABOUT: Final = """\
Checks the scripts of the named connections, all when none is named, as every tenant of the project sees
them. Needs no tenant. `-` checks one script from stdin. Exits 1 when there are errors."""
EXAMPLES: Final = """\
dbconn lint                              # the whole project
dbconn lint legacy-users --strict        # warnings count, too
dbconn lint - --kind login < login.js    # one script, without a project
dbconn lint --format json"""


def add_arguments(parser: ArgumentParser) -> None:
    """The verb's own flags."""
    parser.add_argument("names", metavar="NAME", nargs="*", help="connections by their key, or - for stdin")
    parser.add_argument("--kind", metavar="KIND", help="what the script on stdin is: login, get_user, create, …")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text (default)")
    parser.add_argument("--strict", action="store_true", help="exit 1 for warnings, too")


def run(session: Session, arguments: Namespace) -> int:
    """Print the findings."""
    from dbconn_tui.errors import ExitCode, UsageError
    from dbconn_tui.problems import Severity, count_problems

    if "-" in arguments.names:
        if len(arguments.names) > 1:
            raise UsageError("`-` stands alone: stdin holds one script", "dbconn lint - --kind login < login.js")
        findings = _lint_stdin(session, arguments.kind)
    else:
        if arguments.kind is not None:
            raise UsageError("--kind goes with `-`, the script on stdin", "dbconn lint - --kind login < login.js")
        findings = _lint_project(session, arguments.names)
    _show(session, findings, json=session.json or arguments.format == "json")
    counts = count_problems(findings.problems)
    if counts[Severity.ERROR] or (arguments.strict and counts[Severity.WARNING]):
        return ExitCode.FAILED
    return ExitCode.OK


def _lint_stdin(session: Session, kind: str | None) -> LintFindings:
    from dbconn_tui.action_scripts.kinds import BY_NAME
    from dbconn_tui.errors import UsageError
    from dbconn_tui.lint.check import lint_script
    from dbconn_tui.tasks.lint import LintFindings

    if kind not in BY_NAME:
        said = f"there is no kind {kind!r}" if kind else "the kind of the script on stdin is not given"
        raise UsageError(said, f"Pass --kind with one of: {', '.join(BY_NAME)}.")
    text = session.read_stdin("a script", instead="dbconn lint - --kind login < login.js").reveal()
    file = "<stdin>"
    return LintFindings(lint_script(kind, text, file=file), {file: text}, 0, 1)


def _lint_project(session: Session, names: list[str]) -> LintFindings:
    from dbconn_tui.tasks.lint import lint_project
    from dbconn_tui.tasks.workspace import open_project

    project, problems = open_project(session.outside, session.config)
    return lint_project(project, problems, names)


def _show(session: Session, findings: LintFindings, *, json: bool) -> None:
    from dbconn_tui.cli.text import counted
    from dbconn_tui.lint.reports import json_report, text_report

    if json:
        session.out.document(json_report(findings.problems))
        return
    if findings.problems:
        session.out.painted(text_report(findings.problems, findings.sources, colour=session.out.colour))
        first = next((problem for problem in findings.problems if problem.blocks), findings.problems[0])
        session.progress.note(f"Next: dbconn explain {first.rule}")
        return
    if not findings.scripts:
        session.out.line("No scripts yet.")
        session.progress.note("Next: dbconn templates, then dbconn add NAME --template T")
        return
    of = f" of {counted(findings.connections, 'connection')}" if findings.connections else ""
    session.out.line(f"{counted(findings.scripts, 'script')}{of}: no problems")
    if findings.connections:
        session.progress.note("Next: dbconn plan")
