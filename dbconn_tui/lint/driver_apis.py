"""Table: calls that a database driver or Node no longer has, or that never answer (templates.md §4, feasibility.md §B).

Each entry looks at one script and yields what it found; versions that are not written count as current.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from dbconn_tui.action_scripts.scopes import parameters_of
from dbconn_tui.action_scripts.tree import FUNCTIONS, Node
from dbconn_tui.lint.databases import Statement, databases
from dbconn_tui.lint.expressions import (
    CALLS,
    Nodes,
    arguments,
    callee,
    method_of,
    operator,
    path_of,
    properties,
    property_of,
    text_value,
)
from dbconn_tui.lint.inputs import Inputs
from dbconn_tui.lint.modules import CALLED, Modules
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.lint.variables import Variables


@dataclass(frozen=True, slots=True)
class Misuse:
    """One use that cannot work. `sure` is False where the version in use decides and is not written."""

    node: Node
    message: str
    hint: str
    sure: bool = True
    minor: bool = False
    """Works for now, and Node warns."""


_UPDATING: Final = frozenset({"update", "insert", "delete", "replace", "merge"})
_MONGO_GONE: Final = {"insert": "insertOne", "update": "updateOne", "remove": "deleteOne", "save": "replaceOne"}
_MONGO_UPDATES: Final = frozenset({"update", "updateOne", "updateMany", "replaceOne", "deleteOne", "remove"})


def misuses(subject: ScriptSubject) -> Iterator[Misuse]:
    """Everything in the script that its drivers' versions do not do."""
    for entry in _ENTRIES:
        yield from entry(subject)


def _mysql_is_no_function(subject: ScriptSubject) -> Iterator[Misuse]:
    modules = subject.shared(Modules)
    if not modules.named("mysql", "mysql2"):
        return
    for call in subject.shared(Nodes).of("call_expression"):
        origin = modules.origin(callee(call))
        if origin is not None and origin.module in ("mysql", "mysql2") and origin.path == ():
            yield Misuse(call, f"{origin.module} is no function", "Write `mysql.createConnection({ … })`.")


def _pg_connect_is_gone(subject: ScriptSubject) -> Iterator[Misuse]:
    modules = subject.shared(Modules)
    for require in modules.named("pg"):
        below = require.version.below(8, 0, 3)
        if below:
            yield Misuse(
                require.place,
                f"pg {require.version.text} never connects on Node 14 and later, and reports no error",
                "Ask for 8.0.3 or later, e.g. `pg@8.11.3`.",
            )
    for call in subject.shared(Nodes).of("call_expression") if modules.named("pg") else ():
        origin = modules.origin(callee(call)) if method_of(call) == "connect" else None
        if origin is None or origin.module != "pg" or origin.path != ("connect",):
            continue
        if origin.require.version.below(7) is not True:
            yield Misuse(call, "`pg.connect` was removed in pg 7", "Write `const client = new pg.Client(…)`.")


def _mongodb_has_no_callbacks(subject: ScriptSubject) -> Iterator[Misuse]:
    callback = subject.shared(Inputs).callback
    for statement in _calls_of(subject, "mongodb"):
        old = statement.origin.require.version.below(5)
        if old is True:
            continue
        last = statement.arguments[-1] if statement.arguments else None
        hands_over = last is not None and (
            last.type in FUNCTIONS
            or (
                last.type == "identifier"
                and callback is not None
                and subject.shared(Variables).binding(last) is callback
            )
        )
        if (
            last is not None
            and hands_over
            and statement.method
            not in ("map", "forEach", "withSession", "withTransaction", "on", "then", "catch", "finally")
        ):
            yield Misuse(
                last,
                f"mongodb 5 and later calls no callback: what `{statement.method}` is given here never runs",
                "Write `await`, or `.then(…)`.",
                sure=old is False,
            )
        elif statement.method in _MONGO_GONE and "collection" in statement.origin.path:
            yield Misuse(
                statement.node,
                f"mongodb 5 and later has no `{statement.method}`",
                f"Write `{_MONGO_GONE[statement.method]}`.",
                sure=old is False,
            )


