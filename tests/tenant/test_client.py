from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from dbconn_tui.errors import (
    ApiError,
    AuthenticationError,
    MissingScopeError,
    NameTakenError,
    NotFoundError,
    UnreachableError,
    UsageError,
)
from dbconn_tui.events import EventKind
from dbconn_tui.project.values import Tenant
from dbconn_tui.sensitive import Sensitive
from dbconn_tui.tenant.client import TenantClient, require_options
from dbconn_tui.tenant.scopes import CREATE_SCOPES, DEPLOY_SCOPES, PLAN_SCOPES, missing_scopes
from dbconn_tui.tenant.token import Credentials, Token
from dbconn_tui.tenant.values import LiveClient, LiveReading
from tests.tenant.conftest import (
    CLIENT_SECRET,
    DOMAIN,
    START,
    DictCache,
    api_error,
    connection,
    in_turn,
    jwt,
    opened,
)

pytestmark = pytest.mark.anyio


def names_of(reading: LiveReading) -> list[str]:
    return [one.name for one in reading.connections]


def never(request: httpx.Request) -> httpx.Response:
    raise AssertionError(f"{request.method} {request.url} was sent")


def many(first: int, last: int) -> list[dict[str, Any]]:
    return [connection(f"c{number:03}") for number in range(first, last)]


async def test_one_page_is_one_token_and_one_list_request() -> None:
    shop = opened(in_turn(httpx.Response(200, json={"connections": [connection("users"), connection("Admins")]})))
    async with shop.client as client:
        reading = await client.list_connections()
    assert names_of(reading) == ["Admins", "users"]
    assert reading.complete
    assert reading.read_at == shop.time.now
    assert shop.fake.sent == ["POST /oauth/token", "GET /api/v2/connections"]
    assert dict(shop.fake.requests[1].url.params) == {"strategy": "auth0", "take": "100"}
    assert client.requests == 2
    assert client.request_counts == {("POST", "/oauth/token"): 1, ("GET", "/api/v2/connections"): 1}
    assert [(e.kind, e.message) for e in shop.events] == [
        (EventKind.REQUEST, "POST /oauth/token 200"),
        (EventKind.REQUEST, "GET /api/v2/connections 200"),
    ]


async def test_checkpoint_pages_are_followed_to_the_last() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        start = int(request.url.params.get("from", "0"))
        page: dict[str, Any] = {"connections": many(start, min(start + 100, 250))}
        if start + 100 < 250:
            page["next"] = str(start + 100)
        return httpx.Response(200, json=page)

    shop = opened(handler)
    async with shop.client as client:
        reading = await client.list_connections()
    assert names_of(reading) == [f"c{number:03}" for number in range(250)]
    assert client.request_counts["GET", "/api/v2/connections"] == 3


@pytest.mark.parametrize("shape", ["list", "totals", "list of everything"])
@pytest.mark.parametrize("count", [0, 3, 49, 50, 100, 101, 230])
async def test_servers_that_page_by_offset_are_read_whole(shape: str, count: int) -> None:
    everything = many(0, count)

    def handler(request: httpx.Request) -> httpx.Response:
        size = int(request.url.params.get("per_page", "50"))
        start = int(request.url.params.get("page", "0")) * size
        if shape == "list of everything":
            return httpx.Response(200, json=everything)
        page = everything[start : start + size]
        if shape == "list":
            return httpx.Response(200, json=page)
        return httpx.Response(200, json={"start": start, "limit": size, "total": count, "connections": page})

    async with opened(handler).client as client:
        reading = await client.list_connections()
    assert names_of(reading) == [one["name"] for one in everything]


async def test_pages_in_a_circle_end() -> None:
    page = {"connections": [connection("users")], "next": "again"}
    shop = opened(lambda request: httpx.Response(200, json=page))
    async with shop.client as client:
        with pytest.raises(UnreachableError, match="circle"):
            await client.list_connections()


async def test_connections_of_other_strategies_are_only_names() -> None:
    answer = {"connections": [connection("users"), connection("directory", "ad")]}
    async with opened(in_turn(httpx.Response(200, json=answer))).client as client:
        reading = await client.list_connections()
    assert names_of(reading) == ["users"]
    assert reading.other_names == {"directory": "ad"}


async def test_finding_by_name_asks_once_for_each_name_and_sees_other_strategies() -> None:
    live = {"users": connection("users"), "directory": connection("directory", "ad")}

    def handler(request: httpx.Request) -> httpx.Response:
        found = live.get(request.url.params["name"])
        return httpx.Response(200, json=[found] if found else [])

    shop = opened(handler)
    async with shop.client as client:
        reading = await client.find_connections(["users", "directory", "nobody", "users"])
    assert names_of(reading) == ["users"]
    assert reading.other_names == {"directory": "ad"}
    assert not reading.complete
    assert client.request_counts["GET", "/api/v2/connections"] == 3


