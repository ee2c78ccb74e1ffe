"""`profile-case-normalization`: letter case is treated the same way everywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dbconn_tui.lint.connection_facts import whole_script
from dbconn_tui.lint.databases import databases
from dbconn_tui.lint.examples import connection_example
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ConnectionSubject
from dbconn_tui.lint.wording import listed
from dbconn_tui.problems import Certainty, Severity

_LOWERING: Final = re.compile(
    r"\.to(?:Locale)?(?:Lower|Upper)Case\(|\b(?:lower|upper)\s*\(|\bilike\b|collat", re.IGNORECASE
)
_KINDS: Final = ("login", "get_user", "create", "change_password", "change_email", "verify")


def check(subject: ConnectionSubject) -> Iterator[Finding]:
    """One possible finding where some scripts that query a database ignore letter case and others do not."""
    asking = {
        kind: script
        for kind in _KINDS
        if (script := whole_script(subject, kind)) is not None and script.shared(databases).sql
    }
    lowering = [kind for kind, script in asking.items() if _LOWERING.search(script.text)]
    for kind, script in asking.items():
        if lowering and kind not in lowering and script.parsed.function is not None:
            yield Finding(
                f"{kind} compares letters as they come, while {listed(lowering)} "
                f"{'does' if len(lowering) == 1 else 'do'} not",
                script.parsed.function.head,
                "Treat letter case the same way in all scripts.",
                certainty=Certainty.POSSIBLE,
                script=kind,
            )


RULE = Rule(
    id="profile-case-normalization",
    severity=Severity.INFO,
    title="Letter case is treated the same way in all scripts.",
    why="The platform lowers addresses in its own store and not in yours. A user found by one script and not by the "
    "other is created twice.",
    source="Auth0 docs, Require username; User profile structure",
    bad=(
        connection_example(
            {
                "login": "db.query('SELECT id FROM u WHERE LOWER(email) = ?', [identifier.toLowerCase(), "
                "password], callback);",
                "get_user": "db.query('SELECT id FROM u WHERE email = ?', [identifier], callback);",
            },
        ),
    ),
    good=(
        connection_example(
            {
                "login": "db.query('SELECT id FROM u WHERE email = ?', [identifier, password], callback);",
                "get_user": "db.query('SELECT id FROM u WHERE email = ?', [identifier], callback);",
            },
        ),
    ),
    connection=check,
)
