"""`no-eval`: no text is run as code."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import Nodes, argument, callee, path_of
from dbconn_tui.lint.modules import Modules
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity

_WORDS: Final = ("eval", "Function", "setTimeout", "setInterval", "setImmediate", "vm")
_TIMERS: Final = frozenset({"setTimeout", "setInterval", "setImmediate"})


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a call that runs a text."""
    if not any(word in subject.text for word in _WORDS):
        return
    free = subject.parsed.scopes.free
    modules = subject.shared(Modules)
    for call in subject.shared(Nodes).of("call_expression", "new_expression"):
        path = path_of(callee(call))
        first = argument(call, 0)
        origin = modules.origin(callee(call))
        runs_text = (
            (path in (("eval",), ("Function",)) and path[0] in free)
            or (
                len(path) == 1
                and path[0] in _TIMERS
                and first is not None
                and first.type in ("string", "template_string")
            )
            or (origin is not None and origin.module == "vm" and bool(origin.path))
        )
        if runs_text:
            yield Finding(
                f"`{'.'.join(path)}` runs a text as code",
                subject.parsed.span(call),
                "Write the code itself; for data use `JSON.parse`.",
            )


RULE = Rule(
    id="no-eval",
    severity=Severity.ERROR,
    title="No text is run as code.",
    why="Whoever can change the text runs code of their own, with the script's secrets.",
    source="Auth0 docs, Action coding guidelines (use an analyser)",
    bad=(
        example("login", "const user = eval('(' + body + ')');\nuse(user);"),
        example("login", "setTimeout('finish()', 10);\nreturn callback(null);"),
    ),
    good=(example("login", "const user = JSON.parse(body);\nsetTimeout(() => use(user), 10);"),),
    script=check,
)
