"""`dbconn template check`: what a template of one's own lacks."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from dbconn_tui.cli.session import Session
    from dbconn_tui.problems import Problem

USAGE: Final = "DIR…"
ABOUT: Final = """\
Renders a template with its defaults and with every two answers together, and lints each rendering in the preset
strict. Also told: large scripts, variables and files that nothing uses, modules that are not listed or never
required, and a missing README. Exit code 1 when something is wrong."""
EXAMPLES: Final = """\
dbconn template check templates/our-store    # what is missing
dbconn template check templates/* --json     # for a pipeline"""


def add_arguments(parser: ArgumentParser) -> None:
    """The verb's own flags."""
    parser.add_argument("folders", metavar="DIR", nargs="+", help="a folder with a template.yaml")


def run(session: Session, arguments: Namespace) -> int:
    """Check each, and say what is wrong."""
    from dbconn_tui.errors import ExitCode
    from dbconn_tui.lint.reports import json_report
    from dbconn_tui.tasks.templates import check_folder

    checks = [check_folder(session.outside, Path(folder)) for folder in arguments.folders]
    wrong = any(check.problems for check in checks)
    if session.json:
        entries = [
            {
                "name": check.name,
                "combinations": len(check.combinations),
                "problems": json_report(check.problems)["problems"],
            }
            for check in checks
        ]
        session.out.answer({"templates": entries})
    else:
        for check in checks:
            _write(session, check.name, len(check.combinations), check.problems)
    return ExitCode.FAILED if wrong else ExitCode.OK


def _write(session: Session, name: str, combinations: int, problems: tuple[Problem, ...]) -> None:
    from dbconn_tui.cli.text import Span, Style, counted

    if not problems:
        session.out.line(f"{name}: no problems in {counted(combinations, 'combination')} of answers")
        return
    for problem in problems:
        session.out.line(Span("x ", Style.RED), str(problem))
        if problem.hint:
            session.out.line(f"    {problem.hint}")
    tried = counted(combinations, "combination")
    session.out.line(f"{name}: {counted(len(problems), 'problem')} in {tried} of answers")
