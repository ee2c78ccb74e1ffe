"""`http-timeout-missing`: every request has a time limit."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import arguments, callee, method_of
from dbconn_tui.lint.http_clients import HttpCall, http_calls, is_raced, sets_default_timeout
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.lint.variables import Variables
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a request whose options are all in sight and set no time limit."""
    for call in subject.shared(http_calls):
        if call.known and not _is_limited(call, subject):
            example = "`signal: AbortSignal.timeout(5000)`" if call.client.name == "fetch" else "`timeout: 5000`"
            yield Finding(
                f"this {call.client.name} request has no time limit",
                subject.parsed.span(callee(call.node) or call.node),
                f"Add {example} to its options.",
                severity=Severity.INFO if is_raced(call) else None,
            )


def _is_limited(call: HttpCall, subject: ScriptSubject) -> bool:
    if call.client.timeouts & call.values.keys() or sets_default_timeout(subject, call.client):
        return True
    if call.client.name == "superagent":
        return any(
            outer.type == "call_expression" and method_of(outer) in ("timeout", "ok") for outer in call.node.ancestors()
        )
    if call.client.name == "http":
        return ".setTimeout(" in subject.text or "'timeout'" in subject.text or '"timeout"' in subject.text
    if call.client.name == "fetch" and len(arguments(call.node)) == 1:
        request = subject.shared(Variables).resolve(arguments(call.node)[0])
        return request.type == "new_expression"
    return False


RULE = Rule(
    id="http-timeout-missing",
    severity=Severity.WARNING,
    title="Every request has a time limit well below 20 seconds.",
    why="The platform stops a script after about 20 seconds. A store that hangs then costs the user 20 seconds and the "
    "tenant a container; with a limit of its own the script can say what happened.",
    source="Auth0 docs, Action script best practices (time out external calls); Action coding guidelines (below 10 s)",
    bad=(
        example("get_user", "const answer = await fetch(configuration.URL);\nuse(answer);", is_async=True),
        example("login", "const axios = require('axios@1.7.9');\naxios.post(configuration.URL, { identifier });"),
    ),
    good=(
        example(
            "get_user",
            "const answer = await fetch(configuration.URL, { signal: AbortSignal.timeout(5000) });",
            is_async=True,
        ),
        example(
            "login",
            "const axios = require('axios@1.7.9');\nconst api = axios.create({ timeout: 4000 });\napi.get(url);",
        ),
        example("login", "const options = makeOptions();\nfetch(configuration.URL, options);"),
        example("login", "const axios = require('axios@1.7.9');\naxios.defaults.timeout = 5000;\naxios.get(url);"),
    ),
    script=check,
)
