"""The fault matrix: every request of a deploy, with everything that can go wrong on its way.

Whatever happens, each connection ends fully written or untouched, the report is true, and once the
network is well again a second run converges to an empty plan.
"""

from __future__ import annotations

import asyncio
import json
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dbconn_tui.deploy.values import ConnectionState, OutcomeState
from dbconn_tui.errors import DbconnError
from dbconn_tui.local_tenant.server import Address, tenant_process
from dbconn_tui.project.values import Tenant
from dbconn_tui.secret_store.memory_store import MemoryStore
from dbconn_tui.tasks.deploy import check_before_reading, check_plan, deploy_plan
from dbconn_tui.tasks.outside import Outside
from dbconn_tui.tasks.plan import plan_connections
from dbconn_tui.tasks.workspace import Workspace, open_workspace
from dbconn_tui.tenant.client import TenantClient
from dbconn_tui.tenant.token import Credentials

TIMEOUT = 0.25
"""Seconds; the tenant's delays are four times that."""

REQUESTS = {
    "token": {"method": "POST", "path": "/oauth/token"},
    "first list": {"method": "GET", "path": "/api/v2/connections$"},
    "create": {"method": "POST", "path": "/api/v2/connections$"},
    "update": {"method": "PATCH", "path": "/api/v2/connections/"},
    "confirming list": {"method": "GET", "path": "/api/v2/connections$", "skip": 1},
}

FAULTS: dict[str, dict[str, Any]] = {
    "429 with a reset": {"kind": "status", "status": 429, "headers": {"x-ratelimit-reset": "4000000000"}},
    "429 without one": {"kind": "status", "status": 429},
    "500": {"kind": "status", "status": 500},
    "500 after it was carried out": {"kind": "status", "status": 500, "after": True},
    "502": {"kind": "status", "status": 502},
    "503": {"kind": "status", "status": 503},
    "504 after it was carried out": {"kind": "status", "status": 504, "after": True},
    "reset before": {"kind": "reset"},
    "reset after": {"kind": "reset", "after": True},
    "timeout before": {"kind": "delay", "seconds": TIMEOUT * 4},
    "timeout after it was carried out": {"kind": "delay", "seconds": TIMEOUT * 4, "after": True},
    "truncated": {"kind": "cut"},
    "HTML before": {"kind": "html"},
    "HTML after it was carried out": {"kind": "html", "after": True},
    "HTML with 502": {"kind": "html", "status": 502},
    "wrong content type": {"kind": "headers", "headers": {"content-type": "text/plain"}},
    "slow drip": {"kind": "drip", "seconds": 0.001},
    "400": {"kind": "status", "status": 400},
    "401": {"kind": "status", "status": 401},
    "403": {"kind": "status", "status": 403},
}

SCRIPT = "function login(identifier, password, callback) {{\n  return callback(new Error('{}'));\n}}\n"


class Clock:
    """A clock in seconds that runs on when something sleeps, so that no wait is waited for."""

    def __init__(self) -> None:
        self.now = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)


@dataclass(frozen=True)
class Field:
    """A project of three connections: one to create, one to change, one that stays; and its tenant."""

    address: Address
    folder: Path
    outside: Outside

    def control(self, method: str, path: str, body: Any = None) -> Any:
        request = urllib.request.Request(
            f"{self.address.url}/__control{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
        )
        with urllib.request.urlopen(request) as answer:
            return json.loads(answer.read() or b"null")

    def logins(self) -> dict[str, str]:
        """Live login scripts by name."""
        found = self.control("GET", "/connections")["connections"]
        return {one["name"]: one["options"]["customScripts"]["login"] for one in found}

    def values(self) -> dict[str, dict[str, str]]:
        """Live configuration values in plain text, by name."""
        return {one["name"]: one["values"] for one in self.control("GET", "/connections")["connections"]}

    def write(self, key: str, word: str) -> None:
        script = self.folder / "scripts" / key / "login.js"
        script.parent.mkdir(parents=True, exist_ok=True)
        script.write_text(SCRIPT.format(word))

    async def deploy(self) -> dict[str, OutcomeState]:
        """One run of a deploy; outcomes by key. Raises what stops the whole run."""
        workspace = open_workspace(self.outside)
        resolved = check_before_reading(self.outside, workspace)
        async with self.client(workspace) as tenant:
            planned = await plan_connections(self.outside, workspace, tenant, resolved=resolved)
            await check_plan(planned, tenant)
            deployment = await deploy_plan(self.outside, planned, tenant)
        return {outcome.key: outcome.state for outcome in deployment.outcomes}

    async def states(self) -> dict[str, ConnectionState]:
        """A plan's states by key."""
        workspace = open_workspace(self.outside)
        async with self.client(workspace) as tenant:
            planned = await plan_connections(self.outside, workspace, tenant)
        return {one.key: one.state for one in planned.plan.connections}

    def client(self, workspace: Workspace) -> TenantClient:
        clock = self.outside.clock
        assert isinstance(clock, Clock)
        return TenantClient(
            workspace.tenant,
            Credentials.secret(self.address.client_id, self.address.client_secret),
            clock=clock,
            wall_clock=clock,
            sleep=clock.sleep,
            timeout=TIMEOUT,
        )


