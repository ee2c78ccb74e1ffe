"""`url-injection`: values are encoded before they become part of a URL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.edits import Edit
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import argument, method_of
from dbconn_tui.lint.http_clients import http_calls
from dbconn_tui.lint.inputs import Inputs
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.lint.texts import Texts
from dbconn_tui.lint.variables import Variables
from dbconn_tui.problems import Severity

_HALF: Final = frozenset({"encodeURI", "escape"})


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding an argument that stands in a request's URL and is not encoded, or not enough."""
    inputs, texts = subject.shared(Inputs), subject.shared(Texts)
    for call in subject.shared(http_calls):
        for hole in texts.read(call.url).holes if call.url is not None else ():
            half = hole.type == "call_expression" and method_of(hole) in _HALF
            if not inputs.sources(argument(hole, 0) if half else hole) or _is_encoded_form(hole, subject):
                continue
            edit = Edit(hole.start, hole.end, f"encodeURIComponent({hole.text})")
            yield Finding(
                f"`{hole.text}` stands in the URL {'without its own separators encoded' if half else 'as it came'}: "
                "`/`, `?`, `#` or `&` in it change the request",
                subject.parsed.span(hole),
                "Use `encodeURIComponent`.",
                edits=() if half or hole is call.url else (edit,),
            )


def _is_encoded_form(hole: Node, subject: ScriptSubject) -> bool:
    """Whether a hole is a URLSearchParams, which encodes by itself."""
    return "URLSearchParams" in subject.shared(Variables).resolve(hole).text


RULE = Rule(
    id="url-injection",
    severity=Severity.WARNING,
    title="Values are encoded before they become part of a URL.",
    why="With `../` or `?` in an identifier the request asks for something else than it should, with the script's "
    "token.",
    source="Auth0 docs, Action coding guidelines (tampered data)",
    bad=(
        example("delete", "fetch(`${configuration.URL}/users/${id}`, { method: 'DELETE' });"),
        example("get_user", "const url = configuration.URL + '?email=' + encodeURI(identifier);\nfetch(url);"),
    ),
    good=(
        example("delete", "fetch(`${configuration.URL}/users/${encodeURIComponent(id)}`, { method: 'DELETE' });"),
        example(
            "get_user", "const query = new URLSearchParams({ identifier });\nfetch(`${configuration.URL}?${query}`);"
        ),
        example("get_user", "request.get({ url: configuration.URL, qs: { email: identifier } }, callback);"),
    ),
    script=check,
)
