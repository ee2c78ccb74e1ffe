"""`fetch-body-object`: fetch sends text, not objects."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.edits import Edit
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import properties
from dbconn_tui.lint.http_clients import HttpCall, http_calls
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.lint.variables import Variables
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a fetch whose `body` is an object literal, or a variable that holds one."""
    variables = subject.shared(Variables)
    for call in subject.shared(http_calls):
        body = call.values.get("body")
        if call.client.name == "fetch" and body is not None and variables.resolve(body).type == "object":
            yield Finding(
                'fetch sends an object as "[object Object]"',
                subject.parsed.span(body),
                "Write `body: JSON.stringify(…)` and the header `'content-type': 'application/json'`.",
                edits=_edits(call, body, variables),
            )


def _edits(call: HttpCall, body: Node, variables: Variables) -> tuple[Edit, ...]:
    """JSON.stringify around the body, and the header unless there is one; () when the headers are out of sight."""
    wrapped = f"JSON.stringify({body.text})"
    edits = [
        Edit(body.start, body.end, f"body: {wrapped}" if body.type == "shorthand_property_identifier" else wrapped)
    ]
    headers = call.values.get("headers")
    if headers is None:
        pair = body if body.type == "shorthand_property_identifier" else body.parent
        if pair is None or len(call.options) != 1 or properties(call.options[0]).open:
            return ()
        edits.append(Edit(pair.start, pair.start, "headers: { 'content-type': 'application/json' }, "))
        return _merged(edits)
    literal = variables.resolve(headers)
    if literal.type != "object" or properties(literal).open:
        return ()
    if not any(name.lower() == "content-type" for name in properties(literal).values):
        comma = ", " if literal.named_children else " "
        edits.append(Edit(literal.start + 1, literal.start + 1, f" 'content-type': 'application/json'{comma.rstrip()}"))
    return tuple(edits)


def _merged(edits: list[Edit]) -> tuple[Edit, ...]:
    """Two edits that begin at the same character as one."""
    body, header = edits
    if body.start == header.start:
        return (Edit(body.start, body.end, header.replacement + body.replacement),)
    return body, header


RULE = Rule(
    id="fetch-body-object",
    severity=Severity.ERROR,
    title="The body of a fetch is a text or a form.",
    why='fetch turns a plain object into the text "[object Object]". The API gets nothing it can read.',
    source="Fetch standard; seen in published examples",
    bad=(
        example("login", "fetch(configuration.URL, { method: 'POST', body: { identifier, password } });"),
        example(
            "login", "const body = { identifier };\nfetch(configuration.URL, { method: 'POST', headers: {}, body });"
        ),
    ),
    good=(
        example(
            "login", "fetch(configuration.URL, { method: 'POST', body: JSON.stringify({ identifier, password }) });"
        ),
        example("login", "fetch(configuration.URL, { method: 'POST', body: new URLSearchParams({ identifier }) });"),
        example(
            "login", "const axios = require('axios@1.7.9');\naxios({ url: configuration.URL, data: { identifier } });"
        ),
    ),
    script=check,
)
