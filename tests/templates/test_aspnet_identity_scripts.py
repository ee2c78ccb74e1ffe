"""The scripts of `aspnet-identity` with the real driver and SQL Server's protocol, in front of a stand-in."""

from __future__ import annotations

import base64
import hashlib
import os
import struct
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
from .sql_checks import NEW, ROBIN, STRANGERS
from .sql_scripts import SqlScripts, assert_outage, where_is
from .test_sqlserver_scripts import KEPT

pytestmark = [pytest.mark.peers, pytest.mark.anyio]

COMMON = """
  Id TEXT PRIMARY KEY, UserName TEXT COLLATE NOCASE UNIQUE, Email TEXT COLLATE NOCASE, EmailConfirmed INTEGER,
  PasswordHash TEXT, SecurityStamp TEXT, PhoneNumberConfirmed INTEGER, TwoFactorEnabled INTEGER,
  LockoutEnabled INTEGER, AccessFailedCount INTEGER, OrganizationId TEXT
"""
TABLES = {
    "core": f"CREATE TABLE AspNetUsers ({COMMON}, LockoutEnd TEXT, NormalizedUserName TEXT UNIQUE, "
    "NormalizedEmail TEXT, ConcurrencyStamp TEXT)",
    "framework": f"CREATE TABLE AspNetUsers ({COMMON}, LockoutEndDateUtc TEXT)",
}


def version_2(password: str) -> str:
    salt = bytes(range(16))
    return base64.b64encode(b"\0" + salt + hashlib.pbkdf2_hmac("sha1", password.encode(), salt, 1000, 32)).decode()


