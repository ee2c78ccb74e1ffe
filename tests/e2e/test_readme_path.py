"""The README's path from nothing to a passing test, run as it stands there, on a fresh PostgreSQL."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from stores.database import Server

pytestmark = pytest.mark.peers

HEADING = "## From nothing to a passing test on your own database\n"
README = Path(__file__).parents[2] / "README.md"


def block(language: str) -> str:
    """The code of that language under the heading."""
    _, _, rest = README.read_text(encoding="utf-8").partition(HEADING)
    found = re.search(rf"^```{language}\n(.*?)^```$", rest.partition("\n## ")[0], re.DOTALL | re.MULTILINE)
    assert found is not None, f"the README has no {language} under {HEADING}"
    return found[1]


def test_under_ten_commands() -> None:
    commands = block("sh").replace("\\\n", " ").splitlines()
    assert 5 < len(commands) < 10
    assert commands[0].startswith("dbconn init ")
    assert commands[-1].startswith("dbconn test ")


def test_a_stranger_gets_there(postgresql: Server, tmp_path: Path) -> None:
    database = postgresql.database(*(statement for statement in block("sql").split(";\n") if statement.strip()))
    ours = ("AUTH0_", "DBCONN_", "PG")
    environment = {
        # The rest as it is: npm may need it to find its registry.
        **{name: value for name, value in os.environ.items() if not name.startswith(ours)},
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "DBCONN_STATE_DIR": str(tmp_path / "state"),
        "PGHOST": database.host,
        "PGPORT": str(database.port),
        "PGDATABASE": database.name,
        "PGUSER": database.user,
        "PGPASSWORD": database.password,
    }
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", block("sh")],
        cwd=tmp_path,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert database.password not in done.stdout + done.stderr
    assert database.run("SELECT count(*) FROM crm.people") == [(0,)], "the test users are gone again"
