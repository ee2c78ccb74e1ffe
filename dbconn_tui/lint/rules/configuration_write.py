"""`configuration-write`: `configuration` is only read."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import ACCESSES, Nodes, arguments, callee, is_assigned, is_written, path_of
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a write to the platform's `configuration`; a warning where a variable bears its name."""
    nodes = subject.shared(Nodes)
    for reference in subject.parsed.scopes.free.get("configuration", []):
        access = reference.parent
        if access is None:
            continue
        if is_assigned(reference) or (
            access.type in ACCESSES and reference.field_name == "object" and is_written(access)
        ):
            yield _found(subject, reference)
        call = access.parent
        if call is not None and path_of(callee(call)) == ("Object", "assign") and arguments(call)[0] is reference:
            yield _found(subject, reference)
    for declarator in nodes.of("variable_declarator"):
        name = declarator.field("name")
        if name is not None and name.text == "configuration":
            yield Finding(
                "this variable hides the platform's `configuration`",
                subject.parsed.span(name),
                "Give it another name.",
                severity=Severity.WARNING,
            )


def _found(subject: ScriptSubject, node: Node) -> Finding:
    return Finding(
        "`configuration` is written to, but it is read-only",
        subject.parsed.span(node),
        "Keep the value in a local variable, or in `global` when all runs may share it.",
    )


RULE = Rule(
    id="configuration-write",
    severity=Severity.ERROR,
    title="`configuration` is only read.",
    why="The platform provides `configuration` read-only. What a script writes there is lost or throws.",
    source="Auth0 docs, Custom database connections: configuration",
    bad=(
        example("login", "configuration.TOKEN = makeToken();\nreturn callback(null);"),
        example("login", "const configuration = { URL: 'x' };\nuse(configuration);"),
    ),
    good=(
        example("login", "const settings = { ...configuration, retries: 2 };\nsettings.retries = 3;\nuse(settings);"),
    ),
    script=check,
)
