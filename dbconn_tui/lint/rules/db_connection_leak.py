"""`db-connection-leak`: a connection that a script opens is closed again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dbconn_tui.action_scripts.tree import FUNCTIONS, Node
from dbconn_tui.lint.databases import CLOSING, databases
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import ACCESSES, Nodes, method_of, path_of, receiver_of
from dbconn_tui.lint.modules import Modules
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity

_HANDING: Final = frozenset({"arguments", "pair", "shorthand_property_identifier", "array"})


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a driver whose connections the script opens and never closes.

    Silent when anything is closed that may be the connection, and when a pool is kept in `global`.
    """
    modules = subject.shared(Modules)
    openings = subject.shared(databases).openings
    if not openings:
        return
    closed = {
        origin.module if origin is not None else ""
        for call in subject.shared(Nodes).of("call_expression")
        if method_of(call) in CLOSING and receiver_of(call) is not None
        for origin in [modules.origin(receiver_of(call))]
    }
    kept = {
        origin.module
        for values in modules.globals.values()
        for value in values
        if (origin := modules.origin(value)) is not None
    }
    seen: set[str] = set()
    for opening in openings:
        module = opening.origin.module
        if module in seen or {module, ""} & closed or module in kept or _is_kept(opening.node):
            continue
        seen.add(module)
        yield Finding(
            f"this {module} {'pool' if opening.is_pool else 'connection'} is never closed",
            subject.parsed.span(opening.node),
            "Close it on every path before the callback is called, or keep one pool in `global`.",
        )


def _is_kept(node: Node) -> bool:
    """Whether the connection goes into `global`, or to somebody else."""
    for outer in node.ancestors():
        if outer.type == "assignment_expression":
            left = outer.field("left")
            return left is not None and (left.type in ACCESSES or path_of(left)[:1] == ("global",))
        if outer.type in _HANDING:
            return True
        if outer.type in FUNCTIONS or outer.type.endswith("statement"):
            return False
    return False


RULE = Rule(
    id="db-connection-leak",
    severity=Severity.WARNING,
    title="A connection that a script opens is closed again.",
    why="Containers live on after a run. Connections that nobody closes pile up until the database refuses new ones, "
    "and then nobody can log in.",
    source="Auth0 docs, the database templates (those that close); Custom database connections: limits",
    bad=(
        example(
            "login",
            "const mysql = require('mysql2@3.9.7');\nconst db = mysql.createConnection({ host: configuration.HOST });\n"
            "db.query('SELECT 1', (err) => callback(err));",
        ),
    ),
    good=(
        example(
            "login",
            "const mysql = require('mysql2@3.9.7');\nconst db = mysql.createConnection({ host: configuration.HOST });\n"
            "db.query('SELECT 1', (err) => {\n  db.end();\n  return callback(err);\n});",
        ),
        example(
            "login",
            "const { Pool } = require('pg@8.11.3');\nglobal.pool = global.pool || new Pool({ max: 2 });\n"
            "global.pool.query('SELECT 1', (err) => callback(err));",
        ),
        example(
            "login",
            "const { Client } = require('pg@8.11.3');\nconst client = new Client(configuration.URL);\n"
            "try {\n  await client.connect();\n} finally {\n  await client.end();\n}",
            is_async=True,
        ),
    ),
    script=check,
)
