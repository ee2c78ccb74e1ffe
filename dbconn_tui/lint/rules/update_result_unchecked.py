"""`update-result-unchecked`: true means that a row was changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dbconn_tui.action_scripts.scopes import parameters_of
from dbconn_tui.action_scripts.tree import FUNCTIONS
from dbconn_tui.lint.callback_calls import callback_calls
from dbconn_tui.lint.databases import databases
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.lint.variables import Variables
from dbconn_tui.problems import Severity

_KINDS: Final = frozenset({"verify", "change_password", "change_email"})
_UPDATES: Final = frozenset(
    {"updateOne", "updateMany", "findOneAndUpdate", "findOneAndReplace", "replaceOne", "update"}
)
_COUNTS: Final = re.compile(
    r"\b(?:affectedRows|rowCount|modifiedCount|matchedCount|changedRows|nModified|upsertedCount|rowsAffected|"
    r"numberOfRows|result\.n|rows\.length|lastErrorObject|\.value|modified|matched)\b",
)


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """A finding at the first `callback(null, true)` of a script that updates and never reads how many rows changed."""
    if subject.kind not in _KINDS or _COUNTS.search(subject.text):
        return
    updates = any(
        statement.method in _UPDATES or (statement.sql is not None and statement.sql.verb in ("update", "merge"))
        for statement in subject.shared(databases).statements
    ) or any(
        statement.verb == "update" and "returning" not in statement.text.constant.lower()
        for statement in subject.shared(databases).sql
    )
    if not updates or (subject.parsed.function is not None and _has_row_parameter(subject)):
        return
    for call in subject.shared(callback_calls):
        if call.result is not None and call.result.without_parentheses().type == "true":
            yield Finding(
                "true is reported although nothing looks whether a row was changed",
                subject.parsed.span(call.result),
                "Report how it went, e.g. `result.rowCount === 1` or `result.modifiedCount === 1`.",
            )
            return


def _has_row_parameter(subject: ScriptSubject) -> bool:
    """Whether a driver's callback of `(err, count)` uses its count: some hand the number over directly."""
    for statement in subject.shared(databases).statements:
        for given in statement.arguments:
            parameters = parameters_of(given) if given.type in FUNCTIONS else []
            if len(parameters) > 1 and parameters[1].type == "identifier":
                binding = subject.shared(Variables).binding(parameters[1])
                if binding is not None and binding.references:
                    return True
    return False


RULE = Rule(
    id="update-result-unchecked",
    severity=Severity.WARNING,
    title="A change is reported as done only when a row was changed.",
    why="An UPDATE of nobody succeeds. Reporting true for it tells the user that a password or address was changed "
    "that was not.",
    source="Auth0 docs, Change password and Verify templates",
    bad=(
        example(
            "verify",
            "const { MongoClient } = require('mongodb@6.12.0');\nconst client = new MongoClient(configuration.URL);\n"
            "const users = client.db('d').collection('users');\n"
            "await users.updateOne({ email }, { $set: { email_verified: true } });\nreturn callback(null, true);",
            is_async=True,
        ),
        example(
            "verify", "db.query('UPDATE users SET ok = 1 WHERE email = ?', [email], (err) => callback(err, true));"
        ),
    ),
    good=(
        example(
            "verify",
            "db.query('UPDATE users SET ok = 1 WHERE email = ?', [email], (err, r) => callback(err, "
            "r.affectedRows === 1));",
        ),
        example("verify", "api.verify(email, (err) => (err ? callback(err) : callback(null, true)));"),
    ),
    script=check,
)
