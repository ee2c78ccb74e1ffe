"""`pii-in-error`: error messages name nobody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.callback_calls import callback_calls
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import Nodes, argument, callee
from dbconn_tui.lint.inputs import Inputs, Role
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity

_TEXTS: Final = frozenset({"binary_expression", "template_string"})
_SPECIAL: Final = frozenset({"WrongUsernameOrPasswordError", "ValidationError"})


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding an error whose message holds an argument of the script; the identifier's own place is free."""
    inputs = subject.shared(Inputs)
    for message in _messages(subject):
        sources = [source for source in inputs.sources(message) if source.role is not Role.ID]
        if sources:
            what = "the password" if any(one.role is Role.PASSWORD for one in sources) else f"`{sources[0].node.text}`"
            yield Finding(
                f"{what} is part of the error's message, which goes into the tenant's logs and into redirects",
                subject.parsed.span(message),
                "Say what went wrong without naming anybody.",
            )


def _messages(subject: ScriptSubject) -> Iterator[Node]:
    """The messages of the errors that are made, and texts that the callback gets in place of one."""
    for made in subject.shared(Nodes).of("new_expression", "call_expression"):
        target = callee(made)
        if target is not None and target.type == "identifier" and target.text.endswith("Error"):
            message = argument(made, 1 if target.text in _SPECIAL else 0)
            if message is not None:
                yield message
    for call in subject.shared(callback_calls):
        if call.error is not None and call.error.type in _TEXTS:
            yield call.error


RULE = Rule(
    id="pii-in-error",
    severity=Severity.WARNING,
    title="Error messages name nobody.",
    why="Messages end up in the tenant's log. Those of verify and change_password even stand in the address that the "
    "browser is sent to.",
    source="Auth0 docs, Action coding guidelines; Verify and Change password templates (redirect)",
    bad=(
        example("verify", "return callback(new Error(`User ${email} not found`));"),
        example("login", "return callback(new WrongUsernameOrPasswordError(identifier, 'No user ' + identifier));"),
    ),
    good=(
        example("verify", "return callback(new Error('user not found'));"),
        example(
            "login", "return callback(new WrongUsernameOrPasswordError(identifier, 'Wrong user name or password'));"
        ),
    ),
    script=check,
)
