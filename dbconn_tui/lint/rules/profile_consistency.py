"""`profile-consistency`: login and get_user return the same profile."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.connection_facts import whole_script
from dbconn_tui.lint.examples import connection_example
from dbconn_tui.lint.profile_names import TOKENS
from dbconn_tui.lint.profiles import profiles
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ConnectionSubject, ScriptSubject
from dbconn_tui.lint.texts import Texts
from dbconn_tui.lint.wording import listed
from dbconn_tui.problems import Certainty, Severity

_LOGIN_ONLY: Final = frozenset({*TOKENS, "last_login"})


def check(subject: ConnectionSubject) -> Iterator[Finding]:
    """Findings where the attributes, or how the user_id is made, differ; errors with import_mode, else warnings."""
    login, get_user = whole_script(subject, "login"), whole_script(subject, "get_user")
    if login is None or get_user is None:
        return
    ours, theirs = login.shared(profiles), get_user.shared(profiles)
    severity = None if subject.connection.import_mode else Severity.WARNING
    if ours.complete and theirs.complete:
        only_login = ours.names - theirs.names - _LOGIN_ONLY
        only_get_user = theirs.names - ours.names - _LOGIN_ONLY
        for missing, script, here, there in (
            (only_login, get_user, "get_user", "login"),
            (only_get_user, login, "login", "get_user"),
        ):
            if missing:
                yield Finding(
                    f"the profile of {here} has no {listed(sorted(missing))}, which {there} returns",
                    script.parsed.span(script.shared(profiles).literals[0].node),
                    "Make both profiles with the same function.",
                    severity=severity,
                    script=here,
                )
    shapes = [_id_shape(script) for script in (login, get_user)]
    if shapes[0] is not None and shapes[1] is not None and shapes[0][0] != shapes[1][0]:
        value = shapes[1][1]
        yield Finding(
            "get_user makes the user_id in another way than login",
            get_user.parsed.span(value),
            "Make it the same way in both, or every user exists twice.",
            certainty=Certainty.POSSIBLE,
            severity=severity,
            script="get_user",
        )


def _id_shape(script: ScriptSubject) -> tuple[tuple[str, ...], Node] | None:
    """The constant parts and last property names of a user_id, and its place; None without a single known one."""
    values = {
        value.text: value
        for profile in script.shared(profiles).literals
        if (value := profile.values.get("user_id") or profile.values.get("id")) is not None
    }
    if len(values) != 1:
        return None
    [value] = values.values()
    parts: list[str] = []
    for part in script.shared(Texts).read(value).parts:
        if isinstance(part, str):
            parts.append(f'"{part}"')
            continue
        names = [
            node.text for node in part.walk() if node.type == "property_identifier" and node.text not in _CONVERSIONS
        ]
        if not names:
            return None
        parts.append(names[-1])
    return tuple(parts), value


_CONVERSIONS: Final = frozenset({"toString", "toHexString", "trim", "valueOf", "toLowerCase"})


RULE = Rule(
    id="profile-consistency",
    severity=Severity.ERROR,
    title="login and get_user return the same profile.",
    why="The platform takes either for the user. Where they differ, what it knows depends on which one ran first, "
    "and with "
    "import_mode that stays so.",
    source="Auth0 docs, Login and Get user templates (warnings); Pre-launch tips",
    bad=(
        connection_example(
            {
                "login": "check(password);\nreturn callback(null, { user_id: row.id, email: row.email, nickname: "
                "row.nick });",
                "get_user": "return callback(null, { user_id: row.id, email: row.email });",
            },
        ),
        connection_example(
            {
                "login": "check(password);\nreturn callback(null, { user_id: `shop|${row.id}` });",
                "get_user": "return callback(null, { user_id: row.id });",
            },
            import_mode=True,
        ),
    ),
    good=(
        connection_example(
            {
                "login": "check(password);\nreturn callback(null, { user_id: String(user.id), access_token: "
                "user.token });",
                "get_user": "return callback(null, { user_id: row.id.toString() });",
            },
        ),
        connection_example(
            {
                "login": "check(password);\nreturn callback(null, { user_id: row.id, ...more });",
                "get_user": "return callback(null, { user_id: row.id });",
            },
        ),
    ),
    connection=check,
)
