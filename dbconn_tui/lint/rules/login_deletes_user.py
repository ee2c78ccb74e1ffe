"""`login-deletes-user`: looking a user up deletes nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.databases import databases
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.http_clients import http_calls
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Certainty, Severity

_REMOVING: Final = frozenset({"deleteOne", "deleteMany", "remove", "findOneAndDelete"})
_SESSIONS: Final = re.compile(r"session|token|lock|cache|attempt", re.IGNORECASE)


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a deletion in login or get_user; sessions, tokens and the like are free."""
    if subject.kind not in ("login", "get_user"):
        return
    found: list[Node] = [one.text.node for one in subject.shared(databases).sql if one.verb == "delete"]
    found += [one.node for one in subject.shared(databases).statements if one.method in _REMOVING]
    found += [call.node for call in subject.shared(http_calls) if call.method == "DELETE"]
    for node in found:
        if not _SESSIONS.search(node.text):
            yield Finding(
                f"{subject.kind} deletes something; if what follows fails, the user is lost",
                subject.parsed.span(node),
                "Mark the record as moved, and delete in a job of its own.",
                certainty=Certainty.POSSIBLE if node.type == "call_expression" else Certainty.CERTAIN,
            )


RULE = Rule(
    id="login-deletes-user",
    severity=Severity.ERROR,
    title="Looking a user up deletes nobody.",
    why="While users move to the platform it is tempting to delete the old record at login. When anything fails after "
    "that, the user exists nowhere.",
    source="Auth0 docs, Configure automatic migration (an independent process)",
    bad=(
        example("login", "db.query('DELETE FROM users WHERE id = ?', [row.id], done);"),
        example("get_user", "fetch(`${configuration.URL}/users/1`, { method: 'DELETE' });"),
    ),
    good=(
        example("login", "db.query('UPDATE users SET moved = 1 WHERE id = ?', [row.id], done);"),
        example("login", "db.query('DELETE FROM sessions WHERE id = ?', [row.id], done);"),
        example("delete", "db.query('DELETE FROM users WHERE id = ?', [id], done);"),
    ),
    script=check,
)
