"""The rest-api scripts, run by Node against the real sample store: right answers, and what they do when it fails."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dbconn_tui.scaffold.render import render
from dbconn_tui.scaffold.template import Template

from .conftest import Call, Run, RunScripts, Store, misbehaving_store
from .faults import FAULTS

ROBIN = "robin@example.com"
PASSWORD = "robin-sample-password"
NEW_USER = {
    "email": "new@example.com",
    "password": "a new password",
    "tenant": "acme",
    "client_id": "abc",
    "connection": "users",
}

ARGUMENTS: dict[str, tuple[Any, ...]] = {
    "login": (ROBIN, PASSWORD),
    "get_user": (ROBIN,),
    "create": (NEW_USER,),
    "verify": (ROBIN,),
    "change_password": (ROBIN, "another password"),
    "delete": ("usr_1",),
    "change_email": (ROBIN, "robin.new@example.com", True),
}


@pytest.fixture(scope="module")
def scripts(rest_api: Template) -> dict[str, str]:
    return dict(render(rest_api, {"user_id_prefix": ""}).files)


@pytest.fixture(scope="module")
def failing_store() -> Iterator[Store]:
    """One store for the tests in which nothing ever reaches the users."""
    with misbehaving_store() as running:
        yield running


def assert_outage(name: str, call: Call) -> None:
    """A plain Error, no result, and a text without any person or secret."""
    assert call.error is not None, name
    assert call.error["name"] == "Error", name
    assert call.result is None
    assert call.error["message"]
    for word in ("robin", "example.com", "sample-password", "another password", "usr_", "secret", "token-"):
        assert word not in call.error["message"], name


def error_class(call: Call) -> str:
    assert call.error is not None
    return str(call.error["name"])


def test_every_script_does_its_work(scripts: dict[str, str], store: Store, run_scripts: RunScripts) -> None:
    """A user's whole life, in one container: sign-up, verification, new password, new address, deletion."""
    configuration = store.configuration()
    steps: list[tuple[str, str, tuple[Any, ...]]] = [
        ("unknown before", "get_user", ("new@example.com",)),
        ("created", "create", (NEW_USER,)),
        ("created twice", "create", ({**NEW_USER, "email": "NEW@example.com"},)),
        ("first login", "login", ("new@example.com", "a new password")),
        ("verified", "verify", ("new@example.com",)),
        ("verified nobody", "verify", ("nobody@example.com",)),
        ("found", "get_user", ("New@Example.com",)),
        ("new password", "change_password", ("new@example.com", "the next password")),
        ("new password for nobody", "change_password", ("nobody@example.com", "the next password")),
        ("old password", "login", ("new@example.com", "a new password")),
        ("login with the new one", "login", ("new@example.com", "the next password")),
        ("new address", "change_email", ("new@example.com", "newer@example.com", False)),
        ("new address for nobody", "change_email", ("nobody@example.com", "no@example.com", False)),
        ("taken address", "change_email", ("newer@example.com", ROBIN, True)),
        ("old address", "get_user", ("new@example.com",)),
        ("after the change", "get_user", ("newer@example.com",)),
    ]
    calls = run_scripts([Run(name, scripts[kind], args, configuration, "one") for name, kind, args in steps])

    assert calls["unknown before"] == Call(1, None, None)
    assert calls["created"] == Call(1, None, None)
    assert error_class(calls["created twice"]) == "ValidationError"
    assert calls["created twice"].error is not None
    assert calls["created twice"].error["code"] == "user_exists"
    first = calls["first login"].result
    assert first == {"user_id": first["user_id"], "email": "new@example.com", "email_verified": False}
    assert calls["verified"] == Call(2, None, True)
    assert calls["verified nobody"] == Call(2, None, False)
    assert calls["found"].result == {**first, "email_verified": True}
    assert calls["new password"] == Call(2, None, True)
    assert calls["new password for nobody"] == Call(2, None, False)
    assert error_class(calls["old password"]) == "WrongUsernameOrPasswordError"
    assert calls["login with the new one"].result == calls["found"].result
    assert calls["new address"] == Call(2, None, True)
    assert calls["new address for nobody"] == Call(2, None, False)
    assert error_class(calls["taken address"]) == "Error"
    assert calls["old address"] == Call(1, None, None)
    assert calls["after the change"].result == {**first, "email": "newer@example.com"}
    assert store.seen.count("/oauth/token") == 1, "one container needs one token"

    last = [
        Run("deleted", scripts["delete"], (first["user_id"],), configuration),
        Run("deleted twice", scripts["delete"], (first["user_id"],), configuration, "deleted", ""),
        Run("gone", scripts["get_user"], ("newer@example.com",), configuration, "deleted"),
    ]
    assert set(run_scripts(last).values()) == {Call(1, None, None)}


