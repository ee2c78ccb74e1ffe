"""`dbconn schema`: the JSON Schema of dbconn.yaml, for editors."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from dbconn_tui.cli.session import Session

USAGE: Final = "[flags]"
ABOUT: Final = """\
Prints the JSON Schema of dbconn.yaml. Editors that know it complete keys and mark mistakes while you type."""
EXAMPLES: Final = """\
dbconn schema > dbconn.schema.json
# then, as the first line of dbconn.yaml, for editors with the YAML language server:
# yaml-language-server: $schema=dbconn.schema.json"""


def add_arguments(parser: ArgumentParser) -> None:
    """None of its own."""


def run(session: Session, arguments: Namespace) -> int:
    """Print it; it is a JSON document of its own shape, with or without --json."""
    from dbconn_tui.project.schema import json_schema

    session.out.document(json_schema())
    return 0
