"""`callback-multiple`: no way through the script calls the callback twice."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.flow.analysis import Multiple, callback_flow
from dbconn_tui.lint.flow.wording import callback_name, head_span, line_of
from dbconn_tui.lint.rule import Example, Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Certainty, Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding at each second call, naming the line of the first."""
    flow = subject.shared(callback_flow)
    for multiple in flow.multiple:
        yield _finding(subject, callback_name(flow), multiple)


def _finding(subject: ScriptSubject, name: str, multiple: Multiple) -> Finding:
    first = line_of(subject, multiple.first)
    statement = multiple.first.parent
    if multiple.first is multiple.second:
        message = f"`{name}` can be called here more than once in one run"
        hint = f"Call `{name}` once, after everything else; or leave the function that repeats this call."
    else:
        message = f"`{name}` is called here a second time: line {first} has called it on the same way"
        hint = f"Make sure that only one of the two calls runs, e.g. with a flag that line {first} sets."
        if statement is not None and statement.type == "expression_statement":
            hint = f"Write `return {name}(…)` in line {first}, or see to it that only one of the two calls runs."
    return Finding(
        message,
        head_span(subject, multiple.second),
        hint,
        Certainty.CERTAIN if multiple.certain else Certainty.POSSIBLE,
    )


RULE = Rule(
    id="callback-multiple",
    severity=Severity.ERROR,
    title="No way through the script calls the callback twice.",
    why="The platform takes the first answer and cannot take a second. Which of the two counts depends on chance, and "
    "a second call can end the container in the middle of another user's login.",
    source="Auth0 docs, Custom database connections: callback",
    bad=(
        Example(
            {
                "get_user": "function getUser(email, callback) {\n"
                "  require('store').find(email, (err, user) => {\n"
                "    if (err) callback(err);\n"
                "    callback(null, user ? { user_id: user.id, email } : undefined);\n  });\n}\n",
            },
        ),
        Example(
            {
                "get_user": "function getUser(email, callback) {\n"
                "  fetch(configuration.URL)\n"
                "    .then((response) => {\n"
                "      if (!response.ok) return callback(new Error('The store is not available'));\n"
                "      return response.json();\n"
                "    })\n"
                "    .then((user) => callback(null, { user_id: user.id, email }))\n"
                "    .catch((error) => callback(error));\n}\n",
            },
        ),
    ),
    good=(
        Example(
            {
                "get_user": "function getUser(email, callback) {\n"
                "  require('store').find(email, (err, user) => {\n"
                "    if (err) return callback(err);\n"
                "    return callback(null, user ? { user_id: user.id, email } : undefined);\n  });\n}\n",
            },
        ),
        Example(
            {
                "verify": "function verify(email, callback) {\n"
                "  let done = false;\n"
                "  function finish(error, result) {\n"
                "    if (done) return;\n"
                "    done = true;\n"
                "    callback(error, result);\n  }\n"
                "  setTimeout(() => finish(new Error('The store does not answer')), 5000);\n"
                "  require('store').check(email, finish);\n}\n",
            },
        ),
    ),
    script=check,
)
