"""The pair `firebase` against a stand-in of a Firebase project."""

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
from .stand_ins.firebase import API_KEY, PROJECT_ID, SERVICE_ACCOUNT, Firebase, FirebaseUser
from .stand_ins.tokens import signing_key_pem

TEMPLATE = read_template(shipped_folder() / "firebase")
ROBIN = FirebaseUser("uid-robin", "robin@example.com", "sesame 1", "Robin Example")
ZOE = FirebaseUser("uid-zoe", "zoë.o'neil@example.com", "zoë's password", verified=False)
USERS = [
    ROBIN,
    ZOE,
    FirebaseUser("uid-3", "factor@example.com", "sesame 1", second_factor=True),
    FirebaseUser("uid-4", "disabled@example.com", "sesame 1", disabled=True),
    FirebaseUser(
        "uid-5",
        "tried@example.com",
        "sesame 1",
        failure="TOO_MANY_ATTEMPTS_TRY_LATER : Access to this account has been temporarily disabled",
    ),
    FirebaseUser("uid-6", "google@example.com", "", has_password=False),
    FirebaseUser("uid-7", "shared@example.com", "sesame 1"),
    FirebaseUser("uid-8", "shared@example.com", "sesame 1"),
]
SECRETS = {"firebase_api_key": API_KEY, "firebase_private_key": signing_key_pem()}


@dataclass(frozen=True, slots=True)
class Project:
    """The running stand-in."""

    url: str
    firebase: Firebase
    seen: list[str]

    def configuration(self, url: str | None = None, **changes: str) -> dict[str, str]:
        place = self.url if url is None else url
        return {
            "IDENTITY_URL": place,
            "TOKEN_URL": f"{place}/token" if place else "",
            "FIREBASE_PROJECT_ID": PROJECT_ID,
            "FIREBASE_API_KEY": API_KEY,
            "SERVICE_ACCOUNT": SERVICE_ACCOUNT,
            "SERVICE_ACCOUNT_KEY": SECRETS["firebase_private_key"],
            **changes,
        }


@pytest.fixture
def project() -> Iterator[Project]:
    firebase = Firebase(list(USERS))
    app = WithFaults(firebase.app())
    with served(app) as url:
        yield Project(url, firebase, app.seen)


def scripts(**values: Value) -> dict[str, str]:
    return dict(render(TEMPLATE, {"user_id_prefix": "", **values}).files)


def test_profiles(project: Project, run_scripts: RunScripts) -> None:
    people = {ROBIN.email: ROBIN.password, "ROBIN@Example.com": ROBIN.password, ZOE.email: ZOE.password}
    found = check_people(scripts(user_id_prefix="shop|"), project.configuration(), people, run_scripts)
    assert found[ROBIN.email] == found["ROBIN@Example.com"]
    assert found[ROBIN.email] == {
        "user_id": "shop|uid-robin",
        "email": "robin@example.com",
        "email_verified": True,
        "name": "Robin Example",
    }
    assert found[ZOE.email] == {"user_id": "shop|uid-zoe", "email": ZOE.email, "email_verified": False}
    assert project.seen.count("/token") == 1, "one container needs one token"
    assert set(project.seen) == {
        "/token",
        "/v1/accounts:lookup",
        "/v1/accounts:signInWithPassword",
        "/v1/projects/acme-shop/accounts:lookup",
    }


@pytest.mark.parametrize("hides_users", [True, False])
def test_strangers(project: Project, hides_users: bool, run_scripts: RunScripts) -> None:
    project.firebase.hides_users = hides_users
    check_strangers(scripts(), project.configuration(), run_scripts)
    wrong = Run("wrong", scripts()["login"], (ROBIN.email, "wrong"), project.configuration())
    assert_refused("wrong", run_scripts([wrong])["wrong"], ROBIN.email)


def test_states(project: Project, run_scripts: RunScripts) -> None:
    pair, configuration = scripts(), project.configuration()
    runs = [Run(user.email, pair["login"], (user.email, "sesame 1"), configuration) for user in USERS[2:6]]
    runs += [Run(f"find {user.email}", pair["get_user"], (user.email,), configuration) for user in USERS[2:7]]
    calls = run_scripts(runs)
    assert (calls["factor@example.com"].error or {})["name"] == "UnauthorizedError"
    for address in ("disabled@example.com", "google@example.com"):
        assert_refused(address, calls[address], address)
    assert_outage("tried", calls["tried@example.com"])
    assert "TOO_MANY_ATTEMPTS" in (calls["tried@example.com"].error or {})["message"]
    assert calls["find factor@example.com"].result["user_id"] == "uid-3"
    assert_outage("disabled", calls["find disabled@example.com"])
    assert_outage("shared", calls["find shared@example.com"])
    assert calls["find google@example.com"].arity == 1


def test_outages(project: Project, run_scripts: RunScripts) -> None:
    check_outages(TEMPLATE, {}, project.url, project.configuration, run_scripts)


def test_refused_credentials(project: Project, run_scripts: RunScripts) -> None:
    pair = scripts()
    runs = [
        Run("api key", pair["login"], (ROBIN.email, "sesame 1"), project.configuration(FIREBASE_API_KEY="wrong-one")),
        Run("account", pair["get_user"], (ROBIN.email,), project.configuration(SERVICE_ACCOUNT="a@other.org")),
        Run("no key", pair["get_user"], (ROBIN.email,), project.configuration(SERVICE_ACCOUNT_KEY="not a key")),
        Run("project", pair["get_user"], (ROBIN.email,), project.configuration(FIREBASE_PROJECT_ID="another")),
    ]
    for name, call in run_scripts(runs).items():
        assert_outage(name, call, ("wrong-one", "other.org", "not a key"))


def test_a_revoked_token_is_forgotten(project: Project, run_scripts: RunScripts) -> None:
    """The run that meets it fails; the next one has a new token. An expired one is never used."""
    one_line = project.configuration(SERVICE_ACCOUNT_KEY=SECRETS["firebase_private_key"].replace("\n", "\\n"))
    get_user = scripts()["get_user"]
    stale = "if (!global.accessTokens) global.accessTokens = {};"
    assert stale in get_user
    planted = get_user.replace(
        stale, f"{stale} global.accessTokens[key] ??= {{ value: 'revoked', expiresAt: Date.now() + 9e5 }};"
    )
    expired = get_user.replace(
        stale, f"{stale} global.accessTokens[key] ??= {{ value: 'expired', expiresAt: Date.now() - 1 }};"
    )
    calls = run_scripts(
        [
            Run("revoked", planted, (ROBIN.email,), one_line, "one"),
            Run("after it", get_user, (ROBIN.email,), one_line, "one"),
            Run("expired", expired, (ROBIN.email,), one_line, "two"),
        ]
    )
    assert_outage("revoked", calls["revoked"])
    assert calls["after it"].result == calls["expired"].result
    assert calls["expired"].result["user_id"] == "uid-robin"
