"""`template-placeholder`: nothing stands in for a real value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import Nodes, is_message, text_value
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.secret_words import KEYWORD, is_stand_in
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Certainty, Severity

_FIELDS: Final = frozenset(
    {
        *("host", "user", "username", "password", "database", "server", "port", "connectionstring", "url", "uri"),
        *(
            "domain",
            "client_id",
            "clientid",
            "client_secret",
            "clientsecret",
            "key",
            "secret",
            "baseurl",
            "authorization",
        ),
    },
)
_WORDS: Final = frozenset({"secret", "password", "pass", "user", "username", "me", "mydb", "todo", "xxx", "xxxx"})
"""Stand-ins that are ordinary words elsewhere: they count under a connection's settings only."""
_EXAMPLE_HOST: Final = re.compile(
    r"://[^/\s]*\b(?:example\.(?:com|org|net)|localhost|127\.0\.0\.1)\b|@localhost\b", re.IGNORECASE
)


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a string that stands in for a host, a name or a key; deploy-cli keywords are no such thing."""
    for node in subject.shared(Nodes).of("string", "template_string"):
        text = text_value(node)
        if text is None and node.type == "template_string":
            text = "".join(child.text for child in node.children if child.type == "string_fragment")
        if not text or KEYWORD.search(text) or not _stands_in(text, node):
            continue
        yield Finding(
            "this is a template's stand-in, not a value",
            subject.parsed.span(node),
            "Put the real value into `configuration` and read it from there.",
            certainty=Certainty.POSSIBLE if _EXAMPLE_HOST.search(text) else Certainty.CERTAIN,
        )


def _stands_in(text: str, node: Node) -> bool:
    if ("://" in text or "@" in text) and _EXAMPLE_HOST.search(text):
        return True
    outer = node.parent
    key = outer.field("key") if outer is not None and outer.type == "pair" and node.field_name == "value" else None
    if outer is not None and outer.type == "variable_declarator":
        key = outer.field("name")
    names_setting = key is not None and key.text.strip("'\"").lower() in _FIELDS
    if text.strip().lower() in _WORDS or text.strip().lower() in ("localhost", "127.0.0.1"):
        return names_setting
    if outer is not None and (outer.type == "binary_expression" or is_message(node)):
        return is_stand_in(text) and names_setting
    return is_stand_in(text)


RULE = Rule(
    id="template-placeholder",
    severity=Severity.WARNING,
    title="No stand-in of a template is left.",
    why="Templates come with `localhost`, `secret` or `YOUR_DOMAIN` in the place of real values. Such a script is "
    "deployed without a complaint and fails at the first login.",
    source="Auth0 docs, the template page of each script; Create a custom database connection",
    bad=(
        example("login", "const settings = { host: 'localhost', user: 'me', password: 'secret' };\nuse(settings);"),
        example("login", "const url = 'https://YOUR_DOMAIN/login';\nuse(url);"),
    ),
    good=(
        example(
            "login",
            "const settings = { host: configuration.DB_HOST, password: configuration.DB_PASSWORD };\nuse(settings);",
        ),
        example("login", "const form = { grant_type: 'password', scope: 'user' };\nuse(form, '##API_URL##');"),
        example("login", "return callback(new Error('Check your spelling'));"),
    ),
    script=check,
)
