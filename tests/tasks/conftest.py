"""Fixtures of the tasks' tests: a project on a local tenant that is reached in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest

from dbconn_tui.local_tenant.app import create_app
from dbconn_tui.local_tenant.settings import Settings
from dbconn_tui.secret_store.memory_store import MemoryStore
from dbconn_tui.secret_store.values import login_service, value_service
from dbconn_tui.sensitive import Sensitive
from dbconn_tui.tasks.access import CLIENT_SECRET
from dbconn_tui.tasks.outside import Outside

DOMAIN = "dev.example.com"
CLIENT_ID = "client-of-the-tests"
SECRET = "the-client-secret-of-the-tests"
API_KEY = "a-value-that-must-never-show"
PROJECT = f"""\
version: 1
project_key: 00112233445566778899aabbccddeeff
tenants:
  dev: {{domain: {DOMAIN}, client_id: {CLIENT_ID}}}
connections:
  users:
    configuration: {{API_KEY: {{secret: api_key}}}}
  others: {{scripts: scripts/others}}
"""
OTHER = "function login(identifier, password, callback) {\n  return callback(new Error('closed'));\n}\n"
LOGIN = "function login(identifier, password, callback) {\n  return callback(new Error(configuration.API_KEY));\n}\n"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Clock:
    """A clock in seconds that moves only when something sleeps."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


@dataclass
class World:
    """An outside, the tenant behind it, and the clock of both."""

    outside: Outside
    tenant: Any
    clock: Clock

    @property
    def requests(self) -> list[tuple[str, str]]:
        """(method, path) of every request that reached the tenant."""
        return [(seen.method, seen.path) for seen in self.tenant.log]

    def write(self, name: str, text: str) -> Path:
        path = self.outside.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path


@pytest.fixture
def make_world(tmp_path: Path) -> Callable[..., World]:
    """A function that makes a world with two connections; its arguments go to the local tenant's Settings."""

    def make(**settings: Any) -> World:
        clock = Clock()
        known = Settings(client_id=CLIENT_ID, client_secret=Sensitive(SECRET), domain=DOMAIN, **settings)
        app = create_app(known, clock=clock, random=Random(7), sleep=clock.sleep)
        store = MemoryStore()
        store.set(login_service(DOMAIN), CLIENT_SECRET, Sensitive(SECRET))
        store.set(value_service(DOMAIN), "api_key", Sensitive(API_KEY))
        outside = Outside(
            environment={"DBCONN_TEMPLATES_DIR": str(tmp_path / "templates")},
            folder=tmp_path,
            home=tmp_path,
            state_folder=tmp_path / "state",
            store=store,
            clock=clock,
            wall_clock=clock,
            sleep=clock.sleep,
            random_bytes=Random(3).randbytes,
            transport=httpx.ASGITransport(app=app),
        )
        world = World(outside, app.state.tenant, clock)
        world.write("dbconn.yaml", PROJECT)
        world.write("scripts/users/login.js", LOGIN)
        world.write("scripts/others/login.js", OTHER)
        return world

    return make


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    return make_world()
