"""`profile-reserved-attrs`: a profile leaves the platform's own attributes alone."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.examples import example
from dbconn_tui.lint.profile_names import RESERVED
from dbconn_tui.lint.profiles import profiles
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding an attribute that the platform keeps itself."""
    for profile in subject.shared(profiles).literals:
        for name in sorted(RESERVED & profile.values.keys()):
            yield Finding(
                f"`{name}` belongs to the platform, which ignores or overwrites it",
                subject.parsed.span(profile.keys[name]),
                "Leave it out, or put it under app_metadata.",
            )


RULE = Rule(
    id="profile-reserved-attrs",
    severity=Severity.INFO,
    title="A profile leaves the platform's own attributes alone.",
    why="The platform counts logins and keeps dates itself. What a script returns under those names is lost or "
    "confuses.",
    source="Auth0 docs, User profile structure; Normalized user profiles",
    bad=(example("get_user", "return callback(null, { user_id: row.id, identities: [], created_at: row.created });"),),
    good=(example("get_user", "return callback(null, { user_id: row.id, mfa_factors: row.factors });"),),
    script=check,
)
