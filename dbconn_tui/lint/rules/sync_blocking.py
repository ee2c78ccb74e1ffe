"""`sync-blocking`: nothing stops the whole container."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import Nodes, callee, method_of, path_of
from dbconn_tui.lint.module_tables import BLOCKING
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a call that blocks, or a loop that waits for the clock."""
    if not any(word in subject.text for word in ("Sync", "Atomics", "Date.now()")):
        return
    nodes = subject.shared(Nodes)
    for call in nodes.of("call_expression"):
        name = method_of(call)
        if name in BLOCKING or path_of(callee(call)) == ("Atomics", "wait"):
            other = name.removesuffix("Sync")
            yield Finding(
                f"`{name}` stops every run in this container until it is done",
                subject.parsed.span(callee(call) or call),
                f"Use `{other}` with `await` or a callback." if other != name else "Wait with a timer.",
            )
    for loop in nodes.of("while_statement", "do_statement"):
        condition = loop.field("condition")
        if condition is not None and "Date.now()" in condition.text:
            yield Finding(
                "a loop that waits for the clock stops every run in this container",
                subject.parsed.span(condition),
                "Wait with a timer, e.g. `await new Promise((done) => setTimeout(done, 100))`.",
            )


RULE = Rule(
    id="sync-blocking",
    severity=Severity.WARNING,
    title="No call blocks the container.",
    why="Runs of several users share one container and one thread. A hash computed synchronously holds them all up.",
    source="Auth0 docs, Custom database connections (shared containers)",
    bad=(
        example("login", "const ok = bcrypt.compareSync(password, hash);\nuse(ok);"),
        example("login", "while (Date.now() < end) {}\nreturn callback(null);"),
    ),
    good=(example("login", "bcrypt.compare(password, hash, (err, ok) => callback(err, ok));"),),
    script=check,
)
