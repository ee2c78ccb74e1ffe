"""Signing in to a local tenant with real Node: the deployed scripts run, their guards hold, nothing stays behind."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import jwt
import pytest

from dbconn_tui.errors import NodeError
from dbconn_tui.local_tenant.server import LocalTenant
from dbconn_tui.local_tenant.settings import APPLICATION_ID
from dbconn_tui.runtime.node import find_node
from dbconn_tui.sample_store.sample_users import SAMPLE_USERS
from dbconn_tui.tasks import demo
from dbconn_tui.tasks.access import open_tenant
from dbconn_tui.tasks.deploy import check_plan, deploy_plan
from dbconn_tui.tasks.deployed_scripts import MOST_AT_ONCE
from dbconn_tui.tasks.plan import plan_connections
from dbconn_tui.tasks.script_runs import RunSettings
from dbconn_tui.tasks.workspace import open_workspace
from tests.sign_in import deploy, log_events, log_in, signing_tenant, user_info

WRONG = {"error": "invalid_grant", "error_description": "Wrong email or password."}
SECRET = "a-value-that-must-never-show"
LOGIN = """\
function login(identifier, password, callback) {
  global.runs = (global.runs || 0) + 1;
  if (password !== configuration.PASSWORD) {
    return callback(new WrongUsernameOrPasswordError(identifier, 'no'));
  }
  return callback(null, { user_id: 'users|1', email: identifier, name: `run ${global.runs}` });
}
"""


@pytest.fixture(scope="module")
def tenant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalTenant]:
    with signing_tenant(tmp_path_factory.mktemp("tenant")) as running:
        yield running


def test_a_login_runs_the_deployed_script_warm_until_the_next_deploy(tenant: LocalTenant) -> None:
    deploy(tenant, "users", {"login": LOGIN}, {"PASSWORD": SECRET})
    answer = log_in(tenant, "users", "ada@example.com", SECRET)
    assert answer.status_code == 200, answer.text
    assert user_info(tenant, answer) == {
        "sub": "auth0|users|1",
        "email": "ada@example.com",
        "name": "run 1",
        "nickname": "ada",
        "updated_at": user_info(tenant, answer)["updated_at"],
    }
    assert user_info(tenant, log_in(tenant, "users", "ada@example.com", SECRET))["name"] == "run 2"
    refused = log_in(tenant, "users", "ada@example.com", "not it")
    assert (refused.status_code, refused.json()) == (403, WRONG)
    newest = log_events(tenant, "fp")[0]
    assert (newest["user_id"], newest["connection"]) == ("auth0|ada@example.com", "users")
    deploy(tenant, "users", {"login": LOGIN}, {"PASSWORD": "another"})
    assert user_info(tenant, log_in(tenant, "users", "ada@example.com", "another"))["name"] == "run 1"
    assert log_in(tenant, "users", "ada@example.com", SECRET).status_code == 403


def test_the_tokens_are_what_an_application_checks(tenant: LocalTenant) -> None:
    deploy(tenant, "tokens", {"login": LOGIN}, {"PASSWORD": SECRET})
    answer = log_in(tenant, "tokens", "ada@example.com", SECRET, audience="https://api.example.com").json()
    known = httpx.get(f"{tenant.url}/.well-known/openid-configuration", trust_env=False).json()
    (key,) = jwt.PyJWKSet.from_dict(httpx.get(known["jwks_uri"], trust_env=False).json()).keys
    access = jwt.decode(answer["access_token"], key, audience="https://api.example.com", issuer=known["issuer"])
    identity = jwt.decode(answer["id_token"], key, audience=APPLICATION_ID, issuer=known["issuer"])
    assert jwt.get_unverified_header(answer["id_token"])["kid"] == key.key_id
    assert access["iss"] == identity["iss"] == known["issuer"] == f"{tenant.url}/"
    assert access["aud"] == ["https://api.example.com", known["userinfo_endpoint"]]
    assert (identity["aud"], identity["sub"], identity["email"]) == (
        APPLICATION_ID,
        "auth0|users|1",
        "ada@example.com",
    )


GUARDED = {
    "never calls back": ("setTimeout(() => {}, 1)", "exceeded allowed execution time", "callback-missing"),
    "calls a host that is not allowed": (
        "fetch('http://192.0.2.1:8080/').then(() => callback(null, {}), callback)",
        "",
        "host-not-allowed",
    ),
    "reads a file": ("require('fs').readFile('/etc/passwd', (error) => callback(error))", "", "sandbox-denied"),
    "prints its environment": (
        "console.log(JSON.stringify(process.env)); callback(new Error('done'))",
        "done",
        "environment-read",
    ),
    "ends its process": ("process.exit(3)", "", "process-exit"),
}


@pytest.mark.parametrize("script", GUARDED)
def test_a_script_is_stopped_and_named_in_the_log(
    tenant: LocalTenant, script: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOST_VALUE", "a-value-of-this-machine")
    body, words, rule = GUARDED[script]
    deploy(tenant, "guarded", {"login": f"function login(identifier, password, callback) {{\n  {body};\n}}\n"})
    answer = log_in(tenant, "guarded", "ada@example.com", "a-password-that-must-not-show")
    assert (answer.status_code, answer.json()["error"]) == (500, "server_error"), answer.text
    assert words in answer.json()["error_description"]
    assert answer.headers["x-local-tenant"]
    event = log_events(tenant, "f")[0]
    (run,) = event["details"]["dbconn"]["runs"]
    assert any(f"({rule})" in line and "guarded/login.js:" in line for line in run["findings"]), run
    assert "a-value-of-this-machine" not in json.dumps(event)
    assert "a-password-that-must-not-show" not in json.dumps(event)
    assert log_events(tenant, "fepft")[0]["user_name"] == "ada@example.com"


def test_a_script_that_loops_for_ever_is_stopped_at_the_limit(tmp_path: Path) -> None:
    with signing_tenant(tmp_path, run_settings=RunSettings(limit=0.5)) as tenant:
        deploy(tenant, "users", {"login": "function login(identifier, password, callback) { while (true) {} }"})
        answer = log_in(tenant, "users", "ada@example.com", "x")
        assert answer.status_code == 500
        assert answer.json()["error_description"] == "Request to Webtask exceeded allowed execution time"
        (run,) = log_events(tenant, "f")[0]["details"]["dbconn"]["runs"]
        assert any("(runtime-budget)" in line for line in run["findings"])


@pytest.mark.anyio
async def test_import_mode_with_a_template_against_a_real_store_keeps_who_logged_in() -> None:
    with demo.demo_world({"PATH": os.environ.get("PATH", "")}) as world:
        try:
            find_node(world.outside.environment)
        except NodeError as failure:
            pytest.skip(failure.message)
        demo.make_demo_project(world)
        demo.add_demo_connection(world, import_mode="true")
        workspace = open_workspace(world.outside)
        async with open_tenant(world.outside, workspace.tenant) as tenant:
            planned = await plan_connections(world.outside, workspace, tenant)
            await check_plan(planned, tenant)
            await deploy_plan(world.outside, planned, tenant)
        user = SAMPLE_USERS[0]
        name = workspace.connection(demo.CONNECTION).name
        entered = [log_in(world.tenant.domain, name, user.email, user.password) for _ in range(2)]
        assert [answer.status_code for answer in entered] == [200, 200]
        assert user_info(world.tenant.domain, entered[0])["email"] == user.email
        assert log_in(world.tenant.domain, name, user.email, "wrong").json() == WRONG
        # It is Auth0's own copy that knows the password now.
        assert world.store.users.change_password(user.email, "another password in the store")
        assert log_in(world.tenant.domain, name, user.email, user.password).status_code == 200
        assert log_in(world.tenant.domain, name, user.email, "another password in the store").json() == WRONG


def test_without_node_only_the_sign_in_routes_fail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dbconn_tui.runtime import node

    with signing_tenant(tmp_path) as tenant:
        monkeypatch.setattr(node, "_on_path", lambda environment: None)
        monkeypatch.setattr(node, "_in_wheel", lambda: None)
        deploy(tenant, "users", {"login": LOGIN}, {"PASSWORD": SECRET})
        answer = log_in(tenant, "users", "ada@example.com", SECRET)
        assert answer.status_code == 503
        assert "Node 20 or newer" in answer.json()["error_description"]
        assert httpx.get(f"{tenant.url}/.well-known/jwks.json", trust_env=False).status_code == 200


def node_processes() -> set[str]:
    """The ids of this process's children that run the harness."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = (entry / "stat").read_text().rpartition(")")[2].split()[1]
                words = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if parent == str(os.getpid()) and b"harness" in words:
                found.add(entry.name)
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks into /proc")
def test_the_containers_end_with_the_tenant(tmp_path: Path) -> None:
    before = node_processes()
    with signing_tenant(tmp_path) as tenant:
        slow = LOGIN.replace("return callback(null", "return setTimeout(callback, 300, null")
        deploy(tenant, "users", {"login": slow}, {"PASSWORD": SECRET})
        with ThreadPoolExecutor(max_workers=6) as threads:
            answers = [threads.submit(log_in, tenant, "users", "ada@example.com", SECRET) for _ in range(6)]
            assert [answer.result().status_code for answer in answers] == [200] * 6
        assert 1 <= len(node_processes() - before) <= MOST_AT_ONCE
        deploy(tenant, "users", {"login": LOGIN}, {"PASSWORD": SECRET})
        assert log_in(tenant, "users", "ada@example.com", SECRET).status_code == 200
        assert len(node_processes() - before) == 1
    assert node_processes() == before


def test_a_run_is_masked_and_told_to_whoever_watches(tmp_path: Path) -> None:
    said: list[str] = []
    with signing_tenant(tmp_path, on_event=lambda event: said.append(f"{event.connection}: {event.message}")) as tenant:
        script = (
            "function login(id, password, callback) { console.log(password, configuration.KEY); callback(null, {}); }"
        )
        deploy(tenant, "users", {"login": script}, {"KEY": SECRET})
        assert log_in(tenant, "users", "ada@example.com", "a-password-of-somebody").status_code == 500
        told = "\n".join([*said, json.dumps(log_events(tenant))])
    assert any("log-sensitive" in line for line in said)
    assert "users: login: profile" in said[0]
    assert SECRET not in told
    assert "a-password-of-somebody" not in told
