"""The scripts of `mysql` with the real driver on a real MariaDB."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from journeys.sql_users import MYSQL
from stores.database import Database, Server
from stores.mariadb import run_mariadb
from stores.npm_modules import Fill
from stores.server import data_folder

from dbconn_tui.runtime.node import find_node
from dbconn_tui.runtime.verdict import Answer
from dbconn_tui.scaffold.catalogue import read_template, shipped_folder

from . import sql_checks
from .sql_scripts import SqlScripts, assert_outage, where_is

pytestmark = [pytest.mark.peers, pytest.mark.anyio]

UNIQUE = "CREATE UNIQUE INDEX users_email ON users (email)"


TEMPLATE = read_template(shipped_folder() / "mysql")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def modules(npm_modules: Fill, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return npm_modules(tmp_path_factory.mktemp("modules"), "mysql2@3.11.5", "bcrypt@5.1.1", "argon2@0.41.1")


@pytest.fixture
def database(mariadb: Server) -> Database:
    return mariadb.database(MYSQL, UNIQUE)


@pytest.fixture
def scripts(database: Database, modules: Path) -> SqlScripts:
    return SqlScripts("mysql", where_is(database), find_node(os.environ), modules)


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
    database.run("DROP INDEX users_email ON users")
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


async def test_names_of_ones_own(mariadb: Server, scripts: SqlScripts) -> None:
    """Names that need their quotes, an id that the script gives or that is large, and columns for the profile."""
    database = mariadb.database(
        """CREATE TABLE `my users` (
          `Key` varchar(36) PRIMARY KEY, `e-mail` varchar(250) UNIQUE, hash text, joined datetime, `Größe` integer,
          `order` text, `number` bigint DEFAULT 9007199254740993
        )""",
    )
    own = scripts.at(**where_is(database)).with_values(
        table=f"{database.name}.my users",
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
        database.run("UPDATE `my users` SET `order` = 'first', `Größe` = 183")
        profile = (await call("login", "new@example.com", "a password")).raw_result
        assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", profile["user_id"])
        assert profile["nickname"] == "first"
        assert profile["app_metadata"] == {"size": 183}
        assert (await call("get_user", "new@example.com")).raw_result == profile
        assert (await call("change_email", "new@example.com", "newer@example.com", True)).answer is Answer.DONE
        async with own.with_values(id_column="number").container() as again:
            assert (await again("get_user", "newer@example.com")).raw_result["user_id"] == "9007199254740993"
        assert (await call("delete", profile["user_id"])).answer is Answer.DONE
    assert "verify" not in own.rendering.files


async def test_what_the_readme_grants_is_enough(mariadb: Server, scripts: SqlScripts) -> None:
    """The table and the grants of the README carry a whole life; another table stays closed."""
    table, grants = re.findall(r"```sql\n(.*?)```", TEMPLATE.readme, re.DOTALL)
    database = mariadb.database(*table.strip().rstrip(";").split(";\n"), "CREATE TABLE orders (id bigint)")
    account = replace(database, user=f"{database.name}_s", password="scripts-password")
    granted = grants.replace("auth0_scripts", account.user).replace("app.users", f"{database.name}.users")
    for statement in granted.replace("a long random password", account.password).strip().rstrip(";").split(";\n"):
        if "REQUIRE SSL" in statement:  # this server speaks no TLS; test_tls does
            statement = statement.replace(" REQUIRE SSL", "")
        mariadb.root.run(statement)
    async with scripts.at(**where_is(account)).container() as call:
        await sql_checks.check_life(call)
    with pytest.raises(Exception, match="denied"):
        account.run("SELECT * FROM orders")


async def test_tls(scripts: SqlScripts, certificate: tuple[Path, Path], foreign_certificate: tuple[Path, Path]) -> None:
    """An authority of one's own is trusted, for the server's name alone, and only when the script is told so."""
    with speaking_tls(*certificate) as server:
        there = scripts.at(**where_is(server.database(MYSQL), DB_HOST="localhost"))
        for pool in (True, False):
            own = there.at(DB_CA=certificate[0].read_text()).with_values(pool=pool, tls="own-ca")
            assert (await own.run("get_user", "robin@example.com")).answer is Answer.NOT_FOUND
            assert_outage(await there.with_values(pool=pool, tls="none").run("login"))
            refused = await there.with_values(pool=pool, tls="public-ca").run("login")
            assert_outage(refused)
            assert "HANDSHAKE_SSL_ERROR" in str(refused.error)
    with speaking_tls(*foreign_certificate) as server:
        there = scripts.at(**where_is(server.database(MYSQL), DB_HOST="localhost"))
        own = there.at(DB_CA=foreign_certificate[0].read_text()).with_values(tls="own-ca")
        refused = await own.run("login")
        assert_outage(refused)
        assert "HANDSHAKE_SSL_ERROR" in str(refused.error)


@contextmanager
def speaking_tls(certificate: Path, key: Path) -> Iterator[Server]:
    """A MariaDB that takes TLS alone. It reads copies of the files: it may run as another user."""
    with data_folder("certificate") as folder:
        copies = [folder / "certificate.pem", folder / "key.pem"]
        for file, copy in zip((certificate, key), copies, strict=True):
            copy.write_bytes(file.read_bytes())
        settings = [f"--ssl-cert={copies[0]}", f"--ssl-key={copies[1]}", "--require-secure-transport=ON"]
        with run_mariadb(*settings) as server:
            yield server
