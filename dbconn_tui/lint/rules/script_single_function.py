"""`script-single-function`: the script is one function and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.edits import Edit
from dbconn_tui.lint.expressions import Nodes
from dbconn_tui.lint.rule import Example, Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.lint.wording import counted
from dbconn_tui.problems import Certainty, Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding at the first thing that does not belong to the one function."""
    parsed = subject.parsed
    functions = parsed.functions
    others = [statement for statement in parsed.statements if statement.function is None]
    if not parsed.statements:
        return
    if not functions:
        hint = "Write the script as `function name(…, callback) { … }`."
        if parsed.text.lstrip().startswith("module.exports"):
            hint = "Take `module.exports =` away: the script is the function itself."
        yield Finding("the script is not a function", parsed.statements[0].span, hint)
    elif others:
        hint = "Move it into the function."
        if others[0].node.text.startswith(("module.exports", "exports.")):
            hint = "Take it away: nothing imports the script."
        yield Finding("code stands outside the script's function", others[0].span, hint)
    elif len(functions) > 1:
        yield Finding(
            f"{counted(len(functions), 'function')} stand at the top level; a script is exactly one",
            functions[1].head,
            "Move the helpers into the script's function.",
        )
    elif parsed.trailing_semicolon is not None:
        yield Finding(
            "a semicolon follows the script's function",
            parsed.trailing_semicolon,
            "Delete it: the platform puts parentheses around the whole text.",
            certainty=Certainty.POSSIBLE,
            edits=_without_semicolon(subject),
        )


def _without_semicolon(subject: ScriptSubject) -> tuple[Edit, ...]:
    """The deletion of the last semicolon, when nothing but blanks and comments follows it."""
    at = subject.text.rfind(";")
    last = max((node.end for node in subject.shared(Nodes).of("statement_block")), default=0)
    return (Edit(at, at + 1, ""),) if at >= last and subject.text[at + 1 :].strip() == "" else ()


RULE = Rule(
    id="script-single-function",
    severity=Severity.ERROR,
    title="The file holds exactly one top-level function.",
    why="The text is evaluated as `(SCRIPT)(arguments…, callback)`. Whatever stands beside the function breaks that: "
    "requires, constants, helpers, `module.exports`.",
    source="Auth0 docs and the platform's test harness, which wraps the text in parentheses",
    bad=(
        Example(
            {
                "get_user": "const TABLE = 'users';\n"
                "function getUser(email, callback) {\n  return callback(null, TABLE);\n}\n",
            },
        ),
        Example(
            {
                "create": "function create(user, callback) {\n  return save(user, callback);\n}\n"
                "function save(user, callback) {\n  return callback(null);\n}\n",
            },
        ),
        Example({"login": "myFunction\n"}),
        Example(
            {"verify": "module.exports = function verify(email, callback) {\n  return callback(null, true);\n};\n"}
        ),
        Example({"delete": "function deleteUser(id, callback) {\n  return callback(null);\n};\n"}),
    ),
    good=(
        Example(
            {
                "create": "// Helpers live inside.\n"
                "function create(user, callback) {\n"
                "  const TABLE = 'users';\n"
                "  function save(done) {\n    return done(null, TABLE);\n  }\n"
                "  return save(() => callback(null));\n}\n",
            },
        ),
        Example({"verify": "(function verify(email, callback) {\n  return callback(null, true);\n})\n"}),
    ),
    script=check,
    refuses=True,
)
