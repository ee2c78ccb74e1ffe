"""`throw-in-script`: the script reports failures through the callback, not by throwing."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.flow.analysis import callback_flow
from dbconn_tui.lint.flow.wording import callback_name, head_span
from dbconn_tui.lint.rule import Example, Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding at each `throw` that leaves a script that is not async; async ones: `async-unhandled`."""
    flow = subject.shared(callback_flow)
    name = callback_name(flow)
    if flow.function is None:
        return
    for origin in sorted(flow.thrown_by_script, key=lambda node: node.start):
        yield Finding(
            f"this leaves the script by an exception instead of `{name}`",
            head_span(subject, origin),
            f"Write `return {name}(error);`.",
        )


RULE = Rule(
    id="throw-in-script",
    severity=Severity.WARNING,
    title="The script reports failures through the callback, not by throwing.",
    why="An exception reaches the tenant's log as “Script generated an unhandled synchronous exception”, which says "
    "less than the error that the callback would have passed on.",
    source="Auth0 docs, Error handling; the wrapper of auth0-authz-rules-api",
    bad=(
        Example(
            {
                "verify": "function verify(email, callback) {\n"
                "  if (!configuration.URL) throw new Error('URL is not configured');\n"
                "  return callback(null, true);\n}\n",
            },
        ),
    ),
    good=(
        Example(
            {
                "verify": "function verify(email, callback) {\n"
                "  if (!configuration.URL) return callback(new Error('URL is not configured'));\n"
                "  return callback(null, true);\n}\n",
            },
        ),
        Example(
            {
                "verify": "function verify(email, callback) {\n"
                "  function url() {\n"
                "    if (!configuration.URL) throw new Error('URL is not configured');\n"
                "    return configuration.URL;\n  }\n"
                "  try {\n    url();\n  } catch (error) {\n    return callback(error);\n  }\n"
                "  return callback(null, true);\n}\n",
            },
        ),
    ),
    script=check,
)
