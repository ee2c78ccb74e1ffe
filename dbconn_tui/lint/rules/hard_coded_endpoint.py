"""`hard-coded-endpoint`: addresses stand in `configuration`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import Nodes, is_message, property_name, text_value
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.secret_words import is_stand_in
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity

_ADDRESS: Final = re.compile(
    r"\A(?:https?|ldaps?|mongodb(?:\+srv)?|postgres(?:ql)?|mysql)://[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.IGNORECASE
)
_FIXED: Final = re.compile(
    r"://(?:[\w-]+\.)*(?:example\.(?:com|org|net)|googleapis\.com|github\.com|microsoftonline\.com|amazonaws\.com|w3\.org|xmlsoap\.org)\b"
    r"|oauth/grant-type|/claims/|schemas\.|://localhost|://127\.",
    re.IGNORECASE,
)


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding an address of a real host, or a client id, that is written out."""
    for node in subject.shared(Nodes).of("string", "template_string"):
        text = node.text[1:-1]
        outer = node.parent
        key = property_name(outer.field("key")) if outer is not None and outer.type == "pair" else None
        is_client = (
            key in ("client_id", "clientId") and outer is not None and node.field_name == "value" and len(text) > 8
        )
        if (is_client and text_value(node) is not None and not is_stand_in(text)) or (
            _ADDRESS.match(text) and not _FIXED.search(text) and not is_stand_in(text) and not is_message(node)
        ):
            yield Finding(
                f"this {'client id' if is_client else 'address'} is the same on every tenant",
                subject.parsed.span(node),
                "Read it from `configuration`, so that each tenant can have its own.",
            )


RULE = Rule(
    id="hard-coded-endpoint",
    severity=Severity.INFO,
    title="Addresses and client ids stand in `configuration`.",
    why="Test and production have their own stores. With the address in the script, the script differs between them.",
    source="Auth0 docs, Custom database connections: configuration; Production checks",
    bad=(
        example("login", "fetch('https://users.acme.com/login');"),
        example("login", "use({ client_id: 'k3JdLq29sDk' });"),
    ),
    good=(
        example("login", "fetch(`${configuration.API_URL}/login`);"),
        example("login", "const url = 'https://cognito-idp.eu-west-1.amazonaws.com/';\nuse(url);"),
    ),
    script=check,
)
