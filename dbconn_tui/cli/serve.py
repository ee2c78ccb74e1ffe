"""`dbconn serve`: the terminal app in a browser of this machine."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from dbconn_tui.cli.session import Session

USAGE: Final = "[--port N] [flags]"
ABOUT: Final = """\
Shows the terminal app in a browser, on 127.0.0.1 only, until Ctrl-C. The address that it prints opens the app once,
in one browser: whoever has it could use your keyring, so it isn't to be passed on. Needs the extra `web`."""
EXAMPLES: Final = """\
dbconn serve                      # on a free port
dbconn serve --port 8080 -t dev   # this port, this tenant"""


def add_arguments(parser: ArgumentParser) -> None:
    """The verb's own flags."""
    parser.add_argument("--port", metavar="N", type=_port, default=0, help="the port on 127.0.0.1 (else a free one)")


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise ValueError(text)
    return port


def run(session: Session, arguments: Namespace) -> int:
    """Serve until SIGINT or SIGTERM."""
    from dbconn_tui.cli.open_app import serve_in_browser

    def announce(address: str) -> None:
        session.progress.note("Open this address in a browser of this machine; it works once. Ctrl-C ends it.")
        if session.json:
            session.out.answer({"addresses": [address]})
        else:
            session.out.line(address)
        session.out.flush()

    return serve_in_browser(session, arguments.port, announce)
