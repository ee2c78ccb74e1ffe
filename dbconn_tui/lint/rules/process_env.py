"""`process-env`: settings come from `configuration`."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import ACCESSES, is_written, property_of
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a read of the environment or of where a file lies."""
    free = subject.parsed.scopes.free
    for reference in free.get("process", []):
        access = reference.parent
        if access is None or property_of(access) != "env" or reference.field_name != "object":
            continue
        outer = access.parent
        if outer is not None and outer.type in ACCESSES and access.field_name == "object":
            if is_written(outer):
                continue
            access = outer
        yield Finding(
            f"`{access.text}` is not yours: the sandbox has no environment variables of your own",
            subject.parsed.span(access),
            "Read it from `configuration`.",
        )
    for name in ("__dirname", "__filename"):
        for reference in free.get(name, [])[:1]:
            yield Finding(
                f"`{name}` leads nowhere: only the script itself is deployed",
                subject.parsed.span(reference),
                "Put what the script needs into `configuration`.",
            )


RULE = Rule(
    id="process-env",
    severity=Severity.WARNING,
    title="Settings come from `configuration`.",
    why="The sandbox passes no environment variables on. `process.env.X` is undefined there, however it is set "
    "elsewhere.",
    source="Auth0 docs, Custom database connections: configuration",
    bad=(
        example("login", "const key = process.env.API_KEY;\nuse(key);"),
        example("login", "use(`${__dirname}/ca.pem`);"),
    ),
    good=(example("login", "const key = configuration.API_KEY;\nuse(key, process.version);"),),
    script=check,
)
