"""`login-password-unused`: login looks at the password."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.callback_calls import callback_calls
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import callee, is_nothing, path_of
from dbconn_tui.lint.inputs import Inputs
from dbconn_tui.lint.profiles import profiles
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Certainty, Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding when login can hand over a profile without ever reading the password, other than to log it."""
    inputs = subject.shared(Inputs)
    password = inputs.parameters.get("password")
    function = subject.parsed.function
    if subject.kind != "login" or password is None or function is None or function.uses_arguments:
        return
    if any(not _is_no_check(reference, subject) for reference in password.references):
        return
    succeeds = any(
        call.succeeds
        and not is_nothing(call.result)
        and call.result is not None
        and call.result.type not in ("false", "true")
        for call in subject.shared(callback_calls)
    )
    handed_on = inputs.callback is not None and any(
        reference.parent is not None and reference.parent.type == "arguments"
        for reference in inputs.callback.references
    )
    if succeeds or handed_on:
        yield Finding(
            "the password is never looked at, so whoever knows an identifier gets in",
            subject.parsed.span(password.node),
            "Check the password before the profile is handed over.",
            certainty=Certainty.CERTAIN if succeeds else Certainty.POSSIBLE,
        )


def _is_no_check(reference: Node, subject: ScriptSubject) -> bool:
    """Whether a mention of the password only logs it or copies it into the profile."""
    for outer in reference.ancestors():
        if outer.type == "call_expression" and path_of(callee(outer))[:1] == ("console",):
            return True
        if outer.type == "object":
            return any(profile.node is outer for profile in subject.shared(profiles).literals)
        if outer.type.endswith("statement"):
            return False
    return False


RULE = Rule(
    id="login-password-unused",
    severity=Severity.ERROR,
    title="Login looks at the password.",
    why="A login that hands over a profile without checking the password lets everybody in as anybody.",
    source="Auth0 docs, Login template",
    bad=(
        example("login", "return callback(null, { user_id: '1', email: identifier });"),
        example("login", "console.log(password);\nfind(identifier, callback);"),
    ),
    good=(
        example("login", "return callback(null, null);"),
        example("login", "check(identifier, password, (err, user) => callback(err, user));"),
        example("login", "return callback(new Error('logins are closed'));"),
    ),
    script=check,
)
