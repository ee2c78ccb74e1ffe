"""`configuration-keyword-unresolved`: nothing replaces keywords."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import Nodes
from dbconn_tui.lint.rule import Example, Finding, Rule
from dbconn_tui.lint.secret_words import KEYWORD
from dbconn_tui.lint.subject import ConnectionSubject, ScriptSubject
from dbconn_tui.problems import Severity
from dbconn_tui.project.values import TextValue

_VARIABLE: Final = re.compile(r"\A\$\{\w+\}\Z|\A\$[A-Z_][A-Z0-9_]*\Z")


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a string with a keyword of auth0-deploy-cli."""
    if "@@" not in subject.text and "##" not in subject.text:
        return
    for node in subject.shared(Nodes).of("string", "template_string"):
        found = KEYWORD.search(node.text)
        if found is not None:
            yield Finding(
                f"{found[0]} is deployed as it stands: dbconn replaces nothing inside a script",
                subject.parsed.span(node),
                f"Read it as `configuration.{found[0].strip('@#')}`.",
            )


def check_connection(subject: ConnectionSubject) -> Iterator[Finding]:
    """One finding a configuration value that is a keyword or names a variable of a shell."""
    for key, value in subject.connection.configuration.items():
        if isinstance(value, TextValue) and (KEYWORD.search(value.text) or _VARIABLE.match(value.text)):
            yield Finding(
                f"the value of {key} is sent as it stands, nothing is put in its place",
                hint=f"Write `{key}: {{env: NAME}}` or `{key}: {{secret: name}}`.",
                item=f"configuration:{key}",
            )


RULE = Rule(
    id="configuration-keyword-unresolved",
    severity=Severity.ERROR,
    title="No keyword waits to be replaced.",
    why="auth0-deploy-cli replaces ##KEY## and @@KEY@@ in scripts. dbconn sends scripts byte for byte; settings belong "
    "into `configuration`.",
    source="auth0-deploy-cli (keyword replacement); dbconn's own promise",
    bad=(
        example("login", "const url = '##API_URL##';\nuse(url);"),
        Example({"login": "x"}, configuration=("API_URL=${API_URL}",)),
    ),
    good=(
        example("login", "const url = configuration.API_URL;\nuse(url, '## heading', '#a##b');"),
        Example({"login": "x"}, configuration=("PRICE=5 $",)),
    ),
    script=check,
    connection=check_connection,
)
