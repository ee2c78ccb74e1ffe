"""`profile-idp-tokens`: tokens of the store are passed on only on purpose."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.examples import example
from dbconn_tui.lint.profile_names import TOKENS
from dbconn_tui.lint.profiles import profiles
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a token in a profile; a warning in get_user, where nobody has logged in."""
    for profile in subject.shared(profiles).literals:
        name = next((name for name in sorted(TOKENS) if name in profile.values), None)
        if name is not None:
            yield Finding(
                f"`{name}` goes into the identity, where applications with read:user_idp_tokens get it",
                subject.parsed.span(profile.keys[name]),
                "Keep it if that is meant." if subject.kind == "login" else "Leave it out: nobody has logged in here.",
                severity=Severity.INFO if subject.kind == "login" else None,
            )


RULE = Rule(
    id="profile-idp-tokens",
    severity=Severity.WARNING,
    title="Tokens of the store are passed on only on purpose.",
    why="The platform keeps access_token and refresh_token of a profile with the user's identity and hands them to "
    "applications that may ask for them.",
    source="Auth0 docs, Action script best practices (tokens in the profile)",
    bad=(
        example("get_user", "return callback(null, { user_id: row.id, access_token: row.token });"),
        example("login", "check(password);\nreturn callback(null, { user_id: row.id, access_token: row.token });"),
    ),
    good=(example("get_user", "return callback(null, { user_id: row.id });"),),
    script=check,
)
