"""`node-syntax-too-new`: the runtime has the function."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import Nodes, callee, method_of, path_of, receiver_of
from dbconn_tui.lint.module_tables import NEWER_THAN_18
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Certainty, Severity

_NEWEST: Final = 22
"""The newest major version of Node that the platform runs scripts on."""


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a built-in function newer than Node 22; under `strict` also one that Node 18 does not have."""
    free = subject.parsed.scopes.free
    for call in subject.shared(Nodes).of("call_expression"):
        path = path_of(callee(call))
        name = ".".join(path) if len(path) == 2 and path[0] in free else ""
        if name not in NEWER_THAN_18 and receiver_of(call) is not None:
            name = method_of(call)
        since = NEWER_THAN_18.get(name)
        if since is None:
            continue
        target = callee(call)
        yield Finding(
            f"`{name}` exists since Node {since}",
            subject.parsed.span(target if target is not None else call),
            f"The platform runs scripts on Node {_NEWEST} or 18; write it another way.",
            certainty=Certainty.CERTAIN if since > _NEWEST else Certainty.POSSIBLE,
            severity=None if since > _NEWEST else Severity.INFO,
            pedantic=since <= _NEWEST,
        )


RULE = Rule(
    id="node-syntax-too-new",
    severity=Severity.WARNING,
    title="Built-in functions exist in the runtime.",
    why="Scripts run on Node 22, on older tenants on Node 18. A function of a newer Node is undefined there.",
    source="Auth0 docs, Create a custom database connection (runtime); Migrate to Node.js 22",
    bad=(
        example("login", "return Promise.try(() => load());"),
        example("login", "return callback(null, rows.toSorted());", preset="strict"),
    ),
    good=(
        example("login", "return callback(null, rows.toSorted());"),
        example("login", "const Promise = require('bluebird@3.7.2');\nreturn Promise.try(() => load());"),
    ),
    script=check,
)
