"""`insecure-http`: requests go over HTTPS."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.edits import Edit
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import Nodes, added, operator, path_of, property_name
from dbconn_tui.lint.http_clients import http_calls
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ConnectionSubject, ScriptSubject
from dbconn_tui.lint.texts import Texts
from dbconn_tui.lint.variables import Variables
from dbconn_tui.problems import Severity
from dbconn_tui.project.values import TextValue

_ADDRESS: Final = re.compile(r"(?:url|uri|host|endpoint|base|api|domain|server)\w*\Z", re.IGNORECASE)
_LOCAL: Final = re.compile(r"\A\w+://(?:localhost|127\.0\.0\.1|\[::1\])(?:[:/]|\Z)")
_NO_ADDRESS: Final = re.compile(r"oauth/grant-type|schemas\.|w3\.org|xmlsoap|/claims/|/xmlns|xml\.org")


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding an address that begins with http:// or ldap://; names that only look like addresses are free."""
    texts = subject.shared(Texts)
    sent = {
        text.start for call in subject.shared(http_calls) if call.url is not None for text in _begins(call.url, subject)
    }
    for node in subject.shared(Nodes).of("string", "template_string"):
        front = node.text[1:9].lower()
        if not front.startswith(("http://", "ldap://")) or _NO_ADDRESS.search(node.text):
            continue
        if node.start not in sent and not _names_address(node):
            continue
        scheme = "http" if front.startswith("http") else "ldap"
        yield Finding(
            f"this address uses {scheme}: and what is sent there can be read on the way",
            subject.parsed.span(node),
            f"Write `{scheme}s://`.",
            severity=Severity.INFO
            if _LOCAL.match(texts.read(node).shape)
            else Severity.WARNING
            if scheme == "ldap"
            else None,
            edits=(Edit(node.start + 5, node.start + 5, "s", asked=True),) if scheme == "http" else (),
        )


def check_connection(subject: ConnectionSubject) -> Iterator[Finding]:
    """One finding a configuration value that begins with http://; this machine's own addresses are free."""
    for key, value in subject.connection.configuration.items():
        address = value.text if isinstance(value, TextValue) else ""
        if address.lower().startswith("http://") and not _NO_ADDRESS.search(address) and not _LOCAL.match(address):
            yield Finding(
                f"configuration.{key} uses http: and what is sent there can be read on the way",
                hint="Write `https://`.",
                item=f"configuration:{key}",
            )


def _begins(url: Node, subject: ScriptSubject) -> Iterator[Node]:
    """The literals that a URL can begin with."""
    for leaf in subject.shared(Variables).leaves(url):
        yield added(leaf)[0]


def _names_address(node: Node) -> bool:
    """Whether a literal is given to something called url, host, endpoint and the like."""
    inner, outer = node, node.parent
    while outer is not None and outer.type in ("binary_expression", "parenthesized_expression"):
        if inner.field_name == "right" and operator(outer) == "+":
            return False
        inner, outer = outer, outer.parent
    name = None
    if outer is not None and outer.type == "pair" and inner.field_name == "value":
        name = property_name(outer.field("key"))
    elif outer is not None and outer.type == "variable_declarator":
        declared = outer.field("name")
        name = declared.text if declared is not None else None
    elif outer is not None and outer.type == "assignment_expression":
        name = (path_of(outer.field("left")) or ("",))[-1]
    return name is not None and _ADDRESS.search(name) is not None


RULE = Rule(
    id="insecure-http",
    severity=Severity.ERROR,
    title="Requests go over HTTPS.",
    why="A script sends passwords and tokens. Over plain HTTP everybody on the way reads them.",
    source="Auth0 docs, Action coding guidelines (always use HTTPS); Action script best practices",
    bad=(
        example("login", "fetch('http://api.acme.com/login', { method: 'POST' });"),
        example("login", "const baseUrl = 'http://' + configuration.DOMAIN;\nuse(baseUrl);"),
    ),
    good=(
        example("login", "fetch('https://api.acme.com/login', { method: 'POST' });"),
        example(
            "login", "const form = { grant_type: 'http://auth0.com/oauth/grant-type/password-realm' };\nuse(form);"
        ),
        example("get_user", "const claim = 'http://acme.com/claims/role';\nuse(claim);"),
    ),
    script=check,
    connection=check_connection,
)
