"""`script-unimplemented`: the script is not the dashboard's placeholder."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dbconn_tui.action_scripts.kinds import PLACEHOLDER_TEXT
from dbconn_tui.action_scripts.scopes import parameters_of
from dbconn_tui.lint.rule import Example, Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity

_STATEMENTS: Final = frozenset(
    {"lexical_declaration", "variable_declaration", "return_statement", "expression_statement"},
)
"""Straight-line statements; a script that decides anything is real code."""


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding at the placeholder's text, when an error of it is all that the callback ever gets."""
    function = subject.parsed.function
    body = function.node.field("body") if function is not None else None
    if body is None or not _only_hands_an_error(subject):
        return
    statements = [child for child in body.named_children if child.type != "comment"]
    if any(child.type not in _STATEMENTS for child in statements):
        return
    for node in body.walk():
        if node.type in ("string", "template_string") and PLACEHOLDER_TEXT in node.text:
            yield Finding(
                f"{subject.kind} is still the dashboard's placeholder, which answers every call with an error",
                subject.parsed.span(node),
                "Write the script, or delete the file.",
            )
            return


def _only_hands_an_error(subject: ScriptSubject) -> bool:
    """Whether the last parameter is used once, in `callback(new …)`."""
    function = subject.parsed.function
    last = parameters_of(function.node)[-1:] if function is not None else []
    binding = subject.parsed.scopes.binding(last[0]) if last else None
    if binding is None or len(binding.references) != 1:
        return False
    use = binding.references[0]
    arguments = use.parent.field("arguments") if use.parent is not None and use.field_name == "function" else None
    return arguments is not None and [child.type for child in arguments.named_children] == ["new_expression"]


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
                "  console.log('not yet');\n"
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
        Example(
            {
                "verify": "function verify(email, callback) {\n"
                "  if (configuration.STORE) {\n    return callback(null, true);\n  }\n"
                "  return callback(new Error('Please implement the store'));\n}\n",
            },
        ),
    ),
    script=check,
    refuses=True,
)
