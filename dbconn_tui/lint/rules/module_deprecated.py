"""`module-deprecated`: a module is still maintained."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.examples import example
from dbconn_tui.lint.module_tables import DEPRECATED
from dbconn_tui.lint.modules import Modules
from dbconn_tui.lint.removed_modules import is_removed
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a module of the table of abandoned ones; those that were removed have their own rule."""
    for require in subject.shared(Modules).requires:
        hint = DEPRECATED.get(require.name)
        if hint is not None and not is_removed(require.name, require.version.text):
            yield Finding(f"{require.name} is no longer maintained", subject.parsed.span(require.place), hint)


RULE = Rule(
    id="module-deprecated",
    severity=Severity.WARNING,
    title="A module is still maintained.",
    why="Nobody mends faults of an abandoned module, security faults included.",
    source="Auth0 docs, Action coding guidelines (trusted and maintained packages)",
    bad=(example("login", "const request = require('request@2.88.2');\nuse(request);"),),
    good=(example("login", "const axios = require('axios@1.7.9');\nuse(axios, fetch);"),),
    script=check,
)
