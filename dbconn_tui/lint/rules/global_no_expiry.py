"""`global-no-expiry`: what ages in `global` is renewed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import function_around
from dbconn_tui.lint.modules import Modules
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity

_AGING: Final = re.compile(r"token|cert|jwks|settings|config|keys?\Z", re.IGNORECASE)
_TIME: Final = re.compile(r"Date\b|expir|performance\.now|hrtime", re.IGNORECASE)


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a token or the like that a script fetches into `global` without ever looking at the time."""
    if not subject.shared(Modules).globals or _TIME.search(subject.text):
        return
    for name, values in subject.shared(Modules).globals.items():
        fetched = next(
            (value for value in values if value.type == "await_expression" or is_inside_callback(value)),
            None,
        )
        if fetched is not None and _AGING.search(name):
            yield Finding(
                f"global.{name} is fetched once and kept for as long as the container lives",
                subject.parsed.span(fetched),
                "Keep when it ends beside it, and fetch it again by then.",
            )
            return


def is_inside_callback(value: Node) -> bool:
    """Whether a value is stored in a function that some call runs later."""
    function = function_around(value)
    return function is not None and function.parent is not None and function.parent.type == "arguments"


RULE = Rule(
    id="global-no-expiry",
    severity=Severity.INFO,
    title="What ages in `global` carries its end with it.",
    why="A container can live for hours. A token or certificate fetched once is used long after it has expired.",
    source="Auth0 docs, Custom database connections (do not rely on `global` for long)",
    bad=(example("login", "if (!global.token) global.token = await getToken();\nuse(global.token);", is_async=True),),
    good=(
        example(
            "login",
            "if (!global.token || global.token.expiresAt < Date.now()) global.token = await getToken();\n"
            "use(global.token);",
            is_async=True,
        ),
        example("login", "if (!global.pool) global.pool = await openPool();\nuse(global.pool);", is_async=True),
    ),
    script=check,
)
