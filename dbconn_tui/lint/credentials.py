"""Analysis: how the script treats the password it gets — hashes, comparisons, statements."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.databases import DRIVERS, Statement, databases
from dbconn_tui.lint.expressions import Nodes, arguments, is_tested, method_of, properties, receiver_of
from dbconn_tui.lint.inputs import Inputs, Role
from dbconn_tui.lint.modules import Modules
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.lint.variables import Variables

HASHING_SQL: Final = re.compile(
    r"\b(?:crypt|pwdencrypt|pwdcompare|hashbytes|sha[12]?|md5|password_hash|digest|pbkdf2)\s*\(",
    re.IGNORECASE,
)
"""SQL that hashes the value it is given."""
WRITING: Final = frozenset(
    {"insertOne", "insertMany", "insert", "updateOne", "updateMany", "update", "replaceOne", "save"}
)
WRITING_SQL: Final = frozenset({"insert", "update", "merge", "replace", "upsert"})
READING: Final = frozenset({"find", "findOne", "countDocuments", "aggregate"})


def writes(subject: ScriptSubject) -> Iterator[Statement]:
    """The driver calls that store something."""
    for statement in subject.shared(databases).statements:
        if statement.sql.verb in WRITING_SQL if statement.sql is not None else statement.method in WRITING:
            yield statement


def password_in(node: Node | None, subject: ScriptSubject) -> Node | None:
    """Where the plain password stands in an expression; None when it does not."""
    return next(
        (source.node for source in subject.shared(Inputs).sources(node) if source.role is Role.PASSWORD),
        None,
    )


def handed_password(statement: Statement, subject: ScriptSubject) -> Node | None:
    """Where a driver's call gets the plain password as a value, not inside a handler."""
    for given in statement.arguments:
        if subject.shared(Variables).function(given) is None:
            found = password_in(given, subject) or _deeper(given, subject)
            if found is not None:
                return found
    return None


def _deeper(node: Node, subject: ScriptSubject) -> Node | None:
    """The password inside nested literals that a name stands for."""
    literal = subject.shared(Variables).resolve(node)
    if literal.type != "object":
        return None
    for value in properties(literal).values.values():
        found = password_in(value, subject)
        if found is not None:
            return found
    return None


def password_is_tested(subject: ScriptSubject) -> bool:
    """Whether the script looks whether the password is empty."""
    binding = subject.shared(Inputs).parameters.get("password")
    if binding is None:
        return True
    return any(
        is_tested(reference) or (reference.parent is not None and is_tested(reference.parent))
        for reference in binding.references
    )


def ldap_binds(subject: ScriptSubject) -> Iterator[Node]:
    """The LDAP binds with the plain password."""
    modules = subject.shared(Modules)
    if not modules.named("ldapjs", "ldapts", "activedirectory", "activedirectory2"):
        return
    for call in subject.shared(Nodes).of("call_expression"):
        if method_of(call) not in ("bind", "authenticate") or receiver_of(call) is None:
            continue
        origin = modules.origin(receiver_of(call))
        if origin is not None and origin.module not in DRIVERS and "activedirectory" not in origin.module:
            continue
        if any(password_in(given, subject) is not None for given in arguments(call)):
            yield call
