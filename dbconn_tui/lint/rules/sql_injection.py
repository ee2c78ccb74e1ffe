"""`sql-injection`: values reach SQL as parameters, never as text."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.databases import databases
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import is_message
from dbconn_tui.lint.inputs import Inputs
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a SQL text into which an argument of the script is put as it came."""
    inputs = subject.shared(Inputs)
    for statement in subject.shared(databases).sql:
        if is_message(statement.text.node):
            continue
        hole = next((hole for hole in statement.text.holes if inputs.sources(hole)), None)
        if hole is not None:
            yield Finding(
                f"`{hole.text}` is put into the SQL text as it came: a quote in it changes the statement",
                subject.parsed.span(hole),
                "Put a placeholder there and hand the value over beside the text.",
            )


RULE = Rule(
    id="sql-injection",
    severity=Severity.ERROR,
    title="Values reach SQL as parameters, never as text.",
    why="Anybody can type anything into a login form, and the platform passes it on as it is. Put into the text of a "
    "statement, it can log in as anyone or empty the table. Quotes are legal in user names, too.",
    source="Auth0 docs, Create a custom database connection (nothing is sanitized); Action coding guidelines",
    bad=(
        example("login", 'db.query("SELECT id FROM users WHERE email = \'" + identifier + "\'", done);'),
        example(
            "get_user",
            "let sql = 'SELECT id FROM users';\nsql += ` WHERE email = '${identifier.trim()}'`;\ndb.query(sql, done);",
        ),
        example("create", "const { email } = user;\ndb.query(`INSERT INTO users (email) VALUES ('${email}')`, done);"),
    ),
    good=(
        example("login", "db.query('SELECT id FROM users WHERE email = ?', [identifier], done);"),
        example(
            "delete",
            "['logins', 'users'].forEach((table) => db.query('DELETE FROM ' + table + ' WHERE id = ?', [id]));",
        ),
        example("login", "db.query('SELECT id FROM users WHERE email = ' + mysql.escape(identifier), done);"),
        example("login", "sql`SELECT id FROM users WHERE email = ${identifier}`.then(done);"),
    ),
    script=check,
)
