"""`implicit-global`: every variable is declared."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.edits import Edit
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import is_assigned, is_inside
from dbconn_tui.lint.names_tested import announced_globals
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.runtime_globals import GLOBALS
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a name that is assigned and declared nowhere."""
    announced = subject.shared(announced_globals)
    for name, references in subject.parsed.scopes.free.items():
        first = next((reference for reference in references if is_assigned(reference)), None)
        if first is None or name in GLOBALS or name in announced:
            continue
        edit = _declaration(first, references)
        yield Finding(
            f"`{name}` is not declared, so the assignment makes a variable that all users of the container share",
            subject.parsed.span(first),
            f"Write `const {name} = …` or `let {name}`.",
            edits=(edit,) if edit is not None else (),
        )


def _declaration(first: Node, references: list[Node]) -> Edit | None:
    """`const` before the only assignment, when everything else stands after it in the same block."""
    statement = first.parent.parent if first.parent is not None else None
    block = statement.parent if statement is not None else None
    if (
        statement is None
        or block is None
        or statement.type != "expression_statement"
        or block.type != "statement_block"
    ):
        return None
    if first.parent is None or first.parent.type != "assignment_expression" or first.start != statement.start:
        return None
    others = [reference for reference in references if reference is not first]
    if any(is_assigned(one) or one.start < statement.end or not is_inside(one, block) for one in others):
        return None
    return Edit(statement.start, statement.start, "const ")


RULE = Rule(
    id="implicit-global",
    severity=Severity.ERROR,
    title="Every variable is declared.",
    why="Assigning an undeclared name makes a global. Containers are shared: while one login waits, another one "
    "overwrites the value, and users see each other's data.",
    source="Auth0 docs, Custom database connections (the global object); Action coding guidelines",
    bad=(
        example("login", "profile = { user_id: identifier };\nreturn callback(null, profile);"),
        example("login", "for (row of load()) use(row);\nreturn callback(null);"),
    ),
    good=(
        example("login", "const profile = { user_id: identifier };\nreturn callback(null, profile);"),
        example("login", "let row;\nfor (row of load()) use(row);\nreturn callback(null);"),
        example("login", "global.pool = global.pool || open();\nreturn callback(null);"),
    ),
    script=check,
)
