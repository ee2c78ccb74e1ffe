"""The scripts of `basic-auth-api` against the sample store behind a gate that wants Basic authentication."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dbconn_tui import passwords
from dbconn_tui.scaffold.catalogue import read_template, shipped_folder
from dbconn_tui.scaffold.render import render
from dbconn_tui.scaffold.template import Value

from .conftest import Run, RunScripts
from .life_checks import check_every_outage, check_life
from .pair_checks import assert_outage
from .stand_ins.basic_api import PASSWORD, USER, Api, run_basic_api

TEMPLATE = read_template(shipped_folder() / "basic-auth-api")


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    monkeypatch.setattr(passwords, "_COST", 2**4)  # the cost of the store's hashes is not what is tested
    with run_basic_api() as running:
        yield running


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
