"""Analysis: the database connections a script opens and the statements it runs, by a table of drivers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from dbconn_tui.action_scripts.tree import Node
from dbconn_tui.lint.expressions import (
    CALLS,
    Nodes,
    arguments,
    callee,
    method_of,
    outside_parentheses,
    path_of,
    properties,
)
from dbconn_tui.lint.modules import CALLED, Modules, Origin
from dbconn_tui.lint.subject import ScriptSubject
from dbconn_tui.lint.texts import Text, Texts
from dbconn_tui.lint.variables import Variables


@dataclass(frozen=True, slots=True)
class Driver:
    """One database client. `opens` are the paths that open a connection or make a pool.

    `timeouts`: groups of options; one of each group is needed. `tls`: options that switch TLS on.
    """

    opens: frozenset[tuple[str, ...]]
    timeouts: tuple[frozenset[str], ...] = ()
    tls: frozenset[str] = frozenset()
    pools: frozenset[tuple[str, ...]] = frozenset()
    language: str = "sql"


_MYSQL: Final = Driver(
    frozenset({("createConnection",), ("createPool",)}),
    (frozenset({"connectTimeout"}),),
    frozenset({"ssl"}),
    frozenset({("createPool",)}),
)
DRIVERS: Final[Mapping[str, Driver]] = {
    "mysql": _MYSQL,
    "mysql2": _MYSQL,
    "mysql2/promise": _MYSQL,
    "mariadb": _MYSQL,
    "pg": Driver(
        frozenset({("Client",), ("Pool",)}),
        (frozenset({"connectionTimeoutMillis"}), frozenset({"query_timeout", "statement_timeout"})),
        frozenset({"ssl"}),
        frozenset({("Pool",)}),
    ),
    "tedious": Driver(
        frozenset({("Connection",)}),
        (frozenset({"connectTimeout"}), frozenset({"requestTimeout"})),
        frozenset({"encrypt"}),
    ),
    "mssql": Driver(
        frozenset({("connect",), ("ConnectionPool",)}),
        (frozenset({"connectionTimeout"}), frozenset({"requestTimeout"})),
        frozenset({"encrypt"}),
        frozenset({("connect",), ("ConnectionPool",)}),
    ),
    "mongodb": Driver(
        frozenset({("MongoClient",), ("MongoClient", "connect"), ("connect",)}),
        (frozenset({"serverSelectionTimeoutMS"}),),
        frozenset({"tls", "ssl"}),
        language="mongo",
    ),
    "ldapjs": Driver(
        frozenset({("createClient",)}),
        (frozenset({"timeout"}), frozenset({"connectTimeout"})),
        frozenset({"tlsOptions"}),
        language="ldap",
    ),
    "ldapts": Driver(
        frozenset({("Client",)}),
        (frozenset({"timeout"}), frozenset({"connectTimeout"})),
        frozenset({"tlsOptions"}),
        language="ldap",
    ),
    "oracledb": Driver(frozenset({("getConnection",), ("createPool",)})),
    "ibm_db": Driver(frozenset({("open",)})),
    "redis": Driver(frozenset({("createClient",)}), language="redis"),
}
"""Module → driver. Option names are the drivers' own (rules.md `db-timeout-missing`, `db-tls-missing`)."""

CLOSING: Final = frozenset({"end", "close", "destroy", "release", "unbind", "quit", "disconnect", "terminate", "stop"})
_CONFIG: Final = ("authentication", "options", "server")
_SQL: Final = re.compile(
    r"\s*(?:(?P<verb>select|insert|update|delete|merge|replace|upsert)\s.*?\b(?:from|into|set|where|values|using)\b"
    r"|(?P<call>call|exec|execute)\s+[\w.\[\x00]|with\s+\w+\s+as\s*\()",
    re.IGNORECASE | re.DOTALL,
)
_COLUMN: Final = re.compile(
    r"\b(?:where|and|or)\s+(?:lower|upper|trim)?\s*\(?\s*(?:\w+\.)?[\"`\[]?(\w+)[\"`\]]?\s*\)?\s*=", re.I
)


@dataclass(frozen=True, slots=True)
class Opening:
    """One call that opens a connection. `config` are the object literals that set it up, nested ones included.

    `known`: there are no other settings; a connection string counts as others.
    """

    node: Node
    origin: Origin
    driver: Driver
    config: tuple[Node, ...]
    known: bool
    names: frozenset[str] = field(default_factory=frozenset)
    """All property names in `config`."""

    @property
    def is_pool(self) -> bool:
        """Whether it makes a pool."""
        return self.origin.path in self.driver.pools


