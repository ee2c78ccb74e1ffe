"""The pair `okta` against a stand-in of an Okta org."""

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
from .stand_ins.okta import API_TOKEN, CLIENT_ID, KEY_ID, Okta, OktaUser
from .stand_ins.tokens import signing_key_pem

TEMPLATE = read_template(shipped_folder() / "okta")
ROBIN = OktaUser("00u1", "robin@example.com", "sesame 1", "robin", "Robin", "Example")
USERS = [
    ROBIN,
    OktaUser("00u2", "zoë.o'neil@example.com", "zoë's password", verified=False),
    OktaUser("00u3", "expired@example.com", "sesame 1", state="PASSWORD_EXPIRED"),
    OktaUser("00u4", "factor@example.com", "sesame 1", state="MFA_REQUIRED"),
    OktaUser("00u5", "enroll@example.com", "sesame 1", state="MFA_ENROLL"),
    OktaUser("00u6", "locked@example.com", "sesame 1", state="LOCKED_OUT"),
    OktaUser("00u7", "suspended@example.com", "sesame 1", status="SUSPENDED"),
    OktaUser("00u8", "shared@example.com", "sesame 1", "one"),
    OktaUser("00u9", "shared@example.com", "sesame 1", "two"),
    OktaUser("me", "owner@example.com", "sesame 1"),
]
SECRETS = {"okta_api_token": API_TOKEN, "okta_private_key": signing_key_pem()}


@dataclass(frozen=True, slots=True)
class Org:
    """The running stand-in."""

    url: str
    okta: Okta
    seen: list[str]

    def configuration(self, url: str | None = None, **changes: str) -> dict[str, str]:
        return {
            "OKTA_URL": self.url if url is None else url,
            "OKTA_API_TOKEN": API_TOKEN,
            "OKTA_CLIENT_ID": CLIENT_ID,
            "OKTA_KEY_ID": KEY_ID,
            "OKTA_PRIVATE_KEY": SECRETS["okta_private_key"],
            **changes,
        }


@pytest.fixture
def org() -> Iterator[Org]:
    okta = Okta(list(USERS))
    app = WithFaults(okta.app())
    with served(app) as url:
        yield Org(url, okta, app.seen)


def scripts(**values: Value) -> dict[str, str]:
    return dict(render(TEMPLATE, {"user_id_prefix": "", **values}).files)


def test_profiles(org: Org, run_scripts: RunScripts) -> None:
    people = {ROBIN.login: ROBIN.password, "ROBIN": ROBIN.password, USERS[1].email: USERS[1].password}
    found = check_people(scripts(username=True, user_id_prefix="okta|"), org.configuration(), people, run_scripts)
    assert found["robin"] == found["ROBIN"]
    assert found["robin"] == {
        "user_id": "okta|00u1",
        "email": "robin@example.com",
        "email_verified": True,
        "username": "robin",
        "given_name": "Robin",
        "family_name": "Example",
    }
    assert found[USERS[1].email] == {
        "user_id": "okta|00u2",
        "email": USERS[1].email,
        "email_verified": False,
        "username": USERS[1].email,
    }


def test_strangers(org: Org, run_scripts: RunScripts) -> None:
    check_strangers(scripts(), org.configuration(), run_scripts)


def test_states(org: Org, run_scripts: RunScripts) -> None:
    strict, lenient = scripts()["login"], scripts(second_factor_in_auth0=True)["login"]
    get_user = scripts()["get_user"]
    configuration = org.configuration()
    runs = [Run(user.email, strict, (user.email, "sesame 1"), configuration, "one") for user in USERS[2:7]]
    runs += [
        Run("lenient factor", lenient, ("factor@example.com", "sesame 1"), configuration),
        Run("lenient enroll", lenient, ("enroll@example.com", "sesame 1"), configuration),
        Run("lenient expired", lenient, ("expired@example.com", "sesame 1"), configuration),
        Run("wrong before the factor", lenient, ("factor@example.com", "another"), configuration),
        Run("find suspended", get_user, ("suspended@example.com",), configuration),
        Run("find shared", get_user, ("shared@example.com",), configuration),
        Run("find expired", get_user, ("expired@example.com",), configuration),
    ]
    calls = run_scripts(runs)
    for name in ("expired@example.com", "factor@example.com", "enroll@example.com", "lenient expired"):
        assert (calls[name].error or {})["name"] == "UnauthorizedError", name
    assert "expired" in (calls["expired@example.com"].error or {})["message"]
    assert_refused("locked", calls["locked@example.com"], "locked@example.com")
    assert_refused("suspended", calls["suspended@example.com"], "suspended@example.com")
    assert_refused("wrong", calls["wrong before the factor"], "factor@example.com")
    assert calls["lenient factor"].result["user_id"] == "00u4"
    assert calls["lenient enroll"].result["user_id"] == "00u5"
    assert_outage("suspended", calls["find suspended"])
    assert_outage("shared", calls["find shared"])
    assert calls["find expired"].result["user_id"] == "00u3"


def test_outages(org: Org, run_scripts: RunScripts) -> None:
    check_outages(TEMPLATE, {}, org.url, org.configuration, run_scripts)
    check_outages(TEMPLATE, {"credentials": "private_key"}, org.url, org.configuration, run_scripts)


def test_refused_credentials_and_limits(org: Org, run_scripts: RunScripts) -> None:
    by_key = scripts(credentials="private_key")
    right = ("robin", "sesame 1")
    runs = [
        Run("wrong token", scripts()["login"], right, org.configuration(OKTA_API_TOKEN="00-wrong")),
        Run("wrong client", by_key["get_user"], ("robin",), org.configuration(OKTA_CLIENT_ID="0oa-other")),
        Run("no key", by_key["get_user"], ("robin",), org.configuration(OKTA_PRIVATE_KEY="not a key")),
    ]
    for name, call in run_scripts(runs).items():
        assert_outage(name, call, ("00-wrong", "0oa-other", "not a key"))
    org.okta.limited = True
    limited = run_scripts([Run("limited", scripts()["login"], right, org.configuration())])["limited"]
    assert_outage("limited", limited)
    assert "429" in (limited.error or {})["message"]


def test_tokens_are_kept_until_revoked(org: Org, run_scripts: RunScripts) -> None:
    get_user = scripts(credentials="private_key")["get_user"]
    one_line = org.configuration(OKTA_PRIVATE_KEY=SECRETS["okta_private_key"].replace("\n", "\\n"))
    first = [Run(name, get_user, ("robin",), one_line, "one") for name in ("first", "second")]
    later = Run("later", get_user.replace("Date.now()", "(Date.now() + 1300000)"), ("robin",), one_line, "one")
    assert all(call.error is None for call in run_scripts(first).values())
    assert org.seen.count("/oauth2/v1/token") == 1
    assert all(call.error is None for call in run_scripts([first[0], later]).values())
    assert org.seen.count("/oauth2/v1/token") == 3


def test_no_person_stands_in_a_url_but_in_the_search(org: Org, run_scripts: RunScripts) -> None:
    check_people(scripts(), org.configuration(), {ROBIN.login: ROBIN.password}, run_scripts)
    assert {one for one in org.seen if not one.startswith("/api/v1/users?limit=2&search=profile.login%20eq%20%22")} == {
        "/api/v1/authn",
        "/api/v1/users/00u1",
    }