async def test_a_name_that_differs_in_case_is_another_name() -> None:
    async with opened(lambda request: httpx.Response(200, json=[connection("Users")])).client as client:
        assert names_of(await client.find_connections(["users"])) == []


async def test_the_raw_object_is_kept_whole() -> None:
    raw = connection("users", unknown_option={"deep": [1, None]}) | {"new_top_level_key": True}
    async with opened(in_turn(httpx.Response(200, json=raw))).client as client:
        assert (await client.get_connection("con_users")).raw == raw


async def test_a_write_sends_exactly_the_body_with_its_secrets_revealed() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=connection("users"))

    shop = opened(handler)
    body = {
        "options": {
            "customScripts": {"login": "// é\r\n\ud800\u2028"},
            "configuration": {"API_KEY": Sensitive("schlüssel"), "URL": "https://users.example.com"},
        },
        "metadata": {},
    }
    async with shop.client as client:
        await client.update_connection("con_a/b c", body)
    sent = shop.fake.requests[1]
    assert sent.url.raw_path == b"/api/v2/connections/con_a%2Fb%20c"
    assert sent.headers["content-type"] == "application/json"
    assert sent.headers["user-agent"].startswith("dbconn/")
    expected = json.loads(json.dumps(body, default=lambda value: value.reveal()))
    assert json.loads(sent.content) == expected
    assert client.request_counts["PATCH", "/api/v2/connections/{id}"] == 1


async def test_numbers_that_json_cannot_hold_are_a_usage_error() -> None:
    async with opened(never).client as client:
        with pytest.raises(UsageError):
            await client.create_connection({"name": "users", "options": {"limit": float("nan")}})


async def test_a_taken_name_says_which_strategy_holds_it() -> None:
    shop = opened(
        in_turn(
            api_error(409, "A connection with the same name already exists", "connection_conflict"),
            httpx.Response(200, json=[connection("users", "ad")]),
        )
    )
    async with shop.client as client:
        with pytest.raises(NameTakenError, match="strategy ad"):
            await client.create_connection({"name": "users", "strategy": "auth0"})


async def test_a_name_taken_by_a_connection_of_ours_asks_for_a_new_plan() -> None:
    shop = opened(
        in_turn(
            api_error(409, "A connection with the same name already exists", "connection_conflict"),
            httpx.Response(200, json=[connection("users")]),
        )
    )
    async with shop.client as client:
        with pytest.raises(NameTakenError, match="already exists") as caught:
            await client.create_connection({"name": "users", "strategy": "auth0"})
    assert "run plan again" in caught.value.hint


async def test_a_name_being_deleted_stays_what_it_is() -> None:
    text = "A connection with the same name is being deleted, try again later"
    shop = opened(in_turn(api_error(409, text), httpx.Response(200, json=[])))
    async with shop.client as client:
        with pytest.raises(NameTakenError, match="being deleted"):
            await client.create_connection({"name": "users", "strategy": "auth0"})


async def test_a_connection_that_is_gone_is_not_found() -> None:
    gone = api_error(404, "The connection does not exist", "inexistent_connection")
    async with opened(in_turn(gone)).client as client:
        with pytest.raises(NotFoundError):
            await client.get_connection("con_users")


async def test_clients_are_listed_without_the_global_one() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        start = int(request.url.params["page"]) * 100
        assert request.url.params["is_global"] == "false"
        clients = [{"client_id": f"id{n}", "name": f"App {n:03}"} for n in range(start, min(start + 100, 130))]
        return httpx.Response(200, json={"start": start, "limit": 100, "total": 130, "clients": clients})

    async with opened(handler).client as client:
        found = await client.list_clients()
    assert len(found) == 130
    assert found[0] == LiveClient("id0", "App 000")


@pytest.mark.parametrize("answer", [{"id": "con_1"}, [], {"id": 1, "name": "users", "strategy": "auth0"}, None, "text"])
async def test_an_object_that_is_no_connection_is_not_the_apis(answer: Any) -> None:
    async with opened(in_turn(httpx.Response(200, json=answer))).client as client:
        with pytest.raises(UnreachableError, match="isn't the API's"):
            await client.get_connection("con_1")


def test_options_must_be_there_before_anything_is_merged() -> None:
    from dbconn_tui.tenant.pages import read_connection

    bare = {key: value for key, value in connection("admins").items() if key != "options"}
    whole = LiveReading((read_connection(connection("users")),), 0.0)
    require_options(whole)
    require_options(LiveReading((), 0.0))
    with pytest.raises(MissingScopeError, match="admins") as caught:
        require_options(LiveReading((*whole.connections, read_connection(bare)), 0.0))
    assert caught.value.scopes == ("read:connections_options",)


