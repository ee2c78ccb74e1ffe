"""`ignore-unused`: an ignore comment silences something. `check.py` looks for it, after all other rules."""

from __future__ import annotations

from dbconn_tui.lint.ignores import Ignore
from dbconn_tui.lint.rule import Example, Finding, Rule
from dbconn_tui.problems import Severity


def unused(ignore: Ignore, rule: str) -> Finding:
    """The finding for a comment that names `rule` where that rule finds nothing."""
    return Finding(
        f"the dbconn-ignore comment silences nothing: {rule} finds nothing here",
        ignore.span,
        "Take it away, or move it to the line of the finding or just above.",
    )


RULE = Rule(
    id="ignore-unused",
    severity=Severity.WARNING,
    title="An ignore comment silences a finding.",
    why="A comment that outlived its reason would hide the next real finding on that line.",
    source="dbconn",
    bad=(
        Example(
            {
                "delete": "// dbconn-ignore: function-name -- no longer true\n"
                "function deleteUser(id, callback) {\n  callback(null);\n}\n",
            },
        ),
    ),
    good=(
        Example(
            {
                "delete": "function drop(id, callback) { // dbconn-ignore: function-name -- our alerts look for it\n"
                "  callback(null);\n}\n",
            },
        ),
    ),
    # Marks where the rule belongs; what a comment silences is only known once all rules have run.
    script=lambda subject: (),
    ignorable=False,
)
