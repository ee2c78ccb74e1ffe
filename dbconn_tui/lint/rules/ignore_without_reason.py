"""`ignore-without-reason`: an ignore comment says which rule, and why."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.rule import Example, Finding, Needs, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding an ignore comment that lacks its rule or its reason, and so ignores nothing."""
    for ignore in subject.ignores:
        if ignore.rules and ignore.reason:
            continue
        lacks = "a reason" if ignore.rules else "a rule"
        name = ignore.rules[0] if ignore.rules else "RULE"
        yield Finding(
            f"the dbconn-ignore comment has no effect: it does not give {lacks}",
            ignore.span,
            f"Write `// dbconn-ignore: {name} -- why it is right here`.",
        )


RULE = Rule(
    id="ignore-without-reason",
    severity=Severity.WARNING,
    title="An ignore comment names its rule and gives a reason.",
    why="Whoever reads the script later must be able to tell whether the exception still holds.",
    source="dbconn",
    bad=(
        Example({"delete": "// dbconn-ignore: function-name\nfunction drop(id, callback) {\n  callback(null);\n}\n"}),
        Example({"delete": "// dbconn-ignore\nfunction drop(id, callback) {\n  callback(null);\n}\n"}),
    ),
    good=(
        Example(
            {
                "delete": "// dbconn-ignore: function-name -- our log alerts look for this name\n"
                "function drop(id, callback) {\n  callback(null);\n}\n",
            },
        ),
    ),
    script=check,
    needs=Needs.TREE,
    ignorable=False,
)
