"""`validation-error-args`: ValidationError takes a code, then a message, and belongs to create."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import Nodes, arguments, callee, path_of, text_value
from dbconn_tui.lint.flow.reachability import DeadCode
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding at each ValidationError whose first argument is a sentence, or that stands in another script."""
    dead = subject.shared(DeadCode)
    for node in subject.shared(Nodes).of("new_expression"):
        if path_of(callee(node)) != ("ValidationError",) or dead.holds(node):
            continue
        given = arguments(node)
        code = text_value(given[0]) if given else None
        if code is not None and " " in code.strip():
            yield Finding(
                "the first argument is a code for machines, not a sentence",
                subject.parsed.span(given[0]),
                "Write `new ValidationError('user_exists', 'The user already exists')`, or a code of your own.",
            )
        elif subject.kind != "create" and subject.known_kind is not None:
            yield Finding(
                f"a ValidationError means something in create only, and this is {subject.kind}",
                subject.parsed.span(node),
                "Use `new Error(message)` here.",
            )


RULE = Rule(
    id="validation-error-args",
    severity=Severity.WARNING,
    title="ValidationError takes a code, then a message, and belongs to create.",
    why="Sign-up pages choose their text by the code. A sentence in its place reaches the user as an unknown error.",
    source="Auth0 docs, Custom database templates: create; Error handling",
    bad=(
        example("create", "return callback(new ValidationError('The user already exists'));"),
        example("verify", "return callback(new ValidationError('not_verified', 'Not verified'));"),
    ),
    good=(
        example("create", "return callback(new ValidationError('user_exists', 'The user already exists'));"),
        example("create", "return callback(new ValidationError('email-too-long', 'Too long'));"),
    ),
    script=check,
)
