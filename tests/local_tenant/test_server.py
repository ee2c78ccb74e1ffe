"""The tenant as a server: in a thread and as a process, over TLS, with faults at the socket and a kept state."""

from __future__ import annotations

import json
import os
import signal
import socket
import ssl
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from dbconn_tui.errors import ExitCode, UsageError
from dbconn_tui.local_tenant.__main__ import main
from dbconn_tui.local_tenant.server import Address, LocalTenant, address_from, tenant_process
from dbconn_tui.local_tenant.settings import Settings
from dbconn_tui.sensitive import Sensitive

SCRIPT = "function login(a, b, callback) { return callback(null); }\r\n// ✓\n"


@contextmanager
def logged_in(tenant: LocalTenant | Address, host: str = "127.0.0.1") -> Iterator[httpx.Client]:
    """A client with a token."""
    verify: ssl.SSLContext | bool = False
    if tenant.ca_file:
        verify = ssl.create_default_context(cafile=str(tenant.ca_file))
        verify.verify_flags |= ssl.VERIFY_X509_STRICT  # what newer Pythons do by themselves
    url = tenant.url.replace("127.0.0.1", host)
    with httpx.Client(base_url=url, verify=verify, trust_env=False) as client:
        answer = client.post(
            "/oauth/token",
            data={
                "grant_type": "client_credentials",
                "client_id": tenant.client_id,
                "client_secret": tenant.client_secret.reveal(),
                "audience": f"https://{httpx.URL(url).netloc.decode()}/api/v2/",
            },
        )
        assert answer.status_code == 200, answer.text
        client.headers["authorization"] = f"Bearer {answer.json()['access_token']}"
        yield client


def create(client: httpx.Client, name: str = "users") -> dict[str, Any]:
    options = {"customScripts": {"login": SCRIPT}, "configuration": {"KEY": "value"}}
    answer = client.post("/api/v2/connections", json={"name": name, "strategy": "auth0", "options": options})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_tenant_in_a_thread_serves_https_and_leaves_nothing(host: str) -> None:
    with LocalTenant(Settings()) as tenant:
        with logged_in(tenant, host) as client:
            made = create(client)
            assert client.get(f"/api/v2/connections/{made['id']}").json()["options"]["customScripts"]["login"] == SCRIPT
        assert [one.name for one in tenant.state.connections.values()] == ["users"]
        port, folder = tenant.address.port, tenant.address.client_secret_file.parent
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert {stat.S_IMODE((folder / name).stat().st_mode) for name in ("server.key", "client-secret")} == {0o600}
    assert not folder.exists()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))
    with pytest.raises(UsageError):
        _ = tenant.url


def test_two_tenants_stand_side_by_side_over_http() -> None:
    with LocalTenant(Settings(https=False)) as one, LocalTenant(Settings(https=False)) as other:
        with logged_in(one) as client:
            create(client)
            foreign = client.get(f"{other.url}/api/v2/connections")
        with logged_in(other) as client:
            assert client.get("/api/v2/connections").json() == []
        assert foreign.status_code == 401