def test_login_refuses_without_saying_why(scripts: dict[str, str], store: Store, run_scripts: RunScripts) -> None:
    attempts = {
        "wrong password": (ROBIN, "wrong"),
        "someone else's password": (ROBIN, "sascha-sample-password"),
        "unknown user": ("nobody@example.com", PASSWORD),
        "empty password": (ROBIN, ""),
        "empty identifier": ("", PASSWORD),
        "no password": (ROBIN, None),
        "long password": (ROBIN, "x" * 5_000),
        "injection": ("' OR 1=1 --", "' OR 1=1 --"),
        "operator": ('{"$gt": ""}', PASSWORD),
        "300 characters": (f"{'x' * 300}@example.com", PASSWORD),
        "unusual characters": ("ünïcode\u2028\u0000@example.com", PASSWORD),
    }
    configuration = store.configuration()
    calls = run_scripts(
        [Run(name, scripts["login"], arguments, configuration, "one") for name, arguments in attempts.items()]
    )
    for name, call in calls.items():
        assert call.error is not None, name
        assert call.error["name"] == "WrongUsernameOrPasswordError", name
        assert call.error["message"] == "Wrong user name or password"
        assert call.error["user_id"] == attempts[name][0]
        assert call.result is None


def test_an_empty_password_never_reaches_the_store(
    scripts: dict[str, str], store: Store, run_scripts: RunScripts
) -> None:
    configuration = store.configuration()
    calls = run_scripts(
        [
            Run("login", scripts["login"], (ROBIN, ""), configuration),
            Run("create", scripts["create"], ({**NEW_USER, "password": ""},), configuration),
            Run("change", scripts["change_password"], (ROBIN, ""), configuration),
        ]
    )
    assert error_class(calls["login"]) == "WrongUsernameOrPasswordError"
    assert error_class(calls["create"]) == error_class(calls["change"]) == "Error"
    assert store.seen == []


def test_login_and_get_user_give_the_same_profile(rest_api: Template, store: Store, run_scripts: RunScripts) -> None:
    values = {"username": True, "user_id_prefix": "shop|"}
    scripts = render(rest_api, values).files
    people = {
        "robin@example.com": "robin-sample-password",
        "ROBIN": "robin-sample-password",
        "sascha": "sascha-sample-password",
        "zoë.o'neil@example.com": "zoë's sample password",
    }
    configuration = store.configuration()
    runs = [Run(f"login {who}", scripts["login"], (who, password), configuration) for who, password in people.items()]
    runs += [Run(f"get_user {who}", scripts["get_user"], (who,), configuration) for who in people]
    calls = run_scripts(runs)
    for who in people:
        profile = calls[f"login {who}"].result
        assert profile == calls[f"get_user {who}"].result
        user = store.users.find(who)
        assert user is not None
        assert profile == {
            "user_id": f"shop|{user.id}",
            "email": user.email,
            "email_verified": user.email_verified,
            "username": user.username,
            "name": user.name,
            "given_name": user.given_name,
            "family_name": user.family_name,
        }


