"""`too-many-requests`: a login makes few requests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import callee, is_in_loop
from dbconn_tui.lint.http_clients import http_calls
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity

_MANY: Final = 3


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """A finding for a request in a loop, and for the fourth place where a script sends one."""
    calls = subject.shared(http_calls)
    for call in calls:
        if is_in_loop(call.node):
            yield Finding(
                "a request is sent in a loop",
                subject.parsed.span(callee(call.node) or call.node),
                "Ask for all of it in one request.",
            )
            return
    if len(calls) > _MANY:
        yield Finding(
            f"the script sends requests in {len(calls)} places",
            subject.parsed.span(callee(calls[_MANY].node) or calls[_MANY].node),
            "Let one endpoint of your own do the work.",
        )


RULE = Rule(
    id="too-many-requests",
    severity=Severity.INFO,
    title="A script makes as few requests as it can.",
    why="Every request adds its time to the login and another way to fail, and counts against the store's limits.",
    source="Auth0 docs, Action coding guidelines (minimum number of HTTP requests)",
    bad=(
        example(
            "login",
            "for (const tenant of tenants) {\n  await fetch(`${configuration.URL}/${tenant}`);\n}",
            is_async=True,
        ),
        example("login", "fetch(a);\nfetch(b);\nfetch(c);\nfetch(d);"),
    ),
    good=(
        example("login", "const token = await fetch(a);\nconst user = await fetch(b);", is_async=True),
        example("login", "run((done) => fetch(a).then(done));"),
    ),
    script=check,
)
