"""`pii-in-url`: no personal data stands in a URL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import argument, method_of
from dbconn_tui.lint.http_clients import http_calls
from dbconn_tui.lint.inputs import PERSONAL, Inputs, Role
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.lint.texts import Texts
from dbconn_tui.problems import Severity

_IN_URL: Final = ("qs", "params", "searchParams", "query")
_ENCODING: Final = frozenset({"encodeURIComponent", "encodeURI", "escape"})


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a request whose URL holds the identifier (a warning) or the password (an error)."""
    inputs, texts = subject.shared(Inputs), subject.shared(Texts)
    for call in subject.shared(http_calls):
        parts = [*(texts.read(call.url).holes if call.url is not None else ())]
        parts += [call.values[name] for name in _IN_URL if name in call.values]
        for part in parts:
            inner = argument(part, 0) if part.type == "call_expression" and method_of(part) in _ENCODING else part
            personal = inputs.roles(inner) & PERSONAL
            if personal:
                is_password = Role.PASSWORD in personal
                yield Finding(
                    f"{'the password' if is_password else 'what the user typed'} stands in the URL, "
                    "which proxies and servers write into their logs",
                    subject.parsed.span(part),
                    "Send it in the body of a POST.",
                    severity=None if is_password else Severity.WARNING,
                )
                break


RULE = Rule(
    id="pii-in-url",
    severity=Severity.ERROR,
    title="No personal data stands in a URL.",
    why="URLs end up in access logs, proxies and error reports. E-mail addresses do not belong there, passwords "
    "even less.",
    source="Auth0 docs, Action coding guidelines (no PII in URLs)",
    bad=(
        example("get_user", "fetch(`${configuration.URL}?email=${encodeURIComponent(identifier)}`);"),
        example("login", "request.get({ url: configuration.URL, qs: { user: identifier, pw: password } }, callback);"),
    ),
    good=(
        example("get_user", "fetch(configuration.URL, { method: 'POST', body: JSON.stringify({ identifier }) });"),
        example("delete", "fetch(`${configuration.URL}/users/${encodeURIComponent(id)}`, { method: 'DELETE' });"),
    ),
    script=check,
)
