"""`configuration-unused`: every declared configuration key is read by a script."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.configuration_keys import configuration_keys
from dbconn_tui.lint.rule import Example, Finding, Rule
from dbconn_tui.lint.subject import ConnectionSubject
from dbconn_tui.problems import Severity

_LOGIN = "function login(email, password, callback) {{\n  return callback(null, {{ user_id: {0} }});\n}}\n"


def check(subject: ConnectionSubject) -> Iterator[Finding]:
    """One finding a key that no script reads; silent when a script may read keys in ways nobody can follow."""
    keys = subject.shared(configuration_keys)
    if not keys.complete or not subject.scripts:
        return
    for key in subject.connection.configuration:
        if key not in keys.reads:
            yield Finding(
                f"no script reads configuration.{key}",
                hint="Take it away: secrets that nobody needs should not lie about.",
                item=f"configuration:{key}",
            )


RULE = Rule(
    id="configuration-unused",
    severity=Severity.INFO,
    title="Every declared configuration key is read by a script.",
    why="A value that nothing reads is usually left over, and an old secret is a risk without a use.",
    source="dbconn",
    bad=(Example({"login": _LOGIN.format("configuration.A")}, configuration=("A", "OLD_KEY")),),
    good=(
        Example({"login": _LOGIN.format("configuration.A")}, configuration=("A",)),
        Example({"login": _LOGIN.format("configuration[email]")}, configuration=("A", "OTHER")),
    ),
    connection=check,
    ignorable=False,
)
