"""`enabled-clients`: somebody can log in through the connection."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.rule import Example, Finding, Rule
from dbconn_tui.lint.subject import ConnectionSubject
from dbconn_tui.problems import Severity


def check(subject: ConnectionSubject) -> Iterator[Finding]:
    """One finding an empty list of applications."""
    if subject.connection.enabled_clients == ():
        yield Finding(
            "no application may use this connection",
            hint="Name one under `enabled_clients`, or take the key away: then the list is not managed.",
            item="enabled_clients",
        )


RULE = Rule(
    id="enabled-clients",
    severity=Severity.WARNING,
    title="At least one application uses the connection.",
    why="A connection without applications is never asked. An empty list takes it away from those that have it.",
    source="Management API (enabled clients)",
    bad=(Example({"login": "x"}, clients=()),),
    good=(Example({"login": "x"}, clients=("Web app",)), Example({"login": "x"})),
    connection=check,
    ignorable=False,
)
