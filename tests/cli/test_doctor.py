"""dbconn doctor at the command line: lines with their fix, JSON, and the probe with its question and its Ctrl-C."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "tasks"))

from sign_ups import NODE, SignUps

from dbconn_tui.local_tenant.settings import ALL_SCOPES, CipherResend

if TYPE_CHECKING:
    from tests.cli.conftest import World

needs_node = pytest.mark.skipif(NODE is None, reason="there is no Node on this machine")


@pytest.fixture
def make_probed(make_world: Callable[..., World], fill: Callable[[World], None]) -> Callable[..., World]:
    """A function that makes the project's world with a tenant that takes sign-ups; arguments go to its Settings."""

    def make(**settings: Any) -> World:
        world = make_world(**settings)
        fill(world)
        world.outside = replace(world.outside, transport=SignUps(world.app))
        return world

    return make


def left(world: World) -> list[str]:
    return [one.name for one in world.app.state.tenant.connections.values()]


def comment_on(world: World) -> None:
    """Change a script."""
    text = world.read("scripts/users/get_user.js")
    world.write("scripts/users/get_user.js", text.replace("{", "{\n  // Nobody is known here.", 1))


def creations(world: World) -> int:
    return world.requests.count(("POST", "/api/v2/connections"))


def test_each_check_is_a_line(project: World) -> None:
    result = project("doctor")
    assert result.code == 0
    lines = result.out.splitlines()
    assert any(line.startswith("✓  dbconn ") for line in lines)
    assert any("scopes to deploy" in line and "all there" in line for line in lines)
    assert "the-client-secret" not in result.out + result.err


def test_a_failed_check_has_its_fix_below_and_the_exit_code(
    make_world: Callable[..., World], fill: Callable[[World], None]
) -> None:
    world = make_world(scopes=("read:connections", "read:connections_options"))
    fill(world)
    result = world("doctor")
    assert result.code == 4
    lines = result.out.splitlines()
    row = next(index for index, line in enumerate(lines) if "scopes to deploy" in line)
    assert lines[row].startswith("✗")
    assert "update:connections_options changes a connection's options" in lines[row + 1]


def test_json_holds_every_check(project: World) -> None:
    answer = project("doctor", "--json").json
    assert answer["version"] == 1
    assert {one["state"] for one in answer["checks"]} <= {"ok", "note", "failed"}
    assert "rate limit" in {one["name"] for one in answer["checks"]}


def test_answers_without_a_question_are_a_mistake(project: World) -> None:
    assert project("doctor", "--yes").code == 3


@needs_node
def test_the_probe_says_what_it_does_and_asks(make_probed: Callable[..., World]) -> None:
    world = make_probed()
    declined = world("doctor", "--probe", terminal=True, stdin="n\n")
    assert declined.code == 130
    assert "dbconn-probe-" in declined.err
    assert "sign-up" in declined.err
    assert creations(world) == 0
    assert world("doctor", "--probe").code == 3
    assert creations(world) == 0
    agreed = world("doctor", "--probe", terminal=True, stdin="y\n")
    assert agreed.code == 0, agreed.err
    assert "{keep: live} works here" in agreed.out
    assert "is deleted" in agreed.out
    assert left(world) == []
    assert "works here, as a probe showed" in world("doctor").out


@needs_node
def test_a_protected_tenant_is_probed_with_its_name(make_probed: Callable[..., World]) -> None:
    world = make_probed()
    world.write("dbconn.yaml", world.read("dbconn.yaml").replace("    client_id", "    protected: true\n    client_id"))
    assert world("doctor", "--probe", "--yes").code == 3
    assert world("doctor", "--probe", "--confirm", "prod").code == 3
    assert creations(world) == 0
    assert world("doctor", "--probe", "--confirm", "dev").code == 0


