"""The probe against a local tenant, its create script really run: what it finds, and that nothing of it stays."""

from __future__ import annotations

import asyncio
import stat
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from sign_ups import NODE, SignUps

from dbconn_tui.deploy.probe import ProbeResult, Resent
from dbconn_tui.errors import ApiError, MissingScopeError, RefusedError, UnreachableError
from dbconn_tui.events import Event
from dbconn_tui.local_tenant.settings import ALL_SCOPES, CipherResend, MetadataPatch, Omitted
from dbconn_tui.tasks.access import open_tenant
from dbconn_tui.tasks.probe import check_probe, keeps_values, known_tenant, probe_tenant
from dbconn_tui.tasks.workspace import open_workspace

if TYPE_CHECKING:
    from tests.tasks.conftest import World

pytestmark = [pytest.mark.anyio, pytest.mark.skipif(NODE is None, reason="there is no Node on this machine")]

DOMAIN = "dev.example.com"


@dataclass
class Bench:
    world: World
    sign_ups: SignUps

    async def probe(self) -> ProbeResult:
        outside = self.world.outside
        tenant = open_workspace(outside).tenant
        async with open_tenant(outside, tenant) as client:
            client_id = await check_probe(client, tenant)
            return await probe_tenant(outside, client, client_id, on_event=self.events.append)

    def __post_init__(self) -> None:
        self.events: list[Event] = []

    @property
    def writes(self) -> list[str]:
        return [method for method, path in self.world.requests if method != "GET" and path != "/oauth/token"]

    @property
    def left(self) -> list[str]:
        return [one.name for one in self.world.tenant.connections.values()]


@pytest.fixture
def make_bench(make_world: Callable[..., World]) -> Callable[..., Bench]:
    def make(**settings: Any) -> Bench:
        world = make_world(**settings)
        sign_ups = SignUps(world.outside.transport.app)
        world.outside = replace(world.outside, transport=sign_ups)
        return Bench(world, sign_ups)

    return make


def answers(result: ProbeResult) -> dict[str, str]:
    return {one.id: one.answer for one in result.answers}


async def test_a_tenant_that_keeps_its_ciphertext_is_known_from_then_on(make_bench: Callable[..., Bench]) -> None:
    bench = make_bench(cipher_resend=CipherResend.KEEP)
    assert not keeps_values(bench.world.outside, DOMAIN)
    result = await bench.probe()
    assert (result.resent, result.reason, result.leftover) == (Resent.KEPT, "", "")
    assert answers(result)["ciphertext-text"] == "the same text"
    assert keeps_values(bench.world.outside, DOMAIN)
    assert not keeps_values(bench.world.outside, "other.example.com")
    assert bench.left == []


async def test_a_tenant_that_encrypts_again_is_found_out_too(make_bench: Callable[..., Bench]) -> None:
    bench = make_bench(cipher_resend=CipherResend.REENCRYPT)
    result = await bench.probe()
    assert result.resent is Resent.REENCRYPTED
    assert answers(result)["ciphertext-text"] == "another text"
    assert not keeps_values(bench.world.outside, DOMAIN)
    known = known_tenant(bench.world.outside.state_folder, DOMAIN)
    assert known is not None
    assert known.resent is Resent.REENCRYPTED


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"omitted_display_name": Omitted.RESET}, ("display-name", "gone")),
        ({"omitted_display_name": Omitted.KEEP}, ("display-name", "kept")),
        ({"metadata_patch": MetadataPatch.REPLACE}, ("metadata", "replaced")),
        ({"metadata_patch": MetadataPatch.MERGE}, ("metadata", "merged")),
        ({}, ("line-ends", "kept")),
        ({}, ("metadata-null", "deletes the key")),
        ({}, ("configuration-null", "deletes the key")),
        ({}, ("configuration", "gone")),
        ({}, ("brute_force_protection", "set back to the default")),
    ],
)
async def test_the_other_questions_are_answered_as_the_tenant_behaves(
    make_bench: Callable[..., Bench], settings: dict[str, Any], expected: tuple[str, str]
) -> None:
    bench = make_bench(**settings)
    assert answers(await bench.probe())[expected[0]] == expected[1]


