"""Real npm modules in a script: mysql2 and bcrypt on a real MariaDB."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from stores.database import Database, Server
from stores.npm_modules import Fill

from dbconn_tui.runtime.hosts import AllowedHost
from dbconn_tui.runtime.job import Job
from dbconn_tui.runtime.modules import module_table
from dbconn_tui.runtime.node import find_node
from dbconn_tui.runtime.process import Isolation
from dbconn_tui.runtime.runner import ScriptRunner
from dbconn_tui.runtime.verdict import Answer, Contact, Run, Verdict
from dbconn_tui.sensitive import Sensitive

pytestmark = [pytest.mark.peers, pytest.mark.anyio]

USERS = "CREATE TABLE users (id INT PRIMARY KEY, email VARCHAR(250), hash VARCHAR(60))"
SCRIPT = """\
function login(identifier, password, callback) {
  const bcrypt = require('bcrypt@5.0.1');
  const { DB_PORT: port, DB_NAME: database, DB_USER: user, DB_PASSWORD } = configuration;
  const connection = require('mysql2@3.9.7').createConnection({
    host: '127.0.0.1', port, database, user, password: DB_PASSWORD,
  });
  connection.query('SELECT id, email, hash FROM users WHERE email = ?', [identifier], (error, rows) => {
    connection.end();
    if (error) return callback(error);
    if (!rows.length) return callback(new WrongUsernameOrPasswordError(identifier, 'No.'));
    bcrypt.compare(password, rows[0].hash, (failure, fits) => {
      if (failure) return callback(failure);
      if (!fits) return callback(new WrongUsernameOrPasswordError(identifier, 'No.'));
      callback(null, { user_id: String(rows[0].id), email: rows[0].email });
    });
  });
}
"""


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def job_for(database: Database, text: str, password: str) -> Job:
    values = {
        "DB_PORT": str(database.port),
        "DB_NAME": database.name,
        "DB_USER": database.user,
        "DB_PASSWORD": database.password,
    }
    return Job(
        "login",
        "login.js",
        text,
        ("robin@example.com", password),
        {name: Sensitive(value) for name, value in values.items()},
        frozenset({"DB_PORT", "DB_NAME", "DB_USER"}),
        (Sensitive(password),),
        "robin@example.com",
        hosts=(AllowedHost("127.0.0.1", database.port),),
    )


async def test_driver_and_native_hash_run_inside_the_permission_model(
    mariadb: Server, npm_modules: Fill, tmp_path: Path
) -> None:
    database = mariadb.database(USERS)
    table = module_table(npm_modules(tmp_path / "modules", "mysql2@3.9.7", "bcrypt@5.0.1"))
    isolation = Isolation(modules=Path(table.folder))
    hashing = "(e, cb) => require('bcrypt').hash('right horse', 4, (error, made) => cb(error, { user_id: '1', made }))"

    async with ScriptRunner(find_node(os.environ), isolation, table, spare=False) as runner:

        async def run(text: str = SCRIPT, password: str = "right horse", **changes: Any) -> Run:
            return await runner.run(replace(job_for(database, text, password), **changes))

        made = await runner.run(Job("get_user", "get_user.js", hashing, ("robin@example.com",)))
        database.run("INSERT INTO users VALUES (7, 'robin@example.com', %s)", made.raw_result["made"])
        found = await run()
        assert (found.verdict, found.answer) == (Verdict.OK, Answer.PROFILE), found.problems
        assert found.raw_result == {"user_id": "7", "email": "robin@example.com"}
        assert found.contacts == (Contact("127.0.0.1", database.port, True),)
        assert found.modules == ("bcrypt@6.0.0", "mysql2@3.9.7")
        assert [problem.message for problem in found.problems if problem.rule == "module-substituted"] == [
            "bcrypt@5.0.1 is not here; bcrypt@6.0.0 stood in for it"
        ]
        assert (await run(password="wrong horse")).answer is Answer.REFUSED
        open_one = await run(SCRIPT.replace("    connection.end();\n", ""))
        assert open_one.verdict is Verdict.OPEN_HANDLES
        assert any(
            f"the connection to 127.0.0.1:{database.port} is still open" in one.message for one in open_one.problems
        )
        elsewhere = replace(database, password="not the password")
        refused = await runner.run(job_for(elsewhere, SCRIPT, "right horse"))
        assert (refused.answer, (refused.error or {})["code"]) == (Answer.FAILED, "ER_ACCESS_DENIED_ERROR")
        stopped = await run(hosts=())
        assert stopped.verdict is Verdict.HOST_NOT_ALLOWED
