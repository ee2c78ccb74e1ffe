"""What tests of every room may ask for: real user stores, one of each a process, and real npm modules."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from journeys.report import pytest_terminal_summary
from stores.database import Server
from stores.mariadb import run_mariadb
from stores.mongodb import MongoServer, run_mongodb
from stores.npm_modules import Fill, fill_modules
from stores.postgresql import run_postgresql
from stores.sqlserver import SqlServer, run_sqlserver

__all__ = ["pytest_terminal_summary"]


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A real PostgreSQL; `postgresql.database()` makes an empty database."""
    with run_postgresql() as server:
        yield server


@pytest.fixture(scope="session")
def mariadb() -> Iterator[Server]:
    """A real MariaDB; `mariadb.database()` makes an empty database."""
    with run_mariadb() as server:
        yield server


@pytest.fixture(scope="session")
def mongodb() -> Iterator[MongoServer]:
    """A server that speaks MongoDB's protocol. Tests that use it are marked `peers`."""
    with run_mongodb() as server:
        yield server


@pytest.fixture(scope="session")
def sqlserver() -> Iterator[SqlServer]:
    """SQL Server's protocol in front of SQLite; `sqlserver.database()` makes an empty database."""
    with run_sqlserver() as server:
        yield server


@pytest.fixture(scope="session")
def npm_modules() -> Fill:
    """`npm_modules(folder, "pg@8.11.3", …)` makes a module cache. Tests that use it are marked `peers`."""
    return fill_modules
