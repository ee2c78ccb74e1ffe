"""dbconn and the real auth0-deploy-cli doing the same work against the same local tenant, as whole processes.

For each row: requests, wall seconds, processor seconds, peak memory, and the ratio of the wall times. The default rows
take some minutes; `--full` adds 200 connections, tight rate limits and faults. Without npm nothing is measured.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.deploy import BODY, PARAMETERS
from benchmarks.deploy_cli import deploy_cli_environment, install_deploy_cli
from dbconn_tui.local_tenant.server import Address, tenant_process

SECRET = "a-secret-of-some-length-0001"
VALUES = {"API_URL": "https://users.acme.com", "API_CLIENT_SECRET": SECRET}


@dataclass(frozen=True)
class Condition:
    """How the tenant behaves: a name, its flags, and faults per hundred requests."""

    name: str
    flags: tuple[str, ...] = ("--plan", "none")
    faults: int = 0


FULL_SPEED = Condition("full speed")
SLOW = Condition("100 ms latency", ("--plan", "none", "--latency", "100"))
TIGHT = Condition("2/s, burst 10", ("--rate", "2:10"))
FAULTY = Condition("5 % faults", faults=5)


@dataclass(frozen=True)
class Figures:
    """One run of one tool."""

    code: int
    requests: int
    wall: float
    processor: float
    memory: float
    """Megabytes of the largest process so far, children included."""


def run(command: Sequence[str | Path], folder: Path, environment: dict[str, str], tenant: Control) -> Figures:
    """Run a command to its end and measure it."""
    tenant.call("DELETE", "/requests")
    started = time.perf_counter()
    process = subprocess.Popen(
        [str(word) for word in command],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    return Figures(
        process.returncode,
        tenant.call("GET", "/requests")["total"],
        wall,
        usage.ru_utime + usage.ru_stime,
        _megabytes(usage),
    )


def _megabytes(usage: resource.struct_rusage) -> float:
    return usage.ru_maxrss / (1_000_000 if sys.platform == "darwin" else 1_000)


@dataclass(frozen=True)
class Control:
    """The tenant's control routes."""

    address: Address

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """One call; its JSON."""
        context = ssl.create_default_context(cafile=str(self.address.ca_file))
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.address.url}/__control{path}", method=method, data=data)
        with urllib.request.urlopen(request, context=context) as answer:
            return json.loads(answer.read() or b"null")


class Tools:
    """The same connections as files for both tools, and the commands that work on them."""

    def __init__(self, folder: Path, address: Address, command: Path, count: int) -> None:
        self.ours = folder / "dbconn"
        self.theirs = folder / "deploy-cli"
        self.command = command
        self.count = count
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "AUTH0_DOMAIN": address.domain,
            "AUTH0_CLIENT_ID": address.client_id,
            "AUTH0_CLIENT_SECRET": address.client_secret.reveal(),
            "SSL_CERT_FILE": str(address.ca_file),
            "DBCONN_STATE_DIR": str(folder / "state"),
            "DBCONN_SECRET_API_CLIENT_SECRET": SECRET,
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
            "PYTHONPATH": os.getcwd(),
        }
        self.their_environment = deploy_cli_environment(address, folder, VALUES)
        self._write(address.domain)

    def _write(self, domain: str) -> None:
        lines = [
            "version: 1",
            "project_key: 6f0c2d5e8a914b7f93d1c04ab6e2f758",
            f"tenants: {{bench: {{domain: '{domain}'}}}}",
            "connections:",
        ]
        for number in range(self.count):
            key = f"users-{number:03}"
            there = self.theirs / "database-connections" / key
            here = self.ours / "scripts" / key
            for folder in (there, here):
                folder.mkdir(parents=True)
            for kind, (name, parameters) in PARAMETERS.items():
                text = BODY.format(name=name, parameters=parameters, number=number)
                (here / f"{kind}.js").write_text(text)
                (there / f"{kind}.js").write_text(text)
            options = {
                "enabledDatabaseCustomization": True,
                "import_mode": False,
                "customScripts": {kind: f"./{kind}.js" for kind in PARAMETERS},
                "configuration": {name: f"##{name}##" for name in VALUES},
            }
            (there / "database.json").write_text(json.dumps({"name": key, "strategy": "auth0", "options": options}))
            lines += [
                f"  {key}:",
                "    import_mode: false",
                "    configuration:",
                f"      API_URL: {VALUES['API_URL']}",
                "      API_CLIENT_SECRET: {secret: api_client_secret}",
            ]
        (self.ours / "dbconn.yaml").write_text("\n".join(lines) + "\n")

    def change_one(self) -> None:
        """The same edit for both."""
        for folder in (self.ours / "scripts", self.theirs / "database-connections"):
            script = folder / "users-000" / "verify.js"
            script.write_text(script.read_text().replace("5000", "4000"))

    def deploy(self, tenant: Control) -> Figures:
        """dbconn's deploy."""
        words = [sys.executable, "-m", "dbconn_tui", "deploy", "--yes", "--quiet"]
        return run(words, self.ours, self.environment, tenant)

    def their_deploy(self, tenant: Control) -> Figures:
        """deploy-cli's import."""
        words = [self.command, "import", "--input_file", self.theirs]
        return run(words, self.theirs, self.their_environment, tenant)


