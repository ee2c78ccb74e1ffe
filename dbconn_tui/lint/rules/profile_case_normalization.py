"""`profile-case-normalization`: letter case is treated the same way everywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dbconn_tui.lint.connection_facts import whole_script
from dbconn_tui.lint.databases import databases
from dbconn_tui.lint.examples import connection_example
from dbconn_tui.lint.expressions import Nodes, method_of, receiver_of
from dbconn_tui.lint.inputs import Inputs
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ConnectionSubject, ScriptSubject
from dbconn_tui.lint.wording import listed
from dbconn_tui.problems import Certainty, Severity

_IN_SQL: Final = re.compile(r"\b(?:lower|upper)\s*\(|\bilike\b|collat", re.IGNORECASE)
_IN_JAVASCRIPT: Final = re.compile(r"to(?:Locale)?(?:Lower|Upper)Case\Z")
_KINDS: Final = ("login", "get_user", "create", "change_password", "change_email", "verify")


def check(subject: ConnectionSubject) -> Iterator[Finding]:
    """One possible finding where some scripts that query a database ignore letter case and others do not.

    Silent about a script that only inserts where the others ignore the case of what is stored.
    """
    asking = {
        kind: script
        for kind in _KINDS
        if (script := whole_script(subject, kind)) is not None and script.shared(databases).sql
    }
    lowering = [kind for kind, script in asking.items() if _IN_SQL.search(script.text) or _lowers_input(script)]
    by_the_store = all(_IN_SQL.search(asking[kind].text) for kind in lowering)
    for kind, script in asking.items():
        if by_the_store and all(statement.verb == "insert" for statement in script.shared(databases).sql):
            continue
        if lowering and kind not in lowering and script.parsed.function is not None:
            yield Finding(
                f"{kind} compares letters as they come, while {listed(lowering)} "
                f"{'does' if len(lowering) == 1 else 'do'} not",
                script.parsed.function.head,
                "Treat letter case the same way in all scripts.",
                certainty=Certainty.POSSIBLE,
                script=kind,
            )


def _lowers_input(script: ScriptSubject) -> bool:
    """Whether a script changes the case of what it is given; that of something else, such as a hash, does not count."""
    inputs = script.shared(Inputs)
    return any(
        _IN_JAVASCRIPT.match(method_of(call)) is not None and bool(inputs.sources(receiver_of(call)))
        for call in script.shared(Nodes).of("call_expression")
    )


RULE = Rule(
    id="profile-case-normalization",
    severity=Severity.INFO,
    title="Letter case is treated the same way in all scripts.",
    why="The platform lowers addresses in its own store and not in yours. A user found by one script and not by the "
    "other is created twice.",
    source="Auth0 docs, Require username; User profile structure",
    bad=(
        connection_example(
            {
                "login": "db.query('SELECT id FROM u WHERE LOWER(email) = ?', [identifier.toLowerCase(), "
                "password], callback);",
                "get_user": "db.query('SELECT id FROM u WHERE email = ?', [identifier], callback);",
            },
        ),
        connection_example(
            {
                "login": "db.query('SELECT id FROM u WHERE email = ?', [identifier.toLowerCase()], callback);",
                "create": "db.query('INSERT INTO u (email) VALUES (?)', [user.email], callback);",
            },
        ),
    ),
    good=(
        connection_example(
            {
                "login": "db.query('SELECT hash FROM u WHERE email = ?', [identifier], "
                "(err, rows) => use(rows[0].hash.toLowerCase() === md5(password)));",
                "get_user": "db.query('SELECT id FROM u WHERE email = ?', [identifier], callback);",
            },
        ),
        connection_example(
            {
                "login": "db.query('SELECT id FROM u WHERE LOWER(email) = LOWER(?)', [identifier], callback);",
                "create": "db.query('INSERT INTO u (email) VALUES (?)', [user.email], callback);",
            },
        ),
        connection_example(
            {
                "login": "db.query('SELECT id FROM u WHERE email = ?', [identifier, password], callback);",
                "get_user": "db.query('SELECT id FROM u WHERE email = ?', [identifier], callback);",
            },
        ),
    ),
    connection=check,
)
