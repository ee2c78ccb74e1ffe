"""The scripts of `sqlserver` with the real driver and SQL Server's protocol over TLS, in front of a stand-in."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from stores.database import Database
from stores.npm_modules import Fill
from stores.sqlserver import SqlServer

from dbconn_tui.runtime.node import find_node
from dbconn_tui.runtime.verdict import Answer

from . import sql_checks
from .sql_scripts import SqlScripts, assert_outage, where_is

pytestmark = [pytest.mark.peers, pytest.mark.anyio]

TABLE = """
CREATE TABLE users (
  id INTEGER PRIMARY KEY, email TEXT COLLATE NOCASE, username TEXT COLLATE NOCASE, password_hash TEXT,
  password_salt TEXT, email_verified INTEGER DEFAULT 0, organization_id TEXT
)"""
UNIQUE = "CREATE UNIQUE INDEX users_email ON users (email)"
RECORD = b"\x17\x03\x03"
"""Begins what the client says in TLS: its login, the settings of the session, the pool's test, the statement."""


KEPT = frozenset({"db-connection-leak", "callback-then-continue"})
"""Noted, and no mistake: a connection, and the timer that closes it when idle, stay in a pool that `global` keeps."""


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def modules(npm_modules: Fill, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return npm_modules(tmp_path_factory.mktemp("modules"), "mssql@11.0.1", "bcrypt@5.1.1", "argon2@0.41.1")


@pytest.fixture
def database(sqlserver: SqlServer) -> Database:
    return sqlserver.database(TABLE, UNIQUE)


@pytest.fixture
def scripts(sqlserver: SqlServer, database: Database, modules: Path) -> SqlScripts:
    where = where_is(database, DB_CA=sqlserver.authority)
    return SqlScripts("sqlserver", where, find_node(os.environ), modules, {"tls": "own-ca"}, expected=KEPT)


def pooled(scripts: SqlScripts, pool: bool) -> SqlScripts:
    """With or without the driver's pool, whose idle connections hold the process; without it nothing may be open."""
    return replace(scripts.with_values(pool=pool), expected=KEPT if pool else frozenset())


def add(database: Database, email: str, **columns: Any) -> None:
    row = {"email": email, **columns}
    names, places = ", ".join(row), ", ".join("%s" for _ in row)
    database.run(f"INSERT INTO users ({names}) VALUES ({places})", *row.values())


@pytest.mark.parametrize("pool", [True, False])
async def test_a_users_life(scripts: SqlScripts, pool: bool) -> None:
    async with pooled(scripts, pool).container() as call:
        await sql_checks.check_life(call)
        await sql_checks.check_refusals(call)


@pytest.mark.parametrize("username", [True, False])
async def test_strangers(scripts: SqlScripts, database: Database, username: bool) -> None:
    async with scripts.with_values(username=username, password_scheme="sha256").container() as call:
        await sql_checks.check_strangers(call, database, add)


async def test_odd_rows(scripts: SqlScripts, database: Database) -> None:
    database.run("DROP INDEX users_email")
    async with scripts.with_values(pool=False, password_scheme="sha256").container() as call:
        await sql_checks.check_odd_rows(call, database, add)


@pytest.mark.parametrize("pool", [True, False])
async def test_faults(scripts: SqlScripts, database: Database, pool: bool) -> None:
    await sql_checks.check_faults(pooled(scripts, pool), database, RECORD, 4)


async def test_organizations(scripts: SqlScripts, database: Database) -> None:
    await sql_checks.check_organizations(scripts, database, add)


async def test_usernames(scripts: SqlScripts, database: Database) -> None:
    await sql_checks.check_usernames(scripts, database)


async def test_schemes(scripts: SqlScripts, database: Database) -> None:
    await sql_checks.check_schemes(scripts, database, add)


async def test_rehash(scripts: SqlScripts, database: Database) -> None:
    await sql_checks.check_rehash(scripts, database, add)


async def test_a_certificate_of_nobodys_is_refused(scripts: SqlScripts) -> None:
    for pool in (True, False):
        refused = await scripts.with_values(tls="public-ca", pool=pool).run("login")
        assert_outage(refused)
        assert "ESOCKET" in str(refused.error)


async def test_values_never_stand_in_the_statement(scripts: SqlScripts, sqlserver: SqlServer) -> None:
    """What arrives at the server are names quoted for the dialect, and parameters."""
    del sqlserver.said[:]
    async with scripts.with_values(table="app.my users", email_column="e-mail", pool=False).container() as call:
        for kind in ("login", "get_user", "create", "verify", "change_email"):
            assert_outage(await call(kind))
    assert sqlserver.said
    for statement in sqlserver.said:
        assert "[app].[my users]" in statement
        assert "[e-mail]" in statement
        assert "robin" not in statement
    assert (await scripts.run("get_user", "nobody@example.com")).answer is Answer.NOT_FOUND
