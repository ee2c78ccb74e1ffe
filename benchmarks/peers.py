"""dbconn and the real auth0-deploy-cli doing the same work against the same local tenant, as whole processes.

For each row: requests by route, wall seconds, processor seconds, peak memory, and dbconn's part of deploy-cli's. Rows
that no longer fit into `--minutes` are named and not measured. Without npm nothing is measured.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Sequence
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

ROWS = (
    (FULL_SPEED, 1),
    (FULL_SPEED, 50),
    (FULL_SPEED, 200),
    (SLOW, 50),
    (FAULTY, 50),
    (TIGHT, 50),
    (SLOW, 1),
    (FAULTY, 1),
    (TIGHT, 1),
    (SLOW, 200),
    (FAULTY, 200),
    (TIGHT, 200),
)
"""What is measured, the most telling first."""

QUICK_ROWS = 2
OPERATIONS = ("first deploy", "nothing changed", "one changed", "export / pull")
LONGEST_RUN = 900.0
"""Seconds after which a run is ended and counts as failed."""
SECONDS = {1: 90, 50: 120, 200: 240}
"""About how long a row takes by its number of connections; with a tight limit four times that."""


@dataclass(frozen=True)
class Figures:
    """One run of one tool; `code` is None when it was ended after LONGEST_RUN."""

    code: int | None
    requests: int
    routes: str
    wall: float
    processor: float
    memory: float
    """Megabytes of the largest process."""


def run(command: Sequence[str | Path], folder: Path, environment: dict[str, str], tenant: Control) -> Figures:
    """Run a command to its end and measure it."""
    tenant.call("DELETE", "/requests")
    started = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [str(word) for word in command],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
        late = threading.Timer(LONGEST_RUN, os.killpg, (process.pid, signal.SIGKILL))
        late.start()
        _, status, usage = os.wait4(process.pid, 0)
        late.cancel()
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    seen = tenant.call("GET", "/requests")
    return Figures(
        process.returncode if wall < LONGEST_RUN else None,
        seen["total"],
        _routes(seen["counts"]),
        wall,
        usage.ru_utime + usage.ru_stime,
        _megabytes(usage),
    )


def _routes(counts: dict[str, int]) -> str:
    short = {name.replace("/api/v2/", "").replace("/oauth/token", "token"): count for name, count in counts.items()}
    return ", ".join(f"{count} {name}" for name, count in sorted(short.items(), key=lambda pair: -pair[1]))


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

    def pull(self, tenant: Control) -> Figures:
        """dbconn's pull of everything into a new project."""
        new = self.ours.parent / "pulled"
        new.mkdir()
        words: list[str | Path] = [
            sys.executable,
            "-m",
            "dbconn_tui",
            "pull",
            "--yes",
            "--quiet",
            "--config",
            new / "dbconn.yaml",
        ]
        return run(words, new, self.environment, tenant)

    def their_export(self, tenant: Control) -> Figures:
        """deploy-cli's export of the databases into a new folder."""
        new = self.theirs.parent / "exported"
        words: list[str | Path] = [self.command, "export", "--format", "directory", "--output_folder", new]
        return run(words, self.theirs.parent, self.their_environment, tenant)


def measure(condition: Condition, count: int, command: Path) -> list[tuple[str, Figures, Figures]]:
    """First deploy, nothing changed, one changed, export; each tool on a tenant of its own."""
    figures: list[list[Figures]] = []
    for ours in (True, False):
        with (
            tempfile.TemporaryDirectory(prefix="dbconn-peers-", ignore_cleanup_errors=True) as folder,
            tenant_process("--control", *condition.flags) as address,
        ):
            tenant = Control(address)
            tools = Tools(Path(folder), address, command, count)
            steps = (
                (tools.deploy, tools.deploy, tools.deploy, tools.pull)
                if ours
                else (tools.their_deploy, tools.their_deploy, tools.their_deploy, tools.their_export)
            )
            rows = []
            for number, step in enumerate(steps):
                if number == 2:
                    tools.change_one()
                if condition.faults:
                    sprinkle(tenant, count, condition.faults)
                rows.append(step(tenant))
            figures.append(rows)
    return list(zip(OPERATIONS, *figures, strict=True))


def sprinkle(tenant: Control, count: int, percent: int) -> None:
    """Let about `percent` of a hundred API requests fail once: resets and 503s in turn, at fixed places."""
    tenant.call("DELETE", "/faults")
    every = 100 // percent
    for number in range(0, max(count * 3, 1), every):
        kind = {"kind": "reset"} if number // every % 2 else {"kind": "status", "status": 503}
        tenant.call("POST", "/faults", {**kind, "path": "/api/v2/", "skip": number + 1})


def show(condition: Condition, count: int, operation: str, ours: Figures, peer: Figures) -> bool:
    """Print one row, and dbconn's part of each figure; whether it is ahead.

    That is: every figure is smaller, or deploy-cli gave up (and so sent less) where dbconn did the work.
    """
    parts = (
        ours.requests / max(peer.requests, 1),
        ours.wall / peer.wall,
        ours.processor / peer.processor,
        ours.memory / peer.memory,
    )
    codes = f"   exit {ours.code} / {peer.code}" if ours.code or peer.code else ""
    print(
        f"{condition.name:16}{count:>4}  {operation:16}{ours.requests:>5} / {peer.requests:<6}"
        f"{ours.wall:>6.1f} / {peer.wall:<7.1f}{ours.processor:>5.1f} / {peer.processor:<6.1f}"
        f"{ours.memory:>5.0f} / {peer.memory:<6.0f}"
        f"{' · '.join(f'{part:.2f}' for part in parts)}{codes}"
    )
    print(f"{'':22}dbconn: {ours.routes}\n{'':22}deploy-cli: {peer.routes}", flush=True)
    return ours.code == 0 and (max(parts) < 1 or peer.code != 0)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30, help="begin no row that would end later (30)")
    parser.add_argument("--quick", action="store_true", help="1 and 50 connections at full speed alone")
    arguments = parser.parse_args()
    command = install_deploy_cli()
    if command is None:
        print("npm is not on this machine; nothing is measured")
        return
    head = f"{'tenant':16}{'N':>4}  {'operation':16}{'requests':>12}{'wall s':>16}{'CPU s':>14}{'MB':>13}"
    print(f"{head}      dbconn's part: requests · wall · CPU · MB   (dbconn / deploy-cli; exit codes where not 0)")
    started = time.monotonic()
    ahead, skipped = [], []
    for condition, count in ROWS[: QUICK_ROWS if arguments.quick else None]:
        seconds = SECONDS[count] * (4 if condition is TIGHT else 1)
        if time.monotonic() - started + seconds > arguments.minutes * 60:
            skipped.append(f"{count} × {condition.name} (about {seconds} s)")
            continue
        for operation, ours, peer in measure(condition, count, command):
            ahead.append(show(condition, count, operation, ours, peer))
    print(f"dbconn is ahead in {sum(ahead)} of {len(ahead)} rows: in all four figures, or deploy-cli gave up")
    if skipped:
        print(f"not measured within --minutes {arguments.minutes:g}: {', '.join(skipped)}")


if __name__ == "__main__":
    main()
