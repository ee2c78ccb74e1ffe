"""Node, and a sample store that can be made to misbehave, for the tests of the shipped templates."""

from __future__ import annotations

import datetime
import ipaddress
import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from dbconn_tui.sample_store.app import build_app
from dbconn_tui.sample_store.sample_users import add_sample_users
from dbconn_tui.sample_store.server import served
from dbconn_tui.sample_store.tokens import Tokens
from dbconn_tui.sample_store.users import Users
from dbconn_tui.scaffold.catalogue import read_template, shipped_folder
from dbconn_tui.scaffold.template import Template
from dbconn_tui.sensitive import Sensitive

from .faults import WithFaults

DRIVER = Path(__file__).with_name("driver.js")
CLIENT_ID = "auth0-user-store"
CLIENT_SECRET = "a client secret of the tests"


@dataclass(slots=True)
class Revocable:
    """An ASGI app: the user API, and `/control/revoke` for its tokens."""

    api: ASGIApp
    tokens: Tokens

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/control/revoke":
            self.tokens.revoke_all()
            await Response(None, 204)(scope, receive, send)
        else:
            await self.api(scope, receive, send)


@dataclass(frozen=True, slots=True)
class Store:
    """The running store: its address, its users, and the requests it has seen."""

    url: str
    users: Users
    seen: list[str]

    def configuration(self, **changes: str) -> dict[str, str]:
        """What the rest-api scripts read as `configuration`."""
        values = {
            "API_URL": self.url,
            "TOKEN_URL": f"{self.url}/oauth/token",
            "API_CLIENT_ID": CLIENT_ID,
            "API_CLIENT_SECRET": CLIENT_SECRET,
            "API_AUDIENCE": "https://users.example.com",
        }
        return values | changes


@contextmanager
def misbehaving_store(certificate: Path | None = None, key: Path | None = None) -> Iterator[Store]:
    numbers = iter(range(1_000_000))
    users = Users(":memory:", lambda count: next(numbers).to_bytes(count, "big"))
    add_sample_users(users)
    tokens = Tokens(CLIENT_ID, Sensitive(CLIENT_SECRET), clock=lambda: 0.0, new_token=lambda: f"token-{next(numbers)}")
    app = WithFaults(Revocable(build_app(users, tokens), tokens))
    with served(app, certificate=certificate, key=key) as url:
        yield Store(url, users, app.seen)
    users.close()


@pytest.fixture
def store() -> Iterator[Store]:
    with misbehaving_store() as running:
        yield running


@pytest.fixture(scope="session")
def rest_api() -> Template:
    return read_template(shipped_folder() / "rest-api")


@pytest.fixture(scope="session")
def node() -> str:
    """The path of a Node that runs the scripts."""
    path = shutil.which("node")
    if path is None:
        pytest.skip("node is not on PATH; the scripts cannot be run")
    version = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if int(version.lstrip("v").partition(".")[0]) < 18:
        pytest.skip(f"node {version} is too old for the scripts; they need 18 or newer")
    return path


@dataclass(frozen=True, slots=True)
class Run:
    """One run of one script. Runs of the same container share its `global`, in their order."""

    name: str
    script: str
    arguments: tuple[Any, ...]
    configuration: Mapping[str, str] = field(default_factory=dict)
    container: str = ""
    before: str = ""

    def as_job(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "script": self.script,
            "arguments": list(self.arguments),
            "configuration": dict(self.configuration),
            "container": self.container or self.name,
            "before": self.before,
        }


@dataclass(frozen=True, slots=True)
class Call:
    """The one call of the callback: how many arguments, the error's fields or None, the result after JSON."""

    arity: int
    error: dict[str, Any] | None
    result: Any


class RunScripts(Protocol):
    """Runs scripts in one Node process; `trusted` is a certificate file that Node trusts beside its own."""

    def __call__(self, runs: list[Run], trusted: Path | None = None) -> dict[str, Call]: ...


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A self-signed certificate for 127.0.0.1 and localhost, and its key, as PEM files."""
    return write_certificate(tmp_path, x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.DNSName("localhost"))


@pytest.fixture
def foreign_certificate(tmp_path: Path) -> tuple[Path, Path]:
    """One for a machine that is not this one."""
    folder = tmp_path / "foreign"
    folder.mkdir()
    return write_certificate(folder, x509.DNSName("elsewhere.example.com"))


def write_certificate(folder: Path, *names: x509.GeneralName) -> tuple[Path, Path]:
    """A self-signed certificate for these names, and its key, as PEM files."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "user store of a test")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    files = folder / "certificate.pem", folder / "key.pem"
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    files[0].write_bytes(made.public_bytes(pem))
    files[1].write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    return files


@pytest.fixture(scope="session")
def run_scripts(node: str) -> RunScripts:
    """Runs scripts in one Node process; each must call back exactly once, and nothing may be left unhandled."""

    def run(runs: list[Run], trusted: Path | None = None) -> dict[str, Call]:
        environment = {"PATH": os.environ["PATH"]} | ({"NODE_EXTRA_CA_CERTS": str(trusted)} if trusted else {})
        job = json.dumps({"runs": [one.as_job() for one in runs]})
        process = subprocess.run(
            [node, str(DRIVER)],
            input=job,
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
        assert process.returncode == 0, process.stderr
        assert process.stderr == ""
        answer = json.loads(process.stdout)
        assert answer["unhandled"] == []
        calls = {}
        for one in runs:
            result = answer["results"][one.name]
            assert result["thrown"] is None, one.name
            assert len(result["calls"]) == 1, f"{one.name}: {len(result['calls'])} calls of the callback"
            assert result["parameters"] == len(one.arguments) + 1, one.name
            calls[one.name] = Call(**result["calls"][0])
        return calls

    return run
