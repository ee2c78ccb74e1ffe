"""`python -m dbconn_tui.local_tenant`: the local tenant on its own."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from dbconn_tui.errors import DbconnError, ExitCode
from dbconn_tui.local_tenant.arguments import DESCRIPTION, add_arguments, settings_from
from dbconn_tui.local_tenant.server import run


def main(arguments: Sequence[str] | None = None) -> ExitCode:
    """Serves with the flags of the command line; the readiness line goes to stdout, a failure to stderr."""
    parser = argparse.ArgumentParser(prog="python -m dbconn_tui.local_tenant", description=DESCRIPTION)
    add_arguments(parser)
    try:
        parsed = parser.parse_args(arguments)
    except SystemExit as stop:
        return ExitCode.USAGE if stop.code else ExitCode.OK
    try:
        return run(settings_from(parsed), _announce)
    except DbconnError as error:
        sys.stderr.write(f"{error.message}\n{error.hint}".rstrip() + "\n")
        return error.exit_code


def _announce(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
