"""`plaintext-password-store`: passwords are stored as hashes."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.credentials import HASHING_SQL, handed_password, writes
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.inputs import Inputs, Role
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a statement of create or change_password that stores the password, or the whole user, as it came."""
    if subject.kind not in ("create", "change_password"):
        return
    inputs = subject.shared(Inputs)
    for statement in writes(subject):
        if statement.sql is not None and HASHING_SQL.search(statement.sql.text.constant):
            continue
        whole = next((one for one in statement.arguments if Role.USER in inputs.roles(one)), None)
        stored = handed_password(statement, subject) or whole
        if stored is not None:
            yield Finding(
                "the password is stored as plain text",
                subject.parsed.span(stored),
                "Hash it first, e.g. `await bcrypt.hash(password, 12)`.",
            )


RULE = Rule(
    id="plaintext-password-store",
    severity=Severity.ERROR,
    title="Passwords are stored as hashes.",
    why="A table of plain passwords is one leak away from being everybody's. Whoever can read it can log in as anyone, "
    "here and wherever the password was used again.",
    source="Auth0 docs, Create and Change password templates (encryption)",
    bad=(
        example(
            "create",
            "const { Client } = require('pg@8.11.3');\nconst client = new Client(configuration.URL);\n"
            "client.query('INSERT INTO users (email, password) VALUES ($1, $2)', [user.email, user.password], done);",
        ),
        example(
            "create",
            "const { MongoClient } = require('mongodb@6.12.0');\nconst client = new MongoClient(configuration.URL);\n"
            "client.db('d').collection('users').insertOne(user);",
        ),
    ),
    good=(
        example(
            "create",
            "const { Client } = require('pg@8.11.3');\nconst client = new Client(configuration.URL);\n"
            "const hash = await bcrypt.hash(user.password, 12);\n"
            "await client.query('INSERT INTO users (email, password) VALUES ($1, $2)', [user.email, hash]);",
            is_async=True,
        ),
        example(
            "create",
            "const { Client } = require('pg@8.11.3');\nconst client = new Client(configuration.URL);\n"
            "client.query(\"INSERT INTO users (pw) VALUES (crypt($1, gen_salt('bf')))\", [user.password], done);",
        ),
        example(
            "create", "fetch(configuration.URL, { method: 'POST', body: JSON.stringify({ password: user.password }) });"
        ),
    ),
    script=check,
)