def version_3(
    password: str, function: int = 1, rounds: int = 10_000, salt: bytes = b"sixteen byte sal", length: int = 32
) -> str:
    """As ASP.NET Core Identity writes it: 1, function, rounds, length of the salt (big-endian), salt, key."""
    key = hashlib.pbkdf2_hmac(("sha1", "sha256", "sha512")[function], password.encode(), salt, rounds, length or 1)
    return base64.b64encode(struct.pack(">BIII", 1, function, rounds, len(salt)) + salt + key[:length]).decode()


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def modules(npm_modules: Fill, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return npm_modules(tmp_path_factory.mktemp("modules"), "mssql@11.0.1")


@pytest.fixture(params=TABLES)
def identity(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def database(sqlserver: SqlServer, identity: str) -> Database:
    return sqlserver.database(TABLES[identity])


@pytest.fixture
def scripts(sqlserver: SqlServer, database: Database, modules: Path, identity: str) -> SqlScripts:
    where = where_is(database, DB_CA=sqlserver.authority)
    values = {"tls": "own-ca", "identity": identity}
    return SqlScripts("aspnet-identity", where, find_node(os.environ), modules, values, expected=KEPT)


def add(database: Database, identity: str, email: str, **columns: Any) -> None:
    row = {
        "Id": f"id-of-{email}",
        "UserName": email,
        "Email": email,
        "EmailConfirmed": 1,
        "LockoutEnabled": 1,
        **columns,
    }
    if identity == "core":
        row |= {"NormalizedUserName": row["UserName"].upper(), "NormalizedEmail": email.upper()}
    names, places = ", ".join(row), ", ".join("%s" for _ in row)
    database.run(f"INSERT INTO AspNetUsers ({names}) VALUES ({places})", *row.values())


async def test_a_users_life(scripts: SqlScripts) -> None:
    async with scripts.container() as call:
        await sql_checks.check_life(call)
        await sql_checks.check_refusals(call)
    single = replace(scripts.with_values(pool=False), expected=frozenset())
    assert (await single.run("login", "other@example.com", "a password")).answer is Answer.PROFILE


async def test_what_identity_reads(scripts: SqlScripts, database: Database, identity: str) -> None:
    """New rows have all that Identity needs, and changes move the stamps and the normalized columns along."""
    core = identity == "core"
    stamps = "SecurityStamp, ConcurrencyStamp" if core else "SecurityStamp"
    async with scripts.container() as call:
        assert (await call("create", {**NEW, "email": "zoë@example.com"})).answer is Answer.DONE
        ((name, hashed, lockout, phone, two, failed),) = database.run(
            "SELECT UserName, PasswordHash, LockoutEnabled, PhoneNumberConfirmed, TwoFactorEnabled, AccessFailedCount "
            "FROM AspNetUsers"
        )
        assert (name, lockout, phone, two, failed) == ("zoë@example.com", 1, 0, 0, 0)
        stored = base64.b64decode(hashed)
        assert struct.unpack(">BIII", stored[:13]) == (1, 2, 210_000, 16)
        assert stored[29:] == hashlib.pbkdf2_hmac("sha512", b"a password", stored[13:29], 210_000, 32)
        before = database.run(f"SELECT {stamps} FROM AspNetUsers")
        assert all(before[0])
        assert (await call("change_password", "zoë@example.com", "the next one")).answer is Answer.DONE
        after = database.run(f"SELECT {stamps} FROM AspNetUsers")
        assert all(one != other for one, other in zip(before[0], after[0], strict=True))
        assert (await call("change_email", "zoë@example.com", "zoé@example.com", True)).answer is Answer.DONE
        assert database.run("SELECT UserName, Email FROM AspNetUsers") == [("zoé@example.com", "zoé@example.com")]
        assert database.run("SELECT SecurityStamp FROM AspNetUsers") != [(after[0][0],)]
        if core:
            normalized = database.run("SELECT NormalizedUserName, NormalizedEmail FROM AspNetUsers")
            assert normalized == [("ZOÉ@EXAMPLE.COM", "ZOÉ@EXAMPLE.COM")]
        database.run("UPDATE AspNetUsers SET UserName = 'zoe'")
        assert (await call("change_email", "zoé@example.com", "zoe@example.com", True)).answer is Answer.DONE
        assert database.run("SELECT UserName, Email FROM AspNetUsers") == [("zoe", "zoe@example.com")]


async def test_hashes(scripts: SqlScripts, database: Database, identity: str) -> None:
    hashes = {
        "v2": version_2("a password"),
        "sha1": version_3("a password", 0, 250),
        "sha256": version_3("a password"),
        "sha512": version_3("a password", 2, 100_000),
        "long": version_3("a password", 1, 1000, b"a salt that is longer than sixteen bytes", 64),
    }
    bad = {
        "empty key": version_3("a password", length=0),
        "no function": base64.b64encode(struct.pack(">BIII", 1, 7, 1000, 16) + bytes(48)).decode(),
        "salt beyond the end": base64.b64encode(struct.pack(">BIII", 1, 1, 1000, 4_000_000_000) + bytes(48)).decode(),
        "short": "AQ==",
        "text": "not a hash",
        "null": None,
        "other version": base64.b64encode(b"\2" + bytes(60)).decode(),
    }
    for name, stored in {**hashes, **bad}.items():
        add(database, identity, f"{name.replace(' ', '-')}@example.com", PasswordHash=stored)
    async with scripts.container() as call:
        for name in {**hashes, **bad}:
            email = f"{name.replace(' ', '-')}@example.com"
            right = Answer.PROFILE if name in hashes else Answer.REFUSED
            assert (await call("login", email, "a password")).answer is right, name
            assert (await call("login", email, "A password")).answer is Answer.REFUSED, name


async def test_locked_shared_and_strange(scripts: SqlScripts, database: Database, identity: str) -> None:
    end = "LockoutEnd" if identity == "core" else "LockoutEndDateUtc"
    stored = {"PasswordHash": version_3("a password", rounds=1000)}
    add(database, identity, ROBIN, **stored)
    add(database, identity, "locked@example.com", **stored, **{end: "2999-01-01T00:00:00Z"})
    add(database, identity, "was-locked@example.com", **stored, **{end: "2001-01-01T00:00:00Z"})
    add(database, identity, "shared@example.com", **stored)
    add(database, identity, "shared@example.com", **stored, Id="other", UserName="other")
    async with scripts.container() as call:
        assert (await call("login", ROBIN, "a password")).raw_result["user_id"] == f"legacy-users|id-of-{ROBIN}"
        assert (await call("login", "locked@example.com", "a password")).answer is Answer.REFUSED
        assert (await call("login", "was-locked@example.com", "a password")).answer is Answer.PROFILE
        for kind, more in (("login", "a password"), ("change_password", "the next one")):
            assert_outage(await call(kind, "shared@example.com", more))
        taken = await call("create", {**NEW, "email": "Shared@example.com"})
        assert (taken.error or {})["code"] == "user_exists"
        for name, identifier in STRANGERS.items():
            assert (await call("login", identifier, "a password")).answer is Answer.REFUSED, name
            assert (await call("get_user", identifier)).answer is Answer.NOT_FOUND, name


async def test_names_and_organizations(scripts: SqlScripts) -> None:
    async with scripts.with_values(username=True, organization_context=True).container() as call:
        here, elsewhere = {"organization": {"id": "org_1"}}, {"organization": {"id": "org_2"}}
        assert (await call("create", {**NEW, "username": "Robin"}, here)).answer is Answer.DONE
        profile = (await call("login", "ROBIN", "a password", here)).raw_result
        assert profile["username"] == "Robin"
        assert profile == (await call("get_user", NEW["email"], {})).raw_result
        assert (await call("login", "robin", "a password", elsewhere)).answer is Answer.REFUSED


async def test_faults(scripts: SqlScripts, database: Database, identity: str) -> None:
    if identity == "core":
        await sql_checks.check_faults(scripts, database, b"\x17\x03\x03", 4)
