"""`floating-promise`: no work is started that nobody waits for."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.action_scripts.tree import FUNCTIONS, Node
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import Nodes, argument, arguments, is_inside, method_of, receiver_of
from dbconn_tui.lint.flow.analysis import callback_flow
from dbconn_tui.lint.flow.functions import gives_promise
from dbconn_tui.lint.flow.reachability import DeadCode
from dbconn_tui.lint.flow.wording import head_span
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding at each statement that starts a promise without await, return or a rejection handler.

    Chains that call the callback are `async-unhandled`'s.
    """
    dead = subject.shared(DeadCode)
    sites = subject.shared(callback_flow).sites
    for statement in subject.shared(Nodes).of("expression_statement"):
        call = statement.named_children[0] if statement.named_children else None
        if call is None or call.type != "call_expression" or dead.holds(statement):
            continue
        if not _floats(call) or any(is_inside(site.node, call) for site in sites):
            continue
        yield Finding(
            "nobody waits for this, and nobody handles it when it fails",
            head_span(subject, statement),
            "Write `await` before it, or end it with `.catch(…)`.",
        )


def _floats(call: Node) -> bool:
    """Whether a call starts a promise and leaves it: `fetch(…)`, or a chain from it without a rejection handler."""
    node: Node | None = call
    while node is not None and node.type == "call_expression":
        method = method_of(node)
        if method == "catch" or (method == "then" and argument(node, 1) is not None):
            return False
        if method not in ("then", "finally"):
            has_callback = any(one.type in FUNCTIONS for one in arguments(node)[-1:])
            return gives_promise(node) and not has_callback
        if any(one.type == "identifier" for one in arguments(node)):
            return False
        node = receiver_of(node)
    return False


RULE = Rule(
    id="floating-promise",
    severity=Severity.WARNING,
    title="No work is started that nobody waits for.",
    why="Whatever still runs when the callback is called may be cut off, and a rejection that nobody handles ends the "
    "container since Node 15.",
    source="Auth0 docs, Action script best practices (complete asynchronous work first)",
    bad=(
        example(
            "verify",
            """
            fetch(configuration.AUDIT_URL, { method: 'POST' });
            return callback(null, email === configuration.KNOWN);
            """,
        ),
        example(
            "verify",
            """
            const axios = require('axios@1.7.2');
            axios.post(configuration.AUDIT_URL).then((answer) => answer.status);
            return callback(null, email === configuration.KNOWN);
            """,
        ),
    ),
    good=(
        example(
            "verify",
            """
            await fetch(configuration.AUDIT_URL, { method: 'POST' }).catch(() => null);
            return callback(null, email === configuration.KNOWN);
            """,
            is_async=True,
        ),
        example("verify", "fetch(configuration.URL).then((response) => callback(null, response.ok), callback);"),
        example("verify", "require('axios@1.7.2').get(configuration.URL).then((r) => callback(null, true), callback);"),
    ),
    script=check,
)
