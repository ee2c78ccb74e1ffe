"""`async-unhandled`: a promise that rejects ends in a call of the callback."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.flow.analysis import callback_flow
from dbconn_tui.lint.flow.wording import callback_name, head_span
from dbconn_tui.lint.rule import Example, Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Certainty, Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding at each await, throw or chain whose rejection nobody handles before the callback was called."""
    flow = subject.shared(callback_flow)
    name = callback_name(flow)
    for unhandled in flow.unhandled:
        origin = unhandled.origin
        message = f"when this rejects, nobody handles it and nothing calls `{name}`"
        hint = f"Add a second handler or a `.catch` that ends in `{name}(error)`."
        if origin.type == "await_expression":
            hint = f"Put it in a `try` whose `catch` ends in `{name}(error)`."
        elif origin.type == "throw_statement":
            message = f"this only rejects a promise that nobody reads; nothing calls `{name}`"
            hint = f"Call `{name}(error)` instead."
        yield Finding(
            message,
            head_span(subject, origin),
            hint,
            Certainty.CERTAIN if unhandled.certain else Certainty.POSSIBLE,
        )


RULE = Rule(
    id="async-unhandled",
    severity=Severity.ERROR,
    title="A promise that rejects ends in a call of the callback.",
    why="The platform does not look at what the script returns. An async script that throws, or a chain without a "
    "rejection handler, calls nothing: the user waits until the time limit.",
    source="dbconn, by running scripts; Auth0 docs, Error handling",
    bad=(
        Example(
            {
                "login": "async function login(email, password, callback) {\n"
                "  const response = await fetch(configuration.URL);\n"
                "  return callback(null, { user_id: response.headers.get('id'), email });\n}\n",
            },
        ),
        Example(
            {
                "verify": "function verify(email, callback) {\n"
                "  fetch(configuration.URL).then((response) => callback(null, response.ok));\n}\n",
            },
        ),
    ),
    good=(
        Example(
            {
                "verify": "async function verify(email, callback) {\n"
                "  let ok;\n"
                "  try {\n    ok = (await fetch(configuration.URL)).ok;\n"
                "  } catch (error) {\n    return callback(error);\n  }\n"
                "  return callback(null, ok);\n}\n",
            },
        ),
        Example(
            {
                "verify": "async function verify(email, callback) {\n"
                "  const response = await fetch(configuration.URL).catch(() => null);\n"
                "  return callback(null, response !== null && response.ok);\n}\n",
            },
        ),
    ),
    script=check,
)
