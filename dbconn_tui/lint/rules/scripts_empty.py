"""`scripts-empty`: a script file holds a script."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.rule import Example, Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding about a file without code: nothing, blanks, or comments only."""
    if subject.parsed.statements:
        return
    what = "the file is empty" if not subject.text.strip() else "the file holds no code"
    yield Finding(what, hint="Write the script, or delete the file: then the connection has no such script.")


RULE = Rule(
    id="scripts-empty",
    severity=Severity.ERROR,
    title="A script file is not empty.",
    why="The platform refuses an empty script, and one of comments only fails whenever it is called.",
    source="Management API schema (a script has at least one character)",
    bad=(Example({"verify": ""}, shown="an empty verify.js"), Example({"verify": "// to be written\n"})),
    good=(Example({"verify": "function verify(email, callback) {\n  return callback(null, true);\n}\n"}),),
    script=check,
    refuses=True,
)
