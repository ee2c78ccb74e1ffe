"""`guideline-pii-hard-coded`: no person's address stands in the script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import Nodes, text_value
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity

_ADDRESS: Final = re.compile(
    r"\A[\w.+-]+@(?!example\.|[\w.-]*\.example\b|test\.)[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}\Z"
)
_OFFICE: Final = re.compile(
    r"\A(?:support|help|info|noreply|no-reply|admin|contact|security|postmaster)@", re.IGNORECASE
)


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a literal that is a person's e-mail address; addresses of a desk and of example domains are free."""
    for node in subject.shared(Nodes).of("string", "template_string"):
        text = text_value(node)
        if text and _ADDRESS.match(text) and not _OFFICE.match(text):
            yield Finding(
                "a person's e-mail address stands in the script",
                subject.parsed.span(node),
                "Take it out, or read it from `configuration`.",
            )


RULE = Rule(
    id="guideline-pii-hard-coded",
    severity=Severity.WARNING,
    title="No person's address stands in the script.",
    why="Test addresses left in a script give their owners special treatment, and their address away.",
    source="Auth0 docs, Action coding guidelines",
    bad=(example("login", "if (identifier === 'bob@acme.com') skip();\nreturn callback(null);"),),
    good=(
        example("login", "const help = 'support@acme.com';\nuse(help, 'someone@example.com');"),
        example("login", "use('pkg@1.2.3', '@acme.com');"),
    ),
    script=check,
)
