"""`profile-user-id-missing`: a profile has a user_id."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.examples import example
from dbconn_tui.lint.profiles import profiles
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a profile all of whose attributes are in sight, without user_id and without id."""
    for profile in subject.shared(profiles).literals:
        if not profile.open and not {"user_id", "id"} & profile.values.keys():
            yield Finding(
                "this profile has no user_id",
                subject.parsed.span(profile.node),
                "Add `user_id: String(row.id)`, from a key that never changes.",
            )


RULE = Rule(
    id="profile-user-id-missing",
    severity=Severity.ERROR,
    title="A profile has a user_id.",
    why="The platform knows a user by the user_id of the profile. Without one the login fails.",
    source="Auth0 docs, Login template; Normalized user profiles (`id` is accepted, too)",
    bad=(
        example("login", "check(identifier, password, (row) => callback(null, { email: row.email }));"),
        example("get_user", "const profile = { email: row.email };\nreturn callback(null, profile);"),
    ),
    good=(
        example("get_user", "const profile = {};\nprofile.user_id = row.id;\nreturn callback(null, profile);"),
        example("get_user", "return callback(null, { ...base, email: row.email });"),
        example("get_user", "return callback(null, { id: row.id });"),
        example("verify", "return callback(null, { email });"),
    ),
    script=check,
)
