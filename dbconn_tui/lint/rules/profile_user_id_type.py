"""`profile-user-id-type`: an id is a text."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.edits import Edit
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import number_value, property_of
from dbconn_tui.lint.profiles import profiles
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a user_id that is a number, or a MongoDB `_id` as it is."""
    for profile in subject.shared(profiles).literals:
        value = profile.values.get("user_id") or profile.values.get("id")
        if value is None:
            continue
        is_object = value.type == "member_expression" and property_of(value) == "_id"
        if is_object or number_value(value) is not None:
            yield Finding(
                f"the user_id is {'an ObjectId' if is_object else 'a number'}, not a text",
                subject.parsed.span(value),
                f"Write `String({value.text})`.",
                edits=(Edit(value.start, value.end, f"String({value.text})"),),
            )


RULE = Rule(
    id="profile-user-id-type",
    severity=Severity.WARNING,
    title="A user_id is a text.",
    why="Other types are converted on the way, not always the same way in login and get_user: the user then has "
    "two ids.",
    source="Auth0 docs, the MongoDB templates (toString); User profile structure",
    bad=(example("get_user", "return callback(null, { user_id: user._id, email: user.email });"),),
    good=(
        example("get_user", "return callback(null, { user_id: user._id.toString(), email: user.email });"),
        example("get_user", "return callback(null, { user_id: row.id, email: row.email });"),
    ),
    script=check,
)
