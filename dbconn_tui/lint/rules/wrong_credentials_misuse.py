"""`wrong-credentials-misuse`: an outage is not reported as wrong credentials."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dbconn_tui.action_scripts.tree import FUNCTIONS, Node
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import Nodes, callee, is_nothing, method_of, path_of
from dbconn_tui.lint.flow.reachability import DeadCode
from dbconn_tui.lint.flow.situations import call_with, situation
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity

_REFUSING: Final = frozenset({"bind", "authenticate", "authenticateUser", "compare", "verify", "signIn", "login"})
"""Operations whose error usually is that the credentials were refused."""


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding at each WrongUsernameOrPasswordError in a handler that has not asked what kind of error it is."""
    dead = subject.shared(DeadCode)
    for node in subject.shared(Nodes).of("new_expression"):
        if path_of(callee(node)) != ("WrongUsernameOrPasswordError",) or dead.holds(node):
            continue
        around = situation(node)
        if around.handler is None or around.knows_the_cause or _of_refusing_call(node) or is_nothing(around.handler):
            continue
        yield Finding(
            "every failure that ends here is reported as a wrong password, outages too",
            subject.parsed.span(node),
            "Ask for the status or code first; report everything else as an Error.",
        )


def _of_refusing_call(node: Node) -> bool:
    """Whether the error comes from an operation that fails mostly because the credentials were refused."""
    function = next((outer for outer in node.ancestors() if outer.type in FUNCTIONS), None)
    call = call_with(function) if function is not None else None
    return call is not None and method_of(call) in _REFUSING


RULE = Rule(
    id="wrong-credentials-misuse",
    severity=Severity.WARNING,
    title="An outage is not reported as wrong credentials.",
    why="When the user store is down, users are told that their password is wrong, are locked out by brute-force "
    "protection, and nobody sees the outage in the log.",
    source="Auth0 docs, Error handling (separate rows for both)",
    bad=(
        example(
            "login",
            """
            let user;
            try {
              user = await require('store').check(identifier, password);
            } catch (error) {
              return callback(new WrongUsernameOrPasswordError(identifier, 'Wrong'));
            }
            return callback(null, { user_id: user.id, email: user.email });
            """,
            is_async=True,
        ),
        example(
            "login",
            """
            require('store').check(identifier, password, (err, user) => {
              if (err) return callback(new WrongUsernameOrPasswordError(identifier, 'Wrong'));
              return callback(null, { user_id: user.id, email: user.email });
            });
            """,
        ),
    ),
    good=(
        example(
            "login",
            """
            let user;
            try {
              user = await require('store').check(identifier, password);
            } catch (error) {
              if (error.status !== 401) return callback(error);
              return callback(new WrongUsernameOrPasswordError(identifier, 'Wrong'));
            }
            return callback(null, { user_id: user.id, email: user.email });
            """,
            is_async=True,
        ),
        example(
            "login",
            """
            const client = require('ldapjs@2.3.3').createClient({ url: configuration.URL });
            client.bind(identifier, password, (err) => {
              if (err) return callback(new WrongUsernameOrPasswordError(identifier, 'Wrong'));
              return callback(null, { user_id: identifier });
            });
            """,
        ),
    ),
    script=check,
)
