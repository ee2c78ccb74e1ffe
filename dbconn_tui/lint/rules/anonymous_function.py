"""`anonymous-function`: the script's function has a name."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.edits import Edit
from dbconn_tui.lint.expressions import Nodes
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
    edits = _named(subject, function.node, kind.function) if kind is not None and function.form != "arrow" else ()
    yield Finding("the script's function has no name", function.head, hint, edits=edits)


def _named(subject: ScriptSubject, function: Node, name: str) -> tuple[Edit, ...]:
    """The name before the parameters; () where it would hide something of that name."""
    formal = function.field("parameters")
    if formal is None or any(node.text == name for node in subject.shared(Nodes).of("identifier")):
        return ()
    before = "" if subject.text[formal.start - 1 : formal.start].isspace() else " "
    return (Edit(formal.start, formal.start, f"{before}{name}"),)


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
