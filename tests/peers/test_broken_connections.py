"""A connection on a real PostgreSQL passes; with one thing broken at a time `dbconn test` names the cause."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from stores.database import Database, Server
from stores.npm_modules import Fill

from dbconn_tui.runtime.checks import State
from dbconn_tui.runtime.life_cycle import LEFT_OUT, PREFIX
from dbconn_tui.secret_store.memory_store import MemoryStore
from dbconn_tui.tasks.add import plan_addition, write_addition
from dbconn_tui.tasks.connection_tests import ConnectionTest, play_life_cycles
from dbconn_tui.tasks.outside import Outside
from dbconn_tui.tasks.script_runs import RunSettings
from dbconn_tui.tasks.templates import one_template
from dbconn_tui.tasks.workspace import open_project

pytestmark = [pytest.mark.peers, pytest.mark.anyio]

USERS = """
CREATE TABLE users (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email text,
  password_hash text,
  email_verified boolean DEFAULT false
)"""
UNIQUE = 'CREATE UNIQUE INDEX users_email ON users (lower(email COLLATE "C"))'


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@dataclass(frozen=True)
class Connection:
    """A project with one connection on a database of its own."""

    outside: Outside
    database: Database

    def change(self, kind: str, old: str, new: str) -> None:
        file = self.outside.folder / "scripts" / "users" / f"{kind}.js"
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")

    async def play(self, settings: RunSettings, *, quick: bool = True) -> ConnectionTest:
        project, _ = open_project(self.outside)
        (test,) = await play_life_cycles(self.outside, project, [], settings, quick=quick)
        return test


@pytest.fixture
def connection(tmp_path: Path, postgresql: Server, npm_modules: Fill) -> Connection:
    database = postgresql.database(USERS, UNIQUE)
    npm_modules(tmp_path / "state" / "modules", "pg@8.11.3", "bcrypt@5.1.1")
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "DBCONN_SECRET_LOCAL__DATABASE_PASSWORD": database.password,
    }
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "dbconn.yaml").write_text("version: 1\n", encoding="utf-8")
    outside = Outside(environment, folder, tmp_path, tmp_path / "state", MemoryStore())
    where = {"host": database.host, "port": database.port, "database": database.name, "database_user": database.user}
    answers = {**where, "tls": "none", "pool": False, "timeout_ms": 1500}
    project, _ = open_project(outside)
    write_addition(plan_addition(project, "users", one_template(outside, "postgresql"), answers))
    made = Connection(outside, database)
    # The cost of a hash is not what is tested.
    made.change("login", "nobody = `$2b$12$", "nobody = `$2b$04$")
    for kind in ("create", "change_password"):
        made.change(kind, ".hash(plain, 12)", ".hash(plain, 4)")
    return made


async def test_whole_connection_passes(connection: Connection) -> None:
    test = await connection.play(RunSettings(), quick=False)
    states = {check.name: f"{check.state} {check.message}".strip() for check in test.checks}
    assert set(states.values()) == {"passed"}, states
    assert connection.database.run("SELECT count(*) FROM users") == [(0,)]
    assert "bcrypt@5.1.1 is not here; bcrypt@6.0.0 stood in for it" in test.notes


@dataclass(frozen=True)
class Break:
    """A change to one script, the check that must fail and words that its message must have."""

    name: str
    kind: str
    old: str
    new: str
    check: str
    words: str
    hangs: bool = False


BREAKS = [
    Break("wrong column", "login", "row.email ?? undefined", "row.mail ?? undefined", "login", "login gave no email"),
    Break(
        "wrong column in SQL",
        "get_user",
        '"email_verified"\n',
        '"email_verifed"\n',
        "sign-up",
        "get_user failed with “Error: The user database failed (42703)”",
    ),
    Break(
        "missing return",
        "login",
        "if (error) return callback(error);",
        "if (error) callback(error);",
        "wrong password",
        "login: the callback is called a second time; the first call was at ",
    ),
    Break(
        "random user_id",
        "login",
        "String(row.id),",
        "String(row.id) + Math.random(),",
        "login",
        "login gave another user_id the second time",
    ),
    Break(
        "no close",
        "login",
        "await disconnect().catch(() => {});",
        "",
        "sign-up",
        "is still open after the callback (scripts/users/login.js:",
    ),
    Break(
        "no timeout",
        "get_user",
        "connectionTimeoutMillis: 1500,\n      query_timeout: 1500,",
        "",
        "store hangs",
        "get_user: stopped after 3 s: the callback was not called, the script was waiting for 127.0.0.1:",
        hangs=True,
    ),
    Break(
        "another profile",
        "get_user",
        "row.email_verified === true",
        "true",
        "same profile from get_user",
        "login and get_user give different profiles: email_verified (email_verified: false and true)",
    ),
]


@pytest.mark.parametrize("broken", BREAKS, ids=lambda broken: broken.name)
async def test_one_broken_thing_is_named(connection: Connection, broken: Break) -> None:
    connection.change(broken.kind, broken.old, broken.new)
    test = await connection.play(RunSettings(limit=3.0), quick=not broken.hangs)
    messages = {check.name: check.message for check in test.checks if check.state is State.FAILED}
    assert broken.words in messages.get(broken.check, ""), messages
    assert not test.passed
    assert all(check.message != LEFT_OUT or not broken.hangs for check in test.checks)
    left = connection.database.run("SELECT email FROM users WHERE email LIKE %s", f"{PREFIX}%")
    assert left == ([(test.left_behind,)] if test.left_behind else [])
