"""`profile-hard-coded`: everybody is not the same person."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import number_value, text_value
from dbconn_tui.lint.profiles import profiles
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.lint.variables import Variables
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a user_id that is written out."""
    for profile in subject.shared(profiles).literals:
        value = profile.values.get("user_id") or profile.values.get("id")
        resolved = subject.shared(Variables).resolve(value) if value is not None else None
        if value is not None and (text_value(resolved) or number_value(resolved) is not None):
            yield Finding(
                "the user_id is the same for everybody, so everybody logs in as one person",
                subject.parsed.span(value),
                "Take it from the record.",
            )


RULE = Rule(
    id="profile-hard-coded",
    severity=Severity.ERROR,
    title="A user_id comes from the record.",
    why="A constant profile, left from a trial, logs everybody in as the same user.",
    source="Auth0 docs, the database templates (one of them does it)",
    bad=(example("get_user", "return callback(null, { user_id: '103547991', email: identifier });"),),
    good=(example("get_user", "return callback(null, { user_id: `shop|${row.id}`, email: row.email });"),),
    script=check,
)
