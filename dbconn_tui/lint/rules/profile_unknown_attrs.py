"""`profile-unknown-attrs`: attributes have the platform's names."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.examples import example
from dbconn_tui.lint.profile_names import KNOWN, RESERVED, SYNONYMS
from dbconn_tui.lint.profiles import profiles
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding an attribute that is another word for a known one; other unknown names under `strict` only."""
    for profile in subject.shared(profiles).literals:
        for name, key in profile.keys.items():
            if name in KNOWN or name in RESERVED:
                continue
            meant = SYNONYMS.get(name.lower())
            yield Finding(
                f"`{name}` is no attribute of the platform",
                subject.parsed.span(key),
                f"Did you mean `{meant}`?" if meant else "Put it under user_metadata or app_metadata.",
                pedantic=meant is None,
            )


RULE = Rule(
    id="profile-unknown-attrs",
    severity=Severity.INFO,
    title="Attributes have the platform's names.",
    why="What has another name becomes a custom attribute that no page and no claim shows.",
    source="Auth0 docs, Normalized user profiles",
    bad=(
        example("get_user", "return callback(null, { user_id: row.id, firstname: row.first, avatar: row.image });"),
        example("get_user", "return callback(null, { user_id: row.id, shoe_size: row.shoes });", preset="strict"),
    ),
    good=(
        example("get_user", "return callback(null, { user_id: row.id, given_name: row.first, picture: row.image });"),
        example("get_user", "return callback(null, { user_id: row.id, shoe_size: row.shoes });"),
    ),
    script=check,
)
