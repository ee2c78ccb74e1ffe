"""SQL Server's protocol, as pysqlbridge speaks it over TLS, in front of SQLite: what the driver sends is real T-SQL.

There is no SQL Server that tests could start. This understands the few statements of the templates and no others:
it proves that they reach a server with their parameters and what the scripts make of its answers, not that a SQL Server
would carry them out.
"""

from __future__ import annotations

import re
import secrets
import sqlite3
import threading
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pytest
from stores.database import Database, Rows
from stores.postgresql import INSTALL

if TYPE_CHECKING:
    from pysqlbridge.certificate import Certificate

BITS = frozenset({"email_verified", "EmailConfirmed", "LockoutEnabled"})
"""Columns that are bits."""
_DUPLICATE = 2627
"""The number of SQL Server's error for a second key."""


@dataclass
class SqlServer:
    """Servers with one database each, on ports of 127.0.0.1. `authority` is the PEM of their certificate."""

    certificate: Certificate
    stack: ExitStack
    said: list[str]
    """Every statement that arrived, in order."""

    @property
    def authority(self) -> str:
        """What a client must trust."""
        return self.certificate.cert_pem.decode()

    def database(self, *statements: str) -> Database:
        """A new server with a new database, after these statements of SQLite."""
        from pysqlbridge.logins import Login, LoginStore
        from pysqlbridge.server import start_background

        engine = _Engine(self.said)
        password = secrets.token_hex(12)
        logins = LoginStore([Login("scripts", password, hashed=False)])
        server, _ = start_background(certificate=self.certificate, query_handler=engine.answer, logins=logins)
        self.stack.callback(server.server_close)
        self.stack.callback(server.shutdown)
        made = Database("localhost", server.address[1], "app", "scripts", password, engine.execute)
        for statement in statements:
            made.run(statement)
        return made


@contextmanager
def run_sqlserver() -> Iterator[SqlServer]:
    """Servers until the block is left. Skips the test where pysqlbridge is missing."""
    if find_spec("pysqlbridge") is None:
        pytest.skip(f"pysqlbridge is not here: {INSTALL}")
    from pysqlbridge.certificate import self_signed

    with ExitStack() as stack:
        yield SqlServer(self_signed("localhost"), stack, [])


class _Engine:
    """One database in memory."""

    def __init__(self, said: list[str]) -> None:
        self._said = said
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        self._connection.create_function("NEWID", 0, lambda: str(uuid.uuid4()).upper())
        self._connection.create_function("SYSUTCDATETIME", 0, lambda: "2026-01-01 00:00:00")

    def execute(self, database: Database, statement: str, values: Sequence[Any]) -> Rows:
        """Carry out a statement of a test."""
        with self._lock:
            return self._connection.execute(statement.replace("%s", "?"), values).fetchall()

    def answer(self, request: Any) -> Any:
        """Carry out a statement of a client. The settings that a driver begins with are taken as they are."""
        from pysqlbridge.tds.result import Column, QueryError, QueryResult

        statement = request.sql.strip()
        if not re.match(r"(SELECT|INSERT|UPDATE|DELETE)\b[^;]*\[", statement):
            return QueryResult([], [])
        self._said.append(statement)
        values = {name.removeprefix("@"): value for name, value in request.parameters.items()}
        try:
            with self._lock:
                cursor = self._connection.execute(_in_sqlite(statement), values)
                rows = [list(row) for row in cursor.fetchall()]
        except sqlite3.IntegrityError as failure:
            raise QueryError("Violation of UNIQUE KEY constraint", number=_DUPLICATE) from failure
        except sqlite3.Error as failure:
            raise QueryError(str(failure)) from failure
        if cursor.description is None:
            return _changed(cursor.rowcount)
        names = [name for name, *_ in cursor.description]
        columns = [Column(name, _type_of(name, [row[place] for row in rows])) for place, name in enumerate(names)]
        return QueryResult(columns, rows)


def _in_sqlite(statement: str) -> str:
    limited = re.sub(r"SELECT TOP \((\d+)\)(.*)", r"SELECT\2 LIMIT \1", statement, flags=re.DOTALL)
    return re.sub(r"\[\w+\]\.(?=\[)", "", limited)


def _type_of(name: str, values: list[Any]) -> Any:
    from pysqlbridge.tds.result import Bit, Integer, NVarChar

    if name in BITS:
        return Bit()
    return Integer(8) if any(isinstance(value, int) for value in values) else NVarChar()


def _changed(count: int) -> Any:
    """The answer to a statement that changed `count` rows."""
    from pysqlbridge.tds.result import QueryResult
    from pysqlbridge.tds.token import DoneStatus, done

    class Changed(QueryResult):
        def encode(self, *_: Any, **__: Any) -> bytes:
            return done(status=DoneStatus.COUNT, row_count=count)

    return Changed([], [])
