"""The scripts of `ldap` with the real client on a real OpenLDAP."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from stores.npm_modules import Fill
from stores.proxy import Fault, run_proxy
from stores.slapd import ACCOUNT, BASE, Directory, run_slapd

from dbconn_tui.runtime.node import find_node
from dbconn_tui.runtime.verdict import Answer
from dbconn_tui.scaffold.template import Value

from .sql_checks import STRANGERS, check_life, check_refusals
from .sql_scripts import KINDS, SqlScripts, assert_outage

pytestmark = [pytest.mark.peers, pytest.mark.anyio]

ROBIN = "robin@example.com"
PEOPLE = "".join(
    f"dn: uid={name},{BASE}\nobjectClass: webPerson\nuid: {name}\ncn: {name}\nsn: {name.title()}\nmail: {mail}\n"
    f"userPassword: Passw0rd of {name}\n{more}\n"
    for name, mail, more in (
        ("robin", "Robin@example.com", "mail: second@example.com\ngivenName: Robin\nmailVerified: TRUE\n"),
        ("kelvin", "kelvin@example.com", ""),
        ("sascha", "sascha@example.com", ""),
        ("one", "twice@example.com", ""),
        ("two", "twice@example.com", ""),
    )
)
WEB: dict[str, Value] = {
    "tls": "none",
    "object_class": "webPerson",
    "verified_column": "mailVerified",
    "profile_fields": {},
}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def modules(npm_modules: Fill, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return npm_modules(tmp_path_factory.mktemp("modules"), "ldapts@7.4.0")


@pytest.fixture
def directory() -> Iterator[Directory]:
    with run_slapd(PEOPLE) as running:
        yield running


def where_is(directory: Directory, **changes: str) -> dict[str, str]:
    return {
        "LDAP_URL": f"ldap://127.0.0.1:{directory.port}",
        "LDAP_BIND_DN": ACCOUNT,
        "LDAP_PASSWORD": directory.password,
        "LDAP_BASE_DN": BASE,
        **changes,
    }


@pytest.fixture
def scripts(directory: Directory, modules: Path) -> SqlScripts:
    return SqlScripts("ldap", where_is(directory), find_node(os.environ), modules, WEB)


async def test_a_users_whole_life(scripts: SqlScripts, directory: Directory) -> None:
    async with scripts.container() as call:
        await check_life(call)
    stored = directory.entries()
    assert "other@example.com" in stored
    assert "a password" not in stored, "the directory hashes passwords itself"


async def test_profiles(scripts: SqlScripts) -> None:
    fields: dict[str, Value] = {"profile_fields": {"given_name": "givenName", "family_name": "sn", "nickname": "title"}}
    async with scripts.with_values(**fields, username=True).container() as call:
        found = (await call("login", "ROBIN", "Passw0rd of robin")).raw_result
        assert found == {
            "user_id": found["user_id"],
            "email": "Robin@example.com",
            "email_verified": True,
            "username": "robin",
            "given_name": "Robin",
            "family_name": "Robin",
        }
        assert len(found["user_id"]) == len("legacy-users|") + 36
        for identifier in ("robin", "robin@EXAMPLE.com", "second@example.com"):
            assert (await call("get_user", identifier)).raw_result == found
        assert (await call("create", {"email": "x@example.com", "password": "p", "username": "Robin"})).error_class
        done = await call("create", {"email": "x@example.com", "password": "p", "username": 'a+b,c="d" #'})
        assert done.answer is Answer.DONE
        made = (await call("login", 'a+b,c="d" #', "p")).raw_result
        assert made["username"] == 'a+b,c="d" #'
        assert (await call("delete", made["user_id"])).answer is Answer.DONE
        assert (await call("get_user", "x@example.com")).answer is Answer.NOT_FOUND


async def test_refusals(scripts: SqlScripts) -> None:
    async with scripts.container() as call:
        await check_refusals(call)


async def test_strangers(scripts: SqlScripts, directory: Directory) -> None:
    before = directory.entries()
    async with scripts.with_values(username=True).container() as call:
        for name, identifier in STRANGERS.items():
            assert (await call("login", identifier, "Passw0rd of robin")).answer is Answer.REFUSED, name
            assert (await call("get_user", identifier)).answer is Answer.NOT_FOUND, name
            for kind in ("verify", "change_password", "change_email"):
                run = await call(kind, identifier, *KINDS[kind][1:])
                assert run.answer is Answer.NOT_DONE, (kind, name, run.error)
            assert (await call("delete", f"legacy-users|{identifier}")).answer is Answer.DONE
        for kind in ("get_user", "verify", "change_password", "change_email"):
            assert_outage(await call(kind, "twice@example.com", *KINDS[kind][1:]))
        assert_outage(await call("login", "twice@example.com", "Passw0rd of one"))
    assert directory.entries() == before


async def test_faults(scripts: SqlScripts, directory: Directory) -> None:
    """A directory that is gone, hangs, breaks off, or refuses the account: a plain error in time, nothing left open."""
    hasty = scripts.with_values(timeout_ms=400)

    async def check(broken: SqlScripts, *secrets: str) -> None:
        async with broken.container() as call:
            for kind in KINDS:
                run = await call(kind)
                assert_outage(run, directory.password, *secrets)
                assert run.duration < 4_000, (broken.where, kind)

    with socket.create_server(("127.0.0.1", 0)) as silent:
        await check(hasty.at(LDAP_URL=f"ldap://127.0.0.1:{silent.getsockname()[1]}"))
        gone = hasty.at(LDAP_URL=f"ldap://127.0.0.1:{silent.getsockname()[1]}")
    await check(gone)
    await check(hasty.at(LDAP_PASSWORD="wrong-secret"), "wrong-secret", "auth0-scripts")
    await check(hasty.at(LDAP_BASE_DN="ou=nowhere,dc=example,dc=com"))
    for fault in Fault:
        with run_proxy(directory.port, b"entryUUID", fault) as proxy:
            await check(hasty.at(LDAP_URL=f"ldap://127.0.0.1:{proxy.port}"))


@pytest.mark.parametrize("tls", ["ldaps", "starttls"])
async def test_tls_with_an_authority_of_ones_own(
    tls: str, certificate: tuple[Path, Path], modules: Path, tmp_path: Path
) -> None:
    with run_slapd(PEOPLE, certificate) as directory:
        address = {
            "ldaps": f"ldaps://127.0.0.1:{directory.secure_port}",
            "starttls": f"ldap://127.0.0.1:{directory.port}",
        }
        where = where_is(directory, LDAP_URL=address[tls], LDAP_CA=certificate[0].read_text())
        node = find_node(os.environ)
        trusted = SqlScripts("ldap", where, node, modules, {**WEB, "tls": tls, "own_ca": True})
        assert (await trusted.run("login", ROBIN, "Passw0rd of robin")).answer is Answer.PROFILE
        untrusted = SqlScripts("ldap", where, node, modules, {**WEB, "tls": tls, "own_ca": False})
        run = await untrusted.run("login", ROBIN, "Passw0rd of robin")
        assert_outage(run, directory.password)
        assert "CERT" in str(run.error)
        if tls == "starttls":
            with run_proxy(directory.port, b"\x16\x03\x01", Fault.HANG) as proxy:
                hasty = trusted.with_values(timeout_ms=400).at(LDAP_URL=f"ldap://127.0.0.1:{proxy.port}")
                assert_outage(await hasty.run("login", ROBIN, "Passw0rd of robin"))
