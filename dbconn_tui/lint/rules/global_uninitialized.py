"""`global-uninitialized`: what is read from `global` is made there first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import ACCESSES, is_tested, is_written, property_of
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity

_OWN: Final = frozenset(
    {"Date", "JSON", "Math", "crypto", "fetch", "process", "console", "Buffer", "Promise", "Object"}
)


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a property of `global` that the script uses, never sets, and never looks for."""
    reads: dict[str, Node] = {}
    known: set[str] = set()
    for name in ("global", "globalThis"):
        for reference in subject.parsed.scopes.free.get(name, []):
            access = reference.parent
            if access is None or access.type not in ACCESSES or reference.field_name != "object":
                known.add("*")
                continue
            member = property_of(access)
            if member is None:
                known.add("*")
            elif is_written(access) or is_tested(access):
                known.add(member)
            elif access.parent is not None and access.parent.type in (*ACCESSES, "call_expression"):
                reads.setdefault(member, access)
    for member, access in reads.items():
        if not {member, "*"} & known and member not in _OWN:
            yield Finding(
                f"`{access.text}` is used, but this script never makes it: in a new container it is undefined",
                subject.parsed.span(access),
                f"Write `if (!{access.text}) {access.text} = …` before; other scripts run in other containers.",
            )


RULE = Rule(
    id="global-uninitialized",
    severity=Severity.WARNING,
    title="What a script reads from `global` it can make itself.",
    why="Containers come and go, and each script may run in another one. What was put into `global` earlier is gone "
    "without a warning.",
    source="Auth0 docs, Custom database connections (the global object)",
    bad=(example("login", "const token = global.token.value;\nuse(token);"),),
    good=(
        example("login", "if (!global.token) global.token = makeToken();\nuse(global.token.value);"),
        example("login", "use(global.token?.value);\nconst fetch = global.fetch;\nglobal.fetch(url);"),
    ),
    script=check,
)
