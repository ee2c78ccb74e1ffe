"""`create-exists-error`: create reports an existing user as ValidationError('user_exists', …)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import argument, branches, callee, path_of, text_value
from dbconn_tui.lint.flow.analysis import callback_flow
from dbconn_tui.lint.flow.reachability import DeadCode
from dbconn_tui.lint.flow.situations import situation
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity

_EXISTS: Final = re.compile(r"already|\bexists\b|\btaken\b|duplicate|in use", re.IGNORECASE)
_EXISTS_NOT: Final = re.compile(r"(not|n't|never) exist", re.IGNORECASE)
_TAKEN: Final = frozenset({"409", "23505", "ER_DUP_ENTRY", "11000", "P2002", "1062", "2627", "2601"})
"""HTTP's Conflict, and what PostgreSQL, MySQL, MongoDB, Prisma and SQL Server say of a second key."""


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding at each plain error that says, or follows from, that there is such a user."""
    if subject.kind != "create":
        return
    dead = subject.shared(DeadCode)
    for site in subject.shared(callback_flow).sites:
        if not site.arguments or dead.holds(site.node):
            continue
        for value in branches(site.arguments[0]):
            if value.type in ("null", "undefined", "false") or path_of(callee(value)) == ("ValidationError",):
                continue
            if _says_taken(value) or (_is_plain(value) and situation(value).statuses() & _TAKEN):
                yield Finding(
                    "an existing user is reported as any other failure",
                    subject.parsed.span(value),
                    "Write `new ValidationError('user_exists', 'The user already exists')`.",
                )


def _is_plain(value: Node) -> bool:
    return value.type == "identifier" or path_of(callee(value)) == ("Error",)


def _says_taken(value: Node) -> bool:
    text = text_value(argument(value, 0)) if path_of(callee(value)) == ("Error",) else None
    return text is not None and _EXISTS.search(text) is not None and _EXISTS_NOT.search(text) is None


RULE = Rule(
    id="create-exists-error",
    severity=Severity.WARNING,
    title="create reports an existing user as ValidationError('user_exists', …).",
    why="Only with this code do the sign-up page and the log say that the user exists; any other error reads "
    "“something went wrong”.",
    source="Auth0 docs, Custom database templates: create; Error handling",
    bad=(
        example("create", "return callback(new Error('the user already exists'));"),
        example(
            "create",
            """
            require('db').insert(user.email, (err) => {
              if (err && err.code === 'ER_DUP_ENTRY') return callback(err);
              return callback(err || null);
            });
            """,
        ),
    ),
    good=(
        example("create", "return callback(new ValidationError('user_exists', 'The user already exists'));"),
        example("create", "return callback(new Error('The table does not exist'));"),
        example(
            "create",
            """
            require('db').insert(user.email, (err) => {
              if (err && err.code === '23505') return callback(new ValidationError('user_exists', 'There is one'));
              return callback(err || null);
            });
            """,
        ),
    ),
    script=check,
)
