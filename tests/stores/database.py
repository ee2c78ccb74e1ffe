"""Database: one database of a running server, as tests and the scripts under test reach it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Database:
    """Where a database is and how to enter it. `run(statement, *values)` carries one statement out, as its owner.

    Values stand for `%s` in the statement.
    """

    host: str
    port: int
    name: str
    user: str
    password: str = field(repr=False)
    _execute: Callable[[Database, str, Sequence[Any]], Rows] = field(repr=False)

    def run(self, statement: str, *values: Any) -> Rows:
        """Carry a statement out; its rows."""
        return self._execute(self, statement, values)


@dataclass(frozen=True)
class Server:
    """A running server. `database()` makes an empty database that nothing else uses, in milliseconds.

    `root` enters it as the one who may do everything, accounts included.
    """

    host: str
    port: int
    _make: Callable[[], Database] = field(repr=False)
    root: Database = field(repr=False)

    def database(self, *statements: str) -> Database:
        """A new database after these statements."""
        made = self._make()
        for statement in statements:
            made.run(statement)
        return made
