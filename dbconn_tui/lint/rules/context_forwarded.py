"""`context-forwarded`: the store gets what it needs of the context."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import ACCESSES, is_inside
from dbconn_tui.lint.http_clients import http_calls
from dbconn_tui.lint.inputs import Inputs
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a request that gets the whole context."""
    context = subject.shared(Inputs).context
    if context is None:
        return
    calls = [call.node for call in subject.shared(http_calls)]
    for reference in context.references:
        outer = reference.parent
        if outer is None or outer.type in ACCESSES or not any(is_inside(reference, call) for call in calls):
            continue
        if outer.type in ("pair", "object", "arguments", "spread_element"):
            yield Finding(
                "the whole context is sent to the store",
                subject.parsed.span(reference),
                "Send the field that the store needs, e.g. `context.organization?.id`.",
            )


RULE = Rule(
    id="context-forwarded",
    severity=Severity.INFO,
    title="The store gets what it needs of the context, not all of it.",
    why="The context holds the organization with its metadata, and whatever the platform adds to it later.",
    source="Auth0 docs, Action coding guidelines",
    bad=(example("login", "fetch(configuration.URL, { body: JSON.stringify({ context }) });", context=True),),
    good=(
        example(
            "login",
            "fetch(configuration.URL, { body: JSON.stringify({ org: context.organization?.id }) });",
            context=True,
        ),
    ),
    script=check,
)
