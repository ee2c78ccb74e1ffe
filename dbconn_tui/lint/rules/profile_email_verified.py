"""`profile-email-verified`: whether an address is verified comes from the store."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.examples import example
from dbconn_tui.lint.profiles import profiles
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a profile that says `email_verified: true` of everybody."""
    for profile in subject.shared(profiles).literals:
        value = profile.values.get("email_verified")
        if value is not None and value.type == "true":
            yield Finding(
                "every address counts as verified",
                subject.parsed.span(value),
                "Take it from the store: `email_verified: row.email_verified === true`.",
            )


RULE = Rule(
    id="profile-email-verified",
    severity=Severity.INFO,
    title="Whether an address is verified comes from the store.",
    why="An address that nobody verified can be somebody else's. What relies on it then trusts the wrong person.",
    source="Auth0 docs, Verify template; Action coding guidelines",
    bad=(example("get_user", "return callback(null, { user_id: row.id, email: row.email, email_verified: true });"),),
    good=(example("get_user", "return callback(null, { user_id: row.id, email_verified: row.verified === true });"),),
    script=check,
)