def test_an_unknown_authority_is_not_trusted() -> None:
    with (
        LocalTenant() as tenant,
        httpx.Client(verify=ssl.create_default_context(), trust_env=False) as client,
        pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        client.get(tenant.url)


def test_a_taken_port_is_a_usage_error() -> None:
    with LocalTenant(Settings(https=False)) as tenant, pytest.raises(UsageError, match="cannot listen"):
        LocalTenant(Settings(port=tenant.address.port)).__enter__()


def test_secrets_appear_in_no_representation() -> None:
    with LocalTenant(Settings(client_secret=Sensitive("hush-hush"))) as tenant:
        assert tenant.client_secret.reveal() == "hush-hush"
        for text in (repr(tenant.address), tenant.address.line(), repr(tenant.state), repr(Settings())):
            assert "hush-hush" not in text


@pytest.fixture(scope="module")
def controlled() -> Iterator[LocalTenant]:
    with LocalTenant(Settings(control=True, https=False)) as tenant:
        yield tenant


@pytest.fixture
def client(controlled: LocalTenant) -> Iterator[httpx.Client]:
    with logged_in(controlled) as client:
        client.post("/__control/reset")
        yield client


def fault(client: httpx.Client, kind: str, **more: Any) -> None:
    answer = client.post("/__control/faults", json={"kind": kind, **more})
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("after", [False, True])
def test_a_reset_drops_the_connection_before_or_after_the_write(client: httpx.Client, after: bool) -> None:
    fault(client, "reset", method="POST", after=after)
    with pytest.raises(httpx.TransportError):
        create(client)
    assert len(client.get("/api/v2/connections").json()) == int(after)
    create(client, "again")


def test_a_cut_answer_ends_in_the_middle(client: httpx.Client) -> None:
    create(client)
    fault(client, "cut", path="/connections$")
    with pytest.raises(httpx.TransportError):
        client.get("/api/v2/connections")
    assert len(client.get("/api/v2/connections").json()) == 1


def test_a_delay_makes_the_client_time_out(client: httpx.Client) -> None:
    fault(client, "delay", method="GET", seconds=1)
    with pytest.raises(httpx.ReadTimeout):
        client.get("/api/v2/connections", timeout=0.2)
    assert client.get("/api/v2/connections").status_code == 200


def test_wrong_answers(client: httpx.Client) -> None:
    create(client)
    fault(client, "status", status=503, times=2, skip=1)
    fault(client, "html")
    fault(client, "alter", json_path=["0", "options", "mfa", "active"], value="odd")
    answers = [client.get("/api/v2/connections") for _ in range(6)]
    kinds = [(one.status_code, one.headers["content-type"].partition(";")[0]) for one in answers]
    assert sorted(kinds) == [
        (200, "application/json"),
        (200, "application/json"),
        (200, "application/json"),
        (200, "text/html"),
        (503, "application/json"),
        (503, "application/json"),
    ]
    altered = [one for one in answers if '"odd"' in one.text]
    assert [one.json()[0]["options"]["mfa"]["active"] for one in altered] == ["odd"]
    assert all(one.json()["statusCode"] == 503 for one in answers if one.status_code == 503)


def test_a_lost_answer_of_a_write_that_was_carried_out(client: httpx.Client) -> None:
    fault(client, "status", method="POST", status=500, after=True)
    with pytest.raises(AssertionError):
        create(client)
    assert [one["name"] for one in client.get("/api/v2/connections").json()] == ["users"]


def test_answers_are_not_held_back(client: httpx.Client) -> None:
    """With Nagle's algorithm every answer would take 40 ms; one quick answer of many shows that it is off."""

    def seconds() -> float:
        began = time.perf_counter()
        assert client.get("/api/v2/tenants/settings").status_code == 200
        return time.perf_counter() - began

    assert min(seconds() for _ in range(20)) < 0.035


def test_an_unknown_fault_is_refused(client: httpx.Client) -> None:
    for body in ({"kind": "fire"}, {}, {"kind": "cut", "colour": 1}, {"kind": "cut", "path": "("}):
        assert client.post("/__control/faults", json=body).status_code == 400


def test_a_process_keeps_its_state_in_a_private_file(tmp_path: Path) -> None:
    state, secret = tmp_path / "tenant.json", tmp_path / "secret"
    secret.write_text("from-a-file\n", encoding="utf-8")
    flags = ("--http", "--control", "--state", str(state), "--client-secret-file", str(secret))
    with tenant_process(*flags) as tenant, logged_in(tenant) as client:
        assert tenant.client_secret.reveal() == "from-a-file"
        made = create(client)
        assert client.get("/__control/connections").json()["connections"][0]["values"] == {"KEY": "value"}
        token = client.headers["authorization"]
    assert stat.S_IMODE(state.stat().st_mode) == 0o600
    assert "in plain text" in json.loads(state.read_text(encoding="utf-8"))["holds"]
    with tenant_process("--http", "--control", "--state", str(state)) as tenant, logged_in(tenant) as client:
        client.headers["authorization"] = token
        assert client.get("/api/v2/connections").json() == [client.get(f"/api/v2/connections/{made['id']}").json()]
        again = client.get(f"/api/v2/connections/{made['id']}").json()
        assert again["options"]["configuration"] == made["options"]["configuration"]
        assert client.get("/__control/connections").json()["connections"][0]["values"] == {"KEY": "value"}


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_a_process_ends_cleanly_by_signal(number: signal.Signals, code: int) -> None:
    command = [sys.executable, "-m", "dbconn_tui.local_tenant"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = address_from(process.stdout.readline())
        assert address.pid == process.pid
        with logged_in(address):
            pass
        os.kill(process.pid, number)
        _, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (code, "")
    assert not address.client_secret_file.parent.exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--rate", "x"], "--rate x is not PER_SECOND[:BURST]"),
        (["--rate", "1:0.5"], "--rate 1:0.5 is not"),
        (["--latency", "-1"], "--latency takes milliseconds"),
        (["--port", "99999"], "cannot listen on 127.0.0.1:99999"),
        (["--client-secret-file", "/no/such/file"], "/no/such/file cannot be read: No such file"),
        (["--client-public-key", "{garbage}"], "is not an RSA public key"),
        (["--state", "{garbage}"], "is not the state of a local tenant"),
        (["--state", "/no/such/folder/state"], "cannot be written: No such file"),
        (["--plan", "gold"], "invalid choice: 'gold'"),
    ],
)
def test_bad_flags_are_usage_errors(
    arguments: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    garbage = tmp_path / "garbage"
    garbage.write_text('{"version": 1}', encoding="utf-8")
    assert main([one.replace("{garbage}", str(garbage)) for one in arguments]) is ExitCode.USAGE
    shown = capsys.readouterr()
    assert message in shown.err
    assert shown.out == ""


def test_a_process_that_cannot_start_is_reported() -> None:
    with pytest.raises(UsageError, match="ended before it was ready"), tenant_process("--rate", "x"):
        pass
