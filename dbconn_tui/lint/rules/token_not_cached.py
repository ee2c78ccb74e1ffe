"""`token-not-cached`: a machine's token is used again."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import arguments, callee
from dbconn_tui.lint.http_clients import http_calls
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.lint.texts import Texts
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a client-credentials request of a script that keeps nothing in `global`."""
    if "client_credentials" not in subject.text or "global." in subject.text or "globalThis." in subject.text:
        return
    for call in subject.shared(http_calls):
        url = subject.shared(Texts).read(call.url).constant if call.url is not None else ""
        given = "".join(one.text for one in arguments(call.node))
        if "client_credentials" in given or url.endswith("/oauth/token"):
            yield Finding(
                "each run fetches a token of its own",
                subject.parsed.span(callee(call.node) or call.node),
                "Keep it in `global` with its end, and fetch a new one only then.",
            )
            return


RULE = Rule(
    id="token-not-cached",
    severity=Severity.INFO,
    title="A client-credentials token is kept in `global` until it ends.",
    why="A token a run doubles the requests, costs quota and time. Tokens of users must not be kept; this is about the "
    "script's own.",
    source="Auth0 docs, Action script best practices; Custom database connections (the global object)",
    bad=(
        example(
            "login",
            "const answer = await fetch(`${configuration.DOMAIN}/oauth/token`, {\n"
            "  method: 'POST',\n  body: new URLSearchParams({ grant_type: 'client_credentials' }),\n});\nuse(answer);",
            is_async=True,
        ),
    ),
    good=(
        example(
            "login",
            "if (!global.token) {\n  global.token = await fetch(`${configuration.DOMAIN}/oauth/token`, {\n"
            "    body: 'grant_type=client_credentials',\n  });\n}",
            is_async=True,
        ),
        example("login", "fetch(`${configuration.DOMAIN}/oauth/token`, { body: form(identifier, password) });"),
    ),
    script=check,
)
