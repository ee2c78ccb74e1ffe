"""A first deploy of 50 connections × 7 scripts × 2 values to a tenant process over HTTPS, against a bare httpx loop.

The loop sends the very requests that the deploy sent, one after the other, from memory. Printed: the
requests by kind, both wall times, and the median ratio of pairs measured in turn.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from dbconn_tui.local_tenant.server import Address, tenant_process
from dbconn_tui.secret_store.memory_store import MemoryStore
from dbconn_tui.tasks.access import open_tenant
from dbconn_tui.tasks.deploy import check_before_reading, check_plan, deploy_plan
from dbconn_tui.tasks.outside import Outside
from dbconn_tui.tasks.plan import plan_connections
from dbconn_tui.tasks.workspace import open_workspace

CONNECTIONS = 50
ROUNDS = 5
GOAL = 1.3

PARAMETERS = {
    "login": ("login", "identifier, password"),
    "get_user": ("getUser", "identifier"),
    "create": ("create", "user"),
    "verify": ("verify", "email"),
    "change_password": ("changePassword", "identifier, newPassword"),
    "delete": ("deleteUser", "id"),
    "change_email": ("changeEmail", "email, newEmail, verified"),
}

BODY = """function {name}({parameters}, callback) {{
  const {{ API_URL, API_CLIENT_SECRET }} = configuration;
  async function ask(path, body) {{
    const answer = await fetch(`${{API_URL}}${{path}}`, {{
      method: 'POST',
      headers: {{ authorization: `Bearer ${{API_CLIENT_SECRET}}`, 'content-type': 'application/json' }},
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(5000),
    }});
    if (!answer.ok) throw new Error(`the user store answered ${{answer.status}}`);
    return answer.json();
  }}
  ask('/{name}', {{ number: {number} }}).then(() => callback(null), (error) => callback(error));
}}
"""


def write_project(folder: Path, domain: str) -> None:
    """A project of CONNECTIONS connections."""
    lines = [
        "version: 1",
        "project_key: 6f0c2d5e8a914b7f93d1c04ab6e2f758",
        f"tenants: {{bench: {{domain: '{domain}'}}}}",
        "connections:",
    ]
    for number in range(CONNECTIONS):
        key = f"users-{number:03}"
        scripts = folder / "scripts" / key
        scripts.mkdir(parents=True)
        for kind, (name, parameters) in PARAMETERS.items():
            (scripts / f"{kind}.js").write_text(BODY.format(name=name, parameters=parameters, number=number))
        lines += [
            f"  {key}:",
            "    configuration:",
            f"      API_URL: https://users-{number}.acme.com",
            "      API_CLIENT_SECRET: {secret: api_client_secret}",
        ]
    (folder / "dbconn.yaml").write_text("\n".join(lines) + "\n")


def outside_for(folder: Path, address: Address, secret: Callable[[int], str]) -> Outside:
    """An outside without a keyring or a token cache."""
    return Outside(
        environment={
            "AUTH0_DOMAIN": address.domain,
            "AUTH0_CLIENT_ID": address.client_id,
            "AUTH0_CLIENT_SECRET": address.client_secret.reveal(),
            "DBCONN_SECRET_API_CLIENT_SECRET": secret(0),
        },
        folder=folder,
        home=folder,
        state_folder=folder / "state",
        store=MemoryStore(),
        cache_tokens=False,
    )


async def deploy(outside: Outside) -> tuple[Counter[str], float]:
    """Everything `dbconn deploy --yes` does after its start; requests by kind, seconds."""
    started = time.perf_counter()
    workspace = open_workspace(outside)
    resolved = check_before_reading(outside, workspace)
    async with open_tenant(outside, workspace.tenant) as tenant:
        planned = await plan_connections(outside, workspace, tenant, resolved=resolved)
        await check_plan(planned, tenant)
        deployment = await deploy_plan(outside, planned, tenant)
        seconds = time.perf_counter() - started
        assert deployment.exit_code == 0, deployment.outcomes
        counts = Counter({f"{method} {path}": n for (method, path), n in tenant.request_counts.items()})
    return counts, seconds


async def bare_loop(address: Address, bodies: list[bytes]) -> float:
    """The same requests with httpx alone; seconds."""
    context = httpx.create_ssl_context(verify=str(address.ca_file))
    credentials = {
        "grant_type": "client_credentials",
        "client_id": address.client_id,
        "client_secret": address.client_secret.reveal(),
        "audience": f"{address.url}/api/v2/",
    }
    started = time.perf_counter()
    async with httpx.AsyncClient(base_url=address.url, verify=context) as client:
        token = (await client.post("/oauth/token", json=credentials)).json()["access_token"]
        headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        query = {"strategy": "auth0", "take": "100"}
        (await client.get("/api/v2/connections", params=query, headers=headers)).raise_for_status().json()
        for body in bodies:
            (await client.post("/api/v2/connections", content=body, headers=headers)).raise_for_status().json()
        (await client.get("/api/v2/connections", params=query, headers=headers)).raise_for_status().json()
    return time.perf_counter() - started


def control(address: Address, method: str, path: str) -> Any:
    """A call of the tenant's control routes."""
    context = httpx.create_ssl_context(verify=str(address.ca_file))
    return httpx.request(method, f"{address.url}/__control{path}", verify=context).json()


