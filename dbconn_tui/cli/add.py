"""`dbconn add`: a connection from a template."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from dbconn_tui.cli.session import Session
    from dbconn_tui.tasks.add import Addition

USAGE: Final = "NAME --template TEMPLATE [--set KEY=VALUE]… [flags]"
ABOUT: Final = """\
Writes the scripts of a connection from a template, and its entry in dbconn.yaml. Every variable has a default,
so nothing is asked. --dry-run shows every file and the lines of dbconn.yaml, and writes nothing. A file that is there
with other content stays: its difference is shown; --overwrite replaces it."""
EXAMPLES: Final = """\
dbconn add legacy-users --template rest-api
dbconn add legacy-users --template rest-api --set api_url=https://users.example.com
dbconn add legacy-users --template generic --dry-run    # what would be written, with content"""


def add_arguments(parser: ArgumentParser) -> None:
    """The verb's own flags."""
    parser.add_argument("name", metavar="NAME", help="the new connection, by its name on the tenant")
    parser.add_argument("--template", metavar="TEMPLATE", required=True, help="`dbconn templates` lists them")
    parser.add_argument(
        "--set", metavar="KEY=VALUE", action="append", default=[], help="answer a variable of the template"
    )
    parser.add_argument("--overwrite", action="store_true", help="replace script files that differ")
    parser.add_argument("--dry-run", action="store_true", help="show every file as it would be, and write nothing")


def run(session: Session, arguments: Namespace) -> int:
    """Add it."""
    from dbconn_tui.errors import ExitCode, UsageError
    from dbconn_tui.tasks.add import plan_addition, write_addition
    from dbconn_tui.tasks.templates import one_template
    from dbconn_tui.tasks.workspace import open_project

    outside = session.outside
    project, _ = open_project(outside, session.config, partial=True)
    template = one_template(outside, arguments.template, session.config)
    addition = plan_addition(project, arguments.name, template, answers_of(arguments.set))
    if addition.differing and not arguments.overwrite:
        for file in addition.differing:
            session.progress.say(file.difference.rstrip())
        names = ", ".join(file.file for file in addition.differing)
        raise UsageError(
            f"there already, with other content: {names}; nothing was written",
            "Pass --overwrite to replace, or choose another name.",
        )
    if not arguments.dry_run:
        write_addition(addition, overwrite=arguments.overwrite)
    _show(session, addition, written=not arguments.dry_run)
    return ExitCode.OK


def answers_of(given: list[str]) -> dict[str, str]:
    """`--set` flags as answers. Raises UsageError for one that is not KEY=VALUE, or given twice."""
    from dbconn_tui.errors import UsageError

    answers: dict[str, str] = {}
    for one in given:
        key, equals, value = one.partition("=")
        if not equals or not key:
            raise UsageError(f"--set {one!r} is not KEY=VALUE", "For example --set api_url=https://users.example.com")
        if key in answers:
            raise UsageError(f"--set {key} is given twice", "Give each variable once.")
        answers[key] = value
    return answers


def _write_difference(session: Session, before: str, after: str) -> None:
    from dbconn_tui.cli.plan_text import diff_lines

    for line in diff_lines(before, after):
        session.out.line("  ", *line)


def _show(session: Session, addition: Addition, *, written: bool) -> None:
    from dbconn_tui.cli.text import Span, Style
    from dbconn_tui.scaffold.file_plan import FileState

    secrets = [secret.name for secret in addition.rendering.secrets]
    words = {FileState.NEW: "new", FileState.SAME: "same", FileState.DIFFERS: "replaced"}
    if session.json:
        files: list[dict[str, str]] = [{"file": file.file, "state": words[file.state]} for file in addition.files]
        if not written:
            for entry_of_file, file in zip(files, addition.files, strict=True):
                entry_of_file["text"] = file.data.decode()
        entry = {"name": addition.name, "template": addition.template.name, "files": files, "secrets": secrets}
        session.out.answer({"connections": [{**entry, "written": written}]})
        return
    for file in addition.files:
        session.out.line(f"{words[file.state]:9}", file.file)
        if not written and file.state is FileState.NEW:
            _write_difference(session, "", file.data.decode())
        elif not written and file.state is FileState.DIFFERS:
            session.out.text(file.difference)
    if addition.edit.text is not None:
        session.out.line(f"{'changed':9}", f"{addition.project.shown_file}: connections.{addition.name}")
        if not written:
            _write_difference(session, addition.project.text, addition.edit.text)
    else:
        session.out.line(f"Add these lines to {addition.project.shown_file}; it stays as it is: {addition.edit.reason}")
        session.out.text(addition.edit.paste)
    for other in addition.others:
        session.progress.note(f"{other} was there before, is not the template's, and will be deployed, too.")
    for name, version in addition.rendering.modules.items():
        session.progress.note(f"The scripts need the npm module {name} {version}.")
    if not written:
        session.progress.note("Nothing was written (--dry-run).")
        return
    tenant = f" --tenant {session.tenant}" if session.tenant else ""
    session.out.line(Span("Next:", Style.BOLD))
    for secret in addition.rendering.secrets:
        session.out.line(f"  dbconn secrets set {secret.name}{tenant}    # {secret.help}")
    if addition.rendering.modules:
        modules = " ".join(f"{name}@{version}" for name, version in addition.rendering.modules.items())
        session.out.line(f"  dbconn modules install {modules}    # for try and test on this machine")
    session.out.line(f"  dbconn lint {addition.name}")
    session.out.line(f"  dbconn plan {addition.name}{tenant}")
