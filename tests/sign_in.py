"""Signing in as an application would do it: a tenant whose scripts run in Node, and the requests of a small client.

    with signing_tenant(tmp_path) as tenant:
        deploy(tenant, "users", {"login": "function login(…) {…}"}, {"API_URL": store.url})
        answer = log_in(tenant, "users", "robin@example.com", "robin-sample-password")

For `log_in` and its like `tenant` may also be the URL of a tenant that runs already, e.g. that of `demo_world`.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from dbconn_tui.errors import NodeError
from dbconn_tui.events import OnEvent, ignore
from dbconn_tui.local_tenant.server import Address, LocalTenant
from dbconn_tui.local_tenant.settings import APPLICATION_ID, Settings
from dbconn_tui.runtime.node import find_node
from dbconn_tui.secret_store.memory_store import MemoryStore
from dbconn_tui.tasks.deployed_scripts import DeployedScriptHost
from dbconn_tui.tasks.outside import Outside
from dbconn_tui.tasks.script_runs import RunSettings

PASSWORD_REALM = "http://auth0.com/oauth/grant-type/password-realm"
Tenant = LocalTenant | Address
"""A tenant in a thread of this process, or the address of one in another."""
PATIENCE = 120.0
"""Seconds for one request on a loaded machine."""


@contextmanager
def signing_tenant(
    folder: Path,
    *,
    run_settings: RunSettings | None = None,
    environment: Mapping[str, str] | None = None,
    on_event: OnEvent = ignore,
    **settings: Any,
) -> Iterator[LocalTenant]:
    """A running tenant whose users sign in by the deployed scripts; skips the test where there is no Node."""
    known = dict(os.environ if environment is None else environment)
    try:
        find_node(known)
    except NodeError as failure:
        pytest.skip(failure.message)
    outside = Outside(
        environment=known, folder=folder, home=folder, state_folder=folder / ".state", store=MemoryStore()
    )
    scripts = DeployedScriptHost(outside, run_settings or RunSettings(), on_event)
    with LocalTenant(Settings(**{"https": False, **settings}), scripts) as tenant:
        yield tenant


def url_of(tenant: Tenant | str) -> str:
    return tenant if isinstance(tenant, str) else tenant.url


def ask(tenant: Tenant | str, path: str, **body: Any) -> httpx.Response:
    """One POST of an application."""
    with httpx.Client(base_url=url_of(tenant), trust_env=False, timeout=PATIENCE) as client:
        return client.post(path, json=body)


def log_in(tenant: Tenant | str, connection: str, email: str, password: str, **more: Any) -> httpx.Response:
    """Log in at /oauth/token by the connection's realm, through the application that is always there."""
    asked = {"grant_type": PASSWORD_REALM, "client_id": APPLICATION_ID, "realm": connection}
    return ask(tenant, "/oauth/token", **asked, username=email, password=password, **more)


def sign_up(tenant: Tenant | str, connection: str, email: str, password: str, **more: Any) -> httpx.Response:
    """Sign up at /dbconnections/signup."""
    asked = {"client_id": APPLICATION_ID, "connection": connection}
    return ask(tenant, "/dbconnections/signup", **asked, email=email, password=password, **more)


def user_info(tenant: Tenant | str, answer: httpx.Response) -> dict[str, Any]:
    """What /userinfo says to the access token of a login's answer."""
    headers = {"authorization": f"Bearer {answer.json()['access_token']}"}
    info: dict[str, Any] = httpx.get(f"{url_of(tenant)}/userinfo", headers=headers, trust_env=False).json()
    return info


@contextmanager
def management(tenant: Tenant) -> Iterator[httpx.Client]:
    """A client of the Management API with a token."""
    verify: ssl.SSLContext | bool = True
    if tenant.ca_file is not None:
        verify = ssl.create_default_context(cafile=str(tenant.ca_file))
    with httpx.Client(base_url=tenant.url, verify=verify, trust_env=False, timeout=PATIENCE) as client:
        asked = {
            "grant_type": "client_credentials",
            "client_id": tenant.client_id,
            "client_secret": tenant.client_secret.reveal(),
            "audience": f"{tenant.url}/api/v2/",
        }
        token = client.post("/oauth/token", json=asked).json()["access_token"]
        client.headers["authorization"] = f"Bearer {token}"
        yield client


def deploy(
    tenant: Tenant,
    name: str,
    scripts: Mapping[str, str],
    configuration: Mapping[str, str] | None = None,
    **options: Any,
) -> str:
    """Make or change a custom database connection as a deploy does; its id."""
    body = {
        "enabledDatabaseCustomization": True,
        "customScripts": dict(scripts),
        "configuration": dict(configuration or {}),
        **options,
    }
    with management(tenant) as client:
        known = client.get("/api/v2/connections", params={"name": name}).json()
        if known:
            answer = client.patch(f"/api/v2/connections/{known[0]['id']}", json={"options": body})
        else:
            answer = client.post("/api/v2/connections", json={"name": name, "strategy": "auth0", "options": body})
    assert answer.status_code in (200, 201), answer.text
    return str(answer.json()["id"])


def log_events(tenant: Tenant, *codes: str) -> list[dict[str, Any]]:
    """The tenant's log, newest first; only events of these codes when some are given."""
    with management(tenant) as client:
        events: list[dict[str, Any]] = client.get("/api/v2/logs").json()
    return [event for event in events if not codes or event["type"] in codes]