def bodies_of(address: Address) -> list[bytes]:
    """The bodies that create what the tenant holds now."""
    keys = ("name", "strategy", "options", "metadata")
    bodies = []
    for one in control(address, "GET", "/connections")["connections"]:
        body = {key: one[key] for key in keys if key in one}
        sent = ("customScripts", "enabledDatabaseCustomization", "import_mode")
        body["options"] = {key: body["options"][key] for key in sent} | {"configuration": one["values"]}
        bodies.append(json.dumps(body).encode())
    return bodies


def change_one(folder: Path) -> None:
    """Edit one script of one connection."""
    script = folder / "scripts" / "users-007" / "verify.js"
    script.write_text(script.read_text().replace("5000", "4000"))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    rounds = parser.parse_args().rounds
    folder = Path(tempfile.mkdtemp(prefix="dbconn-bench-"))
    try:
        with tenant_process("--control", "--plan", "none") as address:
            import os

            os.environ["SSL_CERT_FILE"] = str(address.ca_file)
            write_project(folder, address.domain)
            outside = outside_for(folder, address, lambda number: f"a-secret-of-some-length-{number:08}")
            first, _ = asyncio.run(deploy(outside))
            again, _ = asyncio.run(deploy(outside))
            change_one(folder)
            changed, _ = asyncio.run(deploy(outside))
            bodies = bodies_of(address)
            pairs, cold = [], []
            for _ in range(rounds):
                control(address, "POST", "/reset")
                (outside.state_folder / "lint.json").unlink()
                cold.append(asyncio.run(deploy(outside))[1] * 1000)
                control(address, "POST", "/reset")
                _, ours = asyncio.run(deploy(outside))
                control(address, "POST", "/reset")
                pairs.append((ours, asyncio.run(bare_loop(address, bodies))))
    finally:
        shutil.rmtree(folder)
    for name, counts in (("first deploy", first), ("nothing changed", again), ("one changed", changed)):
        print(f"{name:16}", " · ".join(f"{n} {what}" for what, n in sorted(counts.items())))
    ours, bare = (statistics.median(column) * 1000 for column in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    print(
        f"first deploy     {ours:7.1f} ms  after a plan; {statistics.median(cold):.1f} ms when nothing was linted yet"
    )
    print(f"bare httpx loop  {bare:7.1f} ms")
    print(f"ratio            {ratio:7.2f}    (goal ≤ {GOAL}, median of {rounds} pairs)")


if __name__ == "__main__":
    main()
