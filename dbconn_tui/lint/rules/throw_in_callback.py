"""`throw-in-callback`: a function that others call does not throw."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.flow.analysis import callback_flow
from dbconn_tui.lint.flow.wording import callback_name, head_span
from dbconn_tui.lint.rule import Example, Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding at each `throw` that leaves a Node-style callback, an event handler or a timer."""
    flow = subject.shared(callback_flow)
    name = callback_name(flow)
    for origin in sorted(flow.thrown_outside, key=lambda node: node.start):
        if origin.type == "throw_statement":
            yield Finding(
                f"nothing catches this: it ends the container instead of calling `{name}`",
                head_span(subject, origin),
                f"Write `return {name}(error);`.",
            )


RULE = Rule(
    id="throw-in-callback",
    severity=Severity.ERROR,
    title="A function that others call later does not throw.",
    why="Whoever calls it has no `catch` for it. The error is an uncaught exception of the container: the callback is "
    "never called, and other logins in the same container may end with it.",
    source="Auth0 docs, Error handling",
    bad=(
        Example(
            {
                "verify": "function verify(email, callback) {\n"
                "  require('store').check(email, (err, ok) => {\n"
                "    if (err) throw err;\n"
                "    return callback(null, ok);\n  });\n}\n",
            },
        ),
    ),
    good=(
        Example(
            {
                "verify": "function verify(email, callback) {\n"
                "  require('store').check(email, (err, ok) => {\n"
                "    if (err) return callback(err);\n"
                "    return callback(null, ok);\n  });\n}\n",
            },
        ),
        Example(
            {
                "verify": "function verify(email, callback) {\n"
                "  fetch(configuration.URL)\n"
                "    .then((response) => {\n"
                "      if (!response.ok) throw new Error('The store is not available');\n"
                "      return true;\n    })\n"
                "    .then((ok) => callback(null, ok), (error) => callback(error));\n}\n",
            },
        ),
    ),
    script=check,
)
