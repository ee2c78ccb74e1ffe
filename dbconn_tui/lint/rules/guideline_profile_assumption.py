"""`guideline-profile-assumption`: only the id of a record is sure to be there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import Nodes, callee, property_of, receiver_of
from dbconn_tui.lint.names_tested import Tested
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity

_METHODS: Final = frozenset(
    {"split", "trim", "toLowerCase", "toUpperCase", "slice", "substring", "replace", "startsWith", "endsWith"}
)
_FIELDS: Final = frozenset({"email", "name", "username", "nickname", "given_name", "family_name", "phone_number"})


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """Under `strict`: one finding a string method on a field that may be empty."""
    for call in subject.shared(Nodes).of("call_expression"):
        target = callee(call)
        if target is None or target.type != "member_expression" or property_of(target) not in _METHODS:
            continue
        receiver = receiver_of(call)
        if receiver is None or receiver.type != "member_expression":
            continue
        optional = target.field("optional_chain") is not None or receiver.field("optional_chain") is not None
        if property_of(receiver) in _FIELDS and not optional and not subject.shared(Tested).knows(receiver):
            yield Finding(
                f"`{receiver.text}` may be missing, and then this throws",
                subject.parsed.span(call),
                f"Write `({receiver.text} || '')`.",
                pedantic=True,
            )


RULE = Rule(
    id="guideline-profile-assumption",
    severity=Severity.INFO,
    title="Fields of a record are not taken for granted.",
    why="Only the id is sure to be there. A method called on a missing name throws.",
    source="Auth0 docs, Action coding guidelines",
    bad=(example("login", "const nickname = row.email.split('@')[0];\nuse(nickname);", preset="strict"),),
    good=(
        example("login", "const nickname = (row.email || '').split('@')[0];\nuse(nickname);", preset="strict"),
        example("login", "const name = row.name?.trim();\nuse(name);", preset="strict"),
    ),
    script=check,
)
