"""The scripts of `basic-auth-api` against the sample store behind a gate that wants Basic authentication."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from dbconn_tui import passwords
from dbconn_tui.sample_store.app import build_app
from dbconn_tui.sample_store.server import served
from dbconn_tui.sample_store.tokens import Tokens
from dbconn_tui.sample_store.users import Users
from dbconn_tui.scaffold.catalogue import read_template, shipped_folder
from dbconn_tui.scaffold.render import render
from dbconn_tui.scaffold.template import Value
from dbconn_tui.sensitive import Sensitive

from .conftest import Run, RunScripts
from .faults import WithFaults
from .life_checks import check_every_outage, check_life
from .life_cycles import assert_passed, play
from .pair_checks import assert_outage

TEMPLATE = read_template(shipped_folder() / "basic-auth-api")
USER = "auth0-user-store"
PASSWORD = "pässword: with a colon"


@dataclass(frozen=True, slots=True)
class Gate:
    """An ASGI app that lets requests with the right Basic credentials (RFC 7617, UTF-8) through to the user API."""

    api: ASGIApp
    token: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        wanted = base64.b64encode(f"{USER}:{PASSWORD}".encode())
        headers = [header for header in scope["headers"] if header[0] != b"authorization"]
        if (b"authorization", b"Basic " + wanted) not in scope["headers"]:
            refusal = JSONResponse({"error": "unauthorized"}, 401, {"www-authenticate": 'Basic realm="users"'})
            await refusal(scope, receive, send)
            return
        headers.append((b"authorization", f"Bearer {self.token}".encode()))
        await self.api({**scope, "headers": headers}, receive, send)


@dataclass(frozen=True, slots=True)
class Api:
    """The running API."""

    url: str
    users: Users
    seen: list[str]

    def configuration(self, url: str | None = None, password: str = PASSWORD) -> dict[str, str]:
        return {"API_URL": self.url if url is None else url, "API_USER": USER, "API_PASSWORD": password}


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    monkeypatch.setattr(passwords, "_COST", 2**4)  # the cost of the store's hashes is not what is tested
    numbers = iter(range(1, 1_000_000))
    users = Users(":memory:", lambda count: next(numbers).to_bytes(count, "big"))
    users.add("robin@example.com", "sesame 1", username="robin")
    tokens = Tokens("x", Sensitive("x"), clock=lambda: 0.0, new_token=lambda: "inside")
    tokens.issue("x", "x")
    app = WithFaults(Gate(build_app(users, tokens), "inside"))
    with served(app) as url:
        yield Api(url, users, app.seen)
    users.close()


def scripts(**values: Value) -> dict[str, str]:
    return dict(render(TEMPLATE, values).files)


def test_a_users_whole_life(api: Api, run_scripts: RunScripts) -> None:
    profile = check_life(scripts(user_id_prefix="shop|"), api.configuration(), run_scripts)
    assert profile["user_id"].startswith("shop|")
    assert api.users.find("robin@example.com") is not None
    assert all("?" not in path and "example" not in path for path in api.seen)


def test_outages(api: Api, run_scripts: RunScripts) -> None:
    check_every_outage(
        scripts(user_id_prefix=""),
        scripts(timeout_ms=300, user_id_prefix=""),
        "usr_1",
        api.url,
        api.configuration,
        run_scripts,
        (USER, PASSWORD),
    )
    runs = [
        Run("login", scripts()["login"], ("robin@example.com", "sesame 1"), api.configuration(password="wrong")),
        Run("get_user", scripts()["get_user"], ("robin@example.com",), api.configuration(password="")),
    ]
    for name, call in run_scripts(runs).items():
        assert_outage(name, call)
        assert "401" in (call.error or {})["message"]


@pytest.mark.anyio
async def test_life_cycle(api: Api, node: str, tmp_path: Path) -> None:
    answers = {"username": True, "organization_context": True, "api_url": api.url, "timeout_ms": 1500}
    assert_passed(await play(tmp_path / "project", "basic-auth-api", answers, {"api_password": PASSWORD}))
