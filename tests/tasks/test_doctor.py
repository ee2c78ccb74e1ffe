"""The doctor's checks: what each finds, which exit code follows, and that it writes nothing and tells no secret."""

from __future__ import annotations

import email.utils
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from dbconn_tui.errors import ExitCode, SecretStoreError
from dbconn_tui.local_tenant.settings import ALL_SCOPES
from dbconn_tui.secret_store.values import login_service
from dbconn_tui.sensitive import Sensitive
from dbconn_tui.tasks.access import CLIENT_SECRET
from dbconn_tui.tasks.doctor import Diagnosis, Finding, Mark, diagnose
from dbconn_tui.tasks.outside import Outside

if TYPE_CHECKING:
    from tests.tasks.conftest import World

pytestmark = pytest.mark.anyio


def finding(diagnosis: Diagnosis, name: str) -> Finding:
    (found,) = [one for one in diagnosis.findings if one.name == name]
    return found


def names(diagnosis: Diagnosis, mark: Mark) -> set[str]:
    return {one.name for one in diagnosis.findings if one.mark is mark}


class Skewed(httpx.AsyncBaseTransport):
    """The tenant behind a transport, its answers dated by a clock that is `seconds` ahead."""

    def __init__(self, transport: Any, clock: Callable[[], float], seconds: float) -> None:
        self._transport, self._clock, self._seconds = transport, clock, seconds

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response: httpx.Response = await self._transport.handle_async_request(request)
        response.headers["date"] = email.utils.formatdate(self._clock() + self._seconds, usegmt=True)
        return response


async def test_where_all_is_well_it_reads_and_writes_nothing(make_world: Callable[..., World]) -> None:
    world = make_world(scopes=(*ALL_SCOPES, "read:logs"))
    diagnosis = await diagnose(world.outside)
    assert names(diagnosis, Mark.FAILED) == set()
    assert diagnosis.exit_code is ExitCode.OK
    assert {method for method, path in world.requests if path != "/oauth/token"} == {"GET"}
    assert len(world.requests) == 3
    assert not world.outside.state_folder.exists()
    assert finding(diagnosis, "project").text == "dbconn.yaml is valid: 2 connections, 1 tenant"
    assert finding(diagnosis, "runtime").text == "the tenant runs scripts on Node 22"
    assert finding(diagnosis, "token").text == "good for 24 h"
    assert finding(diagnosis, "credentials").text == "a client secret was found"


async def test_nothing_secret_and_nobodys_name_is_in_a_report(world: World) -> None:
    outside = replace(world.outside, environment={"HTTPS_PROXY": "http://me:my-password@proxy.example.com"})
    diagnosis = await diagnose(outside)
    said = repr(diagnosis)
    for secret in ("the-client-secret-of-the-tests", "a-value-that-must-never-show", "my-password", str(outside.home)):
        assert secret not in said
    assert finding(diagnosis, "network").text == "set in the environment: HTTPS_PROXY"


@pytest.mark.parametrize(
    ("missing", "failed", "code"),
    [
        ("read:connections_options", {"scopes to plan", "scopes to deploy", "reachable"}, ExitCode.AUTHENTICATION),
        ("update:connections", {"scopes to deploy"}, ExitCode.AUTHENTICATION),
        ("create:connections", set[str](), ExitCode.OK),
        ("delete:connections", set[str](), ExitCode.OK),
    ],
)
async def test_each_lacking_scope_is_named_with_what_it_is_for(
    make_world: Callable[..., World], missing: str, failed: set[str], code: ExitCode
) -> None:
    world = make_world(scopes=tuple(scope for scope in ALL_SCOPES if scope != missing))
    # A connection to read: without it the tenant has nothing to hide.
    world.tenant.put(_connection(world))
    diagnosis = await diagnose(world.outside)
    assert names(diagnosis, Mark.FAILED) == failed
    assert diagnosis.exit_code is code
    lacking = [one for one in diagnosis.findings if missing in one.text and one.name.startswith("scopes")]
    assert lacking
    assert missing in lacking[0].fix


async def test_wrong_credentials_are_exit_code_4(world: World) -> None:
    world.outside.store.set(login_service("dev.example.com"), CLIENT_SECRET, Sensitive("wrong"))
    diagnosis = await diagnose(world.outside)
    assert names(diagnosis, Mark.FAILED) == {"token"}
    assert diagnosis.exit_code is ExitCode.AUTHENTICATION


async def test_no_credentials_say_how_to_give_them(world: World) -> None:
    world.outside.store.delete(login_service("dev.example.com"), CLIENT_SECRET)
    diagnosis = await diagnose(world.outside)
    assert "dbconn login" in finding(diagnosis, "credentials").fix
    assert diagnosis.exit_code is ExitCode.AUTHENTICATION
    assert world.requests == []


async def test_an_unreachable_tenant_is_exit_code_6(world: World) -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    diagnosis = await diagnose(replace(world.outside, transport=httpx.MockTransport(refuse)))
    assert names(diagnosis, Mark.FAILED) == {"reachable"}
    assert diagnosis.exit_code is ExitCode.UNREACHABLE


