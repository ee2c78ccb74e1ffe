"""`plaintext-password-compare`: the store holds hashes, and hashes are compared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.credentials import READING, handed_password, password_in
from dbconn_tui.lint.databases import databases
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import ACCESSES, Nodes, operator, path_of
from dbconn_tui.lint.inputs import Inputs
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity

_EQUAL: Final = frozenset({"===", "==", "!==", "!="})
_PASSWORD_COLUMN: Final = re.compile(r"\bpass(?:word|wd)?\w*\"?\s*=\s*(?:\?|\$\d+|:\w+|@\w+)(?!\s*\()", re.IGNORECASE)


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a comparison of the typed password with a field of a record, in the script or in a query."""
    hint = "Store a hash (bcrypt, scrypt, argon2) and let its library compare."
    for node in subject.shared(Nodes).of("binary_expression"):
        left, right = node.field("left"), node.field("right")
        if operator(node) not in _EQUAL or left is None or right is None:
            continue
        for one, other in ((left, right), (right, left)):
            if other.type in ACCESSES and password_in(one, subject) is not None and _is_stored(other, subject):
                yield Finding("the password is compared as plain text", subject.parsed.span(node), hint)
    for statement in subject.shared(databases).statements:
        password = handed_password(statement, subject)
        if password is None:
            continue
        in_sql = (
            statement.sql is not None
            and statement.sql.verb == "select"
            and _PASSWORD_COLUMN.search(statement.sql.text.shape) is not None
        )
        if in_sql or (statement.sql is None and statement.method in READING):
            yield Finding("the query compares the password as plain text", subject.parsed.span(password), hint)


def _is_stored(node: Node, subject: ScriptSubject) -> bool:
    """Whether a member is a record's field: neither a setting nor another argument of the script."""
    path = path_of(node)
    return (
        bool(path)
        and path[-1] not in ("length", "undefined")
        and path[0] not in ("configuration", "process", "global")
        and not subject.shared(Inputs).sources(node)
    )


RULE = Rule(
    id="plaintext-password-compare",
    severity=Severity.ERROR,
    title="Passwords are compared as hashes.",
    why="To compare a password with a field, the field must hold it in plain text. Whoever reads the table then has "
    "every password.",
    source="Auth0 docs, Login template (encryption)",
    bad=(
        example(
            "login", "if (password !== row.password) return callback(new WrongUsernameOrPasswordError(identifier));"
        ),
        example(
            "login",
            "const { MongoClient } = require('mongodb@6.12.0');\nconst client = new MongoClient(configuration.URL);\n"
            "const user = await client.db('d').collection('u').findOne({ identifier, password });",
            is_async=True,
        ),
    ),
    good=(
        example("login", "bcrypt.compare(password, row.password_hash, (err, same) => callback(err, same));"),
        example("login", "if (password === undefined || password.length === limits.shortest) return callback(null);"),
        example(
            "login", "fetch(configuration.URL, { method: 'POST', body: JSON.stringify({ identifier, password }) });"
        ),
    ),
    script=check,
)
