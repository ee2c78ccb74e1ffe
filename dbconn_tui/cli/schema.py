"""`dbconn schema`: the JSON Schema of dbconn.yaml and of files of cases, for editors."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from dbconn_tui.cli.session import Session

USAGE: Final = "[flags]"
ABOUT: Final = """\
Prints the JSON Schema of dbconn.yaml, or with --cases that of tests/NAME/*.yaml. Editors that know it complete keys
and mark mistakes while you type."""
EXAMPLES: Final = """\
dbconn schema > dbconn.schema.json
# then, as the first line of dbconn.yaml, for editors with the YAML language server:
# yaml-language-server: $schema=dbconn.schema.json
dbconn schema --cases > cases.schema.json"""


def add_arguments(parser: ArgumentParser) -> None:
    """The verb's own flag."""
    parser.add_argument("--cases", action="store_true", help="the schema of a file of cases for `dbconn test`")


def run(session: Session, arguments: Namespace) -> int:
    """Print it; it is a JSON document of its own shape, with or without --json."""
    from dbconn_tui.project.cases import cases_schema
    from dbconn_tui.project.schema import json_schema

    session.out.document(cases_schema() if arguments.cases else json_schema())
    return 0
