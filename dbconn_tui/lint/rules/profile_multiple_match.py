"""`profile-multiple-match`: two records for one identifier are an error."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dbconn_tui.lint.databases import databases
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import Nodes, number_value, path_of
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity

_CHECKED: Final = re.compile(
    r"(?:length|rowCount)\s*(?:>|>=|!==|===|!=|==)\s*[12]\b|\blimit\s+1\b|\btop\s+1\b|\bfetch first\b", re.IGNORECASE
)


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """Under `strict`: one finding where the first of several rows is taken without a look at the rest."""
    if subject.kind not in ("login", "get_user") or "[0]" not in subject.text.replace(" ", ""):
        return
    asks = any(one.verb == "select" and one.columns for one in subject.shared(databases).sql)
    if not asks or _CHECKED.search(subject.text):
        return
    for first in subject.shared(Nodes).of("subscript_expression"):
        path = path_of(first.field("object"))
        if number_value(first.field("index")) == 0 and path[-1:] in (("rows",), ("results",), ("users",)):
            yield Finding(
                "the first record is taken, however many there are",
                subject.parsed.span(first),
                "Refuse more than one: `if (rows.length > 1) return callback(new Error('ambiguous identifier'))`.",
                severity=Severity.INFO,
                pedantic=True,
            )
            return


RULE = Rule(
    id="profile-multiple-match",
    severity=Severity.WARNING,
    title="Two records for one identifier are refused.",
    why="Two users with one address: whichever row comes first gets in. The platform reports an error late; the script "
    "can do so at once.",
    source="Auth0 docs, Action script best practices (better to catch it in the script)",
    bad=(
        example(
            "get_user",
            "db.query('SELECT id FROM users WHERE email = ?', [identifier], (e, rows) => callback(e, rows[0]));",
            preset="strict",
        ),
    ),
    good=(
        example(
            "get_user",
            "db.query('SELECT id FROM users WHERE email = ?', [identifier], (e, rows) => {\n"
            "  if (rows.length > 1) return callback(new Error('ambiguous'));\n  return callback(e, rows[0]);\n});",
            preset="strict",
        ),
    ),
    script=check,
)
