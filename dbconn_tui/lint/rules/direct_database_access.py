"""`direct-database-access`: an HTTPS API stands before the database."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.databases import DRIVERS
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.modules import Modules
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """Under `strict`: one finding a script that requires a database driver."""
    for require in subject.shared(Modules).requires:
        if require.module in DRIVERS:
            yield Finding(
                f"the script talks to the database itself ({require.name})",
                subject.parsed.span(require.place),
                "Put an HTTPS API with a few endpoints in front of it.",
                pedantic=True,
            )
            return


RULE = Rule(
    id="direct-database-access",
    severity=Severity.INFO,
    title="An HTTPS API stands before the database.",
    why="A database that the platform can reach is one that the internet can reach. An API can be given few endpoints, "
    "tokens, limits and logs.",
    source="Auth0 docs, Action script best practices (provide access with a protected API)",
    bad=(example("login", "const mysql = require('mysql2@3.9.7');\nuse(mysql);", preset="strict"),),
    good=(example("login", "fetch(configuration.API_URL);", preset="strict"),),
    script=check,
)
