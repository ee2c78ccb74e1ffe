"""The scripts of `mongodb` with the real driver, against a server that speaks MongoDB's protocol."""

from __future__ import annotations

import os
import socket
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from stores.mongodb import MongoDatabase, MongoServer, run_mongodb
from stores.npm_modules import Fill
from stores.proxy import Fault, run_proxy

from dbconn_tui.runtime.node import find_node
from dbconn_tui.runtime.verdict import Answer
from dbconn_tui.scaffold.template import Value

from .sql_checks import STRANGERS, check_life, check_refusals, salted
from .sql_scripts import KINDS, RunScript, SqlScripts, assert_outage

pytestmark = [pytest.mark.peers, pytest.mark.anyio]

ROBIN = "robin@example.com"
NEW = {"email": "new@example.com", "password": "a password"}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def modules(npm_modules: Fill, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return npm_modules(tmp_path_factory.mktemp("modules"), "mongodb@6.12.0", "bcrypt@5.1.1")


@pytest.fixture
def database(mongodb: MongoServer) -> MongoDatabase:
    return mongodb.database()


def scripts_for(database: MongoDatabase, modules: Path) -> SqlScripts:
    where = {
        "DB_URL": f"mongodb://127.0.0.1:{database.port}",
        "DB_NAME": database.name,
        "DB_USER": database.user,
        "DB_PASSWORD": database.password,
        "DB_AUTH_SOURCE": "admin",
    }
    told = frozenset({"db-connection-leak"})  # the client in `global` is told as what it is
    values: dict[str, Value] = {"password_scheme": "scrypt"}
    return SqlScripts("mongodb", where, find_node(os.environ), modules, values, expected=told)


@pytest.fixture
def scripts(database: MongoDatabase, modules: Path) -> SqlScripts:
    return scripts_for(database, modules)


def add(database: MongoDatabase, email: str, **fields: Any) -> None:
    database.run("insert_one", {"email": email, "email_verified": False, **fields})


WATCHING = frozenset({"callback-then-continue"})
"""The driver's own timer, by which the client in `global` looks whether the server is back."""

OLD = {"password_hash": salted("sha256", "a password"), "password_salt": "salt"}


@pytest.mark.parametrize(
    "values",
    [
        {"password_scheme": "bcrypt"},
        {"password_scheme": "sha256", "id_type": "text", "created_column": ""},
    ],
    ids=str,
)
async def test_a_users_whole_life(scripts: SqlScripts, values: dict[str, Value]) -> None:
    async with scripts.with_values(**values).container() as call:
        await check_life(call)


async def test_names_with_dots_lead_into_objects(scripts: SqlScripts, database: MongoDatabase) -> None:
    database.run("create_index", "profile.mail")
    nested: dict[str, Value] = {
        "email_column": "profile.mail",
        "verified_column": "profile.mail-verified",
        "password_column": "secrets.hash",
        "username": True,
        "username_column": "profile.name",
    }
    database.run("drop_index", "email")
    async with scripts.with_values(**nested).container() as call:
        assert (await call("create", {**NEW, "username": "Robin"})).answer is Answer.DONE
        (stored,) = database.run("find")
        assert stored["profile"] == {"mail": "new@example.com", "mail-verified": False, "name": "robin"}
        assert set(stored) == {"_id", "profile", "secrets", "created_at"}
        by_name = await call("login", "ROBIN", "a password")
        assert by_name.raw_result["username"] == "robin"
        assert (await call("verify", "new@example.com")).answer is Answer.DONE
        found = await call("get_user", "new@example.com")
        assert found.raw_result == {**by_name.raw_result, "email_verified": True}


async def test_refusals(scripts: SqlScripts, database: MongoDatabase) -> None:
    add(database, ROBIN)
    async with scripts.container() as call:
        await check_refusals(call)


async def test_strangers(scripts: SqlScripts, database: MongoDatabase) -> None:
    for email in (ROBIN, "kelvin@example.com", "sascha@example.com"):
        add(database, email, username=email.partition("@")[0], **OLD)
    before = database.run("find")
    async with scripts.with_values(username=True, password_scheme="sha256").container() as call:
        for name, identifier in STRANGERS.items():
            assert (await call("login", identifier, "a password")).answer is Answer.REFUSED, name
            assert (await call("get_user", identifier)).answer is Answer.NOT_FOUND, name
            for kind in ("verify", "change_password", "change_email"):
                run = await call(kind, identifier, *KINDS[kind][1:])
                assert run.answer is Answer.NOT_DONE, (kind, name, run.error)
            assert (await call("delete", f"legacy-users|{identifier}")).answer is Answer.DONE
    assert database.run("find") == before


async def test_odd_documents(scripts: SqlScripts, database: MongoDatabase) -> None:
    """Two documents for one identifier are refused and stay as they are; missing fields are left out."""
    database.run("drop_index", "email")
    for _ in range(2):
        add(database, "twice@example.com", **OLD)
    database.run("insert_one", {"email": "bare@example.com"})
    database.run("insert_one", {"email": "null@example.com", "password_hash": None, "email_verified": None})
    before = database.run("find")
    async with scripts.with_values(password_scheme="sha256").container() as call:
        assert_outage(await call("login", "twice@example.com", "a password"))
        for kind in ("get_user", "verify", "change_password", "change_email"):
            assert_outage(await call(kind, "twice@example.com", *KINDS[kind][1:]))
        for email in ("bare@example.com", "null@example.com"):
            assert (await call("login", email, "a password")).answer is Answer.REFUSED
            found = (await call("get_user", email)).raw_result
            assert found == {"user_id": found["user_id"], "email": email, "email_verified": False}
    assert database.run("find") == before


async def test_an_old_hash_is_replaced_at_a_right_login(scripts: SqlScripts, database: MongoDatabase) -> None:
    add(database, ROBIN, **OLD)
    async with scripts.with_values(password_scheme="sha256").container() as call:
        assert (await call("login", ROBIN, "b password")).answer is Answer.REFUSED
        assert database.run("find")[0]["password_hash"] == OLD["password_hash"]
        assert (await call("login", ROBIN, "a password")).answer is Answer.PROFILE
        assert database.run("find")[0]["password_hash"].startswith("$scrypt$")
        assert (await call("login", ROBIN, "a password")).answer is Answer.PROFILE


async def test_organizations(scripts: SqlScripts, database: MongoDatabase) -> None:
    add(database, ROBIN, organization_id="org_1", **OLD)
    here, elsewhere = {"organization": {"id": "org_1"}}, {"organization": {"id": "org_2"}}
    async with scripts.with_values(organization_context=True, password_scheme="sha256").container() as call:
        assert (await call("login", ROBIN, "a password", here)).answer is Answer.PROFILE
        assert (await call("get_user", ROBIN, {})).answer is Answer.PROFILE
        assert (await call("login", ROBIN, "a password", elsewhere)).answer is Answer.REFUSED
        assert (await call("get_user", ROBIN, elsewhere)).answer is Answer.NOT_FOUND
        assert (await call("change_password", ROBIN, "another password", elsewhere)).answer is Answer.NOT_DONE
        assert (await call("create", NEW, here)).answer is Answer.DONE
    assert {one["organization_id"] for one in database.run("find")} == {"org_1"}


async def test_faults(scripts: SqlScripts, database: MongoDatabase) -> None:
    """A store that is gone, hangs, breaks off, or refuses the account: a plain error in time, nothing left open."""
    hasty = replace(scripts.with_values(timeout_ms=400), expected=scripts.expected | WATCHING)

    async def check(broken: SqlScripts, *secrets: str) -> None:
        async with broken.container() as call:
            for kind in KINDS:
                given = ("legacy-users|" + "0" * 24,) if kind == "delete" else KINDS[kind]
                run = await call(kind, *given)
                assert_outage(run, database.password, *secrets)
                assert run.duration < 6_000, (broken.where, kind, run.duration)

    with socket.create_server(("127.0.0.1", 0)) as silent:
        await check(hasty.at(DB_URL=f"mongodb://127.0.0.1:{silent.getsockname()[1]}"))
        gone = hasty.at(DB_URL=f"mongodb://127.0.0.1:{silent.getsockname()[1]}")
    await check(gone)
    await check(hasty.at(DB_PASSWORD="wrong-secret"), "wrong-secret", database.user)
    for fault in Fault:
        with run_proxy(database.port, b"users", fault) as proxy:
            await check(hasty.at(DB_URL=f"mongodb://127.0.0.1:{proxy.port}"))


async def test_tls_with_an_authority_of_ones_own(certificate: tuple[Path, Path], modules: Path) -> None:
    with run_mongodb(certificate) as server:
        scripts = scripts_for(server.database(), modules).at(DB_CA=certificate[0].read_text())
        trusted = scripts.with_values(tls="own-ca")
        assert (await trusted.run("get_user", "nobody@example.com")).answer is Answer.NOT_FOUND
        untrusted = replace(scripts.with_values(tls="public-ca", timeout_ms=1000), expected=scripts.expected | WATCHING)
        assert_outage(await untrusted.run("get_user", ROBIN))


async def test_recovery(scripts: SqlScripts, database: MongoDatabase) -> None:
    """A container whose connections broke works again as soon as the database does."""
    hasty = replace(scripts.with_values(timeout_ms=1000), expected=scripts.expected | WATCHING)
    for fault in Fault:
        with run_proxy(database.port, b"users", fault) as proxy:
            async with hasty.at(DB_URL=f"mongodb://127.0.0.1:{proxy.port}").container() as call:
                assert_outage(await call("get_user"))
                proxy.word = b""
                assert (await call("get_user", "nobody@example.com")).answer is Answer.NOT_FOUND


async def test_one_client_serves_all_runs_of_a_container(scripts: SqlScripts, database: MongoDatabase) -> None:
    async def connections(call: RunScript, port: Any) -> None:
        for _ in range(4):
            assert (await call("get_user", "nobody@example.com")).answer is Answer.NOT_FOUND

    with run_proxy(database.port) as proxy:
        async with scripts.at(DB_URL=f"mongodb://127.0.0.1:{proxy.port}").container() as call:
            await connections(call, proxy.port)
        assert proxy.connections <= 3, "one or two for operations, one that watches the server"