def _mongodb_result_is_no_number(subject: ScriptSubject) -> Iterator[Misuse]:
    for statement in _calls_of(subject, "mongodb"):
        handler = next((one for one in statement.arguments if one.type in FUNCTIONS), None)
        if statement.method not in _MONGO_UPDATES or handler is None:
            continue
        for reference in _references(handler, 1, subject):
            outer = reference.parent
            if (
                outer is not None
                and outer.type == "binary_expression"
                and operator(outer) in (">", ">=", "<", "<=", "===")
            ):
                yield Misuse(
                    outer,
                    f"the result of `{statement.method}` is an object: comparing it with a number is always false",
                    "Read `modifiedCount`, `matchedCount` or `deletedCount`.",
                )
                break


def _mysql_update_has_no_rows(subject: ScriptSubject) -> Iterator[Misuse]:
    for statement in (*_calls_of(subject, "mysql"), *_calls_of(subject, "mysql2")):
        handler = next((one for one in statement.arguments if one.type in FUNCTIONS), None)
        if statement.sql is None or statement.sql.verb not in _UPDATING or handler is None:
            continue
        for reference in _references(handler, 1, subject):
            access = reference.parent
            if access is not None and property_of(access) == "length" and reference.field_name == "object":
                yield Misuse(
                    access,
                    f"the result of an {statement.sql.verb.upper()} has no `length`",
                    "Read `affectedRows`.",
                )
                break


def _mysql2_promises_call_nobody(subject: ScriptSubject) -> Iterator[Misuse]:
    for statement in _calls_of(subject, "mysql2/promise"):
        last = statement.arguments[-1] if statement.arguments else None
        if (
            last is not None
            and last.type in FUNCTIONS
            and statement.method in ("query", "execute", "connect", "getConnection")
        ):
            yield Misuse(last, "mysql2/promise calls no callback", "Write `await`, or require `mysql2`.")


def _tedious_settings_and_connect(subject: ScriptSubject) -> Iterator[Misuse]:
    openings = [one for one in subject.shared(databases).openings if one.origin.module == "tedious"]
    if not openings:
        return
    connects = any(
        statement.method == "connect" and statement.origin.path == ("Connection", CALLED, "connect")
        for statement in subject.shared(databases).statements
    )
    for opening in openings:
        version = opening.origin.require.version
        if not connects and version.below(10) is not True and _stays(opening.node):
            yield Misuse(
                opening.node,
                "tedious 10 and later does not connect by itself: no event ever comes",
                "Call `connection.connect()` after the handlers are set.",
                sure=version.below(10) is False,
            )
        top = opening.config[0] if opening.config else None
        names = properties(top).values if top is not None else {}
        misplaced = next((name for name in ("userName", "password", "domain") if name in names), None)
        if misplaced is not None and version.below(9) is not True:
            yield Misuse(
                names[misplaced],
                f"tedious 9 and later ignores `{misplaced}` at this level",
                "Write `authentication: { type: 'default', options: { userName, password } }`.",
                sure=version.below(9) is False,
            )


def _tedious_rows(subject: ScriptSubject) -> Iterator[Misuse]:
    openings = [one for one in subject.shared(databases).openings if one.origin.module == "tedious"]
    if not openings or any(not one.known or "rowCollectionOnRequestCompletion" in one.names for one in openings):
        return
    for statement in _calls_of(subject, "tedious"):
        handler = next((one for one in statement.arguments if one.type in FUNCTIONS), None)
        if statement.node.type != "new_expression" or handler is None:
            continue
        for reference in _references(handler, 2, subject):
            access = reference.parent
            if access is not None and access.type == "subscript_expression" and reference.field_name == "object":
                yield Misuse(
                    access,
                    "the rows are empty: tedious collects them only with `rowCollectionOnRequestCompletion`",
                    "Set `options: { rowCollectionOnRequestCompletion: true }`.",
                )
                break


