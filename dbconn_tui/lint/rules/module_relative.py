"""`module-relative`: only modules are required, no files."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.examples import example
from dbconn_tui.lint.modules import Modules
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a required file; a warning where only a run can tell what is required."""
    for require in subject.shared(Modules).requires:
        if require.specification is None:
            yield Finding(
                "nobody can tell what is required here before it runs",
                subject.parsed.span(require.place),
                "Write the module and its version as one string.",
                severity=Severity.WARNING,
            )
        elif require.specification.startswith((".", "/")):
            yield Finding(
                f"`{require.specification}` is a file, and only the script itself is deployed",
                subject.parsed.span(require.place),
                "Move what it holds into the script's function.",
            )


RULE = Rule(
    id="module-relative",
    severity=Severity.ERROR,
    title="No file is required.",
    why="Each script is deployed by itself, as the text of one function. There is no other file it could load.",
    source="Auth0 docs, Custom database connections (a script is one function)",
    bad=(
        example("login", "const hash = require('./lib/hash');\nuse(hash);"),
        example("login", "use(require(identifier));"),
    ),
    good=(example("login", "function hash(text) {\n  return text;\n}\nuse(hash);"),),
    script=check,
)
