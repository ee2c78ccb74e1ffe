"""The client against real sockets: resets, silence, cut bodies, TLS, proxies, nobody there."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import ssl
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from dbconn_tui.errors import AnswerLostError, ExitCode, UnreachableError
from dbconn_tui.events import Event
from dbconn_tui.project.values import Tenant
from dbconn_tui.sensitive import Sensitive
from dbconn_tui.tenant.client import TenantClient
from dbconn_tui.tenant.exchange import PAUSES
from dbconn_tui.tenant.token import Credentials
from tests.tenant.conftest import CLIENT_SECRET, connection
from tests.tenant.raw_server import Behaviour, answer, drip, hang, http, raw, reset, running

pytestmark = pytest.mark.anyio

LIST = {"connections": [connection("users")]}
WHOLE = json.dumps(LIST).encode()
BODY = {"name": "users", "strategy": "auth0", "options": {}}
TRIES = len(PAUSES) + 1


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy and no authority of the machine that runs the tests."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


async def at_once(seconds: float) -> None:
    """A sleep that takes no time."""


def client_of(domain: str, timeout: float = 5.0, events: list[Event] | None = None) -> TenantClient:
    return TenantClient(
        Tenant("dev", domain, client_id="an-id"),
        Credentials.secret("an-id", Sensitive(CLIENT_SECRET)),
        sleep=at_once,
        timeout=timeout,
        on_event=(events if events is not None else []).append,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def certificate_for(folder: Path, name: str) -> tuple[ssl.SSLContext, Path]:
    """A server's TLS settings and the file of its self-signed certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    names: list[x509.GeneralName] = [x509.DNSName("localhost"), x509.IPAddress(IPv4Address("127.0.0.1"))]
    if name != "this machine":
        names = [x509.DNSName(name)]
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate_file, key_file = folder / f"{name}.pem", folder / f"{name}.key"
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate_file, key_file)
    return context, certificate_file


