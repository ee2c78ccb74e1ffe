"""`profile-metadata-type`: metadata is a plain object."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from dbconn_tui.lint.examples import example
from dbconn_tui.lint.profile_names import METADATA
from dbconn_tui.lint.profiles import profiles
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.lint.variables import Variables
from dbconn_tui.problems import Severity

_WRONG: Final[Mapping[str, str]] = {
    "string": "a text",
    "template_string": "a text",
    "array": "a list",
    "number": "a number",
    "true": "true",
    "false": "false",
    "arrow_function": "a function",
    "new_expression": "an object of a class",
}


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding metadata that surely is no plain object."""
    for profile in subject.shared(profiles).literals:
        for name in sorted(METADATA & profile.values.keys()):
            value = profile.values[name]
            what = _WRONG.get(subject.shared(Variables).resolve(value).type)
            if what is not None:
                yield Finding(
                    f"`{name}` is {what}, not an object",
                    subject.parsed.span(value),
                    f"Write `{name}: {{ key: … }}`.",
                )


RULE = Rule(
    id="profile-metadata-type",
    severity=Severity.WARNING,
    title="Metadata is a plain object.",
    why="The platform merges metadata key by key. Anything but an object is refused or lost.",
    source="Auth0 docs, Metadata",
    bad=(
        example("get_user", "return callback(null, { user_id: row.id, app_metadata: 'admin' });"),
        example("get_user", "const roles = [];\nreturn callback(null, { user_id: row.id, user_metadata: roles });"),
    ),
    good=(example("get_user", "return callback(null, { user_id: row.id, app_metadata: { role: 'admin' } });"),),
    script=check,
)
