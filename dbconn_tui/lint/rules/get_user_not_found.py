"""`get-user-not-found`: get_user reports “no such user” with callback(null)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.edits import Edit
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import Nodes, argument, branches, callee, path_of, text_value
from dbconn_tui.lint.flow.analysis import callback_flow
from dbconn_tui.lint.flow.reachability import DeadCode
from dbconn_tui.lint.flow.situations import situation
from dbconn_tui.lint.flow.wording import callback_name
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity

_NO_USER: Final = re.compile(
    r"^not found\.?$|(user|account|e-?mail|member)\b.{0,8}(not found|does ?n.t exist|does not exist|unknown)"
    r"|(no|unknown)\s+(such\s+)?(user|account|member)",
    re.IGNORECASE,
)


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding at each error that means an unknown user: by its text, by the branch it stands in, by its class."""
    if subject.kind != "get_user":
        return
    dead = subject.shared(DeadCode)
    flow = subject.shared(callback_flow)
    name = callback_name(flow)
    told: set[int] = set()
    for site in flow.sites:
        for value in branches(site.arguments[0]) if site.arguments and not dead.holds(site.node) else ():
            if _means_unknown(value):
                told.add(value.start)
                whole = value is site.arguments[0] and len(site.arguments) == 1
                yield Finding(
                    "an unknown user is reported as an error",
                    subject.parsed.span(value),
                    f"Write `{name}(null)`: there is no such user, and that is no failure.",
                    edits=(Edit(value.start, value.end, "null"),) if whole else (),
                )
    for node in subject.shared(Nodes).of("new_expression"):
        if (
            path_of(callee(node)) == ("WrongUsernameOrPasswordError",)
            and node.start not in told
            and not dead.holds(node)
        ):
            yield Finding(
                "nobody enters a password in get_user, so it cannot be wrong",
                subject.parsed.span(node),
                f"Write `{name}(null)` for an unknown user.",
            )


def _means_unknown(value: Node) -> bool:
    kind = path_of(callee(value)) if value.type == "new_expression" else ()
    if kind == ("WrongUsernameOrPasswordError",):
        return True
    if not kind or not kind[-1].endswith("Error"):
        return False
    text = text_value(argument(value, 0))
    if text is not None and _NO_USER.search(text):
        return True
    around = situation(value)
    return around.found_nothing or "404" in around.statuses()


RULE = Rule(
    id="get-user-not-found",
    severity=Severity.ERROR,
    title="get_user reports “no such user” with callback(null).",
    why="get_user runs before every sign-up to see whether there is such a user. An error instead of null stops the "
    "sign-up of every new user, and makes password resets fail for no visible reason.",
    source="Auth0 docs, Custom database templates: get user; Error handling",
    bad=(
        example(
            "get_user",
            """
            require('db').query('SELECT id FROM users WHERE email = ?', [email], (err, rows) => {
              if (err) return callback(err);
              if (rows.length === 0) return callback(new Error('nobody'));
              return callback(null, { user_id: rows[0].id, email });
            });
            """,
        ),
        example("get_user", "return callback(new Error('User not found'));"),
        example("get_user", "return callback(new WrongUsernameOrPasswordError(email, 'Wrong'));"),
    ),
    good=(
        example(
            "get_user",
            """
            require('db').query('SELECT id FROM users WHERE email = ?', [email], (err, rows) => {
              if (err) return callback(err);
              if (!rows) return callback(null);
              return rows.length ? callback(null, { user_id: rows[0].id, email }) : callback(null);
            });
            """,
        ),
        example("get_user", "return callback(new Error('The table was not found'));"),
        example(
            "get_user",
            "if (!configuration.USERS_URL) return callback(new Error('USERS_URL is not set'));\nreturn callback(null);",
        ),
    ),
    script=check,
)