async def test_scopes_come_from_the_token_and_tell_what_is_missing() -> None:
    shop = opened(never)
    shop.fake.scopes = ["read:connections", "update:connections", "read:logs"]
    async with shop.client as client:
        have = await client.scopes()
    assert missing_scopes(PLAN_SCOPES, have) == ("read:connections_options",)
    assert missing_scopes({**DEPLOY_SCOPES, **CREATE_SCOPES}, have) == (
        "read:connections_options",
        "update:connections_options",
        "create:connections",
    )
    assert all(sentence.endswith(".") for sentence in {**DEPLOY_SCOPES, **CREATE_SCOPES}.values())


async def test_one_token_serves_the_run_and_the_next_through_the_cache() -> None:
    cache = DictCache()
    for expected in (1, 0):
        shop = opened(lambda request: httpx.Response(200, json=[]), cache=cache)
        async with shop.client as client:
            await client.list_connections()
            await client.list_connections()
            await client.scopes()
        assert shop.fake.sent.count("POST /oauth/token") == expected
    assert set(cache.tokens) == {(DOMAIN, "an-id", f"https://{DOMAIN}/api/v2/")}
    assert cache.reads == 2


async def test_a_kept_token_that_has_expired_is_not_used() -> None:
    cache = DictCache()
    cache.put(DOMAIN, "an-id", f"https://{DOMAIN}/api/v2/", Token.from_access(Sensitive(jwt(expires_at=START + 59))))
    shop = opened(lambda request: httpx.Response(200, json=[]), cache=cache)
    async with shop.client as client:
        await client.list_connections()
        assert shop.fake.sent.count("POST /oauth/token") == 1
        shop.time.now += 86_400
        await client.list_connections()
        assert shop.fake.sent.count("POST /oauth/token") == 2


def refuses_first(count: int, refused: httpx.Response) -> Any:
    """A handler that refuses the first `count` different tokens."""
    seen: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        token = request.headers["authorization"]
        if token not in seen:
            seen.append(token)
        return refused if seen.index(token) < count else httpx.Response(200, json=[])

    return handler


INVALID = api_error(401, "Invalid token")
LACKING = api_error(403, "Insufficient scope, expected any of: read:connections", "insufficient_scope")


def cache_with(scopes: tuple[str, ...] = tuple(DEPLOY_SCOPES)) -> DictCache:
    cache = DictCache()
    token = Token.from_access(Sensitive(jwt(scopes=scopes, id=99)))
    cache.put(DOMAIN, "an-id", f"https://{DOMAIN}/api/v2/", token)
    return cache


@pytest.mark.parametrize("refused", [INVALID, LACKING])
async def test_a_kept_token_that_is_refused_is_replaced_once(refused: httpx.Response) -> None:
    cache = cache_with()
    shop = opened(refuses_first(1, refused), cache=cache)
    async with shop.client as client:
        assert names_of(await client.list_connections()) == []
    assert shop.fake.sent == ["GET /api/v2/connections", "POST /oauth/token", "GET /api/v2/connections"]
    assert [token.access.reveal() for token in cache.tokens.values()] == shop.fake.tokens


async def test_a_token_that_stays_refused_is_an_authentication_error() -> None:
    shop = opened(refuses_first(9, INVALID), cache=cache_with())
    async with shop.client as client:
        for _ in range(3):
            with pytest.raises(AuthenticationError, match="Invalid token"):
                await client.list_connections()
    assert shop.fake.sent.count("POST /oauth/token") == 1


async def test_a_token_of_this_run_is_not_fetched_again_for_a_scope_it_lacks() -> None:
    shop = opened(refuses_first(9, LACKING))
    async with shop.client as client:
        with pytest.raises(MissingScopeError) as caught:
            await client.list_connections()
    assert caught.value.scopes == ("read:connections",)
    assert shop.fake.sent.count("POST /oauth/token") == 1


async def test_a_kept_token_without_a_needed_scope_is_replaced_before_any_request() -> None:
    shop = opened(never, cache=cache_with(("read:connections",)))
    async with shop.client as client:
        assert set(DEPLOY_SCOPES) <= await client.scopes(DEPLOY_SCOPES)
        await client.scopes({"read:everything": ""})
    assert shop.fake.sent == ["POST /oauth/token"]


async def test_requests_refused_together_fetch_one_new_token() -> None:
    shop = opened(refuses_first(1, INVALID), cache=cache_with())
    async with shop.client as client:
        await client.find_connections([f"c{number}" for number in range(12)])
    assert shop.fake.sent.count("POST /oauth/token") == 1


