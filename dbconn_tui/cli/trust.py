"""`dbconn trust`: let the command of `secrets_from` run for this project on this machine."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from dbconn_tui.cli.session import Session
    from dbconn_tui.tasks.trust import TrustState

USAGE: Final = "[--yes | --revoke] [flags]"
ABOUT: Final = """\
Shows the command that dbconn.yaml names in secrets_from, asks, and lets it run for this project on this machine.
Without that no command of a project ever runs. When the command changes, or a file of the project that it names,
it has to be trusted again. In CI set DBCONN_TRUST=1 instead."""
EXAMPLES: Final = """\
dbconn trust           # shows the command and asks
dbconn trust --yes     # from a script that has looked at it
dbconn trust --revoke  # never run it again"""


def add_arguments(parser: ArgumentParser) -> None:
    """The verb's own flags."""
    parser.add_argument("--yes", "-y", action="store_true", help="do not ask")
    parser.add_argument("--revoke", action="store_true", help="take the trust back")


def run(session: Session, arguments: Namespace) -> int:
    """Trust the command, or take the trust back."""
    from dbconn_tui.tasks.trust import revoke_trust, trust, trust_state
    from dbconn_tui.tasks.workspace import open_project

    outside = session.outside
    project, _ = open_project(outside, session.config, partial=True)
    if arguments.revoke:
        was_trusted = revoke_trust(outside, project)
        _answer(session, project.secrets_from.words if project.secrets_from else (), trusted=False)
        if not session.json:
            said = "is no longer trusted" if was_trusted else "was not trusted"
            session.out.line(f"The command of {project.shown_file} {said} on this machine.")
        return 0
    state = trust_state(outside, project)
    if not state.trusted:
        _show(session, state)
        agreed = arguments.yes or session.ask(
            "Let it run for this project on this machine? [y/N] ", instead="--yes"
        ).lower() in ("y", "yes")
        if not agreed:
            raise KeyboardInterrupt("Cancelled; the command is not trusted.")
        trust(outside, project)
    _answer(session, state.command.words, trusted=True)
    if not session.json:
        said = "was trusted before" if state.trusted else "is trusted now"
        session.out.line(f"The command of {project.shown_file} {said} on this machine.")
        session.progress.note("Next: dbconn secrets check")
    return 0


def _show(session: Session, state: TrustState) -> None:
    """The command word by word: what it is must not depend on anybody's quoting."""
    said = " (it changed since it was trusted)" if state.changed else ""
    session.progress.say(f"{state.command.place}: secrets_from runs this command{said}:")
    for word in state.command.words:
        session.progress.say("    ", word)
    if state.files:
        session.progress.say(f"  with the project's own {', '.join(state.files)}, as it is now")


def _answer(session: Session, words: tuple[str, ...], *, trusted: bool) -> None:
    if session.json:
        session.out.answer({"commands": [{"command": list(words), "trusted": trusted}]})
