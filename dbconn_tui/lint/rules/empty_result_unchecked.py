"""`empty-result-unchecked`: an unknown user gives no row, and the script knows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dbconn_tui.action_scripts.tree import FUNCTIONS, Node
from dbconn_tui.lint.databases import DRIVERS, databases
from dbconn_tui.lint.examples import example
from dbconn_tui.lint.expressions import (
    ACCESSES,
    Nodes,
    argument,
    is_tested,
    is_written,
    method_of,
    number_value,
    path_of,
)
from dbconn_tui.lint.modules import Modules
from dbconn_tui.lint.names_tested import Tested, plain
from dbconn_tui.lint.rule import Finding, Rule
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.lint.variables import Variables
from dbconn_tui.problems import Certainty, Severity

_LISTS: Final = frozenset(
    {
        *("rows", "rowset", "results", "result", "users", "records", "recordset", "docs", "documents", "items"),
        *("Items", "hits", "entries", "data", "matches", "resources"),
    },
)
"""Names of lists that a lookup fills."""


def check(subject: ScriptSubject) -> Iterator[Finding]:
    """One finding a list whose first entry is used though nothing looks whether there is one.

    Certain in the callback of a database driver, where the error that follows is thrown at nobody.
    """
    sql = subject.shared(databases).sql
    always_a_row = any(
        "count(" in one.text.constant.lower() or (one.verb == "insert" and "returning" in one.text.constant.lower())
        for one in sql
    )
    if always_a_row:
        return
    seen: set[str] = set()
    for first in subject.shared(Nodes).of("subscript_expression"):
        used = _unchecked_use(first, subject)
        if used is None or plain(first) in seen:
            continue
        seen.add(plain(first))
        from_driver = subject.shared(Modules).origin(first.field("object"))
        certain = from_driver is not None and from_driver.module in DRIVERS and not _is_caught(used)
        yield Finding(
            f"`{first.text}` is used without a look whether there is one: it is undefined for an unknown user",
            subject.parsed.span(used),
            "Answer first when the list is empty, e.g. `if (!rows.length) return callback(null);`.",
            certainty=Certainty.CERTAIN if certain else Certainty.POSSIBLE,
        )
    for call in subject.shared(Nodes).of("call_expression"):
        outer = call.parent
        if method_of(call) != "find" or outer is None or outer.type != "member_expression":
            continue
        sought = argument(call, 0)
        if sought is not None and sought.type in FUNCTIONS and outer.field("optional_chain") is None:
            yield Finding(
                "the result of `find` is used without a look whether anything was found",
                subject.parsed.span(outer),
                "Keep it in a variable and answer first when it is undefined.",
                certainty=Certainty.POSSIBLE,
            )


def _unchecked_use(first: Node, subject: ScriptSubject) -> Node | None:
    """Where a property of `LIST[0]` is read although neither the list nor the entry is looked at."""
    path = path_of(first.field("object"))
    if number_value(first.field("index")) != 0 or not path or path[-1] not in _LISTS:
        return None
    tested = subject.shared(Tested)
    if tested.knows(first) or any(".".join(path[: n + 1]) in tested.counted | tested.texts for n in range(len(path))):
        return None
    outer = first.parent
    if outer is None or is_written(first):
        return None
    if outer.type in ACCESSES and first.field_name == "object":
        return outer if outer.field("optional_chain") is None else None
    if outer.type != "variable_declarator":
        return None
    name = outer.field("name")
    if name is not None and name.type == "object_pattern":
        return name
    binding = subject.shared(Variables).binding(name) if name is not None and name.type == "identifier" else None
    if binding is None or any(is_tested(reference) for reference in binding.references):
        return None
    for reference in binding.references:
        access = reference.parent
        if access is not None and access.type in ACCESSES and reference.field_name == "object":
            return access
    return None


def _is_caught(node: Node) -> bool:
    """Whether an error thrown here is caught, by `try` or by a promise."""
    for outer in node.ancestors():
        if outer.type == "try_statement":
            return True
        if outer.type in FUNCTIONS:
            call = outer.parent.parent if outer.parent is not None else None
            return outer.has_keyword("async") or (call is not None and method_of(call) in ("then", "catch", "finally"))
    return False


RULE = Rule(
    id="empty-result-unchecked",
    severity=Severity.ERROR,
    title="The script looks whether a lookup found anything before it uses the first row.",
    why="For an unknown user there is no first row. Reading a property of it throws, and inside a driver's callback "
    "nobody catches that: the callback is never called.",
    source="Auth0 docs, Error handling (not found is reported by the callback); published templates have the fault",
    bad=(
        example(
            "get_user",
            "const pg = require('pg@8.11.3');\n"
            "const client = new pg.Client(configuration.DATABASE_URL);\n"
            "client.query('SELECT id FROM users WHERE name = $1', [identifier], (err, result) => {\n"
            "  if (err) return callback(err);\n"
            "  const user = result.rows[0];\n"
            "  return callback(null, { user_id: user.id });\n"
            "});",
        ),
        example("login", "const users = load();\nreturn callback(null, { user_id: users[0].id });"),
    ),
    good=(
        example(
            "get_user",
            "client.query(text, [identifier], (err, result) => {\n"
            "  if (err || !result.rows.length) return callback(err);\n"
            "  return callback(null, { user_id: result.rows[0].id });\n"
            "});",
        ),
        example(
            "get_user", "const user = rows[0];\nif (!user) return callback(null);\nreturn callback(null, user.id);"
        ),
        example(
            "create",
            "client.query('INSERT INTO users (n) VALUES ($1) RETURNING id', [1], (e, r) => save(r.rows[0].id));",
        ),
    ),
    script=check,
)
