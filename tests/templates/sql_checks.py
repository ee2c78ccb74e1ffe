"""What the scripts of every SQL template must do, whichever database answers: used by the tests of each."""

from __future__ import annotations

import base64
import hashlib
import socket
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from stores.database import Database
from stores.proxy import Fault, run_proxy

from dbconn_tui.runtime.verdict import Answer

from .pair_checks import HOSTILE
from .sql_scripts import KINDS, RunScript, SqlScripts, assert_outage

ROBIN, NEW = "robin@example.com", {"email": "new@example.com", "password": "a password"}
STRANGERS = {
    **HOSTILE,
    "unknown": "nobody@example.com",
    "Kelvin sign": "\u212aelvin@example.com",
    "accent": "robín@example.com",
    "full width": "\uff52obin@example.com",
    "long s": "\u017fascha@example.com",
    "space behind": "robin@example.com ",
    "space before": " robin@example.com",
    "zero byte": "robin@example.com\0",
    "backslash": "robin@example.com\\",
    "underscore": "r_bin@example.com",
}
"""Identifiers that must match none of `robin@`, `kelvin@`, `sascha@example.com`."""

AddUser = Callable[..., None]
"""`add(database, email, **columns)` puts a row into the table `users`."""


async def check_life(call: RunScript) -> None:
    """A user's whole life in one container: sign-up, verification, new password, new address, deletion."""
    assert (await call("get_user", "new@example.com")).answer is Answer.NOT_FOUND
    assert (await call("create", NEW)).answer is Answer.DONE
    twice = await call("create", {**NEW, "email": "NEW@example.com"})
    assert (twice.answer, twice.error_class, (twice.error or {})["code"]) == (
        Answer.REFUSED,
        "ValidationError",
        "user_exists",
    )
    first = (await call("login", "New@Example.com", "a password")).raw_result
    assert first == {"user_id": first["user_id"], "email": "new@example.com", "email_verified": False}
    assert first["user_id"].startswith("legacy-users|")
    assert (await call("login", "new@example.com", "a passwore")).error_class == "WrongUsernameOrPasswordError"
    assert (await call("verify", "new@example.com")).answer is Answer.DONE
    assert (await call("verify", "nobody@example.com")).answer is Answer.NOT_DONE
    assert (await call("get_user", "New@Example.com")).raw_result == {**first, "email_verified": True}
    assert (await call("change_password", "new@example.com", "the next one")).answer is Answer.DONE
    assert (await call("change_password", "nobody@example.com", "the next one")).answer is Answer.NOT_DONE
    assert (await call("login", "new@example.com", "a password")).answer is Answer.REFUSED
    assert (await call("login", "new@example.com", "the next one")).answer is Answer.PROFILE
    assert (await call("create", {**NEW, "email": "other@example.com"})).answer is Answer.DONE
    taken = await call("change_email", "new@example.com", "Other@example.com", True)
    assert_outage(taken)
    assert "already in use" in str(taken.error)
    assert (await call("change_email", "new@example.com", "newer@example.com", False)).answer is Answer.DONE
    assert (await call("change_email", "new@example.com", "no@example.com", False)).answer is Answer.NOT_DONE
    assert (await call("get_user", "newer@example.com")).raw_result == {**first, "email": "newer@example.com"}
    assert (await call("delete", first["user_id"])).answer is Answer.DONE
    assert (await call("delete", first["user_id"])).answer is Answer.DONE, "gone already is gone"
    assert_outage(await call("delete", "other|1"))
    assert (await call("get_user", "newer@example.com")).answer is Answer.NOT_FOUND
    assert (await call("get_user", "other@example.com")).answer is Answer.PROFILE


async def check_refusals(call: RunScript) -> None:
    """Empty passwords and identifiers, and those of nobody, end without a word about why. `robin` is in the table."""
    attempts = ((ROBIN, ""), ("", "a password"), (ROBIN, "x" * 5_000), ("nobody@example.com", "any password"))
    for identifier, password in attempts:
        run = await call("login", identifier, password)
        assert run.answer is Answer.REFUSED, (identifier, run.error)
        assert (run.error or {})["message"] == "Wrong user name or password"
        assert (run.error or {}).get("user_id", "") == identifier
    assert (await call("get_user", "")).answer is Answer.NOT_FOUND
    assert_outage(await call("create", {**NEW, "password": ""}))
    assert_outage(await call("change_password", ROBIN, ""))


async def check_strangers(call: RunScript, database: Database, add: AddUser) -> None:
    """No hostile or look-alike identifier matches a user, to read or to change."""
    for email in (ROBIN, "kelvin@example.com", "sascha@example.com"):
        add(database, email, password_hash=salted("sha256", "a password"), password_salt="salt")
    before = database.run("SELECT * FROM users ORDER BY id")
    for name, identifier in STRANGERS.items():
        assert (await call("login", identifier, "a password")).answer is Answer.REFUSED, name
        assert (await call("get_user", identifier)).answer is Answer.NOT_FOUND, name
        for kind, arguments in (
            ("verify", (identifier,)),
            ("change_password", (identifier, "a password")),
            ("change_email", (identifier, "new@example.com", True)),
        ):
            # A text that the database cannot hold is an error of its own.
            assert (await call(kind, *arguments)).answer in (Answer.NOT_DONE, Answer.FAILED), (kind, name)
    assert database.run("SELECT * FROM users ORDER BY id") == before


