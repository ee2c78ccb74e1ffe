"""`anonymous-function`: the script's function has a name."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.rule import Example, Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding at the head of a top-level function without a name; inner functions are free."""
    function = subject.parsed.function
    if function is None or function.name is not None:
        return
    kind = subject.known_kind
    name = f"`{kind.function}`" if kind is not None else "a name"
    hint = f"Call it {name}." if kind is not None else "Give it a name."
    if function.form == "arrow":
        hint = f"Write it as a function declaration with the name {name}." if kind is not None else hint
    yield Finding("the script's function has no name", function.head, hint)


RULE = Rule(
    id="anonymous-function",
    severity=Severity.WARNING,
    title="The script's function has a name.",
    why="A stack trace in the tenant's log names the function; without a name it names nothing.",
    source="Auth0 docs, Action script best practices (avoid anonymous functions)",
    bad=(
        Example({"get_user": "function (email, callback) {\n  return callback(null);\n}\n"}),
        Example({"verify": "(email, callback) => callback(null, true);\n"}),
    ),
    good=(
        Example({"get_user": "function getUser(email, callback) {\n  return callback(null);\n}\n"}),
        Example(
            {
                "verify": "function verify(email, callback) {\n"
                "  setImmediate(function () {\n    callback(null, true);\n  });\n}\n",
            },
        ),
    ),
    script=check,
)
