"""`db-tls-missing`: a database connection uses TLS."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dbconn_tui.lint.databases import databases
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import callee, properties, text_value
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity

_HOSTS: Final = ("host", "server", "hostname")
_CHECKED: Final = frozenset({"mysql", "mysql2", "mysql2/promise", "mariadb", "pg"})


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a connection to a host whose settings are all in sight and do not mention TLS."""
    for opening in subject.shared(databases).openings:
        values = {name: value for literal in opening.config for name, value in properties(literal).values.items()}
        host = next((values[name] for name in _HOSTS if name in values), None)
        if (
            opening.origin.module not in _CHECKED
            or not opening.known
            or host is None
            or opening.driver.tls & opening.names
        ):
            continue
        if text_value(host) not in ("localhost", "127.0.0.1"):
            yield Finding(
                f"this {opening.origin.module} connection is not encrypted",
                subject.parsed.span(callee(opening.node) or opening.node),
                "Add `ssl: { ca: configuration.DB_CA }`.",
            )


RULE = Rule(
    id="db-tls-missing",
    severity=Severity.INFO,
    title="A database connection uses TLS.",
    why="Scripts reach the database over the internet. These drivers do not encrypt unless they are told to.",
    source="Auth0 docs, Action script best practices (secure access)",
    bad=(
        example(
            "login",
            "const mysql = require('mysql2@3.9.7');\nmysql.createConnection({ host: configuration.HOST, user: 'u' });",
        ),
    ),
    good=(
        example(
            "login",
            "const mysql = require('mysql2@3.9.7');\nmysql.createConnection({ host: configuration.HOST, ssl: {} });",
        ),
        example(
            "login", "const { Client } = require('pg@8.11.3');\nnew Client({ connectionString: configuration.URL });"
        ),
    ),
    script=check,
)
