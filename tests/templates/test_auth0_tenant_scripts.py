"""The scripts of `auth0-tenant` against a second local tenant whose users live in its own store."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dbconn_tui import passwords
from dbconn_tui.scaffold.catalogue import read_template, shipped_folder
from dbconn_tui.scaffold.render import render
from dbconn_tui.scaffold.template import Value

from .conftest import Run, RunScripts
from .life_checks import NEW_USER, check_every_outage, check_life
from .pair_checks import assert_outage, assert_refused, check_people
from .stand_ins.other_tenant import SECRET, OtherTenant, run_other_tenant

TEMPLATE = read_template(shipped_folder() / "auth0-tenant")
PASSWORD = "Sesame-1-opens-the-door"
ROBIN = {"email": "robin@example.com", "password": PASSWORD, "user_id": "robin", "name": "Robin Example"}


@pytest.fixture
def other(monkeypatch: pytest.MonkeyPatch) -> Iterator[OtherTenant]:
    monkeypatch.setattr(passwords, "_COST", 2**4)  # the cost of the tenant's hashes is not what is tested
    with run_other_tenant() as running:
        yield running


def scripts(**values: Value) -> dict[str, str]:
    return dict(render(TEMPLATE, {"import_mode": False, "username": True, **values}).files)


def test_a_users_whole_life(other: OtherTenant, run_scripts: RunScripts) -> None:
    other.add(username="robin", **ROBIN)
    user = {**NEW_USER, "username": "new"}
    profile = check_life(scripts(), other.configuration(), run_scripts, user=user)
    assert "|" not in profile["user_id"]
    assert profile["username"] == "new"
    assert [found.email for found in other.state.users.values()] == ["robin@example.com"]


def test_profiles_keep_id_and_metadata(other: OtherTenant, run_scripts: RunScripts) -> None:
    other.add(username="robin", user_metadata={"colour": "red"}, app_metadata={"plan": "gold"}, **ROBIN)
    other.add("another", **{**ROBIN, "user_id": "namesake", "password": "Sesame-2-opens-the-door"})
    people = {"robin": PASSWORD, "ROBIN@example.com": PASSWORD}
    found = check_people(scripts(), other.configuration(), people, run_scripts)
    assert found["robin"] == found["ROBIN@example.com"]
    kept = {name: found["robin"][name] for name in ("user_id", "email", "username", "name", "user_metadata")}
    assert kept == {
        "user_id": "robin",
        "email": "robin@example.com",
        "username": "robin",
        "name": "Robin Example",
        "user_metadata": {"colour": "red"},
    }
    assert found["robin"]["app_metadata"] == {"plan": "gold"}
    bare = check_people(
        scripts(metadata=False, user_id_prefix="old|"), other.configuration(), {"robin": PASSWORD}, run_scripts
    )
    assert bare["robin"]["user_id"] == "old|robin"
    assert not {"user_metadata", "app_metadata"} & bare["robin"].keys()


def test_users_of_another_connection_are_left_alone(other: OtherTenant, run_scripts: RunScripts) -> None:
    other.add("another", **ROBIN)
    pair, configuration = scripts(), other.configuration()
    calls = run_scripts(
        [
            Run("login", pair["login"], ("robin@example.com", PASSWORD), configuration, "one"),
            Run("get_user", pair["get_user"], ("robin@example.com",), configuration, "one"),
            Run("verify", pair["verify"], ("robin@example.com",), configuration, "one"),
            Run("change_password", pair["change_password"], ("robin@example.com", "stolen 3"), configuration, "one"),
            Run("delete", pair["delete"], ("robin",), configuration, "one"),
        ]
    )
    assert_refused("login", calls["login"], "robin@example.com")
    assert calls["get_user"].arity == 1
    assert calls["verify"].result is calls["change_password"].result is False
    assert_outage("delete", calls["delete"])
    assert len(other.state.users) == 1


def test_blocked_users(other: OtherTenant, run_scripts: RunScripts) -> None:
    user_id = other.add(username="robin", **ROBIN)
    assert other.client.patch(f"/api/v2/users/{user_id}", json={"blocked": True}).status_code == 200
    pair, configuration = scripts(), other.configuration()
    calls = run_scripts(
        [
            Run("login", pair["login"], ("robin", PASSWORD), configuration),
            Run("get_user", pair["get_user"], ("robin",), configuration),
        ]
    )
    assert_refused("login", calls["login"], "robin")
    assert_outage("get_user", calls["get_user"])


def test_outages(other: OtherTenant, run_scripts: RunScripts) -> None:
    check_every_outage(
        scripts(), scripts(timeout_ms=300), "robin", other.url, other.configuration, run_scripts, (SECRET,)
    )
    pair = scripts()
    runs = [
        Run("secret", pair["login"], ("robin", PASSWORD), other.configuration(TENANT_CLIENT_SECRET="wrong-one")),
        Run("secret there", pair["get_user"], ("robin",), other.configuration(TENANT_CLIENT_SECRET="wrong-one")),
        Run("realm", pair["login"], ("robin", PASSWORD), other.configuration(TENANT_CONNECTION="nowhere")),
    ]
    for name, call in run_scripts(runs).items():
        assert_outage(name, call, ("wrong-one",))
