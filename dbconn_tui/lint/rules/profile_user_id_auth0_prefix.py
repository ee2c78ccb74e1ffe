"""`profile-user-id-auth0-prefix`: the platform puts `auth0|` before the id itself."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.examples import example
from dbconn_tui.lint.profiles import profiles
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.lint.texts import Texts
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a user_id that begins with `auth0|`."""
    for profile in subject.shared(profiles).literals:
        value = profile.values.get("user_id") or profile.values.get("id")
        if value is not None and subject.shared(Texts).read(value).shape.startswith("auth0|"):
            yield Finding(
                "the user_id begins with `auth0|`, which the platform puts before it once more",
                subject.parsed.span(value),
                "Take the prefix away; for users who are live already, look first which id they have.",
            )


RULE = Rule(
    id="profile-user-id-auth0-prefix",
    severity=Severity.WARNING,
    title="A user_id does not begin with `auth0|`.",
    why="The platform makes `auth0|auth0|…` of it, and what looks for the user by its id does not find it.",
    source="Auth0 docs, Error handling and Delete template (the platform adds auth0|)",
    bad=(example("get_user", "return callback(null, { user_id: `auth0|${row.id}` });"),),
    good=(example("get_user", "return callback(null, { user_id: row.id.replace(/^auth0\\|/, '') });"),),
    script=check,
)
