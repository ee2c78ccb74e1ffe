"""`db-timeout-missing`: a database connection has time limits."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.databases import databases
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import callee
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.lint.wording import listed
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a connection whose settings are all in sight and lack a limit that its driver knows."""
    for opening in subject.shared(databases).openings:
        if not opening.known or (opening.origin.module == "pg" and opening.origin.path == ()):
            continue
        lacking = [sorted(group) for group in opening.driver.timeouts if not group & opening.names]
        if lacking:
            yield Finding(
                f"this {opening.origin.module} connection sets no {listed([' or '.join(group) for group in lacking])}",
                subject.parsed.span(callee(opening.node) or opening.node),
                "The driver's own limits are 10 to 30 seconds, or none; a script may take 20.",
            )


RULE = Rule(
    id="db-timeout-missing",
    severity=Severity.INFO,
    title="A database connection has time limits below 20 seconds.",
    why="Drivers wait 10 to 30 seconds for a server, or forever for an answer. A script is stopped after 20.",
    source="Auth0 docs, Action script best practices (time out external calls); the drivers' documentation",
    bad=(
        example("login", "const { MongoClient } = require('mongodb@6.12.0');\nnew MongoClient(configuration.URL);"),
        example(
            "login",
            "const { Pool } = require('pg@8.11.3');\nconst pool = new Pool({ connectionString: configuration.URL });",
        ),
    ),
    good=(
        example(
            "login",
            "const { MongoClient } = require('mongodb@6.12.0');\n"
            "new MongoClient(configuration.URL, { serverSelectionTimeoutMS: 5000 });",
        ),
        example("login", "const { Pool } = require('pg@8.11.3');\nconst pool = new Pool(settings());"),
    ),
    script=check,
)
