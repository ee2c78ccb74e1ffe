"""A real MariaDB, as Debian builds it: the installed one, else unpacked from its packages without being installed."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from stores.database import Database, Rows, Server
from stores.debian import unpacked
from stores.server import data_folder, free_port, running, unprivileged

INSTALL = "apt-get install --no-install-recommends mariadb-server-core"
_PACKAGES = ("mariadb-server-core", "liburing2", "libnuma1")
_ASYNCHRONOUS = ("libaio1t64", "libaio1")
"""The library's name since, and before, time became 64 bits wide everywhere."""
_TABLES = ("system_tables.sql", "performance_tables.sql", "system_tables_data.sql")


@dataclass(frozen=True)
class _Programs:
    """The server's program, the folder of its files, and that of libraries it needs besides the system's."""

    server: Path
    base: Path
    libraries: Path | None

    @property
    def share(self) -> Path:
        """The folder of its messages and tables, which newer releases call by the server's own name."""
        folders = [self.base / "share" / name for name in ("mysql", "mariadb")]
        return next((one for one in folders if any(one.glob("*_system_tables.sql"))), folders[0])

    @property
    def environment(self) -> dict[str, str]:
        """What the server is started with."""
        libraries = {"LD_LIBRARY_PATH": str(self.libraries)} if self.libraries else {}
        return {"PATH": "/usr/bin:/bin", "TZ": "UTC", **libraries}


@contextmanager
def run_mariadb(*settings: str) -> Iterator[Server]:
    """A server with no data, started with further settings such as `--ssl-cert=FILE`.

    Skips the test where it can be neither found nor unpacked, with the command to type.
    """
    programs = _installed() or _unpacked()
    if programs is None:
        pytest.skip(f"MariaDB is not here: {INSTALL}")
    with data_folder("mariadb") as folder:
        password = secrets.token_hex(12)
        data = _initialize(programs, folder, password)
        port = free_port()
        command = [
            *_command(programs, folder, data),
            f"--port={port}",
            "--bind-address=127.0.0.1",
            "--innodb-flush-log-at-trx-commit=0",
            "--performance-schema=off",
            "--skip-name-resolve",
            *settings,
        ]
        with running(command, b"ready for connections", signal.SIGTERM, folder, programs.environment):
            root = Database("127.0.0.1", port, "mysql", "owner", password, _execute)

            def make() -> Database:
                name = f"d{secrets.token_hex(6)}"
                own = secrets.token_hex(12)
                root.run(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
                root.run(f"CREATE USER '{name}'@'127.0.0.1' IDENTIFIED BY '{own}'")
                root.run(f"GRANT ALL ON {name}.* TO '{name}'@'127.0.0.1'")
                return Database("127.0.0.1", port, name, name, own, _execute)

            yield Server("127.0.0.1", port, make, root)


def _installed() -> _Programs | None:
    found = shutil.which("mariadbd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/libexec")
    if found is None:
        return None
    server = Path(found).resolve()
    return _Programs(server, server.parent.parent, None)


def _unpacked() -> _Programs | None:
    """The server from the packages of this Debian or Ubuntu, in the cache; None where that cannot be done."""
    root = unpacked("mariadb", *_PACKAGES, any_of=_ASYNCHRONOUS)
    if root is None:
        return None
    server = root / "usr" / "sbin" / "mariadbd"
    libraries = next((root / "usr" / "lib").glob("*-linux-gnu*"), None)
    return _Programs(server, root / "usr", libraries) if server.is_file() else None


def _command(programs: _Programs, folder: Path, data: Path) -> list[str | Path]:
    return [
        programs.server,
        "--no-defaults",
        f"--basedir={programs.base}",
        f"--datadir={data}",
        f"--lc-messages-dir={programs.share}",
        f"--socket={folder / 'socket'}",
        f"--tmpdir={folder}",
        "--innodb-log-file-size=4M",
    ]


def _initialize(programs: _Programs, folder: Path, password: str) -> Path:
    """Make the server's own tables, and one account."""
    data = folder / "data"
    subprocess.run(["mkdir", data], check=True, **unprivileged())
    statements = ["CREATE DATABASE mysql;", "USE mysql;"]
    for name in _TABLES:
        statements += [file.read_text(encoding="utf-8") for file in programs.share.glob(f"*_{name}")]
    statements += ["FLUSH PRIVILEGES;"]
    statements += [f"CREATE USER owner@'127.0.0.1' IDENTIFIED BY '{password}';"]
    statements += ["GRANT ALL ON *.* TO owner@'127.0.0.1' WITH GRANT OPTION;"]
    subprocess.run(
        [*_command(programs, folder, data), "--bootstrap", "--skip-networking=0"],
        cwd=folder,
        env=programs.environment,
        input="\n".join(statements).encode(),
        check=True,
        capture_output=True,
        **unprivileged(),
    )
    return data


def _execute(database: Database, statement: str, values: Sequence[Any]) -> Rows:
    import pymysql

    place = {"host": database.host, "port": database.port, "database": database.name, "charset": "utf8mb4"}
    account = {"user": database.user, "password": database.password}
    with closing(pymysql.connect(**place, **account, autocommit=True)) as connection, connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return [tuple(row) for row in cursor.fetchall()]
