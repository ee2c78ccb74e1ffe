"""`query-injection`: values do not change what a query in another language asks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import Nodes, argument, callee, is_message, path_of, property_name
from dbconn_tui.lint.inputs import Inputs
from dbconn_tui.lint.modules import Modules
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.lint.texts import HOLE, Texts
from dbconn_tui.problems import Severity

_LANGUAGES: Final[tuple[tuple[re.Pattern[str], str, str], ...]] = (
    (
        re.compile(rf"\([\w.;-]{{1,80}}[~<>]?=[^()]{{0,200}}{HOLE}"),
        "an LDAP filter",
        "Use the client's filter classes, or escape `*()\\` and NUL (RFC 4515).",
    ),
    (
        re.compile(rf"\b(?:cn|uid|ou|dc|mail)={HOLE}\s*,", re.IGNORECASE),
        "an LDAP name",
        "Escape it as RFC 4514 says, or search for the entry first.",
    ),
    (re.compile(rf"\bq=[^&]{{0,200}}:(?:\"|%22)?{HOLE}"), "a search query", 'Quote it and escape `"` and `\\` in it.'),
    (re.compile(rf"\A\s*\{{\s*\"[^\x00]*\":\s*\"?{HOLE}"), "JSON text", "Build an object and use `JSON.stringify`."),
    (re.compile(rf"\A\s*<[^\x00]*>\s*{HOLE}\s*</"), "XML text", "Escape `&<>\"'`, or use an XML builder."),
    (
        re.compile(rf"\b(?:query|mutation)\b[^\x00]{{0,200}}\(\s?\w{{1,80}}\s?:\s?\"{HOLE}"),
        "GraphQL text",
        "Use GraphQL variables.",
    ),
)
"""Shape of the text, what it is, what to do."""


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a filter, query or document into which an argument is put as it came."""
    inputs = subject.shared(Inputs)
    for text in subject.shared(Texts).built:
        if is_message(text.node):
            continue
        hole = next((hole for hole in text.holes if inputs.sources(hole)), None)
        if hole is None:
            continue
        found = next(((what, hint) for shape, what, hint in _LANGUAGES if shape.search(text.shape)), None)
        if found is not None:
            yield _found(subject, hole, *found)
    for pair in subject.shared(Nodes).of("pair"):
        value = pair.field("value")
        if value is not None and property_name(pair.field("key")) == "$where" and inputs.sources(value):
            yield _found(subject, value, "JavaScript that the database runs", "Compare fields with `$eq` instead.")
    if subject.shared(Modules).named("mongodb", "mongoose"):
        for call in subject.shared(Nodes).of("new_expression", "call_expression"):
            if path_of(callee(call)) == ("RegExp",) and inputs.sources(argument(call, 0)):
                yield _found(
                    subject, call, "a regular expression", "Compare the value itself, with a collation for letter case."
                )


def _found(subject: ScriptSubject, node: Node, what: str, hint: str) -> Finding:
    return Finding(f"`{node.text}` becomes part of {what} as it came", subject.parsed.span(node), hint)


RULE = Rule(
    id="query-injection",
    severity=Severity.ERROR,
    title="Values do not change what a query asks, in any language.",
    why="What holds for SQL holds for LDAP filters, search queries, JSON and XML put together by hand: a bracket or "
    "quote in the user's input changes the question.",
    source="Auth0 docs, Create a custom database connection (nothing is sanitized); RFC 4514, RFC 4515",
    bad=(
        example("login", "client.search(base, { filter: '(mail=' + identifier + ')' }, done);"),
        example("login", "client.bind(`uid=${identifier},ou=people`, password, done);"),
        example("create", "send('{\"email\": \"' + user.email + '\"}');"),
    ),
    good=(
        example(
            "login",
            "client.search(base, { filter: new EqualityFilter({ attribute: 'mail', value: identifier }) }, done);",
        ),
        example("login", "client.search(base, { filter: `(mail=${escapeFilter(identifier)})` }, done);"),
        example("create", "send(JSON.stringify({ email: user.email }));"),
    ),
    script=check,
)