async def check_odd_rows(call: RunScript, database: Database, add: AddUser) -> None:
    """Two rows for one identifier are refused and changed by nothing; empty columns are left out, not made up."""
    hashed = {"password_hash": salted("sha256", "a password"), "password_salt": "salt"}
    for _ in range(2):
        add(database, "twice@example.com", **hashed)
    add(database, "empty@example.com", password_hash=None, password_salt=None, email_verified=None)
    add(database, "odd@example.com", password_hash="$scrypt$what is this", password_salt=None)
    before = database.run("SELECT * FROM users ORDER BY id")
    assert_outage(await call("login", "twice@example.com", "a password"))
    for kind in ("get_user", "verify", "change_password", "change_email"):
        assert_outage(await call(kind, "twice@example.com", *KINDS[kind][1:]))
    assert database.run("SELECT * FROM users ORDER BY id") == before
    for email in ("empty@example.com", "odd@example.com"):
        assert (await call("login", email, "a password")).answer is Answer.REFUSED
    found = (await call("get_user", "empty@example.com")).raw_result
    assert found == {"user_id": found["user_id"], "email": "empty@example.com", "email_verified": False}


async def check_faults(scripts: SqlScripts, database: Database, word: bytes = b"users", times: int = 1) -> None:
    """A store that is gone, hangs, breaks off, or refuses the account: a plain error in time, nothing left open."""
    hasty = scripts.with_values(timeout_ms=400)

    async def check(broken: SqlScripts, *secrets: str) -> None:
        elsewhere = call.using(broken)
        for kind in KINDS:
            run = await elsewhere(kind)
            assert_outage(run, database.password, *secrets)
            assert run.duration < 8_000, (broken.where["DB_PORT"], kind)

    async with hasty.container() as call:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            gone = hasty.at(DB_PORT=str(silent.getsockname()[1]))
            await check(gone)
        await check(gone)
        await check(hasty.at(DB_PASSWORD="wrong-secret"), "wrong-secret", database.user)
        for fault in Fault:
            with run_proxy(database.port, word, fault, times=times) as proxy:
                await check(hasty.at(DB_PORT=str(proxy.port)))


async def check_recovery(scripts: SqlScripts, database: Database, word: bytes = b"users", times: int = 1) -> None:
    """A container whose connections broke works again as soon as the database does."""
    hasty = scripts.with_values(timeout_ms=400)
    for fault in Fault:
        with run_proxy(database.port, word, fault, times=times) as proxy:
            async with hasty.at(DB_PORT=str(proxy.port)).container() as call:
                assert_outage(await call("get_user"))
                assert_outage(await call("login"))
                proxy.word = b""
                assert (await call("get_user", "nobody@example.com")).answer is Answer.NOT_FOUND
                assert (await call("get_user", "nobody@example.com")).answer is Answer.NOT_FOUND


async def check_organizations(scripts: SqlScripts, database: Database, add: AddUser) -> None:
    """A login through an organization finds its users alone; without one it finds all."""
    add(database, ROBIN, organization_id="org_1", password_hash=salted("sha256", "a password"), password_salt="salt")
    here, elsewhere, none = ({"organization": {"id": "org_1"}}, {"organization": {"id": "org_2"}}, {})
    async with scripts.with_values(organization_context=True, password_scheme="sha256").container() as call:
        for context, found in ((here, Answer.PROFILE), (none, Answer.PROFILE), (elsewhere, None)):
            assert (await call("login", ROBIN, "a password", context)).answer is (found or Answer.REFUSED)
            assert (await call("get_user", ROBIN, context)).answer is (found or Answer.NOT_FOUND)
            done = Answer.DONE if found else Answer.NOT_DONE
            assert (await call("verify", ROBIN, context)).answer is done
            assert (await call("change_email", ROBIN, ROBIN, True, context)).answer is done
        assert (await call("change_password", ROBIN, "another password", elsewhere)).answer is Answer.NOT_DONE
        assert (await call("create", NEW, here)).answer is Answer.DONE
        assert (await call("create", {**NEW, "email": "free@example.com"}, none)).answer is Answer.DONE
        assert (await call("get_user", NEW["email"], elsewhere)).answer is Answer.NOT_FOUND
    rows = database.run("SELECT email, organization_id FROM users ORDER BY id")
    assert rows == [(ROBIN, "org_1"), (NEW["email"], "org_1"), ("free@example.com", None)]


