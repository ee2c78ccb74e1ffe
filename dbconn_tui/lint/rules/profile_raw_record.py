"""`profile-raw-record`: a profile names its attributes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.databases import DRIVERS
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import ACCESSES, branches, callee, method_of, number_value, path_of
from dbconn_tui.lint.http_clients import CLIENTS
from dbconn_tui.lint.modules import Modules
from dbconn_tui.lint.profiles import profiles
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.problems import Severity

_RAW: Final = frozenset({"data", "body", "row", "rows", "record", "rec", "doc", "document", "result"})


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a record or answer that is handed over as it is, or spread into the profile."""
    found = subject.shared(profiles)
    for leaf in found.others:
        if _is_raw(leaf, subject):
            yield _found(subject, leaf, f"`{_short(leaf)}` is handed over as it is")
    for profile in found.literals:
        for spread in profile.spreads:
            if any(one.type in (*ACCESSES, "identifier", "await_expression") for one in branches(spread)):
                yield _found(subject, spread, f"`{_short(spread)}` is spread into the profile")
                break


def _is_raw(node: Node, subject: ScriptSubject) -> bool:
    if node.type == "call_expression":
        return path_of(callee(node)) == ("JSON", "parse") or method_of(node) == "json"
    if node.type == "subscript_expression":
        return number_value(node.field("index")) == 0
    path = path_of(node)
    if path and path[-1] in _RAW:
        return True
    origin = subject.shared(Modules).origin(node)
    return origin is not None and (origin.module in DRIVERS or origin.module in CLIENTS)


def _short(node: Node) -> str:
    return node.text if len(node.text) <= 40 else f"{node.text[:37]}…"


def _found(subject: ScriptSubject, node: Node, message: str) -> Finding:
    return Finding(message, subject.parsed.span(node), "Name the attributes: `{ user_id: row.id, email: row.email }`.")


RULE = Rule(
    id="profile-raw-record",
    severity=Severity.WARNING,
    title="A profile names its attributes.",
    why="A record handed over as it is brings along hashes, internal fields, and whatever column is added next year.",
    source="Auth0 docs, Normalized user profiles; Login template",
    bad=(
        example(
            "get_user",
            "const axios = require('axios@1.7.9');\naxios.get(url).then((response) => callback(null, response.data));",
        ),
        example("get_user", "find(identifier, (row) => callback(null, { ...row, user_id: row.id }));"),
    ),
    good=(
        example(
            "get_user",
            "find(identifier, (row) => callback(null, { user_id: row.id, ...(row.vip && { app_metadata: {} }) }));",
        ),
        example("get_user", "return callback(null, toProfile(row));"),
    ),
    script=check,
)
