"""`wrong-credentials-args`: WrongUsernameOrPasswordError takes the identifier first, then the message."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import Nodes, arguments, callee, path_of, text_value
from dbconn_tui.lint.flow.reachability import DeadCode
from dbconn_tui.lint.flow.situations import ERROR_NAME
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding at a first argument that is a text or an error; strict also tells calls without arguments."""
    dead = subject.shared(DeadCode)
    for node in subject.shared(Nodes).of("new_expression"):
        if path_of(callee(node)) != ("WrongUsernameOrPasswordError",) or dead.holds(node):
            continue
        given = arguments(node)
        if not given:
            yield Finding(
                "without an identifier the tenant's log cannot say who failed to log in",
                subject.parsed.span(node),
                "Pass the identifier when there is such a user, null when there is none.",
                pedantic=True,
            )
            continue
        first = given[0]
        is_text = first.type in ("string", "template_string") and text_value(first) != ""
        is_error = first.type == "new_expression" or (
            first.type == "identifier" and ERROR_NAME.fullmatch(first.text) is not None
        )
        if (is_text and not _embeds_only_a_name(first.text)) or is_error:
            yield Finding(
                "the first argument is who failed to log in, not what happened",
                subject.parsed.span(first),
                "Write `new WrongUsernameOrPasswordError(identifier, message)`, or null for an unknown user.",
            )


def _embeds_only_a_name(text: str) -> bool:
    """Whether a template is nothing but one substitution, e.g. an identifier made a text."""
    return text.startswith("`${") and text.endswith("}`") and text.count("${") == 1


RULE = Rule(
    id="wrong-credentials-args",
    severity=Severity.INFO,
    title="WrongUsernameOrPasswordError takes the identifier first, then the message.",
    why="The tenant's log shows the first argument as the user who failed to log in, and brute-force protection counts "
    "by it. With a message there it reads `auth0|Wrong password`.",
    source="Auth0 docs, Error handling; Custom database templates: login",
    bad=(
        example("login", "return callback(new WrongUsernameOrPasswordError('Wrong password'));"),
        example("login", "return callback(new WrongUsernameOrPasswordError());", preset="strict"),
    ),
    good=(
        example("login", "return callback(new WrongUsernameOrPasswordError(identifier, 'Wrong password'));"),
        example("login", "return callback(new WrongUsernameOrPasswordError(null, 'No such user'));"),
        example("login", "return callback(new WrongUsernameOrPasswordError());"),
    ),
    script=check,
)
