"""`delete-atomic`: who is gone already is deleted."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.callback_calls import callback_calls
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import Nodes, is_inside, number_value
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding where delete answers a missing user with an error."""
    if subject.kind != "delete":
        return
    for statement in subject.shared(Nodes).of("if_statement", "ternary_expression"):
        condition, then = statement.field("condition"), statement.field("consequence")
        if condition is None or then is None or not any(number_value(node) == 404 for node in condition.walk()):
            continue
        if ("===" not in condition.text and "==" not in condition.text) or "!=" in condition.text:
            continue
        failing = next(
            (
                call
                for call in subject.shared(callback_calls)
                if is_inside(call.node, then) and call.error is not None and not call.succeeds
            ),
            None,
        )
        if failing is not None:
            yield Finding(
                "a user who is gone already is answered with an error, so the platform keeps its own record",
                subject.parsed.span(failing.node),
                "Gone is what was asked for: write `callback(null)`.",
            )


RULE = Rule(
    id="delete-atomic",
    severity=Severity.WARNING,
    title="delete counts a user who is gone already as deleted.",
    why="The platform deletes its own record only when the script succeeds. An error for a missing user keeps it "
    "for ever.",
    source="Auth0 docs, Delete template",
    bad=(
        example(
            "delete", "if (response.status === 404) return callback(new Error('no such user'));\nreturn callback(null);"
        ),
    ),
    good=(
        example("delete", "if (response.status === 404) return callback(null);\nreturn callback(null);"),
        example("delete", "if (response.status !== 404) return callback(new Error('store'));\nreturn callback(null);"),
    ),
    script=check,
)
