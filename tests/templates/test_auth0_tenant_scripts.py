"""The scripts of `auth0-tenant` against a second local tenant whose users live in its own store."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import anyio
import httpx
import pytest

from dbconn_tui import passwords
from dbconn_tui.local_tenant.app import create_app
from dbconn_tui.local_tenant.settings import Settings
from dbconn_tui.local_tenant.sign_in.authentication import PASSWORD_REALM
from dbconn_tui.local_tenant.state import TenantState
from dbconn_tui.runtime.life_cycle import KnownUser
from dbconn_tui.sample_store.server import served
from dbconn_tui.scaffold.catalogue import read_template, shipped_folder
from dbconn_tui.scaffold.render import render
from dbconn_tui.scaffold.template import Value
from dbconn_tui.sensitive import Sensitive

from .conftest import Run, RunScripts
from .faults import WithFaults
from .life_checks import NEW_USER, check_every_outage, check_life
from .life_cycles import assert_passed, play
from .pair_checks import assert_outage, assert_refused, check_people

TEMPLATE = read_template(shipped_folder() / "auth0-tenant")
SECRET = "a secret of the other tenant"
ROBIN = {"email": "robin@example.com", "password": "sesame 1", "user_id": "robin", "name": "Robin Example"}


@dataclass(frozen=True, slots=True)
class OtherTenant:
    """The running tenant with the connections `old` and `another`."""

    url: str
    state: TenantState
    client: httpx.Client
    seen: list[str]

    def configuration(self, url: str | None = None, **changes: str) -> dict[str, str]:
        return {
            "TENANT_URL": self.url if url is None else url,
            "TENANT_CONNECTION": "old",
            "TENANT_CLIENT_ID": next(iter(self.state.clients)),
            "TENANT_CLIENT_SECRET": SECRET,
            **changes,
        }

    def add(self, connection: str = "old", **user: Any) -> str:
        """A user made through the Management API; its user_id."""
        body = {"connection": connection, "verify_email": False, **user}
        answer = self.client.post("/api/v2/users", json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["user_id"])


@pytest.fixture
def other(monkeypatch: pytest.MonkeyPatch) -> Iterator[OtherTenant]:
    monkeypatch.setattr(passwords, "_COST", 2**4)  # the cost of the tenant's hashes is not what is tested
    settings = Settings(client_secret=Sensitive(SECRET))
    tenant = create_app(settings, clock=time.time, random=Random(7), sleep=anyio.sleep)
    state: TenantState = tenant.state.tenant
    application = state.clients[settings.client_id]
    grants = ("client_credentials", PASSWORD_REALM)
    state.clients[settings.client_id] = replace(application, grant_types=grants, everywhere=True)
    app = WithFaults(tenant)
    with served(app) as url, httpx.Client(base_url=url) as client:
        given = {"grant_type": "client_credentials", "client_id": settings.client_id, "client_secret": SECRET}
        token = client.post("/oauth/token", json={**given, "audience": f"{url}/api/v2/"}).json()["access_token"]
        client.headers["authorization"] = f"Bearer {token}"
        for name in ("old", "another"):
            options = {"requires_username": True} if name == "old" else {}
            made = client.post("/api/v2/connections", json={"name": name, "strategy": "auth0", "options": options})
            assert made.status_code == 201, made.text
        yield OtherTenant(url, state, client, app.seen)


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
    other.add("another", **{**ROBIN, "user_id": "namesake", "password": "sesame 2"})
    people = {"robin": "sesame 1", "ROBIN@example.com": "sesame 1"}
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
        scripts(metadata=False, user_id_prefix="old|"), other.configuration(), {"robin": "sesame 1"}, run_scripts
    )
    assert bare["robin"]["user_id"] == "old|robin"
    assert not {"user_metadata", "app_metadata"} & bare["robin"].keys()


def test_users_of_another_connection_are_left_alone(other: OtherTenant, run_scripts: RunScripts) -> None:
    other.add("another", **ROBIN)
    pair, configuration = scripts(), other.configuration()
    calls = run_scripts(
        [
            Run("login", pair["login"], ("robin@example.com", "sesame 1"), configuration, "one"),
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
            Run("login", pair["login"], ("robin", "sesame 1"), configuration),
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
        Run("secret", pair["login"], ("robin", "sesame 1"), other.configuration(TENANT_CLIENT_SECRET="wrong-one")),
        Run("secret there", pair["get_user"], ("robin",), other.configuration(TENANT_CLIENT_SECRET="wrong-one")),
        Run("realm", pair["login"], ("robin", "sesame 1"), other.configuration(TENANT_CONNECTION="nowhere")),
    ]
    for name, call in run_scripts(runs).items():
        assert_outage(name, call, ("wrong-one",))


@pytest.mark.anyio
async def test_life_cycles(other: OtherTenant, node: str, tmp_path: Path) -> None:
    other.add("another", **ROBIN)
    ids: dict[str, Value] = {
        "tenant_url": other.url,
        "connection": "another",
        "client_id": next(iter(other.state.clients)),
        "timeout_ms": 1500,
    }
    secrets = {"other_tenant_client_secret": SECRET}
    known = KnownUser("robin@example.com", "sesame 1")
    assert_passed(await play(tmp_path / "moving", "auth0-tenant", ids, secrets, known))
    staying: dict[str, Value] = {"import_mode": False, "organization_context": True}
    assert_passed(await play(tmp_path / "staying", "auth0-tenant", {**ids, **staying}, secrets))
