"""Fixtures of the command line's tests: main() with streams in memory, and an outside that touches nothing real."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest

from dbconn_tui.cli import main
from dbconn_tui.cli.session import Streams
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


class Terminal(io.StringIO):
    """A stream in memory that says whether it is a terminal."""

    def __init__(self, text: str = "", *, terminal: bool = False) -> None:
        super().__init__(text)
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


@dataclass(frozen=True)
class Result:
    """What one command line did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        import json

        return json.loads(self.out)


@dataclass
class World:
    """A folder, a secret store and a tenant app to run command lines in."""

    outside: Outside
    app: Any
    hidden: list[str] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        return self.outside.folder

    @property
    def requests(self) -> list[tuple[str, str]]:
        """(method, path) of every request that reached the tenant."""
        return [(seen.method, seen.path) for seen in self.app.state.tenant.log]

    def __call__(
        self, *words: str, stdin: str = "", terminal: bool = False, environment: Mapping[str, str] | None = None
    ) -> Result:
        outside = self.outside
        if environment is not None:
            outside = replace(outside, environment={**outside.environment, **environment})
        out, err = Terminal(terminal=terminal), Terminal(terminal=terminal)
        streams = Streams(
            Terminal(stdin, terminal=terminal), out, err, lambda question: (err.write(question), self.hidden.pop(0))[1]
        )
        code = main(words, outside=outside, streams=streams)
        return Result(code, out.getvalue(), err.getvalue())

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def read(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")


class Clock:
    """A clock in seconds that moves only when something sleeps."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def make_world(tmp_path: Path) -> Callable[..., World]:
    """A function that makes a world; its arguments go to the local tenant's Settings."""

    def make(**settings: Any) -> World:
        clock = Clock()
        app = create_app(
            Settings(
                client_id=CLIENT_ID, client_secret=Sensitive(SECRET), domain=DOMAIN, deletion_seconds=0, **settings
            ),
            clock=clock,
            random=Random(7),
            sleep=clock.sleep,
        )
        folder = tmp_path / "project"
        folder.mkdir()
        store = MemoryStore()
        store.set(login_service(DOMAIN), CLIENT_SECRET, Sensitive(SECRET))
        random = Random(3)
        outside = Outside(
            environment={"DBCONN_TEMPLATES_DIR": str(tmp_path / "templates")},
            folder=folder,
            home=tmp_path,
            state_folder=tmp_path / "state",
            store=store,
            clock=clock,
            wall_clock=clock,
            sleep=clock.sleep,
            random_bytes=random.randbytes,
            transport=httpx.ASGITransport(app=app),
        )
        return World(outside, app)

    return make


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    """A world with an empty folder."""
    return make_world()


LOGIN = """\
function login(identifier, password, callback) {
  const key = configuration.API_KEY;
  if (!key) return callback(new Error("no key"));
  return callback(new WrongUsernameOrPasswordError(identifier));
}
"""
GET_USER = """\
function getUser(identifier, callback) {
  return callback(null);
}
"""
PROJECT = f"""\
version: 1
project_key: 00112233445566778899aabbccddeeff
tenants:
  dev:
    domain: {DOMAIN}
    client_id: {CLIENT_ID}
connections:
  users:
    configuration:
      API_KEY: {{secret: api_key}}
    options:
      brute_force_protection: true
"""
API_KEY = "a-value-that-must-never-show"


@pytest.fixture
def project(world: World) -> World:
    """A world with a project: the tenant dev and one connection with two scripts, an option and a secret."""
    fill_project(world)
    return world


@pytest.fixture
def deployed(project: World) -> World:
    """The project, deployed once."""
    assert project("deploy", "--yes").code == 0
    return project


def fill_project(world: World) -> None:
    """Write the project of the fixture `project` and store its secret."""
    world.write("dbconn.yaml", PROJECT)
    world.write("scripts/users/login.js", LOGIN)
    world.write("scripts/users/get_user.js", GET_USER)
    world.outside.store.set(value_service(DOMAIN), "api_key", Sensitive(API_KEY))


@pytest.fixture
def fill() -> Callable[[World], None]:
    """`fill_project` for tests that make their own world."""
    return fill_project


@pytest.fixture
def unreachable() -> Callable[[Outside], Outside]:
    """A function that puts an outside off the network."""

    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("connection refused", request=request)

    return lambda outside: replace(outside, transport=httpx.MockTransport(refuse))