def test_the_prefix_is_cut_off_again_before_a_deletion(
    rest_api: Template, store: Store, run_scripts: RunScripts
) -> None:
    delete = render(rest_api, {"user_id_prefix": "shop|"}).files["delete"]
    user = store.users.find(ROBIN)
    assert user is not None
    calls = run_scripts(
        [
            Run("someone else's", delete, (f"crm|{user.id}",), store.configuration(), "one"),
            Run("ours", delete, (f"shop|{user.id}",), store.configuration(), "one"),
        ]
    )
    assert_outage("someone else's", calls["someone else's"])
    assert calls["ours"] == Call(1, None, None)
    assert store.users.find(ROBIN) is None


def test_a_revoked_token_is_replaced_once(scripts: dict[str, str], store: Store, run_scripts: RunScripts) -> None:
    configuration = store.configuration()
    revoke = f"{store.url}/control/revoke"
    calls = run_scripts(
        [
            Run("first", scripts["get_user"], (ROBIN,), configuration, "one"),
            Run("second", scripts["login"], (ROBIN, PASSWORD), configuration, "one", revoke),
            Run("third", scripts["create"], (NEW_USER,), configuration, "one", revoke),
            Run("fourth", scripts["get_user"], ("new@example.com",), configuration, "one"),
        ]
    )
    assert calls["first"].result == calls["second"].result
    assert calls["third"] == Call(1, None, None)
    assert calls["fourth"].result["email"] == "new@example.com"
    assert store.seen.count("/oauth/token") == 3
    assert store.seen.count("/users/create") == 2, "refused once, then repeated with the new token"


def test_a_token_that_expires_is_fetched_again(scripts: dict[str, str], store: Store, run_scripts: RunScripts) -> None:
    """`Date` runs an hour ahead in the second run: the cached token must not be used any more."""
    later = scripts["get_user"].replace("Date.now()", "(Date.now() + 3600000)")
    assert later != scripts["get_user"]
    configuration = store.configuration()
    calls = run_scripts(
        [
            Run("now", scripts["get_user"], (ROBIN,), configuration, "one"),
            Run("an hour later", later, (ROBIN,), configuration, "one"),
        ]
    )
    assert calls["now"].result == calls["an hour later"].result
    assert store.seen.count("/oauth/token") == 2
    assert store.seen.count("/users/find") == 2, "no call was made with the old token"


def test_connections_do_not_share_a_token(scripts: dict[str, str], store: Store, run_scripts: RunScripts) -> None:
    other = store.configuration(API_AUDIENCE="https://other.example.com")
    run_scripts(
        [
            Run("one", scripts["get_user"], (ROBIN,), store.configuration(), "shared"),
            Run("other", scripts["get_user"], (ROBIN,), other, "shared"),
            Run("one again", scripts["get_user"], (ROBIN,), store.configuration(), "shared"),
        ]
    )
    assert store.seen.count("/oauth/token") == 2


def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.mark.parametrize("kind", ARGUMENTS)
def test_a_store_that_cannot_tell_is_an_error(
    kind: str, scripts: dict[str, str], failing_store: Store, run_scripts: RunScripts
) -> None:
    """Whatever goes wrong, in the API or at the token endpoint: one call, a plain Error, nobody named."""
    script = scripts[kind]
    refused = f"http://127.0.0.1:{unused_port()}"
    runs = []
    for fault in FAULTS:
        below = f"{failing_store.url}/fault/{fault}"
        runs.append(Run(f"api {fault}", script, ARGUMENTS[kind], failing_store.configuration(API_URL=below)))
        runs.append(
            Run(f"token {fault}", script, ARGUMENTS[kind], failing_store.configuration(TOKEN_URL=f"{below}/token"))
        )
    runs += [
        Run("api down", script, ARGUMENTS[kind], failing_store.configuration(API_URL=refused)),
        Run("token down", script, ARGUMENTS[kind], failing_store.configuration(TOKEN_URL=refused)),
        Run("wrong secret", script, ARGUMENTS[kind], failing_store.configuration(API_CLIENT_SECRET="wrong")),
        Run("no address", script, ARGUMENTS[kind], failing_store.configuration(API_URL="")),
        Run("no configuration", script, ARGUMENTS[kind], {}),
    ]
    calls = run_scripts(runs)
    for name, call in calls.items():
        assert_outage(name, call)
    down = calls["api down"].error
    assert down is not None
    assert "ECONNREFUSED" in down["message"]
    busy = calls["api 500"].error
    assert busy is not None
    assert "500" in busy["message"]


