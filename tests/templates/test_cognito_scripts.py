"""The pair `cognito` against a stand-in of a user pool."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from dbconn_tui.sample_store.server import served
from dbconn_tui.scaffold.catalogue import read_template, shipped_folder
from dbconn_tui.scaffold.render import render
from dbconn_tui.scaffold.template import Value

from .conftest import Run, RunScripts
from .faults import WithFaults
from .pair_checks import assert_outage, assert_refused, check_outages, check_people, check_strangers
from .stand_ins.cognito import (
    ACCESS_KEY_ID,
    CLIENT_ID,
    CLIENT_SECRET,
    POOL_ID,
    SECRET_ACCESS_KEY,
    Cognito,
    CognitoUser,
)

TEMPLATE = read_template(shipped_folder() / "cognito")
ROBIN = CognitoUser("5d3e-robin", "robin@example.com", "sesame 1", "robin", "Robin")
ZOE = CognitoUser("5d3e-zoe", "zoë.o'neil@example.com", "zoë's password", verified=False)
USERS = [
    ROBIN,
    ZOE,
    CognitoUser("5d3e-3", "reset@example.com", "sesame 1", failure="PasswordResetRequiredException"),
    CognitoUser("5d3e-4", "temporary@example.com", "sesame 1", challenge="NEW_PASSWORD_REQUIRED"),
    CognitoUser("5d3e-5", "unconfirmed@example.com", "sesame 1", failure="UserNotConfirmedException"),
    CognitoUser("5d3e-6", "factor@example.com", "sesame 1", challenge="SOFTWARE_TOKEN_MFA"),
    CognitoUser("5d3e-7", "disabled@example.com", "sesame 1", enabled=False),
    CognitoUser("5d3e-8", "shared@example.com", "sesame 1", "one"),
    CognitoUser("5d3e-9", "shared@example.com", "sesame 1", "two"),
    CognitoUser("5d3e-10", "robin@example.com", "-", "google_1", status="EXTERNAL_PROVIDER"),
]
SECRETS = {
    "cognito_client_secret": CLIENT_SECRET,
    "aws_access_key_id": ACCESS_KEY_ID,
    "aws_secret_access_key": SECRET_ACCESS_KEY,
}


@dataclass(frozen=True, slots=True)
class Pool:
    """The running stand-in."""

    url: str
    cognito: Cognito
    seen: list[str]

    def configuration(self, url: str | None = None, **changes: str) -> dict[str, str]:
        return {
            "COGNITO_URL": self.url if url is None else url,
            "COGNITO_USER_POOL_ID": POOL_ID,
            "COGNITO_CLIENT_ID": CLIENT_ID,
            "COGNITO_CLIENT_SECRET": CLIENT_SECRET,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
            "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
            **changes,
        }


@pytest.fixture
def pool() -> Iterator[Pool]:
    cognito = Cognito(list(USERS))
    app = WithFaults(cognito.app())
    with served(app) as url:
        yield Pool(url, cognito, app.seen)


def scripts(**values: Value) -> dict[str, str]:
    return dict(render(TEMPLATE, {"user_id_prefix": "", **values}).files)


def test_profiles(pool: Pool, run_scripts: RunScripts) -> None:
    people = {"robin": ROBIN.password, "ROBIN@example.com": ROBIN.password, ZOE.email: ZOE.password}
    found = check_people(scripts(username=True, user_id_prefix="pool|"), pool.configuration(), people, run_scripts)
    assert found["robin"] == found["ROBIN@example.com"]
    assert found["robin"] == {
        "user_id": "pool|5d3e-robin",
        "email": "robin@example.com",
        "email_verified": True,
        "username": "robin",
        "given_name": "Robin",
    }
    assert found[ZOE.email]["email_verified"] is False
    assert set(pool.seen) == {"/"}


@pytest.mark.parametrize("hides_users", [True, False])
def test_strangers(pool: Pool, hides_users: bool, run_scripts: RunScripts) -> None:
    pool.cognito.hides_users = hides_users
    check_strangers(scripts(username=hides_users), pool.configuration(), run_scripts)


def test_states(pool: Pool, run_scripts: RunScripts) -> None:
    pair, configuration = scripts(), pool.configuration()
    runs = [Run(user.email, pair["login"], (user.email, "sesame 1"), configuration) for user in USERS[2:7]]
    runs += [
        Run("find disabled", pair["get_user"], ("disabled@example.com",), configuration),
        Run("find shared", pair["get_user"], ("shared@example.com",), configuration),
        Run("find unconfirmed", pair["get_user"], ("unconfirmed@example.com",), configuration),
    ]
    calls = run_scripts(runs)
    for user in USERS[2:6]:
        assert (calls[user.email].error or {})["name"] == "UnauthorizedError", user.email
    for address in ("reset@example.com", "temporary@example.com"):
        assert (calls[address].error or {})["message"] == "Please set a new password"
    assert_refused("disabled", calls["disabled@example.com"], "disabled@example.com")
    assert_outage("disabled", calls["find disabled"])
    assert_outage("shared", calls["find shared"])
    assert calls["find unconfirmed"].result["user_id"] == "5d3e-5"


def test_outages(pool: Pool, run_scripts: RunScripts) -> None:
    check_outages(TEMPLATE, {}, pool.url, pool.configuration, run_scripts)


def test_refused_credentials_and_limits(pool: Pool, run_scripts: RunScripts) -> None:
    """A client secret of ours that is wrong is no wrong password, though Cognito names both the same."""
    pair, right = scripts(), ("robin", "sesame 1")
    runs = [
        Run("client secret", pair["login"], right, pool.configuration(COGNITO_CLIENT_SECRET="wrong-one")),
        Run("no hash", scripts(client_has_secret=False)["login"], right, pool.configuration()),
        Run("client", pair["login"], right, pool.configuration(COGNITO_CLIENT_ID="another")),
        Run("key id", pair["get_user"], right[:1], pool.configuration(AWS_ACCESS_KEY_ID="AKIAOTHER")),
        Run("key", pair["get_user"], right[:1], pool.configuration(AWS_SECRET_ACCESS_KEY="wrong-one")),
        Run("region", pair["get_user"], right[:1], pool.configuration(COGNITO_USER_POOL_ID="us-east-1_x")),
        Run("pool", pair["get_user"], right[:1], pool.configuration(COGNITO_USER_POOL_ID="eu-central-1_x")),
    ]
    for name, call in run_scripts(runs).items():
        assert_outage(name, call, ("wrong-one", "AKIA"))
    pool.cognito.limited = True
    limited = run_scripts([Run("limited", pair["login"], right, pool.configuration())])["limited"]
    assert_outage("limited", limited)
    assert "TooManyRequestsException" in (limited.error or {})["message"]
