"""`script-syntax`: the script is JavaScript."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from dbconn_tui.action_scripts.positions import Span
from dbconn_tui.action_scripts.syntax import FaultCause
from dbconn_tui.lint.rule import Example, Finding, Needs, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Certainty, Severity

HINTS: Final[Mapping[FaultCause, str]] = {
    FaultCause.SYNTAX: "",
    FaultCause.ENDS_EARLY: "Look for the place where it should have been closed.",
    FaultCause.MODULE: "Load modules with `require('name@1.2.3')` inside the function.",
    FaultCause.AWAIT: "Write `async` before the function around it.",
    FaultCause.ODD_CHARACTER: "Delete it, or type the plain character: it was probably pasted from a document.",
    FaultCause.KEYWORD: "dbconn substitutes nothing inside scripts: read `configuration.KEY` instead.",
    FaultCause.CONFLICT: "Keep one side, or both, and take out the lines with <<<<<<<, ======= and >>>>>>>.",
    FaultCause.NOT_CHECKED: "Move data out of the script, or split long expressions.",
}


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """The first syntax fault; or, in a script that compiles, characters that should not be in it."""
    parsed = subject.parsed
    fault = parsed.syntax_error
    if fault is not None:
        span = Span(fault.line, fault.column, fault.line, fault.column + 1)
        yield Finding(f"syntax error: {fault.message}", span, HINTS[fault.cause])
        return
    for odd in parsed.odd_characters:
        yield Finding(
            f"an invisible character stands in the code: {odd.name}",
            odd.span,
            "Delete it: it is sent as it stands.",
            certainty=Certainty.POSSIBLE,
        )


RULE = Rule(
    id="script-syntax",
    severity=Severity.ERROR,
    title="The script is JavaScript that can be evaluated as one function.",
    why="The platform stores any text without looking at it; a script that does not compile fails at every login.",
    source="Auth0 docs, Custom database connections: scripts are Node.js functions",
    bad=(
        Example(
            {"login": "function login(email, password, callback) {\n  const url = ;\n  return callback(null);\n}\n"}
        ),
        Example(
            {
                "login": "import axios from 'axios';\n"
                "function login(email, password, callback) {\n  return callback(null);\n}\n",
            },
        ),
        Example(
            {
                "login": "function login(email, password, callback) {\n<<<<<<< yours\n  return callback(null);\n"
                "=======\n  return callback(new Error('closed'));\n>>>>>>> rest-api 2\n}\n",
            },
        ),
    ),
    good=(
        Example(
            {
                "login": "function login(email, password, callback) {\n"
                "  const axios = require('axios@1.7.9');\n"
                "  return axios.get(configuration.API_URL).then(\n"
                "    (answer) => callback(null, answer.data),\n"
                "    (error) => callback(error),\n"
                "  );\n"
                "}\n",
            },
        ),
        Example({"verify": "function (email, callback) {\n  return callback(null, true);\n}\n"}),
    ),
    script=check,
    needs=Needs.TREE,
    refuses=True,
)
