"""`attack-protection`: guessing passwords is made hard."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.connection_facts import option
from dbconn_tui.lint.examples import connection_example
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ConnectionSubject
from dbconn_tui.problems import Severity


def check(subject: ConnectionSubject) -> Iterator[Finding]:
    """One finding where brute-force protection is switched off."""
    if option(subject, "brute_force_protection") is False:
        yield Finding(
            "brute-force protection is off",
            hint="Set `brute_force_protection: true`.",
            item="option:brute_force_protection",
        )


RULE = Rule(
    id="attack-protection",
    severity=Severity.WARNING,
    title="Brute-force protection stays on.",
    why="With it the platform blocks an address after some wrong passwords. Your own store would have to do that "
    "itself.",
    source="Auth0 docs, Pre-launch tips",
    bad=(connection_example({"login": "check(password, callback);"}, options={"brute_force_protection": False}),),
    good=(connection_example({"login": "check(password, callback);"}, options={"brute_force_protection": True}),),
    connection=check,
    ignorable=False,
)