async def test_a_ready_token_is_used_as_it_is_and_never_replaced() -> None:
    credentials = Credentials.ready(Sensitive(jwt(id=5)))
    shop = opened(in_turn(httpx.Response(200, json=[]), INVALID), credentials=credentials, cache=cache_with())
    async with shop.client as client:
        await client.list_connections()
        with pytest.raises(AuthenticationError):
            await client.list_connections()
    assert "POST /oauth/token" not in shop.fake.sent
    assert shop.fake.requests[0].headers["authorization"] == f"Bearer {jwt(id=5)}"


@pytest.mark.parametrize(
    ("token", "words"),
    [
        (jwt(issuer="https://other.example.com/"), "not issued by"),
        ("opaque-token", "not issued by"),
        (jwt(expires_at=START - 1), "expired"),
    ],
)
async def test_a_ready_token_of_another_tenant_or_an_old_one_is_never_sent(token: str, words: str) -> None:
    shop = opened(never, credentials=Credentials.ready(Sensitive(token)))
    async with shop.client as client:
        with pytest.raises(AuthenticationError, match=words) as caught:
            await client.list_connections()
    assert "AUTH0_ACCESS_TOKEN" in caught.value.hint
    assert shop.fake.requests == []


async def test_a_client_secret_is_sent_as_the_platform_asks_for() -> None:
    tenant = Tenant("prod", "login.example.com", client_id="an-id", audience="https://shop.example.com/api/v2/")
    shop = opened(lambda request: httpx.Response(200, json=[]), tenant=tenant)
    async with shop.client as client:
        await client.list_connections()
    assert json.loads(shop.fake.requests[0].content) == {
        "grant_type": "client_credentials",
        "client_id": "an-id",
        "client_secret": CLIENT_SECRET,
        "audience": "https://shop.example.com/api/v2/",
    }
    assert str(shop.fake.requests[0].url) == "https://login.example.com/oauth/token"


async def test_each_attempt_with_a_signing_key_has_an_assertion_of_its_own() -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    shop = opened(
        lambda request: httpx.Response(200, json=[]), credentials=Credentials.signing("an-id", Sensitive(pem))
    )
    shop.fake.token_handler = in_turn(
        httpx.Response(503, json={"error": "down"}), httpx.Response(200, json={"access_token": jwt()})
    )
    async with shop.client as client:
        await client.list_connections()
    bodies = [json.loads(request.content) for request in shop.fake.requests[:2]]
    assert [set(body) for body in bodies] == [
        {"grant_type", "client_id", "audience", "client_assertion_type", "client_assertion"}
    ] * 2
    assert bodies[0]["client_assertion"] != bodies[1]["client_assertion"]


async def test_wrong_credentials_say_what_to_check_and_are_asked_once() -> None:
    shop = opened(never)
    shop.fake.token_handler = in_turn(
        httpx.Response(401, json={"error": "access_denied", "error_description": "Unauthorized"})
    )
    async with shop.client as client:
        with pytest.raises(AuthenticationError, match="Unauthorized"):
            await client.list_connections()


@pytest.mark.parametrize("content", [{}, {"access_token": 3}, {"access_token": "two words"}, [], "text", 0])
async def test_a_token_answer_without_a_token_is_not_the_apis(content: Any) -> None:
    shop = opened(never)
    shop.fake.token_handler = in_turn(httpx.Response(200, json=content))
    async with shop.client as client:
        with pytest.raises(UnreachableError, match="no token in it"):
            await client.list_connections()


@pytest.mark.parametrize(
    "domain",
    [
        "http://shop.example.com",
        "http://127.0.0.1.example.com:80",
        "shop.example.com@evil.example",
        "shop.example.com/path",
        "SHOP.example.com",
        "",
    ],
)
def test_a_client_is_not_made_for_anything_but_https_or_this_machine(domain: str) -> None:
    with pytest.raises(UsageError):
        TenantClient(Tenant("dev", domain), Credentials.secret("id", Sensitive("secret")))


async def test_the_error_of_a_write_does_not_quote_the_values_it_carried() -> None:
    text = "Invalid value 'hunter22' on property configuration (also 'https://users.example.com')"
    shop = opened(in_turn(api_error(400, text)))
    configuration = {"KEY": Sensitive("hunter22"), "URL": "https://users.example.com"}
    async with shop.client as client:
        with pytest.raises(ApiError) as caught:
            await client.create_connection({"name": "users", "options": {"configuration": configuration}})
    assert "Invalid value '***' on property configuration (also '***')" in caught.value.message
