"""`user-enumeration`: an unknown user and a wrong password get the same answer."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import Nodes, argument, callee, path_of, text_value
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding at the second text when login gives WrongUsernameOrPasswordError two different ones."""
    if subject.kind != "login":
        return
    first: str | None = None
    for made in subject.shared(Nodes).of("new_expression"):
        text = text_value(argument(made, 1)) if path_of(callee(made)) == ("WrongUsernameOrPasswordError",) else None
        if text is None:
            continue
        if first is not None and text != first:
            yield Finding(
                "this text differs from the other refusal's, which tells who has an account",
                subject.parsed.span(argument(made, 1) or made),
                "Use one text for both.",
            )
            return
        first = text


RULE = Rule(
    id="user-enumeration",
    severity=Severity.INFO,
    title="An unknown user and a wrong password get the same answer.",
    why="With two texts anybody can find out which addresses have an account.",
    source="Auth0 docs, Error handling (the difference is for the logs only)",
    bad=(
        example(
            "login",
            "if (!row) return callback(new WrongUsernameOrPasswordError(identifier, 'No such user'));\n"
            "return callback(new WrongUsernameOrPasswordError(identifier, 'Wrong password'));",
        ),
    ),
    good=(
        example(
            "login",
            "if (!row) return callback(new WrongUsernameOrPasswordError(null, 'Wrong user or password'));\n"
            "return callback(new WrongUsernameOrPasswordError(identifier, 'Wrong user or password'));",
        ),
    ),
    script=check,
)