def _tedious_columns(subject: ScriptSubject) -> Iterator[Misuse]:
    openings = [one for one in subject.shared(databases).openings if one.origin.module == "tedious"]
    if not openings or any(not one.known or "useColumnNames" in one.names for one in openings):
        return
    for statement in _calls_of(subject, "tedious"):
        given = statement.arguments
        is_row = statement.method == "on" and len(given) == 2 and text_value(given[0]) == "row"
        if not is_row or given[1].type not in FUNCTIONS:
            continue
        for reference in _references(given[1], 0, subject):
            access = reference.parent
            name = property_of(access) if access is not None and access.type == "member_expression" else None
            called = access.parent if access is not None else None
            if name is None or name == "length" or (called is not None and called.type == "call_expression"):
                continue
            yield Misuse(
                access or reference,
                f"`{reference.text}` is a list: tedious files columns by name only with `useColumnNames`",
                "Set `options: { useColumnNames: true }`, or look for `column.metadata.colName`.",
            )
            break


def _crypto_wants_a_digest(subject: ScriptSubject) -> Iterator[Misuse]:
    if "pbkdf2" not in subject.text:
        return
    for call in subject.shared(Nodes).of("call_expression"):
        wanted = {"pbkdf2": 6, "pbkdf2Sync": 5}.get(method_of(call))
        if wanted is None or (path_of(callee(call))[:1] != ("crypto",) and not _is_from(call, "crypto", subject)):
            continue
        given = arguments(call)
        if len(given) == wanted - 1 and (wanted == 5 or given[-1].type in FUNCTIONS):
            yield Misuse(
                call,
                f"`{method_of(call)}` throws without a digest",
                "Name the digest after the key length, e.g. 'sha512'.",
            )


def _buffer_is_no_constructor(subject: ScriptSubject) -> Iterator[Misuse]:
    for node in subject.shared(Nodes).of("new_expression"):
        if path_of(callee(node)) == ("Buffer",):
            yield Misuse(node, "`new Buffer` is deprecated", "Write `Buffer.from(…)`.", minor=True)


def _ldapjs_entry(subject: ScriptSubject) -> Iterator[Misuse]:
    requires = subject.shared(Modules).named("ldapjs")
    if not requires or requires[0].version.below(3) is True:
        return
    for access in subject.shared(Nodes).of("member_expression"):
        holder = access.field("object")
        if property_of(access) == "object" and holder is not None and path_of(holder)[-1:] == ("entry",):
            yield Misuse(
                access,
                "ldapjs 3 and later has no `entry.object`",
                "Read `entry.pojo`.",
                sure=requires[0].version.below(3) is False,
            )


_ENTRIES: Final[tuple[Callable[[ScriptSubject], Iterator[Misuse]], ...]] = (
    _mysql_is_no_function,
    _pg_connect_is_gone,
    _mongodb_has_no_callbacks,
    _mongodb_result_is_no_number,
    _mysql_update_has_no_rows,
    _mysql2_promises_call_nobody,
    _tedious_settings_and_connect,
    _tedious_rows,
    _tedious_columns,
    _crypto_wants_a_digest,
    _buffer_is_no_constructor,
    _ldapjs_entry,
)


def _calls_of(subject: ScriptSubject, module: str) -> Iterator[Statement]:
    """The calls of one driver, those that open a connection included."""
    found = subject.shared(databases)
    for opening in found.openings:
        if opening.origin.module == module and opening.node.type == "call_expression":
            yield Statement(opening.node, opening.origin, method_of(opening.node), None)
    for statement in found.statements:
        if statement.origin.module == module:
            yield statement


def _references(function: Node, index: int, subject: ScriptSubject) -> list[Node]:
    parameters = parameters_of(function)
    if len(parameters) <= index or parameters[index].type != "identifier":
        return []
    binding = subject.shared(Variables).binding(parameters[index])
    return binding.references if binding is not None else []


def _stays(node: Node) -> bool:
    """Whether a new connection stays in this script, instead of being returned or handed on."""
    outer = node.parent
    return outer is None or outer.type not in ("return_statement", "arguments", "pair")


def _is_from(call: Node, module: str, subject: ScriptSubject) -> bool:
    origin = subject.shared(Modules).origin(callee(call)) if call.type in CALLS else None
    return origin is not None and origin.module == module
