"""`dbconn template update`: a connection follows its template, and edits of one's own stay."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from dbconn_tui.cli.session import Session
    from dbconn_tui.tasks.refill import Refill

USAGE: Final = "NAME [--set KEY=VALUE]… [flags]"
ABOUT: Final = """\
Fills the template of a connection again, with its newer text, with other answers, or both, and merges that with your
edits: what only one of you changed is taken, what both changed is marked in the file (<<<<<<<) and makes exit code 1.
New configuration keys and options go into dbconn.yaml; values that you wrote otherwise stay. The base of the merge
is .dbconn/rendered/, which belongs into git; without it only the difference is shown, and nothing is written."""
EXAMPLES: Final = """\
dbconn template update legacy-users --dry-run                # what would change
dbconn template update legacy-users --set username=true      # other answers
dbconn template update legacy-users --keep-mine              # scripts stay; the newer text counts as taken over"""


def add_arguments(parser: ArgumentParser) -> None:
    """The verb's own flags."""
    parser.add_argument("name", metavar="NAME", help="a connection that was made from a template")
    parser.add_argument(
        "--set", metavar="KEY=VALUE", action="append", default=[], help="change the answer to a variable"
    )
    parser.add_argument("--dry-run", action="store_true", help="show the differences, and write nothing")
    parser.add_argument(
        "--keep-mine", action="store_true", help="leave the scripts alone; the newer text counts as taken over by hand"
    )


def run(session: Session, arguments: Namespace) -> int:
    """Plan it, write it, say what was done."""
    from dbconn_tui.cli.add import answers_of
    from dbconn_tui.errors import ExitCode
    from dbconn_tui.tasks.refill import plan_refill, template_memory, write_refill
    from dbconn_tui.tasks.templates import one_template
    from dbconn_tui.tasks.workspace import open_project

    project, _ = open_project(session.outside, session.config, partial=True)
    memory = template_memory(project, arguments.name)
    template = one_template(session.outside, str(memory.get("name", "")), session.config)
    refill = plan_refill(project, arguments.name, template, answers_of(arguments.set))
    written = not arguments.dry_run and (arguments.keep_mine or not refill.without_base)
    if written:
        write_refill(refill, keep_mine=arguments.keep_mine)
    if session.json:
        session.out.answer({"connections": [_object(refill, written=written)]})
    else:
        _show(session, refill, written=written, keep_mine=arguments.keep_mine)
    stuck = refill.without_base and refill.changes and not arguments.keep_mine
    return ExitCode.FAILED if (refill.conflicts and not arguments.keep_mine) or stuck else ExitCode.OK


def _object(refill: Refill, *, written: bool) -> dict[str, Any]:
    return {
        "name": refill.name,
        "template": refill.template.name,
        "from_version": refill.from_version,
        "to_version": refill.template.version,
        "written": written,
        "files": [
            {"file": file.file, "state": file.state.value, "note": file.note, "difference": file.difference}
            for file in refill.files
        ],
        "changed": list(refill.changed_keys),
        "notes": list(refill.notes),
        "without_base": refill.without_base,
    }


def _show(session: Session, refill: Refill, *, written: bool, keep_mine: bool) -> None:
    from dbconn_tui.cli.text import Span, Style
    from dbconn_tui.tasks.refill import RefillState

    out, template = session.out, refill.template
    out.line(Span(f"{refill.name}: {template.name} {refill.from_version} -> {template.version}", Style.BOLD))
    shown = [file for file in refill.files if file.state is not RefillState.UNCHANGED]
    if not refill.changes and not shown:
        out.line("Nothing to do: it is as the template makes it.")
    for file in shown:
        colour = Style.RED if file.state is RefillState.CONFLICT else None
        out.line(Span(f"{file.state.value:9}", colour), " ", file.file, f": {file.note}" if file.note else "")
        if file.difference and not written:
            out.text(file.difference)
    for key in refill.changed_keys:
        out.line(f"{'changed':9} {refill.project.shown_file}: {key}")
    if refill.edit.text is None:
        out.line(f"Add these lines to {refill.project.shown_file}; it stays as it is: {refill.edit.reason}")
        out.text(refill.edit.paste)
    for note in refill.notes:
        session.progress.note(f"{note}.")
    for name, version in refill.rendering.modules.items():
        session.progress.note(f"The scripts need the npm module {name} {version}.")
    if refill.without_base and not keep_mine:
        session.progress.say(f"Nothing was written: {refill.without_base}.")
        session.progress.note(f"Take over what you want, then: dbconn template update {refill.name} --keep-mine")
    elif not written:
        session.progress.note("Nothing was written (--dry-run).")
    elif refill.conflicts and not keep_mine:
        session.progress.say("Resolve what stands between <<<<<<< and >>>>>>> in these files:")
        for file in refill.conflicts:
            session.progress.say(f"  {file.file}")
    else:
        session.progress.note(f"Next: dbconn lint {refill.name}")
