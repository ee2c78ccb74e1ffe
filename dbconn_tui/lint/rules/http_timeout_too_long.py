"""`http-timeout-too-long`: a request's time limit leaves time to answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import Nodes, argument, callee, number_value, path_of
from dbconn_tui.lint.http_clients import http_calls
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.lint.variables import Variables
from dbconn_tui.problems import Certainty, Severity

_LONG: Final = 10_000
"""Milliseconds."""
_STOPPED: Final = 20_000
"""Milliseconds after which the platform stops a script."""
_SHORTEST: Final = 100
"""Milliseconds; less was probably meant as seconds."""


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a time limit of 10 seconds or more, or of so few milliseconds that seconds were meant."""
    for node in _limits(subject):
        limit = number_value(node)
        if limit is None or _SHORTEST <= limit < _LONG or limit == 0:
            continue
        if limit < _SHORTEST:
            yield Finding(
                f"the time limit is {limit:g} milliseconds",
                subject.parsed.span(node),
                f"If seconds are meant, write {limit * 1000:g}.",
                severity=Severity.WARNING,
                certainty=Certainty.POSSIBLE,
            )
        else:
            yield Finding(
                f"the time limit of {limit / 1000:g} seconds is {'beyond' if limit >= _STOPPED else 'close to'} "
                "the 20 seconds that a script may take",
                subject.parsed.span(node),
                "Write 5000 or less; all calls of a run together must stay below 20 seconds.",
                severity=None if limit >= _STOPPED else Severity.WARNING,
            )


def _limits(subject: ScriptSubject) -> Iterator[Node]:
    for call in subject.shared(http_calls):
        for name in sorted(call.client.timeouts - {"signal"}):
            value = call.values.get(name)
            if value is not None:
                yield subject.shared(Variables).resolve(value)
    for node in subject.shared(Nodes).of("call_expression"):
        if path_of(callee(node)) == ("AbortSignal", "timeout"):
            given = argument(node, 0)
            if given is not None:
                yield subject.shared(Variables).resolve(given)


RULE = Rule(
    id="http-timeout-too-long",
    severity=Severity.ERROR,
    title="A request's time limit is below 10 seconds.",
    why="The platform stops a script after about 20 seconds, all its calls together. A limit close to that never "
    "helps, and one beyond it never fires.",
    source="Auth0 docs, Action coding guidelines (less than 10 seconds); Custom database connections: limits",
    bad=(
        example("login", "fetch(configuration.URL, { signal: AbortSignal.timeout(30000) });"),
        example(
            "login", "const axios = require('axios@1.7.9');\naxios.get(configuration.URL, { timeout: 10 * 1000 });"
        ),
        example("login", "request.get({ url: configuration.URL, timeout: 5 }, callback);"),
    ),
    good=(
        example("login", "fetch(configuration.URL, { signal: AbortSignal.timeout(5000) });"),
        example("login", "const settings = { timeout: 60000 };\nsave(settings);"),
    ),
    script=check,
)