FAULTS: dict[str, Behaviour] = {
    "reset": reset(),
    "reset in the head": reset(b"HTTP/1.1 200"),
    "reset in the body": reset(http(200, WHOLE[:20], length=len(WHOLE))),
    "closed": raw(b"", then_close=True),
    "cut body": raw(http(200, WHOLE[:20], length=len(WHOLE)), then_close=True),
    "cut head": raw(b"HTTP/1.1 200 OK\r\nconte", then_close=True),
    "not HTTP": raw(b"220 mail.example.com ESMTP\r\n", then_close=True),
    "garbled gzip": raw(http(200, b"not gzip", "content-encoding: gzip")),
    "silence": hang,
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
async def test_a_read_survives_a_fault_that_passes(fault: Behaviour) -> None:
    async with (
        running(fault, fault, answer(LIST)) as server,
        client_of(f"http://127.0.0.1:{server.port}", timeout=0.2) as client,
    ):
        reading = await client.list_connections()
    assert [one.name for one in reading.connections] == ["users"]
    assert len(server.seen) == 3


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
async def test_a_read_names_a_fault_that_stays(fault: Behaviour) -> None:
    async with running(fault) as server:
        domain = f"http://127.0.0.1:{server.port}"
        async with client_of(domain, timeout=0.2) as client:
            with pytest.raises(UnreachableError) as caught:
                await client.list_connections()
    assert domain in caught.value.message
    assert ("in time" if fault is hang else "broke") in caught.value.message
    assert len(server.seen) == TRIES


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
async def test_a_write_whose_answer_is_lost_was_sent_once(fault: Behaviour) -> None:
    async with running(fault) as server, client_of(f"http://127.0.0.1:{server.port}", timeout=0.2) as client:
        with pytest.raises(AnswerLostError, match="creating the connection users"):
            await client.create_connection(BODY)
    assert server.seen == ["POST /api/v2/connections"]


async def test_an_answer_that_only_drips_is_given_up() -> None:
    async with running(drip) as server, client_of(f"http://127.0.0.1:{server.port}", timeout=0.1) as client:
        with pytest.raises(AnswerLostError, match="in time"):
            await client.create_connection(BODY)


async def test_a_web_page_instead_of_an_answer_is_named_at_once() -> None:
    page = raw(http(200, b"<!doctype html><title>Welcome to the guest network</title>", "content-type: text/html"))
    async with running(page) as server, client_of(f"http://127.0.0.1:{server.port}") as client:
        with pytest.raises(UnreachableError, match="a web page"):
            await client.list_connections()
    assert len(server.seen) == 1


async def test_nobody_listening_is_told_apart() -> None:
    events: list[Event] = []
    async with client_of(f"http://127.0.0.1:{free_port()}", events=events) as client:
        with pytest.raises(UnreachableError, match="no connection could be opened") as caught:
            await client.list_connections()
    assert "connection refused" in caught.value.message
    assert caught.value.exit_code is ExitCode.UNREACHABLE
    assert len(events) == len(PAUSES)


async def test_a_name_that_does_not_exist_is_told_apart() -> None:
    async with client_of("no-such-tenant.invalid") as client:
        with pytest.raises(UnreachableError, match=r"no-such-tenant\.invalid .*cannot be resolved") as caught:
            await client.list_connections()
    assert "AUTH0_DOMAIN" in caught.value.hint


async def test_an_untrusted_certificate_is_refused_and_nothing_is_sent(tmp_path: Path) -> None:
    context, _ = certificate_for(tmp_path, "this machine")
    async with running(answer(LIST), tls=context) as server, client_of(f"127.0.0.1:{server.port}") as client:
        with pytest.raises(UnreachableError, match=r"not trusted \(self-signed") as caught:
            await client.list_connections()
    assert "SSL_CERT_FILE" in caught.value.hint
    assert client.requests == 1
    assert server.seen == []


async def test_an_authority_in_ssl_cert_file_is_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context, certificate = certificate_for(tmp_path, "this machine")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    async with running(answer(LIST), tls=context) as server:
        for host in ("127.0.0.1", "localhost"):
            async with client_of(f"{host}:{server.port}") as client:
                assert len((await client.list_connections()).connections) == 1


async def test_a_trusted_certificate_for_another_name_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, certificate = certificate_for(tmp_path, "other.example.com")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    async with running(answer(LIST), tls=context) as server, client_of(f"127.0.0.1:{server.port}") as client:
        with pytest.raises(UnreachableError, match="not trusted"):
            await client.list_connections()
    assert server.seen == []


async def test_https_to_a_port_without_tls_is_told_apart() -> None:
    async def speak_first(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await reader.read()
        writer.close()

    server = await asyncio.start_server(speak_first, "127.0.0.1", 0)
    async with server, client_of(f"127.0.0.1:{server.sockets[0].getsockname()[1]}") as client:
        with pytest.raises(UnreachableError, match="no secure connection"):
            await client.list_connections()


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"])
async def test_this_machine_is_never_asked_through_a_proxy(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, f"http://127.0.0.1:{free_port()}")
    async with running(answer(LIST)) as server, client_of(f"http://127.0.0.1:{server.port}") as client:
        assert len((await client.list_connections()).connections) == 1


async def test_other_machines_are_asked_through_the_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(raw(http(407, b"who are you"), then_close=True)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://user:proxy-passw0rd@127.0.0.1:{proxy.port}")
        async with client_of("shop.example.com") as client:
            with pytest.raises(UnreachableError, match="proxy") as caught:
                await client.list_connections()
    assert proxy.seen == ["CONNECT shop.example.com:443"]
    assert "HTTPS_PROXY" in caught.value.hint
    assert "proxy-passw0rd" not in f"{caught.value.message}{caught.value.hint}"


@pytest.mark.parametrize(
    "proxy",
    [
        "ftp://127.0.0.1:1",
        "socks5://127.0.0.1:1",
        "http://[",
        "http://user:passw0rd@h:x",
        "http://u:passw0rd@127.0.0.1:1",
    ],
)
async def test_a_proxy_that_cannot_be_used_is_an_error_that_does_not_quote_it(
    proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)

    async def use() -> None:
        async with client_of("shop.example.com") as client:
            await client.list_connections()

    with pytest.raises(UnreachableError, match="proxy") as caught:
        await use()
    assert "HTTPS_PROXY" in caught.value.hint
    assert "passw0rd" not in f"{caught.value.message}{caught.value.hint}"


async def test_an_idle_connection_that_the_server_closed_is_noticed_before_a_write() -> None:
    async with (
        running(raw(http(200, WHOLE), then_close=True), answer(connection("users"), 201)) as server,
        client_of(f"http://127.0.0.1:{server.port}") as client,
    ):
        await client.list_connections()
        assert (await client.create_connection(BODY)).name == "users"
    assert server.seen == ["GET /api/v2/connections", "POST /api/v2/connections"]


async def test_many_connections_and_large_scripts_arrive_byte_for_byte() -> None:
    script = "// é €😀\r\n\t" + "x" * 90_000
    many = [connection(f"c{number}", customScripts={"login": script}) for number in range(100)]
    async with (
        running(answer({"connections": many})) as server,
        client_of(f"http://127.0.0.1:{server.port}") as client,
    ):
        reading = await client.list_connections()
    assert {one.options["customScripts"]["login"] for one in reading.connections} == {script}
    assert len(reading.connections) == 100


def test_importing_the_client_loads_no_httpx_and_using_it_no_command_line_tool(tmp_path: Path) -> None:
    code = """
import sys
import dbconn_tui.tenant.client
heavy = {"httpx", "cryptography", "click", "rich"}
before = sorted(heavy & set(sys.modules))
from dbconn_tui.tenant.wire import load_httpx
load_httpx().AsyncClient
print(before, sorted(heavy & set(sys.modules)), "httpx._main" in sys.modules)
"""
    environment: dict[str, Any] = dict(os.environ)
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path, env=environment
    )
    assert shown.stdout.strip() == "[] ['httpx'] False"
