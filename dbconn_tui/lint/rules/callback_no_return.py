"""`callback-no-return`: a call of the callback is written as a `return`."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.edits import Edit
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import is_in_loop
from dbconn_tui.lint.flow.analysis import callback_flow
from dbconn_tui.lint.flow.wording import callback_name
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding at each call that is a statement of its own; only strict tells those after which nothing follows.

    Silent about calls that `callback-multiple` or `callback-then-continue` speaks of.
    """
    flow = subject.shared(callback_flow)
    name = callback_name(flow)
    told = {multiple.first for multiple in flow.multiple} | set(flow.afterwards.values())
    seconds = {multiple.second for multiple in flow.multiple}
    for site in flow.sites:
        statement = site.node.parent
        if statement is None or statement.type != "expression_statement" or site.node in told:
            continue
        # Where something follows, or the same again, a return would take it away.
        ends = not (site.node in flow.continued or site.node in seconds or is_in_loop(statement))
        yield Finding(
            f"nothing says that the function ends with this call of `{name}`",
            subject.parsed.span(site.node),
            f"Write `return {name}(…);`.",
            pedantic=site.node not in flow.continued,
            edits=(Edit(statement.start, statement.start, "return "),) if ends else (),
        )


RULE = Rule(
    id="callback-no-return",
    severity=Severity.INFO,
    title="A call of the callback is written as a return.",
    why="With `return` before it, a call cannot be followed by another one, also not after the next change.",
    source="Auth0 docs, Action script best practices (preferably by an explicit return)",
    bad=(
        example("verify", "callback(null, email === configuration.KNOWN);", preset="strict"),
        example(
            "verify",
            """
            let known = false;
            if (email) {
              callback(null, true);
              known = true;
            } else {
              return callback(null, known);
            }
            """,
        ),
    ),
    good=(
        example("verify", "return callback(null, email === configuration.KNOWN);", preset="strict"),
        example("verify", "callback(null, email === configuration.KNOWN);"),
        example("verify", "setImmediate(() => callback(null, true));", preset="strict"),
    ),
    script=check,
)
