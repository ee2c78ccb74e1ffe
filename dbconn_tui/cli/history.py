"""`dbconn history`: what was deployed from this machine, newest first; `history show` prints one script of it."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from dbconn_tui.cli.carry_out import add_history, history_folder
from dbconn_tui.cli.text import Part, Span, Style, columns

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from dbconn_tui.cli.session import Session
    from dbconn_tui.deploy.history import HistoryEntry, HistoryFolder

USAGE: Final = "[NAME] | show ID NAME KIND"
ABOUT: Final = """\
Lists the deploys and rollbacks of this machine on the chosen tenant, newest first. `show` prints a script as
a deploy sent it, or with --before as it was live before. No configuration value is kept."""
EXAMPLES: Final = """\
dbconn history                                        # every connection
dbconn history legacy-users --json
dbconn history show 20261122-141503 legacy-users login > login.js
dbconn history show 20261122-141503 legacy-users login --before"""


def add_arguments(parser: ArgumentParser) -> None:
    """The verb's own flags."""
    parser.add_argument("words", metavar="NAME | show ID NAME KIND", nargs="*", help="a connection, or what to show")
    parser.add_argument("--before", action="store_true", help="with show: the script as it was live before the deploy")
    add_history(parser)


def run(session: Session, arguments: Namespace) -> int:
    """List, or show one script. Exit 0, 3 for what is not there."""
    from dbconn_tui.deploy.history import HistoryFolder
    from dbconn_tui.errors import UsageError
    from dbconn_tui.tasks.workspace import open_workspace, select

    workspace = open_workspace(session.outside, config=session.config, tenant=session.tenant)
    folder = HistoryFolder(history_folder(session, arguments) or session.outside.state_folder, workspace.tenant.domain)
    words: list[str] = arguments.words
    if words[:1] == ["show"]:
        if len(words) != 4:
            raise UsageError("history show takes an id, a connection and a kind", "history show ID NAME KIND")
        return _show(session, arguments, folder, *words[1:])
    if len(words) > 1:
        raise UsageError("history takes one connection at the most", "dbconn history NAME")
    names = {one.name for one in select(workspace.connections, words)} if words else None
    entries = [entry for entry in folder.entries() if names is None or entry.name in names]
    if session.json:
        session.out.answer(
            {
                "deploys": [
                    {
                        "id": entry.id,
                        "time": entry.time,
                        "name": entry.key,
                        "verb": entry.verb,
                        "created": entry.before is None,
                        "scripts": list(entry.changed_scripts),
                    }
                    for entry in entries
                ]
            }
        )
        return 0
    _list(session, entries)
    return 0


def _list(session: Session, entries: Sequence[HistoryEntry]) -> None:
    from dbconn_tui.cli.status import age

    if not entries:
        session.out.line("No deploy from this machine yet.")
        session.progress.note("Another folder: --history DIR. The scripts of a git ref: dbconn rollback NAME --to REF")
        return
    now = session.outside.wall_clock()
    rows: list[list[Part]] = [
        [Span(word, Style.DIM) for word in ("id", "connection", "what", "scripts changed", "when")]
    ]
    for entry in entries:
        what = "created" if entry.before is None else "rolled back" if entry.verb == "rollback" else "changed"
        kinds = ", ".join(entry.changed_scripts) or "none"
        rows.append([entry.id, Span(entry.key, Style.BOLD), what, kinds, age(entry.time, now)])
    for row in columns(rows):
        session.out.line(*row)
    session.progress.note(f"Next: dbconn rollback {entries[0].key} goes back to before its last deploy")


def _show(session: Session, arguments: Namespace, folder: HistoryFolder, to: str, key: str, kind: str) -> int:
    from dbconn_tui.errors import UsageError

    found = [entry for entry in folder.entries() if entry.key == key and entry.id.startswith(to)]
    if len(found) != 1:
        reason = "is no deploy" if not found else f"begins the ids of {len(found)} deploys"
        raise UsageError(f"{to} {reason} of {key} in this history", f"`dbconn history {key}` lists them.")
    scripts = found[0].scripts_before if arguments.before else found[0].scripts_sent
    if kind not in scripts:
        raise UsageError(
            f"deploy {found[0].id} has no script {kind}", f"It has {', '.join(sorted(scripts)) or 'none'}."
        )
    if session.json:
        session.out.answer({"scripts": [{"id": found[0].id, "name": key, "kind": kind, "text": scripts[kind]}]})
    else:
        (session.out.text if session.at_terminal else session.out.painted)(scripts[kind])
    return 0
