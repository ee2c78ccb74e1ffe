"""A server that speaks MongoDB's protocol: SecantusDB, in a process and an environment of its own (it is GPL).

Accounts are known apart (SCRAM), unique indexes and upserts behave as MongoDB's. A second process with pymongo, from
the same environment, is the owner's way in.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from stores.cache import cached
from stores.server import data_folder, free_port, running

LOCK = Path(__file__).resolve().parents[2] / "requirements-mongodb.lock"
READY = b"listening on"
_SERVE = "import sys; from secantus.cli import main; sys.exit(main())"
_CLIENT = """\
import json, sys
from bson import json_util
from pymongo import MongoClient
client = MongoClient(sys.argv[1], serverSelectionTimeoutMS=30000, **json.loads(sys.argv[2]))
for line in sys.stdin:
    asked = json_util.loads(line)
    place = client[asked["database"]]
    found = getattr(place[asked["collection"]] if asked["collection"] else place, asked["operation"])(*asked["given"])
    answer = list(found) if asked["operation"] in ("find", "aggregate") else None
    print(json_util.dumps(answer), flush=True)
"""


@dataclass(frozen=True)
class MongoDatabase:
    """One database. `run(operation, …)` carries an operation of pymongo's out on the collection `users`."""

    host: str
    port: int
    name: str
    user: str
    password: str = field(repr=False)
    _client: subprocess.Popen[str] = field(repr=False)

    def run(self, operation: str, *given: Any) -> Any:
        """Carry an operation out; the documents of a find, in MongoDB's extended JSON."""
        return _ask(self._client, self.name, "users", operation, *given)


@dataclass(frozen=True)
class MongoServer:
    """A running server; `database()` makes an empty database."""

    database_of_the_owner: MongoDatabase

    def database(self) -> MongoDatabase:
        """A database that nothing else uses, with a unique index on `email`."""
        made = replace(self.database_of_the_owner, name=f"d{secrets.token_hex(6)}")
        _ask(
            made._client,
            made.name,
            "",
            "command",
            {
                "createIndexes": "users",
                "indexes": [{"key": {"email": 1}, "name": "email", "unique": True}],
            },
        )
        return made


@contextmanager
def run_mongodb(certificate: tuple[Path, Path] | None = None) -> Iterator[MongoServer]:
    """A server with no data, over TLS with a certificate and its key (PEM files).

    Skips the test where SecantusDB cannot be fetched.
    """
    environment = {"PYTHONPATH": str(_packages()), "LC_ALL": "C.UTF-8"}
    with data_folder("mongodb") as folder:
        port, password = free_port(), secrets.token_hex(12)
        account = {"createUser": "auth0_scripts", "pwd": password, "roles": ["readWriteAnyDatabase"]}
        # Accounts are made while anybody may make them; then the server asks for a password.
        with _serving(port, folder, environment), _client(port, {}, environment) as client:
            _ask(client, "admin", "", "command", account)
        owner: dict[str, str | bool] = {"username": "auth0_scripts", "password": password, "authSource": "admin"}
        flags = ["--auth"]
        if certificate:
            flags += ["--tls-cert-file", str(certificate[0]), "--tls-key-file", str(certificate[1])]
            owner |= {"tls": True, "tlsCAFile": str(certificate[0])}
        with _serving(port, folder, environment, *flags), _client(port, owner, environment) as client:
            yield MongoServer(MongoDatabase("127.0.0.1", port, "admin", "auth0_scripts", password, client))


def _packages() -> Path:
    """The folder with SecantusDB and what it needs, fetched once a machine."""

    def fetch(folder: Path) -> None:
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
        done = subprocess.run(
            [*command, "--require-hashes", "--target", str(folder), "-r", str(LOCK)], capture_output=True, check=False
        )
        if done.returncode:
            pytest.skip(f"SecantusDB is not here and cannot be fetched: pip install --target FOLDER -r {LOCK.name}")

    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return cached(f"mongodb-{version}-{hashlib.sha256(LOCK.read_bytes()).hexdigest()[:12]}", fetch)


@contextmanager
def _serving(port: int, folder: Path, environment: Mapping[str, str], *flags: str) -> Iterator[None]:
    command = [
        sys.executable,
        "-c",
        _SERVE,
        "--port",
        str(port),
        "--storage-path",
        str(folder / "data"),
        "--standalone",
    ]
    with running([*command, *flags], READY, signal.SIGTERM, folder, environment, as_root=True):
        yield


@contextmanager
def _client(
    port: int, account: Mapping[str, str | bool], environment: Mapping[str, str]
) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", _CLIENT, f"mongodb://127.0.0.1:{port}", json.dumps(account)],
        env=dict(environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    with process:
        try:
            yield process
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(30)


def _ask(client: subprocess.Popen[str], database: str, collection: str, operation: str, *given: Any) -> Any:
    assert client.stdin is not None
    assert client.stdout is not None
    asked = {"database": database, "collection": collection, "operation": operation, "given": given}
    client.stdin.write(json.dumps(asked) + "\n")
    client.stdin.flush()
    return json.loads(client.stdout.readline())