@needs_node
def test_without_the_scope_to_delete_it_says_so_before_it_creates(make_probed: Callable[..., World]) -> None:
    world = make_probed(scopes=tuple(scope for scope in ALL_SCOPES if scope != "delete:connections"))
    result = world("doctor", "--probe", "--yes")
    assert result.code == 4
    assert "delete:connections" in result.err
    assert creations(world) == 0


@needs_node
@pytest.mark.parametrize("resend", list(CipherResend))
def test_keep_live_goes_through_exactly_where_the_probe_proved_it(
    make_probed: Callable[..., World], resend: CipherResend
) -> None:
    world = make_probed(cipher_resend=resend)
    assert world("deploy", "--yes").code == 0
    tenant = world.app.state.tenant
    stored = tenant.by_name("users").options["configuration"]["API_KEY"]
    world.write("dbconn.yaml", world.read("dbconn.yaml").replace("{secret: api_key}", "{keep: live}"))
    comment_on(world)
    before = world("deploy", "--yes")
    assert before.code == 5
    assert "doctor --probe" in before.out + before.err
    answer = world("doctor", "--probe", "--yes", "--json")
    assert answer.code == 0, answer.err
    after = world("deploy", "--yes")
    if resend is CipherResend.KEEP:
        assert answer.json["probe"]["resent"] == "kept"
        assert after.code == 0, after.err
        assert "not compared" in after.out
        now = tenant.by_name("users").options["configuration"]["API_KEY"]
        assert (now, tenant.vault.open(now)) == (stored, "a-value-that-must-never-show")
        plan = world("plan", "--detailed-exitcode")
        assert (plan.code, "configuration API_KEY is kept" in plan.out) == (0, True)
    else:
        assert answer.json["probe"]["resent"] == "reencrypted"
        assert after.code == 5
        assert tenant.by_name("users").options["configuration"]["API_KEY"] == stored


@needs_node
def test_a_rollback_sends_a_kept_value_back_too(make_probed: Callable[..., World]) -> None:
    world = make_probed()
    assert world("deploy", "--yes").code == 0
    world.write("dbconn.yaml", world.read("dbconn.yaml").replace("{secret: api_key}", "{keep: live}"))
    assert world("doctor", "--probe", "--yes").code == 0
    comment_on(world)
    clock = world.outside.wall_clock
    world.outside = replace(world.outside, wall_clock=lambda: clock() + 60)
    assert world("deploy", "--yes").code == 0
    result = world("rollback", "users", "--yes")
    assert result.code == 0, result.err
    tenant = world.app.state.tenant
    stored = tenant.by_name("users").options["configuration"]["API_KEY"]
    assert tenant.vault.open(stored) == "a-value-that-must-never-show"


@needs_node
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("path", ["/api/v2/connections", "/dbconnections/signup"])
def test_ctrl_c_and_sigterm_delete_the_connection_before_they_end_it(
    make_probed: Callable[..., World], number: signal.Signals, path: str
) -> None:
    world = make_probed()
    sign_ups: SignUps = world.outside.transport

    def interrupt(request: httpx.Request) -> None:
        if request.method == "POST" and request.url.path == path:
            sign_ups.before = lambda request: None
            os.kill(os.getpid(), number)

    sign_ups.before = interrupt
    result = world("doctor", "--probe", "--yes")
    assert result.code == 130
    assert left(world) == []
    # A creation that was cut off is looked up by its name: it may have been carried out.
    assert world.requests[-1][0] == ("GET" if path == "/api/v2/connections" else "DELETE")


@needs_node
def test_a_connection_that_could_not_be_deleted_is_a_failure(make_probed: Callable[..., World]) -> None:
    world = make_probed()

    def refuse(request: httpx.Request) -> None:
        if request.method == "DELETE":
            raise httpx.ConnectError("refused", request=request)

    world.outside.transport.before = refuse
    result = world("doctor", "--probe", "--yes")
    assert result.code == 1
    assert f"{left(world)[0]} is still there" in result.out
