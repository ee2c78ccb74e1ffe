"""`connection-name`: the API takes the connection's name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dbconn_tui.lint.rule import Example, Finding, Rule
from dbconn_tui.lint.subject import ConnectionSubject
from dbconn_tui.problems import Certainty, Severity

_NAME: Final = re.compile(r"[A-Za-z0-9](?:-?[A-Za-z0-9])*")
_LONGEST: Final = 128
_LONGEST_NEW: Final = 35


def check(subject: ConnectionSubject) -> Iterator[Finding]:
    """One finding a name that the API refuses; a possible one for a name too long for a new connection."""
    name = subject.connection.name
    if _NAME.fullmatch(name) is None or len(name) > _LONGEST:
        yield Finding(
            f"the API refuses the name `{name}`",
            hint="Use letters, digits and single dashes between them, at most 35 characters.",
            item="name",
        )
    elif len(name) > _LONGEST_NEW:
        yield Finding(
            f"the name has {len(name)} characters; a new connection's may have {_LONGEST_NEW}",
            hint="Choose a shorter one, unless the connection is there already: a name cannot be changed.",
            item="name",
            certainty=Certainty.POSSIBLE,
        )


RULE = Rule(
    id="connection-name",
    severity=Severity.ERROR,
    title="The API takes the connection's name.",
    why="The name cannot be changed later, and the API refuses what is not letters, digits and dashes.",
    source="Auth0 docs, Create a custom database connection; Management API schema",
    bad=(Example({"login": "x"}, name="My DB"), Example({"login": "x"}, name="a" * 40)),
    good=(Example({"login": "x"}, name="legacy-users-2"),),
    connection=check,
    ignorable=False,
)