async def test_a_refusal_is_an_answer_in_the_tenants_words(make_bench: Callable[..., Bench]) -> None:
    said = answers(await make_bench(defaults="2026-08").probe())["password-groups"]
    assert "refused changing a connection (400): Cannot set both options.password_options" in said


@pytest.mark.parametrize("defaults", ["2022-10", "2025-01", "2026-01", "2026-03", "2026-08"])
async def test_every_generation_of_defaults_can_be_probed(make_bench: Callable[..., Bench], defaults: str) -> None:
    bench = make_bench(defaults=defaults)
    assert (await bench.probe()).resent is Resent.KEPT
    assert bench.left == []


async def test_few_requests_and_no_user(make_bench: Callable[..., Bench]) -> None:
    bench = make_bench()
    await bench.probe()
    assert bench.writes.count("POST") == 1
    assert bench.writes.count("DELETE") == 1
    assert len(bench.writes) <= 11
    assert len(bench.sign_ups.bodies) == 2
    assert {body["client_id"] for body in bench.sign_ups.bodies} == {"client-of-the-tests"}
    assert all(body["connection"].startswith("dbconn-probe-") for body in bench.sign_ups.bodies)


async def test_a_sign_up_that_still_sees_the_connection_before_is_asked_again(make_bench: Callable[..., Bench]) -> None:
    bench = make_bench(cipher_resend=CipherResend.REENCRYPT)
    seen = bench.sign_ups

    def before(request: httpx.Request) -> None:
        if request.url.path == "/dbconnections/signup" and len(seen.bodies) == 1:
            seen.stale = 2

    seen.before = before
    assert (await bench.probe()).resent is Resent.REENCRYPTED
    assert len(seen.bodies) == 4


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((400, {"code": "invalid_password", "description": "too weak"}), "400 invalid_password: too weak"),
        ((400, {"error": "public signup is disabled"}), "public signup is disabled"),
        ((200, {"_id": "made"}), "200"),
        ((403, ["no", "object"]), "403"),
    ],
)
async def test_a_script_that_cannot_be_heard_leaves_the_question_open(
    make_bench: Callable[..., Bench], answer: tuple[int, Any], words: str
) -> None:
    bench = make_bench()
    bench.sign_ups.answer = answer
    result = await bench.probe()
    assert result.resent is Resent.UNKNOWN
    assert words in result.reason
    assert (answers(result)["line-ends"], answers(result)["metadata"]) == ("kept", "replaced")
    assert known_tenant(bench.world.outside.state_folder, DOMAIN) is None
    assert bench.left == []


async def test_what_was_known_stays_when_a_later_probe_hears_nothing(make_bench: Callable[..., Bench]) -> None:
    bench = make_bench()
    await bench.probe()
    bench.sign_ups.answer = (429, {"error": "too many sign-ups"})
    assert (await bench.probe()).resent is Resent.UNKNOWN
    assert keeps_values(bench.world.outside, DOMAIN)


@pytest.mark.parametrize("number", range(2, 11))
async def test_it_is_deleted_whichever_write_fails(make_bench: Callable[..., Bench], number: int) -> None:
    bench = make_bench()
    count = 0

    def before(request: httpx.Request) -> None:
        nonlocal count
        count += request.method in ("PATCH", "POST") and request.url.path != "/oauth/token"
        if count == number and request.method == "PATCH":
            raise httpx.ReadError("gone", request=request)

    bench.sign_ups.before = before
    await bench.probe()
    assert bench.left == []