@pytest.mark.parametrize(
    ("seconds", "mark", "words"),
    [
        (0, Mark.OK, "within 5 s"),
        (-3, Mark.OK, "within 5 s"),
        (-600, Mark.NOTE, "10 min ahead of"),
        (7200, Mark.NOTE, "behind"),
    ],
)
async def test_the_clock_is_compared_with_the_answers(world: World, seconds: float, mark: Mark, words: str) -> None:
    outside = replace(world.outside, transport=Skewed(world.outside.transport, world.clock, seconds))
    found = finding(await diagnose(outside), "clock")
    assert (found.mark, words in found.text) == (mark, True)


async def test_rate_limit_headers_are_shown_where_there_are_any(make_world: Callable[..., World]) -> None:
    shown = finding(await diagnose(make_world(plan="enterprise-dev").outside), "rate limit")
    assert (shown.mark, shown.text.endswith("of 10 left at once")) == (Mark.OK, True)
    assert finding(await diagnose(make_world(plan="none").outside), "rate limit").mark is Mark.NOTE


async def test_a_file_with_errors_is_exit_code_3_and_the_machine_is_checked_all_the_same(world: World) -> None:
    world.write("dbconn.yaml", "version: 1\nconnections: {users: {optoins: {}}}\n")
    diagnosis = await diagnose(world.outside)
    found = finding(diagnosis, "project")
    assert (found.mark, "dbconn.yaml:2:" in found.text) == (Mark.FAILED, True)
    assert diagnosis.exit_code is ExitCode.USAGE
    assert finding(diagnosis, "dbconn").mark is Mark.OK
    assert world.requests == []


async def test_outside_of_any_project_only_the_machine_is_checked(world: World) -> None:
    (world.outside.folder / "dbconn.yaml").unlink()
    diagnosis = await diagnose(world.outside)
    assert (finding(diagnosis, "project").mark, diagnosis.exit_code) == (Mark.NOTE, ExitCode.OK)


async def test_which_tenant_is_asked_only_when_it_was_named_wrongly(world: World) -> None:
    text = (world.outside.folder / "dbconn.yaml").read_text()
    world.write("dbconn.yaml", text.replace("tenants:\n", "tenants:\n  prod: {domain: prod.example.com}\n"))
    unclear = await diagnose(world.outside)
    assert (finding(unclear, "tenant").mark, unclear.exit_code) == (Mark.NOTE, ExitCode.OK)
    wrong = await diagnose(world.outside, tenant="prd")
    assert (finding(wrong, "tenant").mark, wrong.exit_code) == (Mark.FAILED, ExitCode.USAGE)
    assert (await diagnose(world.outside, tenant="dev")).tenant is not None


async def test_the_state_folder_must_be_writable_and_should_be_private(world: World) -> None:
    folder = world.outside.state_folder
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)
    assert finding(await diagnose(world.outside), "state folder").fix.startswith("chmod 700")
    folder.chmod(0o700)
    assert finding(await diagnose(world.outside), "state folder").mark is Mark.OK
    file = world.write("a-file", "")
    diagnosis = await diagnose(replace(world.outside, state_folder=file / "below"))
    assert (finding(diagnosis, "state folder").mark, diagnosis.exit_code) == (Mark.FAILED, ExitCode.USAGE)


async def test_no_keyring_is_a_note_and_a_locked_one_is_a_failure_of_the_credentials(world: World) -> None:
    class NoStore:
        def get(self, service: str, name: str) -> Sensitive | None:
            raise SecretStoreError("There is no working keyring on this machine.")

        def set(self, service: str, name: str, value: Sensitive) -> None:
            raise SecretStoreError("There is no working keyring on this machine.")

        def delete(self, service: str, name: str) -> bool:
            raise SecretStoreError("There is no working keyring on this machine.")

        def available(self) -> str:
            return "There is no working keyring on this machine."

    outside: Outside = replace(world.outside, store=NoStore())
    without = await diagnose(outside)
    assert finding(without, "keyring").mark is Mark.NOTE
    assert without.exit_code is ExitCode.AUTHENTICATION
    given = {
        "AUTH0_DOMAIN": "dev.example.com",
        "AUTH0_CLIENT_ID": "client-of-the-tests",
        "AUTH0_CLIENT_SECRET": "the-client-secret-of-the-tests",
    }
    assert (await diagnose(replace(outside, environment=given))).exit_code is ExitCode.OK


async def test_node_is_needed_by_nothing_that_deploys(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from dbconn_tui.errors import NodeError
    from dbconn_tui.runtime import node

    def none(environment: object) -> node.Node:
        raise NodeError("there is no Node", "Install it.")

    monkeypatch.setattr(node, "find_node", none)
    diagnosis = await diagnose(world.outside)
    assert (finding(diagnosis, "node").mark, diagnosis.exit_code) == (Mark.NOTE, ExitCode.OK)


async def test_an_untrusted_command_and_a_left_over_probe_are_told(world: World) -> None:
    text = (world.outside.folder / "dbconn.yaml").read_text()
    world.write("dbconn.yaml", text + 'secrets_from: {command: [op, "{name}"]}\n')
    world.tenant.put(replace(_connection(world), id="con_left", name="dbconn-probe-0a1b2c3d"))
    diagnosis = await diagnose(world.outside)
    assert "dbconn trust" in finding(diagnosis, "secrets_from").fix
    assert "dbconn-probe-0a1b2c3d" in finding(diagnosis, "probes").text


def _connection(world: World) -> Any:
    from dbconn_tui.local_tenant.state import StoredConnection

    options = {"enabledDatabaseCustomization": True}
    return StoredConnection(id="con_1", name="there", strategy="auth0", options=options, top={"realms": ["there"]})
