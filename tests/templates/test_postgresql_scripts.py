"""The scripts of `postgresql` with the real driver on a real PostgreSQL."""

from __future__ import annotations

import os
import re
import ssl
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from journeys.sql_users import POSTGRESQL
from stores.database import Database, Server
from stores.npm_modules import Fill
from stores.proxy import run_proxy

from dbconn_tui.runtime.node import find_node
from dbconn_tui.runtime.verdict import Answer
from dbconn_tui.scaffold.catalogue import read_template, shipped_folder

from . import sql_checks
from .sql_scripts import SqlScripts, assert_outage, where_is

pytestmark = [pytest.mark.peers, pytest.mark.anyio]

UNIQUE = 'CREATE UNIQUE INDEX users_email ON users (lower(email COLLATE "C"))'


TEMPLATE = read_template(shipped_folder() / "postgresql")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def modules(npm_modules: Fill, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return npm_modules(tmp_path_factory.mktemp("modules"), "pg@8.11.3", "bcrypt@5.1.1", "argon2@0.41.1")


@pytest.fixture
def database(postgresql: Server) -> Database:
    return postgresql.database(POSTGRESQL, UNIQUE)


@pytest.fixture
def scripts(database: Database, modules: Path) -> SqlScripts:
    return SqlScripts("postgresql", where_is(database), find_node(os.environ), modules)


def add(database: Database, email: str, **columns: Any) -> None:
    row = {"email": email, **columns}
    names, places = ", ".join(row), ", ".join("%s" for _ in row)
    database.run(f"INSERT INTO users ({names}) VALUES ({places})", *row.values())


@pytest.mark.parametrize("pool", [True, False])
async def test_a_users_life(scripts: SqlScripts, pool: bool) -> None:
    async with scripts.with_values(pool=pool).container() as call:
        await sql_checks.check_life(call)
        await sql_checks.check_refusals(call)


@pytest.mark.parametrize("username", [True, False])
async def test_strangers(scripts: SqlScripts, database: Database, username: bool) -> None:
    async with scripts.with_values(username=username, password_scheme="sha256").container() as call:
        await sql_checks.check_strangers(call, database, add)


@pytest.mark.parametrize("pool", [True, False])
async def test_odd_rows(scripts: SqlScripts, database: Database, pool: bool) -> None:
    database.run("DROP INDEX users_email")
    async with scripts.with_values(pool=pool, password_scheme="sha256").container() as call:
        await sql_checks.check_odd_rows(call, database, add)


@pytest.mark.parametrize("pool", [True, False])
async def test_faults(scripts: SqlScripts, database: Database, pool: bool) -> None:
    await sql_checks.check_faults(scripts.with_values(pool=pool), database)


async def test_recovery(scripts: SqlScripts, database: Database) -> None:
    await sql_checks.check_recovery(scripts, database)


async def test_organizations(scripts: SqlScripts, database: Database) -> None:
    await sql_checks.check_organizations(scripts, database, add)


async def test_usernames(scripts: SqlScripts, database: Database) -> None:
    await sql_checks.check_usernames(scripts, database)


async def test_schemes(scripts: SqlScripts, database: Database) -> None:
    await sql_checks.check_schemes(scripts, database, add)


async def test_rehash(scripts: SqlScripts, database: Database) -> None:
    await sql_checks.check_rehash(scripts, database, add)


async def test_names_of_ones_own(postgresql: Server, scripts: SqlScripts) -> None:
    """Names that need their quotes, an id that the script gives, and columns that go into the profile."""
    database = postgresql.database(
        'CREATE SCHEMA "App"',
        """CREATE TABLE "App"."my users" (
          "Key" uuid PRIMARY KEY, "e-mail" text UNIQUE, hash text, joined timestamptz, "Größe" integer, "order" text
        )""",
    )
    own = scripts.at(**where_is(database)).with_values(
        table="App.my users",
        id_column="Key",
        new_id="uuid",
        email_column="e-mail",
        password_column="hash",
        verified_column="",
        created_column="joined",
        profile_fields={"nickname": "order", "app_metadata.size": "Größe"},
        user_id_prefix="",
    )
    async with own.container() as call:
        assert (await call("create")).answer is Answer.DONE
        database.run("""UPDATE "App"."my users" SET "order" = 'first', "Größe" = 183""")
        profile = (await call("login", "new@example.com", "a password")).raw_result
        assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", profile["user_id"])
        assert profile["nickname"] == "first"
        assert profile["app_metadata"] == {"size": 183}
        assert (await call("get_user", "new@example.com")).raw_result == profile
        assert (await call("change_email", "new@example.com", "newer@example.com", True)).answer is Answer.DONE
        assert (await call("delete", profile["user_id"])).answer is Answer.DONE
    assert "verify" not in own.rendering.files


async def test_what_the_readme_grants_is_enough(postgresql: Server, scripts: SqlScripts) -> None:
    """The table and the grants of the README carry a whole life; another table stays closed."""
    readme = TEMPLATE.readme
    table, grants = re.findall(r"```sql\n(.*?)```", readme, re.DOTALL)
    database = postgresql.database(*table.strip().rstrip(";").split(";\n"), "CREATE TABLE orders (id bigint)")
    granted = grants.replace("auth0_scripts", f"{database.name}_scripts").strip().rstrip(";").split(";\n")
    create_role, *rest = (statement.replace("a long random password", "scripts-password") for statement in granted)
    postgresql.root.run(create_role)
    for statement in rest[:-1]:
        database.run(statement)
    postgresql.root.run(rest[-1])
    account = replace(database, user=f"{database.name}_scripts", password="scripts-password")
    async with scripts.at(**where_is(account)).container() as call:
        await sql_checks.check_life(call)
    with pytest.raises(Exception, match="permission denied"):
        account.run("SELECT * FROM orders")


async def test_tls(scripts: SqlScripts, database: Database, certificate: tuple[Path, Path]) -> None:
    """An authority of one's own is trusted, and only when the script is told so."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(*certificate)
    authority = certificate[0].read_text(encoding="ascii")
    with run_proxy(database.port, tls=server) as proxy:
        there = scripts.at(DB_HOST="localhost", DB_PORT=str(proxy.port))
        for pool in (True, False):
            own = there.at(DB_CA=authority).with_values(pool=pool, tls="own-ca")
            assert (await own.run("get_user", "robin@example.com")).answer is Answer.NOT_FOUND
            refused = await there.with_values(pool=pool, tls="public-ca").run("login")
            assert_outage(refused)
            assert "DEPTH_ZERO_SELF_SIGNED_CERT" in str(refused.error)
    assert b"robin@example.com" in proxy.heard, "behind TLS"
