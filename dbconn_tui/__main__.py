"""`python -m dbconn_tui` is `dbconn`."""

from __future__ import annotations

from dbconn_tui.cli import run

if __name__ == "__main__":
    run()