@pytest.fixture(scope="module")
def address() -> Iterator[Address]:
    with tenant_process("--http", "--control", "--plan", "none") as address:
        yield address


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def field(address: Address, tmp_path: Path) -> Field:
    clock = Clock()
    tenant = Tenant("dev", address.url)
    (tmp_path / "dbconn.yaml").write_text(
        "version: 1\nproject_key: 6f0c2d5e8a914b7f93d1c04ab6e2f758\n"
        f"tenants: {{dev: {{domain: '{tenant.domain}'}}}}\n"
        "connections:\n"
        "  fresh: {configuration: {KEY: one}}\n"
        "  known: {configuration: {KEY: two}}\n"
        "  calm: {configuration: {KEY: three}}\n"
        "lint: {rules: {configuration-unused: 'off'}}\n"
    )
    outside = Outside({}, tmp_path, tmp_path, tmp_path / "state", MemoryStore(), clock, clock, clock.sleep)
    field = Field(address, tmp_path, outside)
    field.control("POST", "/reset")
    field.control("DELETE", "/faults")
    for key in ("fresh", "known", "calm"):
        field.write(key, "old")
    await field.deploy()
    found = field.control("GET", "/connections")["connections"]
    field.control("POST", "/reset")
    for one in found:
        if one["name"] != "fresh":
            seeded = {name: value for name, value in one.items() if name not in ("values", "users")}
            field.control(
                "POST", "/connections", seeded | {"options": {**one["options"], "configuration": one["values"]}}
            )
    field.write("fresh", "new")
    field.write("known", "new")
    return field


@pytest.mark.anyio
@pytest.mark.parametrize("lasting", [False, True], ids=["once", "for long"])
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("request_kind", REQUESTS)
async def test_every_connection_ends_written_or_untouched_and_the_report_is_true(
    field: Field, request_kind: str, fault: str, lasting: bool
) -> None:
    before = field.logins()
    field.control("POST", "/faults", {**REQUESTS[request_kind], **FAULTS[fault], "times": 50 if lasting else 1})
    try:
        outcomes = await field.deploy()
    except DbconnError:
        outcomes = {}
    after = field.logins()
    new = SCRIPT.format("new")
    for key in ("fresh", "known"):
        assert after.get(key) in (before.get(key), new), "half-written"
        if outcomes.get(key) is OutcomeState.DEPLOYED:
            assert after[key] == new
        if not outcomes:
            assert after.get(key) == before.get(key), "the run stopped, yet something was written"
    assert after["calm"] == before["calm"]
    field.control("DELETE", "/faults")
    outcomes = await field.deploy()
    assert set(outcomes.values()) <= {OutcomeState.DEPLOYED, OutcomeState.UNCHANGED}
    assert set((await field.states()).values()) == {ConnectionState.UNCHANGED}
    assert field.logins() == {"fresh": new, "known": new, "calm": SCRIPT.format("old")}
    assert field.values() == {"fresh": {"KEY": "one"}, "known": {"KEY": "two"}, "calm": {"KEY": "three"}}


@pytest.mark.anyio
@pytest.mark.parametrize(
    "fault", [f for f in FAULTS if not f.startswith(("400", "401", "403", "timeout", "HTML with"))]
)
@pytest.mark.parametrize("request_kind", ["create", "update"])
async def test_one_passing_fault_of_a_write_needs_no_second_run(field: Field, request_kind: str, fault: str) -> None:
    field.control("POST", "/faults", {**REQUESTS[request_kind], **FAULTS[fault]})
    outcomes = await field.deploy()
    assert outcomes["fresh"] is outcomes["known"] is OutcomeState.DEPLOYED


@pytest.mark.anyio
@pytest.mark.parametrize("request_kind", ["create", "update"])
@pytest.mark.parametrize("fault", ["500 after it was carried out", "reset after", "truncated"])
async def test_a_write_that_was_carried_out_is_not_sent_twice(field: Field, request_kind: str, fault: str) -> None:
    field.control("DELETE", "/requests")
    field.control("POST", "/faults", {**REQUESTS[request_kind], **FAULTS[fault]})
    await field.deploy()
    requests = field.control("GET", "/requests")["requests"]
    method = REQUESTS[request_kind]["method"]
    assert sum(one["method"] == method and "/api/" in one["path"] for one in requests) == 1
