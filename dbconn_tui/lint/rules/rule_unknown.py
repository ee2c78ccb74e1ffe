"""`rule-unknown`: whoever names a rule names one that exists."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.rule import Example, Finding, Needs, Rule
from dbconn_tui.lint.severities import SEVERITY_WORDS
from dbconn_tui.lint.spelling import nearest
from dbconn_tui.lint.subject import ConnectionSubject, ScriptSubject
from dbconn_tui.lint.wording import did_you_mean, listed
from dbconn_tui.problems import Severity

_ALL = "`dbconn explain` lists all rules."
_DELETE = "{0}function deleteUser(id, callback) {{\n  callback(null);\n}}\n"


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """A warning for each unknown rule in an ignore comment: what it means to hide still shows."""
    for ignore in subject.ignores:
        for name in ignore.rules:
            if name not in subject.rule_ids:
                yield Finding(
                    f"dbconn has no lint rule `{name}`",
                    ignore.span,
                    did_you_mean(nearest(name, subject.rule_ids)) or _ALL,
                    severity=Severity.WARNING,
                )


def check_connection(subject: ConnectionSubject) -> Iterator[Finding]:
    """An error for each unknown rule, or severity that is none, under `lint` in dbconn.yaml."""
    for name, word in subject.connection.lint.items():
        if name not in subject.rule_ids:
            yield Finding(
                f"dbconn has no lint rule `{name}`",
                hint=did_you_mean(nearest(name, subject.rule_ids)) or _ALL,
                item=f"lint:{name}",
            )
        elif word not in SEVERITY_WORDS:
            yield Finding(
                f"`{word}` is not a severity for {name}",
                hint=f"Use {listed(SEVERITY_WORDS, 'or')}.",
                item=f"lint:{name}",
            )


RULE = Rule(
    id="rule-unknown",
    severity=Severity.ERROR,
    title="Rules are named as dbconn knows them.",
    why="A misspelt rule is neither switched off nor made an error, and nobody notices.",
    source="dbconn",
    bad=(
        Example({"delete": _DELETE.format("// dbconn-ignore: functoin-name -- meant well\n")}),
        Example({"login": _DELETE.format("")}, lint={"funktion-name": "off"}),
        Example({"login": _DELETE.format("")}, lint={"function-name": "fatal"}),
    ),
    good=(Example({"login": _DELETE.format("")}, lint={"function-name": "warning"}),),
    script=check,
    connection=check_connection,
    needs=Needs.TREE,
    ignorable=False,
)