async def check_usernames(scripts: SqlScripts, database: Database) -> None:
    """Users are found by address and by name; two users of one name are refused."""
    async with scripts.with_values(username=True).container() as call:
        assert (await call("create", {**NEW, "username": "Robin"})).answer is Answer.DONE
        assert (await call("create", {**NEW, "email": "nameless@example.com"})).answer is Answer.DONE
        by_name = await call("login", "robin", "a password")
        assert by_name.raw_result["username"] == "Robin"
        assert by_name.raw_result == (await call("get_user", NEW["email"])).raw_result
        assert "username" not in (await call("get_user", "nameless@example.com")).raw_result
        assert (await call("change_password", "ROBIN", "the next one")).answer is Answer.DONE
        assert (await call("login", NEW["email"], "the next one")).answer is Answer.PROFILE
        database.run("UPDATE users SET username = %s WHERE email = %s", NEW["email"], "nameless@example.com")
        assert_outage(await call("get_user", NEW["email"]))


async def check_schemes(scripts: SqlScripts, database: Database, add: AddUser) -> None:
    """Every scheme at its real cost: what create stores is right, and so is what another program stored."""
    async with scripts.container() as container:
        for scheme, beginning in STRONG.items():
            call = container.using(scripts.with_values(password_scheme=scheme), dear=True)
            database.run("DELETE FROM users")
            assert (await call("create", NEW)).answer is Answer.DONE
            ((made,),) = database.run("SELECT password_hash FROM users")
            assert made.startswith(beginning), made
            assert (await call("login", NEW["email"], NEW["password"])).answer is Answer.PROFILE
            assert (await call("login", NEW["email"], "a passwore")).answer is Answer.REFUSED
            assert (await call("login", "nobody@example.com", NEW["password"])).answer is Answer.REFUSED
            for number, (stored, salt) in enumerate(FOREIGN[scheme]):
                add(database, f"{number}@example.com", password_hash=stored, password_salt=salt)
                assert (await call("login", f"{number}@example.com", "a password")).answer is Answer.PROFILE, stored
                assert (await call("login", f"{number}@example.com", "A password")).answer is Answer.REFUSED, stored


async def check_rehash(scripts: SqlScripts, database: Database, add: AddUser) -> None:
    """An old hash is replaced at a login, only at a right one, and only where that is wanted."""
    old = salted("sha512", "a password")
    add(database, ROBIN, password_hash=old.upper(), password_salt="salt")
    stored = "SELECT password_hash FROM users"
    values: dict[str, Any] = {"password_scheme": "sha512"}
    async with scripts.with_values(**values).container() as call:
        for more in ({"rehash_on_login": False}, {"import_mode": True}):
            kept = call.using(scripts.with_values(**values, **more))
            assert (await kept("login", ROBIN, "a password")).answer is Answer.PROFILE
        assert (await call("login", ROBIN, "b password")).answer is Answer.REFUSED
        assert database.run(stored) == [(old.upper(),)]
        assert (await call("login", ROBIN, "a password")).answer is Answer.PROFILE
        ((renewed,),) = database.run(stored)
        assert renewed.startswith("$scrypt$")
        assert (await call("login", ROBIN, "a password")).answer is Answer.PROFILE
        assert (await call("login", ROBIN, "b password")).answer is Answer.REFUSED
        assert database.run(stored) == [(renewed,)]


def salted(digest: str, password: str, salt: str = "salt") -> str:
    """An old hash as such tables hold it."""
    return hashlib.new(digest, f"{salt}{password}".encode()).hexdigest()


def _passlib_scrypt(password: str) -> str:
    salt = b"16 bytes of salt"
    made = hashlib.scrypt(password.encode(), salt=salt, n=2**4, r=8, p=1, dklen=32)
    first, second = (base64.b64encode(one).decode().rstrip("=") for one in (salt, made))
    return f"$scrypt$ln=4,r=8,p=1${first}${second}"


def _argon2(password: str) -> str:
    maker = Argon2id(salt=b"16 bytes of salt", length=32, iterations=1, lanes=1, memory_cost=64)
    return maker.derive_phc_encoded(password.encode())


def _django_pbkdf2(password: str, digest: str) -> str:
    made = hashlib.pbkdf2_hmac(digest, password.encode(), b"seasalt", 1000)
    return f"pbkdf2_{digest}$1000$seasalt${base64.b64encode(made).decode()}"


STRONG = {
    "bcrypt": "$2b$12$",
    "argon2": "$argon2id$v=19$m=65536,t=3,p=4$",
    "scrypt": "$scrypt$ln=15,r=8,p=3$",
    "pbkdf2": "pbkdf2_sha256$600000$",
    "sha256": "$scrypt$ln=15,r=8,p=3$",
    "sha512": "$scrypt$ln=15,r=8,p=3$",
}
"""Scheme → how the hashes begin that create and change_password store."""

FOREIGN = {
    # Made by libxcrypt, as PHP writes it.
    "bcrypt": [("$2y$04$abcdefghijklmnopqrstuuQCzP7jzWZS/E3GL4oF3LWbHm3pfKHH.", None)],
    "argon2": [(_argon2("a password"), None)],
    "scrypt": [(_passlib_scrypt("a password"), None)],
    "pbkdf2": [(_django_pbkdf2("a password", digest), None) for digest in ("sha1", "sha256", "sha512")],
    "sha256": [(salted("sha256", "a password"), "salt")],
    "sha512": [(salted("sha512", "a password", ""), "")],
}
"""Scheme → hash and salt of "a password" as other programs write them."""
