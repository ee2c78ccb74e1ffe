"""`configuration-shared-name`: one setting has one spelling."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.rule import Example, Finding, Rule
from dbconn_tui.lint.subject import ConnectionSubject
from dbconn_tui.problems import Severity


def check(subject: ConnectionSubject) -> Iterator[Finding]:
    """One finding a declared key that differs from another in letter case or underscores only."""
    by_letters: dict[str, str] = {}
    for key in subject.connection.configuration:
        letters = key.lower().replace("_", "").replace("-", "")
        first = by_letters.setdefault(letters, key)
        if first != key:
            yield Finding(
                f"the keys {key} and {first} look like one",
                hint="Keep one of them and correct the scripts.",
                item=f"configuration:{key}",
            )


RULE = Rule(
    id="configuration-shared-name",
    severity=Severity.INFO,
    title="One setting has one spelling.",
    why="API_URL and ApiUrl are two keys. Sooner or later one of them is changed and the other is not.",
    source="dbconn",
    bad=(Example({"login": "x"}, configuration=("API_URL", "ApiUrl")),),
    good=(Example({"login": "x"}, configuration=("API_URL", "API_URI")),),
    connection=check,
    ignorable=False,
)
