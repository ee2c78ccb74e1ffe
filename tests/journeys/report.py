"""The table of the journeys that were really made, at the end of a test run."""

from __future__ import annotations

from typing import Any

PROPERTY = "journey"
"""The name under which a test says which journey it made, as one line."""


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print a line for each journey that passed; nothing where none was tried."""
    made = sorted(
        value
        for report in terminalreporter.stats.get("passed", [])
        for name, value in getattr(report, "user_properties", [])
        if name == PROPERTY
    )
    if not made:
        return
    terminalreporter.write_sep("-", f"{len(made)} journeys from add to a login")
    for line in made:
        terminalreporter.write_line(line)