@dataclass(frozen=True, slots=True)
class SqlText:
    """One SQL statement that the script writes. `verb` is lower case, "call" for procedures."""

    text: Text
    verb: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it compares with something, lower case."""
        return tuple(name.lower() for name in _COLUMN.findall(self.text.shape))


@dataclass(frozen=True, slots=True)
class Statement:
    """One call of a driver that reads or writes: its method, and the SQL when it has one."""

    node: Node
    origin: Origin
    method: str
    sql: SqlText | None

    @property
    def arguments(self) -> list[Node]:
        """What the call gets."""
        return arguments(self.node)


@dataclass(frozen=True, slots=True)
class Databases:
    """What a script does with databases, in the order of its text."""

    openings: tuple[Opening, ...]
    statements: tuple[Statement, ...]
    sql: tuple[SqlText, ...]


def databases(subject: ScriptSubject) -> Databases:
    """The openings, statements and SQL texts of a script."""
    nodes, modules = subject.shared(Nodes), subject.shared(Modules)
    sql = _sql_texts(subject)
    openings, statements = [], []
    if any(require.module in DRIVERS for require in modules.requires):
        for node in nodes.of(*CALLS):
            origin = modules.origin(callee(node))
            driver = DRIVERS.get(origin.module) if origin is not None else None
            if origin is None or driver is None:
                continue
            path = tuple(step for step in origin.path if step != "default")
            if path in driver.opens:
                openings.append(_opening(node, Origin(origin.require, path), driver, subject))
            elif CALLED in path or node.type == "new_expression":
                first = arguments(node)[0] if arguments(node) else None
                statements.append(Statement(node, origin, method_of(node), _statement_sql(first, subject)))
    return Databases(tuple(openings), tuple(statements), sql)


def read_sql(node: Node, subject: ScriptSubject) -> SqlText | None:
    """The SQL that an expression is, or None when it is none."""
    text = subject.shared(Texts).read(node)
    found = _SQL.match(text.shape)
    return SqlText(text, (found["verb"] or found["call"] or "select").lower()) if found else None


def _statement_sql(first: Node | None, subject: ScriptSubject) -> SqlText | None:
    if first is None:
        return None
    resolved = subject.shared(Variables).resolve(first)
    if resolved.type == "object":
        values = properties(resolved).values
        first = values.get("sql") or values.get("text")
    return read_sql(first, subject) if first is not None else None


def _sql_texts(subject: ScriptSubject) -> tuple[SqlText, ...]:
    """Every SQL text of the script, the outermost expression of each."""
    found: list[SqlText] = []
    for node in subject.shared(Nodes).of("string", "template_string", "binary_expression"):
        outer = outside_parentheses(node)
        if outer is None or (found and found[-1].text.node.end >= node.end):
            continue
        if node.type == "binary_expression" and not node.has_keyword("+"):
            continue
        if outer.type == "binary_expression" and outer.has_keyword("+"):
            continue
        if outer.type == "call_expression" and node.field_name == "arguments":
            continue  # a tagged template binds its values
        statement = _part_of_variable(node, subject) or read_sql(node, subject)
        if statement is not None:
            found.append(statement)
    return tuple(found)


def _part_of_variable(node: Node, subject: ScriptSubject) -> SqlText | None:
    """The SQL of a variable that begins with `node` and grows by `+=`."""
    outer = node.parent
    name = outer.field("name") if outer is not None and outer.type == "variable_declarator" else None
    if name is None or name.type != "identifier":
        return None
    binding = subject.shared(Variables).binding(name)
    use = next((one for one in binding.references if one.parent is not None), None) if binding is not None else None
    found = read_sql(use, subject) if use is not None else None
    return SqlText(Text(node, found.text.parts), found.verb) if found is not None else None


def _opening(node: Node, origin: Origin, driver: Driver, subject: ScriptSubject) -> Opening:
    variables = subject.shared(Variables)
    config: list[Node] = []
    known = True
    names: set[str] = set()
    for one in arguments(node):
        resolved = variables.resolve(one)
        if resolved.type == "object":
            pending = [resolved]
            while pending:
                literal = pending.pop()
                found = properties(literal)
                config.append(literal)
                names |= found.values.keys()
                known = known and not found.open
                for name, value in found.values.items():
                    inner = variables.resolve(value)
                    if inner.type == "object":
                        pending.append(inner)
                    elif name in _CONFIG and inner.type in ("identifier", "call_expression"):
                        known = False
        elif variables.function(one) is None and not _is_address(resolved):
            known = False
    return Opening(node, origin, driver, tuple(config), known and bool(arguments(node)), frozenset(names))


def _is_address(node: Node) -> bool:
    """Whether an argument is a connection string without settings in it."""
    return path_of(node)[:1] == ("configuration",) or (
        node.type in ("string", "template_string") and "?" not in node.text
    )
