"""`error-masked`: a failure is not turned into “not found” or success."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import Nodes, is_nothing
from dbconn_tui.lint.flow.analysis import callback_flow
from dbconn_tui.lint.flow.reachability import DeadCode
from dbconn_tui.lint.flow.run import Site
from dbconn_tui.lint.flow.situations import situation
from dbconn_tui.lint.flow.wording import callback_name
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding at each call without an error inside a handler, and at each `catch` that is quite empty."""
    dead = subject.shared(DeadCode)
    flow = subject.shared(callback_flow)
    name = callback_name(flow)
    for site in flow.sites:
        if dead.holds(site.node) or not _hides(site):
            continue
        around = situation(site.node)
        if around.handler is not None and not around.knows_the_cause:
            yield Finding(
                "a failure is answered as if there were none",
                subject.parsed.span(site.node),
                f"Write `{name}(error)`, except for errors whose status or code says “not found”.",
            )
    for clause in subject.shared(Nodes).of("catch_clause"):
        body = clause.field("body")
        if body is not None and not body.children and not dead.holds(clause):
            yield Finding(
                "errors vanish here without a trace",
                subject.parsed.span(clause),
                f"Call `{name}(error)`, or say in a comment why the error does not matter.",
            )


def _hides(site: Site) -> bool:
    """Whether a call says “nothing”, false or true, and no error."""
    arguments = site.arguments
    if any(argument.type == "spread_element" for argument in arguments):
        return False
    if arguments and not is_nothing(arguments[0]):
        return False
    return len(arguments) < 2 or _is_plain(arguments[1])


def _is_plain(result: Node) -> bool:
    return is_nothing(result) or result.type in ("true", "false")


RULE = Rule(
    id="error-masked",
    severity=Severity.WARNING,
    title="A failure is not turned into “not found” or success.",
    why="If get_user answers an outage with `callback(null)`, Auth0 takes the user for unknown: a sign-up creates a "
    "second account, a reset says that there is no such address.",
    source="Auth0 docs, Error handling",
    bad=(
        example(
            "get_user",
            "require('store').find(email).then((user) => callback(null, user)).catch(() => callback(null));",
        ),
        example(
            "get_user",
            """
            require('db').query('…', (err, rows) => {
              if (err || !rows.length) return callback(null);
              return callback(null, { user_id: rows[0].id, email });
            });
            """,
        ),
        example(
            "get_user",
            """
            let user = null;
            try {
              user = JSON.parse(configuration.USERS)[email];
            } catch (error) {}
            return callback(null, user ? { user_id: user.id, email } : undefined);
            """,
        ),
    ),
    good=(
        example(
            "get_user",
            """
            require('store').find(email).then((user) => callback(null, user)).catch((error) => {
              if (error.status === 404) return callback(null);
              return callback(error);
            });
            """,
        ),
        example(
            "get_user",
            """
            let user = null;
            try {
              user = JSON.parse(configuration.USERS)[email];
            } catch (error) {
              // Nobody is listed there before the first import.
            }
            return callback(null, user ? { user_id: user.id, email } : undefined);
            """,
        ),
        example("verify", "require('db').update(email, (err, count) => (err ? callback(err) : callback(null, true)));"),
    ),
    script=check,
)