def measure(condition: Condition, count: int, command: Path, show: Callable[[str, Figures, Figures], None]) -> None:
    """First deploy, nothing changed, one changed; each tool on a tenant of its own."""
    figures: list[list[Figures]] = []
    for ours in (True, False):
        folder = Path(tempfile.mkdtemp(prefix="dbconn-peers-"))
        try:
            with tenant_process("--control", *condition.flags) as address:
                tenant = Control(address)
                tools = Tools(folder, address, command, count)
                deploy = tools.deploy if ours else tools.their_deploy
                rows = []
                for step in range(3):
                    if step == 2:
                        tools.change_one()
                    if condition.faults:
                        sprinkle(tenant, count, condition.faults)
                    rows.append(deploy(tenant))
                figures.append(rows)
        finally:
            shutil.rmtree(folder)
    for step, (mine, peer) in enumerate(zip(*figures, strict=True)):
        show(("first deploy", "nothing changed", "one changed")[step], mine, peer)


def sprinkle(tenant: Control, count: int, percent: int) -> None:
    """Let about `percent` of a hundred API requests fail once: resets and 503s in turn, at fixed places."""
    tenant.call("DELETE", "/faults")
    every = 100 // percent
    for number in range(0, count * 3, every):
        kind = {"kind": "reset"} if number // every % 2 else {"kind": "status", "status": 503}
        tenant.call("POST", "/faults", {**kind, "path": "/api/v2/", "skip": number + 1})


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true")
    full = parser.parse_args().full
    command = install_deploy_cli()
    if command is None:
        print("npm is not on this machine; nothing is measured")
        return
    rows = [(FULL_SPEED, 1), (FULL_SPEED, 50), (SLOW, 50)]
    if full:
        rows += [(FULL_SPEED, 200), (TIGHT, 50), (FAULTY, 50)]
    head = f"{'tenant':16}{'N':>4}  {'operation':16}{'requests':>12}{'wall s':>15}{'CPU s':>15}{'MB':>13}{'ratio':>9}"
    print(f"{head}   (dbconn / deploy-cli; exit codes where not 0)")
    for condition, count in rows:

        def show(operation: str, ours: Figures, peer: Figures, where: Condition = condition, n: int = count) -> None:
            codes = f"   exit {ours.code} / {peer.code}" if ours.code or peer.code else ""
            print(
                f"{where.name:16}{n:>4}  {operation:16}{ours.requests:>5} / {peer.requests:<5}"
                f"{ours.wall:>6.1f} / {peer.wall:<6.1f}{ours.processor:>6.1f} / {peer.processor:<6.1f}"
                f"{ours.memory:>5.0f} / {peer.memory:<5.0f}{ours.wall / peer.wall:>9.2f}{codes}",
                flush=True,
            )

        measure(condition, count, command, show)


if __name__ == "__main__":
    main()
