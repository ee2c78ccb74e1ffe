"""No client secret, signing key, token or configuration value shows anywhere, whatever goes wrong."""

from __future__ import annotations

import json
import traceback
from typing import Any

import httpx
import pytest

from dbconn_tui.errors import DbconnError
from dbconn_tui.sensitive import Sensitive
from dbconn_tui.tenant.token import Credentials
from tests.tenant.conftest import CLIENT_SECRET, DictCache, connection, jwt, opened

pytestmark = pytest.mark.anyio

VALUE = "configuration-value-42"
QUOTED = 'quoted"value\\7'


def echo(request: httpx.Request) -> str:
    """Everything that a request carried, as a careless server would repeat it."""
    content = request.content.decode()
    values = json.loads(content).get("options", {}).get("configuration", {}) if content else {}
    return f"{dict(request.headers)} {values} {' '.join(values.values())} {content}"


def echoing(status: int, key: str) -> Any:
    def handler(request: httpx.Request) -> httpx.Response:
        text = echo(request)
        if request.url.path == "/oauth/token":
            return httpx.Response(status, json={"error": text, "error_description": text})
        return httpx.Response(status, json={"statusCode": status, "message": text, key: text})

    return handler


def html(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, text=f"<html>{echo(request)}")


def cut(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, text=json.dumps({"echo": echo(request)})[:-2])


def broken(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadError(echo(request))


def unopened(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError(echo(request))


def fine(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json=connection("users"))


HANDLERS = [echoing(status, "errorCode") for status in (400, 401, 403, 404, 409, 418, 429, 500, 503)]
HANDLERS += [html, cut, broken, unopened, fine]

KEY = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0LWtleQ\n-----END PRIVATE KEY-----"


@pytest.mark.parametrize("token_fails", [False, True])
@pytest.mark.parametrize("handler", HANDLERS)
@pytest.mark.parametrize(
    "credentials",
    [
        Credentials.secret("an-id", Sensitive(CLIENT_SECRET)),
        Credentials.ready(Sensitive(jwt(id=77))),
        Credentials.ready(Sensitive(f"{CLIENT_SECRET} with a space")),
        Credentials.signing("an-id", Sensitive(KEY)),
    ],
    ids=["secret", "ready", "unreadable", "signing"],
)
async def test_nothing_secret_shows(handler: Any, token_fails: bool, credentials: Credentials) -> None:
    cache = DictCache()
    shop = opened(handler, credentials=credentials, cache=cache)
    if token_fails:
        shop.fake.token_handler = handler
    configuration = {"A": Sensitive(VALUE), "B": QUOTED}
    body = {"name": "users", "strategy": "auth0", "options": {"configuration": configuration}}
    shown = [repr(credentials), str(credentials)]
    async with shop.client as client:
        for work in (
            lambda: client.scopes(),
            lambda: client.list_connections(),
            lambda: client.create_connection(body),
            lambda: client.update_connection("con_users", body),
        ):
            try:
                shown.append(repr(await work()))
            except DbconnError as error:
                shown += [str(error), repr(error), error.hint, *traceback.format_exception(error)]
                shown += [repr(vars(error)), repr(error.__cause__)]
        shown += [repr(client), repr(vars(client)), repr(cache.tokens)]
    shown += [repr(event) for event in shop.events]
    everything = "\n".join(shown)
    for secret in (
        CLIENT_SECRET,
        VALUE,
        QUOTED,
        json.dumps(QUOTED)[1:-1],
        "c2VjcmV0LWtleQ",
        jwt(id=77),
        *shop.fake.tokens,
    ):
        assert secret not in everything
