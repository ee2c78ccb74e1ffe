"""`tls-verify-disabled`: certificates are checked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from dbconn_tui.action_scripts.tree import FUNCTIONS, Node
from dbconn_tui.lint.edits import Edit
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import Nodes, path_of, property_name, text_value
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity

_SAFE: Final[Mapping[str, str]] = {
    "rejectUnauthorized": "true",
    "strictSSL": "true",
    "sslValidate": "true",
    "insecure": "false",
    "trustServerCertificate": "false",
    "tlsAllowInvalidCertificates": "false",
    "tlsAllowInvalidHostnames": "false",
    "tlsInsecure": "false",
}
"""Option → the value that checks certificates."""
_MISSPELT: Final = frozenset({"rejectUnhauthorized", "rejectUnauthorised", "rejectUnautorized", "rejectUnathorized"})
_OLD: Final = frozenset({"TLSv1", "TLSv1.1", "SSLv3"})
_SSL_MODE: Final = re.compile(r"[?&]sslmode=(?:no-verify|allow|prefer|disable)\b")


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding an option that switches the check off, or allows what is no longer safe."""
    nodes = subject.shared(Nodes)
    for pair in nodes.of("pair"):
        name, value = property_name(pair.field("key")), pair.field("value")
        if name is None or value is None:
            continue
        safe = _SAFE.get(name)
        if safe is not None and value.type in ("true", "false") and value.type != safe:
            edit = Edit(value.start, value.end, safe)
            yield _found(
                subject, pair, f"`{pair.text}` accepts any certificate", "Give the server's own `ca` instead.", edit
            )
        elif name == "checkServerIdentity" and value.type in FUNCTIONS and not _throws(value):
            yield _found(subject, pair, "`checkServerIdentity` accepts any host", "Leave it out.")
        elif name in ("minVersion", "secureProtocol") and (text_value(value) or "").removesuffix("_method") in _OLD:
            yield _found(subject, pair, f"`{pair.text}` allows versions of TLS that are broken", "Write 'TLSv1.2'.")
        elif name in _MISSPELT:
            yield Finding(
                f"`{name}` is misspelt and does nothing",
                subject.parsed.span(pair),
                "Delete it: certificates are checked without it.",
                severity=Severity.INFO,
            )
    for assignment in nodes.of("assignment_expression"):
        if path_of(assignment.field("left")) == ("process", "env", "NODE_TLS_REJECT_UNAUTHORIZED"):
            yield _found(
                subject, assignment, "this accepts any certificate, for every run in the container", "Delete it."
            )
    for node in nodes.of("string", "template_string"):
        if _SSL_MODE.search(node.text):
            yield _found(subject, node, "this connection string checks no certificate", "Write `sslmode=verify-full`.")


def _found(subject: ScriptSubject, node: Node, message: str, hint: str, edit: Edit | None = None) -> Finding:
    return Finding(message, subject.parsed.span(node), hint, edits=(edit,) if edit is not None else ())


def _throws(function: Node) -> bool:
    return any(node.type in ("throw_statement", "return_statement") and node.named_children for node in function.walk())


RULE = Rule(
    id="tls-verify-disabled",
    severity=Severity.ERROR,
    title="Certificates are checked.",
    why="Without the check anybody on the way can be the server, and gets the passwords.",
    source="Auth0 docs, Action coding guidelines (HTTPS)",
    bad=(
        example("login", "open({ host: configuration.HOST, ssl: { rejectUnauthorized: false } });"),
        example("login", "process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';\nreturn callback(null);"),
        example("login", "open({ rejectUnhauthorized: false });"),
    ),
    good=(
        example(
            "login", "open({ host: configuration.HOST, ssl: { ca: configuration.CA, rejectUnauthorized: true } });"
        ),
        example("login", "use({ insecure: identifier });"),
    ),
    script=check,
)
