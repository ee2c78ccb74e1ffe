"""`dbconn lint`: check the action scripts."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from dbconn_tui.cli.session import Session
    from dbconn_tui.tasks.lint import LintFindings

FORMATS: Final = ("text", "json", "sarif", "github", "junit")

_OBJECTS_BETWEEN_COLLECTIONS: Final = 200_000

USAGE: Final = "[NAME…] [flags]   or   dbconn lint - --kind KIND"
ABOUT: Final = """\
Checks the scripts of the named connections, all when none is named, as every tenant of the project sees
them. Needs no tenant. `-` checks one script from stdin. Exits 1 when there are errors."""
EXAMPLES: Final = """\
dbconn lint                              # the whole project
dbconn lint legacy-users --strict        # warnings count, too
dbconn lint - --kind login < login.js    # one script, without a project
dbconn lint --format sarif > lint.sarif  # for code scanning; also json, github, junit
dbconn lint --fix                        # mend what is safe, shown as a diff
dbconn lint --checklist                  # what only a run or a person can check"""


def add_arguments(parser: ArgumentParser) -> None:
    """The verb's own flags."""
    parser.add_argument("names", metavar="NAME", nargs="*", help="connections by their key, or - for stdin")
    parser.add_argument("--kind", metavar="KIND", help="what the script on stdin is: login, get_user, create, …")
    parser.add_argument("--format", choices=FORMATS, help="text (default; github where GITHUB_ACTIONS is true)")
    parser.add_argument(
        "--checklist", action="store_true", help="list what only a run or a person can check, with its source"
    )
    parser.add_argument("--fix", action="store_true", help="mend what is safe to mend first, and show it as a diff")
    parser.add_argument(
        "--ask",
        metavar="RULE",
        action="append",
        default=[],
        help="with --fix: mend RULE too, though it may act otherwise",
    )
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
        if arguments.checklist:
            return _show_checklist(session, arguments.names)
        if arguments.fix:
            _fix(session, arguments.names, frozenset(arguments.ask))
        findings = _lint_project(session, arguments.names)
    _show(session, findings, "json" if session.json else _format(session, arguments.format))
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
    import gc

    from dbconn_tui.tasks.lint import lint_project
    from dbconn_tui.tasks.workspace import open_project

    # Syntax trees are many small objects that refer to each other, and this process ends soon.
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    project, problems = open_project(session.outside, session.config)
    return lint_project(project, problems, names)


def _fix(session: Session, names: list[str], asked: frozenset[str]) -> None:
    """Mend the files; the diffs go where they do not disturb a report for programs."""
    from dbconn_tui.cli.plan_text import diff_lines
    from dbconn_tui.tasks.fix import plan_fixes, write_fixes
    from dbconn_tui.tasks.lint import connections_of
    from dbconn_tui.tasks.workspace import open_project

    project, _ = open_project(session.outside, session.config)
    mended = plan_fixes(connections_of(project, names), project.lint_preset, asked)
    for one in mended:
        session.progress.note(f"mended {one.file}: {', '.join(one.rules)}")
        for line in diff_lines(one.before, one.after):
            session.progress.note(*line)
    write_fixes(mended)
    if not mended:
        session.progress.note("nothing that is safe to mend")


def _format(session: Session, chosen: str | None) -> str:
    """The format: as chosen, else annotations where GitHub Actions reads them, else text."""
    return chosen or ("github" if session.outside.environment.get("GITHUB_ACTIONS") == "true" else "text")


def _show_checklist(session: Session, names: list[str]) -> int:
    from dbconn_tui.lint.checklist import checklist, checklist_json, checklist_text
    from dbconn_tui.tasks.lint import connections_of
    from dbconn_tui.tasks.workspace import open_project

    project, _ = open_project(session.outside, session.config)
    items = checklist(connections_of(project, names))
    if session.json:
        session.out.answer({"checks": checklist_json(items)})
    else:
        session.out.text(checklist_text(items))
    return 0


def _show(session: Session, findings: LintFindings, form: str) -> None:
    from dbconn_tui import __version__
    from dbconn_tui.cli.text import counted
    from dbconn_tui.lint.formats import github_report, junit_report, sarif_report
    from dbconn_tui.lint.reports import json_report, text_report

    match form:
        case "json":
            return session.out.document(json_report(findings.problems))
        case "sarif":
            return session.out.document(sarif_report(findings.problems, version=__version__))
        case "github":
            return session.out.painted(github_report(findings.problems))
        case "junit":
            return session.out.painted(junit_report(findings.problems, findings.sources))
    if findings.problems:
        session.out.painted(text_report(findings.problems, findings.sources, colour=session.out.colour))
        first = next((problem for problem in findings.problems if problem.blocks), findings.problems[0])
        session.progress.note(f"Next: dbconn explain {first.rule}")
        return None
    if not findings.scripts:
        session.out.line("No scripts yet.")
        session.progress.note("Next: dbconn templates, then dbconn add NAME --template T")
        return None
    of = f" of {counted(findings.connections, 'connection')}" if findings.connections else ""
    session.out.line(f"{counted(findings.scripts, 'script')}{of}: no problems")
    if findings.connections:
        session.progress.note("Next: dbconn plan")
    return None
