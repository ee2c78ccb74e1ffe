"""`dbconn secrets list`: the names, where they are used, whether there is a value here; never a value."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from dbconn_tui.cli.session import Session
    from dbconn_tui.tasks.secrets import ReferencedValue

USAGE: Final = "[flags]"
ABOUT: Final = """\
Lists the secrets and environment variables that the project's configuration names for one tenant: where each
is used, and whether its value is available on this machine. Values are never shown."""
EXAMPLES: Final = """\
dbconn secrets list
dbconn secrets list -t prod --json"""


def add_arguments(parser: ArgumentParser) -> None:
    """None of its own."""


def run(session: Session, arguments: Namespace) -> int:
    """Print the list."""
    from dbconn_tui.tasks.secrets import referenced_values
    from dbconn_tui.tasks.workspace import open_workspace

    outside = session.outside
    workspace = open_workspace(outside, config=session.config, tenant=session.tenant)
    rows = referenced_values(outside, workspace)
    if session.json:
        session.out.answer({"secrets": secret_objects(rows)})
        return 0
    if not rows:
        session.out.line(f"No configuration of {workspace.project.shown_file} names a secret or a variable.")
        return 0
    write_rows(session, rows)
    if any(not row.available for row in rows):
        session.progress.note("Next: dbconn secrets check says how to give what is missing")
    return 0


def secret_objects(rows: Sequence[ReferencedValue]) -> list[dict[str, Any]]:
    """The rows as JSON."""
    return [
        {
            "name": row.name,
            "kind": row.kind,
            "used_by": list(row.used_by),
            "available": row.available,
            "source": row.source,
            "hint": row.hint,
        }
        for row in rows
    ]


def write_rows(session: Session, rows: Sequence[ReferencedValue], *, hints: bool = False) -> None:
    """The rows as a table on stdout, with `hints` each followed by how to give its value."""
    from dbconn_tui.cli.text import Part, Span, Style, columns

    heads: list[Part] = [Span(head, Style.DIM) for head in ("", "name", "used by", "value here")]
    cells: list[list[Part]] = [heads]
    for row in rows:
        mark = Span("✓", Style.GREEN) if row.available else Span("!", Style.RED)
        name = row.name if row.kind == "secret" else f"{row.name} (env)"
        cells.append([mark, name, ", ".join(row.used_by), row.source or "missing"])
    for index, line in enumerate(columns(cells)):
        session.out.line(*line)
        if hints and index:
            session.out.line("     ", rows[index - 1].hint)
