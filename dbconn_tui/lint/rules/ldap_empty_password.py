"""`ldap-empty-password`: nobody binds with an empty password."""

from __future__ import annotations

from collections.abc import Iterator

from dbconn_tui.lint.credentials import ldap_binds, password_is_tested
from dbconn_tui.lint.edits import Edit
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import Nodes, argument, callee, path_of, text_value
from dbconn_tui.lint.inputs import Inputs
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a bind with the password in a script that never looks whether it is empty."""
    if subject.kind != "login" or password_is_tested(subject):
        return
    for bind in ldap_binds(subject):
        yield Finding(
            "an empty password makes this bind succeed: LDAP takes it for an anonymous one",
            subject.parsed.span(bind),
            "Refuse an empty password first: `if (!password) return callback(…)`.",
            edits=_guard(subject),
        )
        return


def _guard(subject: ScriptSubject) -> tuple[Edit, ...]:
    """The refusal as the first statement of the script."""
    function, inputs = subject.parsed.function, subject.shared(Inputs)
    body = function.node.field("body") if function is not None else None
    identifier, password = inputs.parameters.get("identifier"), inputs.parameters.get("password")
    if (
        body is None
        or body.type != "statement_block"
        or identifier is None
        or password is None
        or inputs.callback is None
    ):
        return ()
    # The script's own words, where it has some: another text would tell an empty password from a wrong one.
    said = next(
        (
            text.text
            for made in subject.shared(Nodes).of("new_expression")
            if path_of(callee(made)) == ("WrongUsernameOrPasswordError",)
            and (text := argument(made, 1)) is not None
            and text_value(text) is not None
        ),
        "'Wrong user name or password'",
    )
    refusal = f"new WrongUsernameOrPasswordError({identifier.name}, {said})"
    guard = f"\n  if (!{password.name}) return {inputs.callback.name}({refusal});"
    return (Edit(body.start + 1, body.start + 1, guard),)


RULE = Rule(
    id="ldap-empty-password",
    severity=Severity.ERROR,
    title="Nobody binds to LDAP with an empty password.",
    why="A simple bind without a password is an anonymous one, and many servers answer it with success. The "
    "script then "
    "takes it for a correct password.",
    source="RFC 4513 §5.1.2; seen in public scripts",
    bad=(
        example(
            "login",
            "const ldap = require('ldapjs@2.3.3');\nconst client = ldap.createClient({ url: configuration.URL });\n"
            "client.bind(dn, password, (err) => callback(err));",
        ),
    ),
    good=(
        example(
            "login",
            "if (!password) return callback(new WrongUsernameOrPasswordError(identifier));\n"
            "const ldap = require('ldapjs@2.3.3');\nconst client = ldap.createClient({ url: configuration.URL });\n"
            "client.bind(dn, password, (err) => callback(err));",
        ),
    ),
    script=check,
)
