"""`callback-then-continue`: the call of the callback is the last thing a function does."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.flow.analysis import callback_flow
from dbconn_tui.lint.flow.wording import callback_name, head_span, line_of
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding at the first work after each call; info where it stands in a `finally` block."""
    flow = subject.shared(callback_flow)
    name = callback_name(flow)
    told: set[Node] = {multiple.first for multiple in flow.multiple}
    for work in sorted(flow.afterwards, key=lambda node: node.start):
        site = flow.afterwards[work]
        if site in told:
            continue
        told.add(site)
        in_finally = any(outer.type == "finally_clause" for outer in work.ancestors())
        yield Finding(
            f"this runs after line {line_of(subject, site)} has called `{name}`",
            head_span(subject, work),
            f"Do it first, and `return {name}(…)` last: after the call the container may stop at any moment.",
            severity=Severity.INFO if in_finally else None,
        )


RULE = Rule(
    id="callback-then-continue",
    severity=Severity.WARNING,
    title="The call of the callback is the last thing a function does.",
    why="The platform answers as soon as the callback is called, and may freeze or recycle the container then. "
    "Connections that were to be closed stay open, records that were to be written are not.",
    source="Auth0 docs, Action script best practices (the callback is the final thing called)",
    bad=(
        example(
            "verify",
            """
            const client = require('client').open(configuration.URL);
            client.check(email, (err, ok) => {
              callback(err, ok);
              client.close();
            });
            """,
        ),
    ),
    good=(
        example(
            "verify",
            """
            const client = require('client').open(configuration.URL);
            client.check(email, (err, ok) => {
              client.close();
              return callback(err, ok);
            });
            """,
        ),
        example(
            "verify",
            """
            require('store').check(email, (err, ok) => {
              if (err) return callback(err);
              callback(null, ok);
              function unused() {
                require('store').close();
              }
            });
            """,
        ),
    ),
    script=check,
)
