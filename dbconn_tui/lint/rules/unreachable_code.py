"""`unreachable-code`: every statement can be reached."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.examples import example
from dbconn_tui.lint.flow.reachability import DeadCode
from dbconn_tui.lint.flow.wording import head_span, line_of
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding at the first dead statement of a block; hoisted functions and bare `var` are not dead."""
    for statement, leaving in subject.shared(DeadCode).first:
        yield Finding(
            f"nothing leads here: line {line_of(subject, leaving)} leaves on every way",
            head_span(subject, statement),
            "Remove it, or make what stands before it conditional.",
        )


RULE = Rule(
    id="unreachable-code",
    severity=Severity.WARNING,
    title="Every statement can be reached.",
    why="Code behind an unconditional `return` or `throw` never runs. Mostly it is an old body that somebody switched "
    "off, and the next reader takes it for what the script does.",
    source="Auth0 docs, Action coding guidelines (run a linter)",
    bad=(
        example(
            "get_user",
            """
            return callback(null);
            const user = require('store').find(email);
            callback(null, { user_id: user.id, email });
            """,
        ),
        example(
            "verify",
            """
            if (email) {
              return callback(null, true);
            } else {
              return callback(null, false);
            }
            require('store').close();
            """,
        ),
    ),
    good=(
        example(
            "verify",
            """
            var known;
            return answer();
            function answer() {
              return callback(null, email === known);
            }
            var unused;
            """,
        ),
        example(
            "verify",
            """
            switch (email) {
              case 'robin@example.com':
                return callback(null, true);
                break;
              default:
                return callback(null, false);
            }
            """,
        ),
    ),
    script=check,
)
