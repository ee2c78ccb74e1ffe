"""`undeclared-variable`: every name that a script reads exists."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import is_assigned, operator
from dbconn_tui.lint.inputs import Inputs
from dbconn_tui.lint.names_tested import announced_globals
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.runtime_globals import GLOBALS, MAGIC_GLOBALS, PLATFORM_GLOBALS, RULES_ONLY
from dbconn_tui.lint.spelling import nearest
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.lint.wording import did_you_mean
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a name that is declared nowhere and that neither Node nor the platform provides.

    Silent about names in a `/* global x */` comment, under `typeof`, and about those that the script assigns
    (`implicit-global`) or that the old sandbox had (`magic-global`).
    """
    free = subject.parsed.scopes.free
    announced = subject.shared(announced_globals)
    named = [binding.name for binding in subject.shared(Inputs).parameters.values()]
    for name, references in free.items():
        if name in GLOBALS or name in MAGIC_GLOBALS or name in announced:
            continue
        if any(is_assigned(reference) for reference in references):
            continue
        reads = [reference for reference in references if not _is_under_typeof(reference)]
        if not reads or len(reads) < len(references):
            continue
        if name in RULES_ONLY:
            hint = f"`{name}` exists in Actions and Rules; database scripts do not get it."
        else:
            hint = (
                did_you_mean(nearest(name, {*named, *PLATFORM_GLOBALS}))
                or "Declare it, or use the parameter that is meant."
            )
        yield Finding(f"`{name}` is not declared, so reading it throws", subject.parsed.span(reads[0]), hint)


def _is_under_typeof(reference: Node) -> bool:
    outer = reference.parent
    return outer is not None and outer.type == "unary_expression" and operator(outer) == "typeof"


RULE = Rule(
    id="undeclared-variable",
    severity=Severity.ERROR,
    title="Every name that a script reads is declared.",
    why="Reading an undeclared name throws. It is often the error path, which nobody has run: the parameter is called "
    "`identifier`, the error says `email`.",
    source="Auth0 docs, Action coding guidelines (run a linter)",
    bad=(
        example("login", "return callback(new WrongUsernameOrPasswordError(email));"),
        example("verify", "return callback(err);"),
    ),
    good=(
        example("login", "return callback(new WrongUsernameOrPasswordError(identifier));"),
        example("login", "/* global store */\nreturn store.check(identifier, password, callback);"),
        example("verify", "if (typeof tracer !== 'undefined') tracer.start();\nreturn callback(null, true);"),
    ),
    script=check,
)
