"""`script-size`: the script fits the platform's limit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dbconn_tui.action_scripts.kinds import LARGE_SCRIPT, LARGEST_SCRIPT
from dbconn_tui.lint.rule import Example, Finding, Needs, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity

_PERHAPS_TAKEN: Final = 102_400
"""Bytes: the limit if the platform's "100 kB" should mean 1,024 bytes each."""


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding about the file: an error over 100,000 bytes, a warning over 50,000."""
    hint = "Let npm modules do the work (`require('name@1.2.3')`); they do not count."
    if subject.size > LARGEST_SCRIPT:
        fate = "may be refused" if subject.size <= _PERHAPS_TAKEN else "is too large"
        yield Finding(
            f"the script {fate}: {subject.size:,} bytes, and the limit is {LARGEST_SCRIPT:,}",
            hint=hint,
        )
    elif subject.size > LARGE_SCRIPT:
        yield Finding(
            f"the script has {subject.size:,} bytes; from {LARGEST_SCRIPT:,} on it is refused, and size costs time",
            hint=hint,
            severity=Severity.WARNING,
        )


def _script_of(size: int) -> str:
    start, end = "function login(email, password, callback) {\n  // ", "\n  return callback(null);\n}\n"
    return start + "x" * (size - len(start) - len(end)) + end


RULE = Rule(
    id="script-size",
    severity=Severity.ERROR,
    title="The script has at most 100,000 bytes.",
    why="The platform takes no more than 100 kB a script, npm modules not counted. No source says which kB, "
    "so dbconn goes by the smaller. A large script also starts slower.",
    source="Auth0 docs, Custom database connections: limits (must not exceed 100 KB)",
    bad=(
        Example({"login": _script_of(LARGEST_SCRIPT + 1)}, shown="a login.js of 100,001 bytes"),
        Example({"login": _script_of(LARGE_SCRIPT + 1)}, shown="a login.js of 50,001 bytes (a warning)"),
    ),
    good=(Example({"login": _script_of(LARGE_SCRIPT)}, shown="a login.js of 50,000 bytes"),),
    script=check,
    needs=Needs.TEXT,
    refuses=True,
)
