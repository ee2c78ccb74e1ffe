"""`login-credentials-error`: login reports wrong credentials with WrongUsernameOrPasswordError."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import argument, branches, callee, is_nothing, path_of, text_value
from dbconn_tui.lint.flow.analysis import CallbackFlow, callback_flow
from dbconn_tui.lint.flow.reachability import DeadCode
from dbconn_tui.lint.flow.run import Site
from dbconn_tui.lint.flow.situations import situation
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity

_REFUSED: Final = re.compile(
    r"(wrong|invalid|incorrect|bad|unknown|no such)\b.*\b(user(name)?|password|credentials?|login|e-?mail|account)"
    r"|(user(name)?|account|e-?mail|password)\b.{0,8}(not found|unknown|incorrect|invalid|does ?n.t (exist|match)"
    r"|does not (exist|match))|unauthori[sz]ed|(authentication|login) failed|^not found\.?$",
    re.IGNORECASE,
)
_REFUSING: Final = frozenset({"400", "401", "403", "404"})
_HINT: Final = "Write `new WrongUsernameOrPasswordError(identifier, message)`; null for an unknown user."


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding at each call without a profile, and at each plain error that stands for refused credentials.

    Silent about scripts that are nothing but one call: what import mode leaves when all users have moved.
    """
    if subject.kind != "login":
        return
    dead = subject.shared(DeadCode)
    flow = subject.shared(callback_flow)
    for site in flow.sites:
        if dead.holds(site.node):
            continue
        if _has_no_profile(site):
            if not _is_whole_script(flow, site):
                yield Finding(
                    "login ends without a profile and without an error", subject.parsed.span(site.node), _HINT
                )
            continue
        for value in branches(site.arguments[0]) if site.arguments else ():
            if _means_refused(value):
                yield Finding("refused credentials are reported as any failure", subject.parsed.span(value), _HINT)


def _has_no_profile(site: Site) -> bool:
    if any(argument.type == "spread_element" for argument in site.arguments):
        return False
    if site.arguments and not is_nothing(site.arguments[0]):
        return False
    return len(site.arguments) < 2 or is_nothing(site.arguments[1]) or site.arguments[1].type == "false"


def _is_whole_script(flow: CallbackFlow, site: Site) -> bool:
    body = flow.function.field("body") if flow.function is not None else None
    if body is None or len(flow.sites) != 1:
        return False
    statements = [child for child in body.named_children if child.type != "comment"]
    return body.without_parentheses() is site.node or (len(statements) == 1 and site.node.parent is statements[0])


def _means_refused(value: Node) -> bool:
    if value.type != "new_expression" or path_of(callee(value)) != ("Error",):
        return False
    text = text_value(argument(value, 0))
    if text is not None and _REFUSED.search(text):
        return True
    around = situation(value)
    return around.found_nothing or bool(around.statuses() & _REFUSING)


RULE = Rule(
    id="login-credentials-error",
    severity=Severity.WARNING,
    title="login reports wrong credentials with WrongUsernameOrPasswordError.",
    why="Only this error makes the log say “wrong password”, lets brute-force protection count, and shows the user the "
    "right text. Anything else is a failure of the script to Auth0.",
    source="Auth0 docs, Custom database templates: login; Error handling",
    bad=(
        example(
            "login",
            """
            require('store').check(identifier, password, (err, user) => {
              if (err) return callback(err);
              if (!user) return callback(new Error('nobody'));
              return callback(null, { user_id: user.id, email: user.email });
            });
            """,
        ),
        example(
            "login",
            """
            require('store').check(identifier, password, (err, user) => {
              if (err) return callback(err);
              return user ? callback(null, { user_id: user.id }) : callback(null, false);
            });
            """,
        ),
        example("login", "return callback(new Error('Invalid username or password'));"),
    ),
    good=(
        example(
            "login",
            """
            require('store').check(identifier, password, (err, user) => {
              if (err) return callback(err);
              if (!user) return callback(new WrongUsernameOrPasswordError(identifier, 'Wrong'));
              return callback(null, { user_id: user.id, email: user.email });
            });
            """,
        ),
        example("login", "// All users have moved.\nreturn callback(null);"),
        example("login", "return callback(new UnauthorizedError('Please call the help desk'));"),
        example("login", "return callback(new Error('The user store sent an invalid answer'));"),
    ),
    script=check,
)