def test_a_store_that_hangs_is_an_error_in_time(
    rest_api: Template, failing_store: Store, run_scripts: RunScripts
) -> None:
    scripts = render(rest_api, {"timeout_ms": 300, "user_id_prefix": ""}).files
    runs = []
    for kind, arguments in ARGUMENTS.items():
        for fault in ("hang", "hang-in-body"):
            below = f"{failing_store.url}/fault/{fault}"
            runs.append(Run(f"{kind} {fault}", scripts[kind], arguments, failing_store.configuration(API_URL=below)))
        runs.append(
            Run(
                f"{kind} token",
                scripts[kind],
                arguments,
                failing_store.configuration(TOKEN_URL=f"{failing_store.url}/fault/hang/t"),
            )
        )
    for name, call in run_scripts(runs).items():
        assert_outage(name, call)
        assert call.error is not None
        assert "TimeoutError" in call.error["message"], name


def test_no_address_name_or_id_stands_in_a_url(scripts: dict[str, str], store: Store, run_scripts: RunScripts) -> None:
    run_scripts([Run(kind, scripts[kind], arguments, store.configuration()) for kind, arguments in ARGUMENTS.items()])
    assert sorted(set(store.seen)) == [
        "/oauth/token",
        "/users/authenticate",
        "/users/change-email",
        "/users/change-password",
        "/users/create",
        "/users/delete",
        "/users/find",
        "/users/verify-email",
    ]


def test_https_with_a_trusted_certificate_only(
    scripts: dict[str, str], certificate: tuple[Path, Path], run_scripts: RunScripts
) -> None:
    with misbehaving_store(*certificate) as store:
        assert store.url.startswith("https://")
        login = [Run("login", scripts["login"], (ROBIN, PASSWORD), store.configuration())]
        assert run_scripts(login, trusted=certificate[0])["login"].result["email"] == ROBIN
        untrusted = run_scripts(login)["login"]
        assert_outage("untrusted", untrusted)
        assert "CERT" in str(untrusted.error)
        assert store.seen == ["/oauth/token", "/users/authenticate"], "nothing is sent to a server without trust"


def test_context_stands_before_the_callback(rest_api: Template, store: Store, run_scripts: RunScripts) -> None:
    scripts = render(rest_api, {"organization_context": True, "user_id_prefix": ""}).files
    with_organization = {"organization": {"id": "org_1", "name": "one", "metadata": {}}}
    runs = []
    for name, context in (("in an organization", with_organization), ("outside", {})):
        runs += [
            Run(f"login {name}", scripts["login"], (ROBIN, PASSWORD, context), store.configuration()),
            Run(f"get_user {name}", scripts["get_user"], (ROBIN, context), store.configuration()),
            Run(f"verify {name}", scripts["verify"], (ROBIN, context), store.configuration()),
            Run(f"delete {name}", scripts["delete"], ("usr_unknown", {}), store.configuration()),
        ]
    calls = run_scripts(runs)
    for name in ("in an organization", "outside"):
        assert calls[f"login {name}"].result["email"] == ROBIN
        assert calls[f"login {name}"].result == calls[f"get_user {name}"].result
        assert calls[f"verify {name}"] == Call(2, None, True)
        assert calls[f"delete {name}"] == Call(1, None, None)
