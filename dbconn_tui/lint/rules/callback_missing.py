"""`callback-missing`: every way through the script calls the callback."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from dbconn_tui.lint.flow.analysis import Missing, callback_flow
from dbconn_tui.lint.flow.wording import callback_name, head_span
from dbconn_tui.lint.rule import Example, Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Certainty, Severity

_WAYS: Final[Mapping[str, str]] = {
    "return_statement": "this `return` ends the script without a call of `{}`",
    "if_statement": "on one way past this `if` nothing calls `{}`",
    "ternary_expression": "one side of this condition does not call `{}`",
    "binary_expression": "when the left side decides alone, nothing calls `{}`",
    "switch_statement": "on one way through this `switch` nothing calls `{}`",
    "catch_clause": "an error that ends here goes no further: nothing calls `{}`",
    "await_expression": "this may wait for ever, as nothing settles the promise; `{}` is not called then",
    "call_expression": "when this happens, nothing calls `{}`",
    "for_in_statement": "when there is nothing to go through, nothing calls `{}`",
    "for_statement": "when this loop ends, nothing calls `{}`",
}


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding for each place where the script is left without a call; one at the head when there is none."""
    flow = subject.shared(callback_flow)
    function = subject.parsed.function
    if function is None or flow.callback is None:
        return
    name = callback_name(flow)
    if flow.missing and not flow.callback.references:
        yield Finding(
            f"the script never calls `{name}`",
            function.head,
            f"Call `{name}(error)` or `{name}(null, result)` exactly once on every way.",
        )
        return
    for missing in flow.missing:
        yield _finding(subject, name, missing)


def _finding(subject: ScriptSubject, name: str, missing: Missing) -> Finding:
    function = subject.parsed.function
    end = missing.end
    is_script = function is not None and end is function.node
    message = _WAYS.get(end.type, "this function may end without a call of `{}`").format(name)
    if is_script:
        message = f"the script may end without a call of `{name}`"
    return Finding(
        message,
        function.head if is_script and function is not None else head_span(subject, end),
        f"Call `{name}` here as well, with an error where there is nothing to report.",
        Certainty.CERTAIN if missing.certain else Certainty.POSSIBLE,
    )


RULE = Rule(
    id="callback-missing",
    severity=Severity.ERROR,
    title="Every way through the script calls the callback.",
    why="The platform waits for the callback. On a way without a call, also one for errors or an empty result, "
    "the user waits until the time limit of about 20 seconds and then gets an error.",
    source="Auth0 docs, Custom database connections: callback; Create a custom database connection",
    bad=(
        Example(
            {
                "login": "function login(email, password, callback) {\n"
                "  if (!email) return;\n"
                "  return callback(null, { user_id: 'u1', email });\n}\n",
            },
        ),
        Example(
            {
                "get_user": "function getUser(email, callback) {\n"
                "  fetch(configuration.URL)\n"
                "    .then((response) => callback(null, { user_id: response.headers.get('id'), email }))\n"
                "    .catch((error) => console.error(error.message));\n}\n",
            },
        ),
    ),
    good=(
        Example(
            {
                "login": "function login(email, password, callback) {\n"
                "  if (!email) return callback(new WrongUsernameOrPasswordError(null, 'No e-mail address'));\n"
                "  return callback(null, { user_id: 'u1', email });\n}\n",
            },
        ),
        Example(
            {
                "get_user": "function getUser(email, callback) {\n"
                "  const stream = require('store').open(email);\n"
                "  stream.on('error', callback);\n"
                "  stream.on('end', () => callback(null));\n}\n",
            },
        ),
    ),
    script=check,
)
