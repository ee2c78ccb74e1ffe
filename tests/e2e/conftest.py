"""The command as a process, against a tenant in another process over HTTPS."""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from dbconn_tui.local_tenant.server import Address, tenant_process

KINDS = {
    "login": (
        "function login(identifier, password, callback) {\n"
        "  return callback(password ? new WrongUsernameOrPasswordError(identifier) : new Error('no password'));\n}\n"
    ),
    "get_user": "function getUser(identifier, callback) {\n  return callback(null);\n}\n",
    "create": "function create(user, callback) {\n  return callback(null);\n}\n",
    "verify": "function verify(email, callback) {\n  return callback(null, true);\n}\n",
    "change_password": "function changePassword(id, newPassword, callback) {\n  return callback(null, true);\n}\n",
    "delete": "function deleteUser(id, callback) {\n  return callback(null);\n}\n",
    "change_email": "function changeEmail(email, newEmail, verified, callback) {\n  return callback(null, true);\n}\n",
}
"""Seven scripts that lint finds nothing in."""

PROJECT_KEY = "6f0c2d5e8a914b7f93d1c04ab6e2f758"


@dataclass(frozen=True)
class Control:
    """The tenant's control routes."""

    address: Address

    def call(self, method: str, path: str, body: Any = None) -> Any:
        context = ssl.create_default_context(cafile=str(self.address.ca_file))
        request = urllib.request.Request(
            f"{self.address.url}/__control{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"content-type": "application/json"},
        )
        with urllib.request.urlopen(request, context=context) as answer:
            return json.loads(answer.read() or b"null")

    def counts(self) -> dict[str, int]:
        """Requests by method and route since the last `forget`."""
        counts: dict[str, int] = self.call("GET", "/requests")["counts"]
        return counts

    def writes(self) -> list[str]:
        """POST, PATCH and DELETE requests to the Management API."""
        requests = self.call("GET", "/requests")["requests"]
        return [
            f"{one['method']} {one['path']}"
            for one in requests
            if one["method"] != "GET" and not one["path"].startswith("/oauth")
        ]

    def total(self) -> int:
        total: int = self.call("GET", "/requests")["total"]
        return total

    def forget(self) -> None:
        self.call("DELETE", "/requests")

    def connections(self) -> dict[str, Any]:
        """Live connections by name, configuration values in plain text under `values`."""
        return {one["name"]: one for one in self.call("GET", "/connections")["connections"]}


@dataclass
class Project:
    """A project folder and the command run in it."""

    folder: Path
    control: Control
    environment: dict[str, str] = field(default_factory=dict)
    printed: list[str] = field(default_factory=list)
    """Everything that every run printed."""
    secrets: set[str] = field(default_factory=set)
    """Every credential and configuration value that any run was given."""

    def leaks(self) -> list[str]:
        """Where a secret shows in what was printed or written, outside of the project's own files."""
        texts = {f"output {number}": text for number, text in enumerate(self.printed)}
        for path in Path(self.environment["DBCONN_STATE_DIR"]).rglob("*"):
            if path.is_file():
                texts[str(path)] = path.read_bytes().decode("utf-8", "replace")
        return [f"{where}: {text}" for where, text in texts.items() if any(one in text for one in self.secrets)]

    def write(self, path: str, content: str | bytes) -> Path:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())
        return target

    def write_scripts(self, key: str, scripts: Mapping[str, str] = KINDS) -> None:
        for kind, text in scripts.items():
            self.write(f"scripts/{key}/{kind}.js", text)

    def write_yaml(self, connections: str, top: str = "") -> None:
        """A dbconn.yaml for this tenant with the given text under `connections:`."""
        domain = self.control.address.domain
        self.write(
            "dbconn.yaml",
            f"version: 1\nproject_key: {PROJECT_KEY}\ntenants:\n  local-dev: {{domain: '{domain}'}}\n{top}"
            f"connections:\n{connections}",
        )

    def dbconn(self, *arguments: str, given: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        """Run the command without a terminal."""
        given_environment = {**self.environment, **environment}
        self.secrets |= {
            value
            for name, value in given_environment.items()
            if name.startswith("DBCONN_SECRET_") or name in ("AUTH0_CLIENT_SECRET", "SOME_VALUE")
            if len(value) > 6
        }
        done = subprocess.run(
            [sys.executable, "-m", "dbconn_tui", *arguments],
            cwd=self.folder,
            env=given_environment,
            input=given,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        self.printed += [done.stdout, done.stderr]
        return done

    def json(self, *arguments: str, code: int = 0, **environment: str) -> Any:
        """Run with --json, expect an exit code, give the object."""
        done = self.dbconn(*arguments, "--json", **environment)
        assert done.returncode == code, done.stdout + done.stderr
        return json.loads(done.stdout)


@pytest.fixture(scope="session")
def tenant_address() -> Iterator[Address]:
    with tenant_process("--control", "--plan", "none") as address:
        yield address


@pytest.fixture
def control(tenant_address: Address) -> Control:
    control = Control(tenant_address)
    control.call("POST", "/reset")
    control.call("DELETE", "/faults")
    return control


@pytest.fixture
def project(tmp_path: Path, control: Control) -> Iterator[Project]:
    """A project; after each test no secret may be in anything that was printed or kept."""
    address = control.address
    folder = tmp_path / "project"
    folder.mkdir()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path / "home"),
        "AUTH0_DOMAIN": address.domain,
        "AUTH0_CLIENT_ID": address.client_id,
        "AUTH0_CLIENT_SECRET": address.client_secret.reveal(),
        "SSL_CERT_FILE": str(address.ca_file),
        "DBCONN_STATE_DIR": str(tmp_path / "state"),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        "PYTHONWARNINGS": "error",
    }
    project = Project(folder, control, environment)
    yield project
    assert project.leaks() == []


@pytest.fixture
def two_connections(project: Project) -> Project:
    """A healthy connection and one beside it to be broken by a test."""
    project.write_scripts("healthy")
    project.write_scripts("other")
    project.write_yaml("  healthy: {}\n  other: {}\n")
    return project
