"""`try`, `test` and `modules` on the command line: words, JSON, JUnit, exit codes, and that no secret shows."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest

from dbconn_tui import passwords
from dbconn_tui.errors import NodeError
from dbconn_tui.runtime.node import find_node
from dbconn_tui.sample_store.store import SampleStore, run_sample_store

LOGIN = """\
function login(identifier, password, callback) {
  console.log('asked', configuration.API_KEY);
  if (password !== 'right password') {
    return callback(new WrongUsernameOrPasswordError(identifier, 'Wrong.'));
  }
  return callback(null, { user_id: 'u1', email: identifier });
}
"""
PROJECT = """\
version: 1
connections:
  users:
    configuration: {API_KEY: {env: API_KEY}}
"""
if TYPE_CHECKING:
    from tests.cli.conftest import World

API_KEY = "a-key-that-never-shows"


@pytest.fixture
def node_world(world: World) -> World:
    """A project with one connection, and an environment with Node."""
    try:
        find_node(os.environ)
    except NodeError as failure:
        pytest.skip(failure.message)
    environment = {**world.outside.environment, "PATH": os.environ.get("PATH", ""), "API_KEY": API_KEY}
    world.outside = replace(world.outside, environment=environment)
    world.write("dbconn.yaml", PROJECT)
    world.write("scripts/users/login.js", LOGIN)
    return world


def test_try_shows_what_came_of_it(node_world: World) -> None:
    node_world.write("scripts/users/login.js", LOGIN.replace("  console.log('asked', configuration.API_KEY);\n", ""))
    result = node_world("try", "users", "login", "--arg", "email=a@example.com", "--arg", "password=right password")
    assert result.code == 0, result.err
    assert "users login: ok" in result.out
    assert '"user_id": "u1"' in result.out
    assert "s: successful login" in result.out


def test_refused_user_is_no_failure(node_world: World) -> None:
    node_world.write("scripts/users/login.js", LOGIN.replace("console.log('asked', configuration.API_KEY)", "void 0"))
    result = node_world("try", "users", "login", "--arg", "username=a@example.com", "--arg", "password=wrong one")
    assert result.code == 0, result.err
    assert "refused the user" in result.out
    assert "fp: failed login: wrong password" in result.out


def test_try_names_the_place_and_hides_the_secret(node_world: World) -> None:
    result = node_world("try", "users", "login", "--arg", "email=a@example.com", "--arg", "password=wrong one")
    assert result.code == 1
    assert "scripts/users/login.js:2:11" in result.out
    assert "a password or secret is logged" in result.out
    assert "asked ***" in result.out
    assert API_KEY not in result.out + result.err
    assert "wrong one" not in result.out + result.err


def test_try_as_json(node_world: World) -> None:
    words = ("try", "users", "login", "--args", "-", "--json")
    result = node_world(*words, stdin='{"email": "a@example.com", "password": "wrong one"}')
    (run,) = result.json["runs"]
    assert result.code == 1
    assert (run["connection"], run["kind"], run["verdict"], run["answer"]) == ("users", "login", "leaked", "refused")
    assert run["error"]["user_id"] == "a@example.com"
    assert run["log_code"] == {"code": "fp", "meaning": "failed login: wrong password", "documented": True}
    assert run["logs"][0]["text"] == "asked ***"
    assert (run["logs"][0]["line"], run["logs"][0]["after_callback"]) == (2, False)
    assert [(one["rule"], one["line"], one["column"]) for one in run["problems"]] == [("log-sensitive", 2, 11)]
    assert API_KEY not in result.out


def test_password_is_asked_for_at_a_terminal(node_world: World) -> None:
    node_world.hidden.append("right password")
    result = node_world("try", "users", "login", "--arg", "email=a@example.com", terminal=True)
    assert "gave a profile" in result.out
    assert "right password" not in result.out + result.err


MISTAKES: list[tuple[tuple[str, ...], str]] = [
    (("try", "users", "login", "--arg", "email=a"), "not told its password"),
    (("try", "users", "login", "--arg", "email"), "NAME=VALUE"),
    (("try", "users", "delete", "--arg", "id=1"), "has no script delete"),
    (("try", "nobody", "login"), "no connection nobody"),
    (("try", "users", "login", "--args", "nowhere.json"), "cannot be read"),
    (("try", "users", "login", "--args", "dbconn.yaml"), "is not JSON"),
    (("try", "users", "login", "--timeout", "0"), "--timeout 0"),
    (("try", "users", "login", "--allow-host", "http://x"), "is not a host"),
    (("try", "users", "login", "--node", "/nowhere/node", "--arg", "email=a", "--arg", "password=b"), "not a Node"),
    (("test", "nobody"), "no connection nobody"),
    (("test", "--args", "dbconn.yaml"), "is not JSON"),
    (("modules", "install", "pg"), "names no version"),
    (("modules", "install", "pg@^8"), "not an exact version"),
    (("modules", "install", "../x@1.0.0"), "not the name of an npm package"),
]


@pytest.mark.parametrize(("words", "said"), MISTAKES, ids=[" ".join(words) for words, _ in MISTAKES])
def test_mistakes_are_told(node_world: World, words: tuple[str, ...], said: str) -> None:
    result = node_world(*words)
    assert result.code == 3
    assert said in result.err


def test_value_that_is_missing_is_told_before_anything_runs(node_world: World) -> None:
    result = node_world("try", "users", "login", "--arg", "email=a", "--arg", "password=b", environment={"API_KEY": ""})
    assert result.code == 3
    assert "configuration.API_KEY" in result.err


def test_no_modules_yet(node_world: World) -> None:
    assert "No modules yet" in node_world("modules", "list").out
    assert node_world("modules", "list", "--json").json["modules"] == []


REQUIRES = """\
function login(identifier, password, callback) {
  const { Client } = require('pg@8.11.3');
  const bcrypt = require('bcrypt@5.1.1');
  const [old, path, own] = [require('lodash@^4'), require('path'), require('./own')];
  callback(new Error([Client, bcrypt, old, path, own, require('axios')].join()));
}
"""


def test_what_scripts_require_is_offered_and_never_fetched_by_a_run(node_world: World) -> None:
    assert node_world("modules", "install").out == "Nothing is missing.\n"
    node_world.write("scripts/users/login.js", REQUIRES)
    listed = node_world("modules", "list")
    assert "Next: dbconn modules install axios@1.7.9 bcrypt@5.1.1 pg@8.11.3" in listed.err
    missing = node_world("modules", "list", "--json").json["missing"]
    assert [one["name"] for one in missing] == ["axios", "bcrypt", "pg"]
    tried = node_world("try", "users", "login", "--arg", "email=a@example.com", "--arg", "password=right password")
    assert tried.code == 1
    assert "the module pg@8.11.3 is not in the cache" in tried.out
    assert "dbconn modules install pg@8.11.3" in tried.out
    assert not (node_world.outside.state_folder / "modules").exists()
    tested = node_world("test", "--quick", "--json")
    assert tested.code == 1
    (test,) = tested.json["tests"]
    assert test["notes"][0] == "modules are missing: dbconn modules install axios@1.7.9 bcrypt@5.1.1 pg@8.11.3"
    for module in ("axios@1.7.0", "bcrypt@6.0.0", "pg@8.11.3"):
        (node_world.outside.state_folder / "modules" / module / "node_modules" / module.split("@")[0]).mkdir(
            parents=True
        )
    assert node_world("modules", "list", "--json").json["missing"] == []


@pytest.fixture(scope="module")
def store() -> Iterator[SampleStore]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_COST", 2**4)
        with run_sample_store() as one:
            yield one


@pytest.fixture
def tested(node_world: World, store: SampleStore) -> World:
    """A connection from the template on a running sample store."""
    node_world.write("dbconn.yaml", "version: 1\n")
    secret = {"DBCONN_SECRET_LOCAL__API_CLIENT_SECRET": store.client_secret.reveal()}
    node_world.outside = replace(node_world.outside, environment={**node_world.outside.environment, **secret})
    places = (f"api_url={store.url}", f"token_url={store.token_url}", f"client_id={store.client_id}", "timeout_ms=1500")
    flags = [word for place in places for word in ("--set", place)]
    assert node_world("add", "customers", "--template", "rest-api", *flags).code == 0
    return node_world


def test_board_as_text(tested: World, store: SampleStore) -> None:
    result = tested("test")
    assert result.code == 0, result.out + result.err
    assert "✓ sign-up" in result.out
    assert "✓ store hangs" in result.out
    assert "customers: 15 passed" in result.out
    assert store.client_secret.reveal() not in result.out + result.err


def test_board_as_json_and_junit_when_something_is_broken(tested: World) -> None:
    script = tested.read("scripts/customers/get_user.js")
    tested.write("scripts/customers/get_user.js", script.replace("email: user.email,", ""))
    as_json = tested("test", "customers", "--quick", "--json")
    assert as_json.code == 1
    (test,) = as_json.json["tests"]
    checks: dict[str, Any] = {check["name"]: check for check in test["checks"]}
    assert checks["sign-up"]["state"] == "passed"
    assert checks["same profile from get_user"]["state"] == "failed"
    assert "different profiles: email" in checks["same profile from get_user"]["message"]
    assert test["left_behind"] == ""
    as_junit = tested("test", "customers", "--quick", "--format", "junit")
    assert as_junit.code == 1
    (suite,) = ElementTree.fromstring(as_junit.out)
    assert (suite.get("name"), suite.get("tests"), suite.get("failures")) == ("customers", "15", "1")
    failure = suite.find("testcase[@name='same profile from get_user']/failure")
    assert failure is not None, as_junit.out
    assert "different profiles" in failure.get("message", "")
