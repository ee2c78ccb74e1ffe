"""`username-limits`: user names are as long as the platform allows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dbconn_tui.lint.connection_facts import deep, option
from dbconn_tui.lint.examples import connection_example
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ConnectionSubject
from dbconn_tui.problems import Severity

_LONGEST: Final = 128
_PLACES: Final = (("validation", "username"), ("attributes", "username", "validation"))


def check(subject: ConnectionSubject) -> Iterator[Finding]:
    """One finding about lengths that are no range within 1 and 128."""
    for path in _PLACES:
        limits = option(subject, *path)
        least, most = deep(limits, "min"), deep(limits, "max") or deep(limits, "max_length")
        least = least if least is not None else deep(limits, "min_length")
        numbers = [one for one in (least, most) if isinstance(one, int) and not isinstance(one, bool)]
        if any(not 1 <= one <= _LONGEST for one in numbers) or (len(numbers) == 2 and numbers[0] > numbers[1]):
            yield Finding(
                f"user names can be 1 to {_LONGEST} characters long, the shortest no longer than the longest",
                hint=f"Correct `{'.'.join(path)}`.",
                item=f"option:{'.'.join(path)}",
            )


RULE = Rule(
    id="username-limits",
    severity=Severity.INFO,
    title="The lengths of user names are a range within 1 and 128.",
    why="The platform refuses other lengths. The store's column must be as wide, too.",
    source="Auth0 docs, Require username",
    bad=(
        connection_example(
            {"login": "check(password, callback);"}, options={"validation": {"username": {"min": 1, "max": 200}}}
        ),
    ),
    good=(
        connection_example(
            {"login": "check(password, callback);"}, options={"validation": {"username": {"min": 1, "max": 64}}}
        ),
    ),
    connection=check,
    ignorable=False,
)
