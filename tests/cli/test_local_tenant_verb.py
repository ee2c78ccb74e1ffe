"""`dbconn local-tenant` as a process of its own: an application signs users in, and nothing is left at its end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dbconn_tui.errors import NodeError
from dbconn_tui.local_tenant.server import address_from
from dbconn_tui.runtime.node import find_node
from tests.sign_in import ask, deploy, log_in

SECRET = "a-value-that-must-never-show"
LOGIN = """\
function login(identifier, password, callback) {
  console.log('asked with', configuration.KEY, password);
  if (password !== configuration.KEY) {
    return callback(new WrongUsernameOrPasswordError(identifier, 'no'));
  }
  return callback(null, { user_id: '1', email: identifier });
}
"""
GET_USER = (
    "function getUser(identifier, callback) {\n  return callback(null, { user_id: '1', email: identifier });\n}\n"
)


def harness_processes(parent: int) -> list[Path]:
    """The folders in /proc of a process's children."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if (entry / "stat").read_text().rpartition(")")[2].split()[1] == str(parent):
                found.append(entry)
        except OSError:
            continue
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks into /proc")
def test_an_application_signs_users_in(tmp_path: Path) -> None:
    try:
        find_node(os.environ)
    except NodeError as failure:
        pytest.skip(failure.message)
    process = subprocess.Popen(
        [sys.executable, "-m", "dbconn_tui", "local-tenant", "--http", "--state", "tenant.json", "--json"],
        cwd=tmp_path, env={**os.environ, "DBCONN_STATE_DIR": str(tmp_path / "state")},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    with process:
        try:
            lines = iter(process.stdout.readline, "")
            (ready,) = json.loads("".join(_first_object(lines)))["tenants"]
            address = address_from(json.dumps(ready))
            deploy(address, "users", {"login": LOGIN, "get_user": GET_USER}, {"KEY": SECRET}, import_mode=True)
            assert log_in(address.url, "users", "ada@example.com", "not it").json()["error"] == "invalid_grant"
            assert log_in(address.url, "users", "ada@example.com", SECRET).status_code == 200
            reset = {"client_id": ready["application_id"], "connection": "users", "email": "ada@example.com"}
            assert ask(address.url, "/dbconnections/change_password", **reset).status_code == 200
            children = harness_processes(process.pid)
            process.send_signal(signal.SIGTERM)
            _, err = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 0, err
    assert len(children) == 1
    assert not any(child.exists() for child in children)
    assert "users: login: refused" in err
    assert "users/login.js:2:" in err
    assert f"mail to ada@example.com: Reset your password: {address.url}/u/reset-verify?ticket=" in err
    assert SECRET not in err
    assert "Traceback" not in err
    kept = json.loads((tmp_path / "tenant.json").read_bytes())
    assert [user["profile"]["email"] for user in kept["users"]] == ["ada@example.com"]
    assert kept["users"][0]["password"] != SECRET


def _first_object(lines: Iterator[str]) -> list[str]:
    """Lines up to the end of the first JSON object."""
    taken: list[str] = []
    for line in lines:
        taken.append(line)
        try:
            json.loads("".join(taken))
        except ValueError:
            continue
        return taken
    raise AssertionError("".join(taken))
