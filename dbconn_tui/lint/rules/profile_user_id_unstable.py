"""`profile-user-id-unstable`: a user has the same id at every login."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import arguments, callee, method_of, path_of
from dbconn_tui.lint.profiles import profiles
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.lint.variables import Variables
from dbconn_tui.problems import Severity

_CHANGING: Final = frozenset(
    {
        "random",
        "now",
        "uuid",
        "uuidv4",
        "v1",
        "v4",
        "v7",
        "nanoid",
        "randomUUID",
        "randomBytes",
        "randomInt",
        "getTime",
        "cuid",
    },
)


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a user_id that is made anew at every run."""
    variables = subject.shared(Variables)
    for profile in subject.shared(profiles).literals:
        value = profile.values.get("user_id") or profile.values.get("id")
        for leaf in variables.leaves(value) if value is not None else ():
            made = next((node for node in leaf.walk() if _is_new_each_time(node)), None)
            if made is not None and value is not None:
                yield Finding(
                    f"`{made.text}` is different at every login, and so is the user",
                    subject.parsed.span(value),
                    "Use a key that the store keeps.",
                )
                break


def _is_new_each_time(node: Node) -> bool:
    if node.type == "new_expression":
        return path_of(callee(node)) == ("Date",) and not arguments(node)
    return node.type == "call_expression" and method_of(node) in _CHANGING and not any(map(path_of, arguments(node)))


RULE = Rule(
    id="profile-user-id-unstable",
    severity=Severity.ERROR,
    title="A user has the same user_id at every login.",
    why="With a new id each login makes a new user: without history, without roles, without linked accounts.",
    source="Auth0 docs, Get user template (return a consistent user_id)",
    bad=(
        example("get_user", "return callback(null, { user_id: uuid.v4(), email: row.email });"),
        example("get_user", "const id = 'u' + Date.now();\nreturn callback(null, { user_id: id });"),
    ),
    good=(example("get_user", "return callback(null, { user_id: row.uuid, email: row.email });"),),
    script=check,
)
