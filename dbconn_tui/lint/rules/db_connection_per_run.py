"""`db-connection-per-run`: one small pool serves all runs of a container."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.databases import databases
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.modules import Modules
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """Under `strict`: one finding a script that opens a connection and keeps nothing in `global`."""
    found = subject.shared(databases)
    if found.openings and not subject.shared(Modules).globals:
        opening = found.openings[0]
        yield Finding(
            f"each run opens a {opening.origin.module} connection of its own",
            subject.parsed.span(opening.node),
            "Keep a small pool in `global`, made when it is not there; mind that there are many containers.",
            pedantic=True,
        )


RULE = Rule(
    id="db-connection-per-run",
    severity=Severity.INFO,
    title="Connections are kept in `global` and used again.",
    why="Opening a connection takes longer than the query. A pool in `global` serves all runs of a container; "
    "there may "
    "be many containers, so keep it small.",
    source="Auth0 docs, Custom database connections (cache expensive resources); Action script best practices",
    bad=(
        example(
            "login",
            "const { Client } = require('pg@8.11.3');\nconst client = new Client(configuration.URL);\nclient.end();",
            preset="strict",
        ),
    ),
    good=(
        example(
            "login",
            "const { Pool } = require('pg@8.11.3');\nglobal.pool = global.pool || new Pool({ max: 2 });",
            preset="strict",
        ),
    ),
    script=check,
)
