"""`script-unimplemented`: the script is not the dashboard's placeholder."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dbconn_tui.action_scripts.kinds import PLACEHOLDER_TEXT
from dbconn_tui.lint.rule import Example, Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity

_MOST_STATEMENTS: Final = 3
"""The placeholders make a message and hand it to the callback; a script that does more is real code."""
_STATEMENTS: Final = frozenset(
    {"lexical_declaration", "variable_declaration", "return_statement", "expression_statement"},
)


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding at the placeholder's text, when handing it to the callback is all the script does."""
    function = subject.parsed.function
    body = function.node.field("body") if function is not None else None
    if body is None:
        return
    statements = [child for child in body.named_children if child.type != "comment"]
    if len(statements) > _MOST_STATEMENTS or any(child.type not in _STATEMENTS for child in statements):
        return
    for node in body.walk():
        if node.type in ("string", "template_string") and PLACEHOLDER_TEXT in node.text:
            yield Finding(
                f"{subject.kind} is still the dashboard's placeholder, which answers every call with an error",
                subject.parsed.span(node),
                "Write the script, or delete the file.",
            )
            return


RULE = Rule(
    id="script-unimplemented",
    severity=Severity.ERROR,
    title="The script is not the dashboard's placeholder.",
    why="The dashboard saves placeholders for scripts nobody wrote. Deployed, each answers with an error, "
    "which is worse than not being there.",
    source="Auth0 docs, Error handling (“Please implement the Delete script”); Pre-launch tips",
    bad=(
        Example(
            {
                "delete": "function deleteUser(id, callback) {\n"
                "  return callback(new Error('Please implement the Delete script'));\n}\n",
            },
        ),
        Example(
            {
                "login": "function login(email, password, callback) {\n"
                "  // To be done.\n"
                "  const text = 'Please implement the Login script ' + 'of this connection';\n"
                "  return callback(new Error(text));\n}\n",
            },
        ),
    ),
    good=(
        Example(
            {
                "delete": "function deleteUser(id, callback) {\n"
                "  // return callback(new Error('Please implement the Delete script'));\n"
                "  return callback(null);\n}\n",
            },
        ),
    ),
    script=check,
    refuses=True,
)
