"""`dbconn secrets check`: what a deploy from this machine would lack."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from dbconn_tui.cli.session import Session

USAGE: Final = "[flags]"
ABOUT: Final = """\
Checks that every configuration value of the project is available on this machine for one tenant, and says
how to give each missing one. Exits 3 when something is missing, as a deploy would."""
EXAMPLES: Final = """\
dbconn secrets check
dbconn secrets check -t prod   # in CI, before a deploy"""


def add_arguments(parser: ArgumentParser) -> None:
    """None of its own."""


def run(session: Session, arguments: Namespace) -> int:
    """Print what is missing."""
    from dbconn_tui.cli.secrets_list import secret_objects, write_rows
    from dbconn_tui.cli.text import counted
    from dbconn_tui.errors import ExitCode, UnresolvedValueError
    from dbconn_tui.tasks.secrets import referenced_values
    from dbconn_tui.tasks.workspace import open_workspace

    outside = session.outside
    workspace = open_workspace(outside, config=session.config, tenant=session.tenant)
    rows = referenced_values(outside, workspace)
    missing = [row for row in rows if not row.available]
    if session.json and not missing:
        session.out.answer({"secrets": secret_objects(rows)})
        return ExitCode.OK
    if not missing:
        session.out.line(
            f"Nothing is missing: {counted(len(rows), 'value')} for {workspace.tenant.name} available here."
        )
        return ExitCode.OK
    if not session.json:
        write_rows(session, missing, hints=True)
    raise UnresolvedValueError(
        f"{counted(len(missing), 'value')} for {workspace.tenant.name} missing here: "
        f"{', '.join(row.name for row in missing)}",
        missing[0].hint if session.json else "Give the values as said above, then run it again.",
    )
