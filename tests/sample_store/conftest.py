"""The sample store's app in this process, with a clock and random bytes that the test controls."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from dbconn_tui.sample_store.app import build_app
from dbconn_tui.sample_store.sample_users import add_sample_users
from dbconn_tui.sample_store.tokens import Tokens
from dbconn_tui.sample_store.users import Users
from dbconn_tui.sensitive import Sensitive

CLIENT_SECRET = "a client secret of the tests"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@dataclass(slots=True)
class Clock:
    """Seconds that pass only when told to."""

    now: float = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def counting_bytes() -> Callable[[int], bytes]:
    numbers = itertools.count()
    return lambda count: next(numbers).to_bytes(count, "big")


@pytest.fixture(scope="session")
def filled_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the sample users; hashing their passwords anew for every test would take too long."""
    database = tmp_path_factory.mktemp("users") / "users.sqlite"
    users = Users(str(database), counting_bytes())
    add_sample_users(users)
    users.close()
    return database


@pytest.fixture
def users(filled_database: Path, tmp_path: Path) -> Iterator[Users]:
    copy = shutil.copy(filled_database, tmp_path / "users.sqlite")
    random_bytes = counting_bytes()
    for _ in range(100):
        random_bytes(8)  # past the ids in the copied database
    users = Users(str(copy), random_bytes)
    yield users
    users.close()


@dataclass(slots=True)
class Client:
    """Asks the store's API; `token` goes along once it is there."""

    http: httpx.AsyncClient
    tokens: Tokens
    token: str = ""

    async def get_token(self, **changes: str) -> httpx.Response:
        form = {
            "grant_type": "client_credentials",
            "client_id": "client",
            "client_secret": CLIENT_SECRET,
            "audience": "https://users.example.com",
        }
        answer = await self.http.post("/oauth/token", data=form | changes)
        self.token = answer.json().get("access_token", "")
        return answer

    async def ask(self, path: str, body: Any = None, **request: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.token}"} if self.token else {}
        given: dict[str, Any] = {"json": body, "headers": headers} | request
        return await self.http.post(path, **given)


@pytest.fixture
async def client(users: Users, clock: Clock) -> AsyncIterator[Client]:
    numbers = iter(range(1_000_000))
    tokens = Tokens("client", Sensitive(CLIENT_SECRET), clock=clock, new_token=lambda: f"token-{next(numbers)}")
    transport = httpx.ASGITransport(build_app(users, tokens))
    async with httpx.AsyncClient(transport=transport, base_url="http://store") as http:
        yield Client(http, tokens)