@pytest.mark.parametrize("number", range(1, 12))
async def test_it_is_deleted_when_the_run_is_cancelled(make_bench: Callable[..., Bench], number: int) -> None:
    bench = make_bench()
    running: asyncio.Task[ProbeResult] | None = None
    count = 0

    def before(request: httpx.Request) -> None:
        nonlocal count
        count += request.method in ("PATCH", "POST") and request.url.path != "/oauth/token"
        if count == number and running is not None and request.method in ("PATCH", "POST"):
            running.cancel()

    bench.sign_ups.before = before
    running = asyncio.create_task(bench.probe())
    with pytest.raises(asyncio.CancelledError):
        await running
    assert bench.left == []


async def test_a_creation_whose_answer_was_lost_is_found_by_name_and_deleted(make_bench: Callable[..., Bench]) -> None:
    bench = make_bench()
    api = bench.sign_ups._api.handle_async_request

    async def lose(request: httpx.Request) -> httpx.Response:
        response = await api(request)
        if request.method == "POST" and request.url.path == "/api/v2/connections":
            raise httpx.ReadError("lost", request=request)
        return response

    bench.sign_ups._api.handle_async_request = lose  # type: ignore[method-assign]
    with pytest.raises(UnreachableError):
        await bench.probe()
    assert bench.left == []
    assert bench.writes == ["POST", "DELETE"]


async def test_what_cannot_be_deleted_is_named(make_bench: Callable[..., Bench]) -> None:
    bench = make_bench()

    def before(request: httpx.Request) -> None:
        if request.method == "DELETE":
            raise httpx.ConnectError("refused", request=request)

    bench.sign_ups.before = before
    result = await bench.probe()
    assert result.leftover == bench.left[0]
    assert any(result.leftover in event.message and "dashboard" in event.message for event in bench.events)


async def test_without_the_scope_to_delete_nothing_is_created(make_bench: Callable[..., Bench]) -> None:
    bench = make_bench(scopes=tuple(scope for scope in ALL_SCOPES if scope != "delete:connections"))
    with pytest.raises(MissingScopeError, match="delete:connections"):
        await bench.probe()
    assert bench.writes == []


async def test_a_read_only_tenant_is_not_probed(make_bench: Callable[..., Bench]) -> None:
    bench = make_bench()
    text = (bench.world.outside.folder / "dbconn.yaml").read_text()
    bench.world.write("dbconn.yaml", text.replace("client_id:", "read_only: true, client_id:"))
    with pytest.raises(RefusedError):
        await bench.probe()
    assert bench.writes == []


async def test_a_refused_creation_is_that_failure(make_bench: Callable[..., Bench]) -> None:
    bench = make_bench()
    api = bench.sign_ups._api.handle_async_request

    async def refuse(request: httpx.Request) -> httpx.Response:
        if request.method == "POST" and request.url.path == "/api/v2/connections":
            body = {
                "statusCode": 403,
                "error": "Forbidden",
                "message": "You reached the limit of entities of this type",
            }
            return httpx.Response(403, json=body, request=request)
        return await api(request)

    bench.sign_ups._api.handle_async_request = refuse  # type: ignore[method-assign]
    with pytest.raises(ApiError, match="limit of entities"):
        await bench.probe()


async def test_what_is_kept_is_private_and_holds_no_value(make_bench: Callable[..., Bench]) -> None:
    bench = make_bench()
    result = await bench.probe()
    file = bench.world.outside.state_folder / DOMAIN / "probe.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    passwords = [body["password"] for body in bench.sign_ups.bodies]
    vault = bench.world.tenant.vault
    values = [value for value in vault._plain.values() if len(value) == 32]
    assert values
    written = file.read_text() + repr(result) + repr(bench.events)
    assert not any(secret in written for secret in [*passwords, *values])


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": 1}', '{"version": 2, "domain": "dev.example.com"}'])
async def test_a_damaged_memory_proves_nothing(make_bench: Callable[..., Bench], text: str) -> None:
    bench = make_bench()
    await bench.probe()
    (bench.world.outside.state_folder / DOMAIN / "probe.json").write_text(text)
    assert not keeps_values(bench.world.outside, DOMAIN)
