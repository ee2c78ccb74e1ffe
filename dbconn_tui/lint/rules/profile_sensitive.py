"""`profile-sensitive`: a profile holds no secret."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dbconn_tui.lint.databases import databases
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import properties
from dbconn_tui.lint.inputs import Inputs, Role
from dbconn_tui.lint.profile_names import METADATA
from dbconn_tui.lint.profiles import profiles
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Certainty, Severity

_SECRET: Final = re.compile(
    r"pass(?:word|wd|phrase)|pwd|hash|salt|secret|api_?key|private_?key|\bssn\b|\bcvv\b", re.IGNORECASE
)
_HARMLESS: Final = re.compile(
    r"_at\Z|At\Z|date|time|changed|reset|expire|algorithm|must|needs|has_?pass|is_?pass|hint", re.IGNORECASE
)
_PASSWORD_COLUMN: Final = re.compile(
    r"\bselect\b.{0,500}?(?:\*|pass(?:word|wd)|hash|salt).{0,500}?\bfrom\b", re.IGNORECASE | re.DOTALL
)


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding an attribute that is a secret by its name or value; a possible one where a record is spread."""
    for profile in subject.shared(profiles).literals:
        pending = list(zip(profile.values.items(), profile.keys.values(), strict=True))
        for name in METADATA & profile.values.keys():
            inner = profile.values[name]
            if inner.type == "object":
                found = properties(inner)
                pending += zip(found.values.items(), found.keys.values(), strict=True)
        for (name, value), key in pending:
            named = (
                _SECRET.search(name) is not None
                and _HARMLESS.search(name) is None
                and value.type not in ("true", "false")
            )
            if named or Role.PASSWORD in subject.shared(Inputs).roles(value):
                yield Finding(
                    f"`{name}` becomes part of the profile, which administrators and applications read",
                    subject.parsed.span(key),
                    "Leave it out.",
                )
        selected = any(_PASSWORD_COLUMN.search(one.text.constant) for one in subject.shared(databases).sql)
        if profile.spreads and selected:
            yield Finding(
                "the record that is spread into the profile holds the password's column",
                subject.parsed.span(profile.spreads[0]),
                "Name the fields that belong into the profile.",
                certainty=Certainty.POSSIBLE,
            )


RULE = Rule(
    id="profile-sensitive",
    severity=Severity.ERROR,
    title="A profile holds no secret.",
    why="The platform stores the profile and shows it to administrators, Actions and, in part, applications. A hash or "
    "key in it is no longer a secret.",
    source="Auth0 docs, Login and Get user templates (no passwords, keys, secrets)",
    bad=(
        example("get_user", "return callback(null, { user_id: row.id, password: row.password });"),
        example(
            "login",
            "const profile = { user_id: row.id, app_metadata: { key: password } };\nreturn callback(null, profile);",
        ),
    ),
    good=(
        example("get_user", "return callback(null, { user_id: row.id, password_changed_at: row.changed });"),
        example("login", "check(password);\nreturn callback(null, { user_id: row.id, access_token: row.token });"),
    ),
    script=check,
)
