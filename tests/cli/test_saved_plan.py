"""`plan --out` and `deploy --plan`: exactly what was reviewed is carried out, or nothing is."""

from __future__ import annotations

import json
import stat
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbconn_tui.deploy.saved_plan import decode_plan
from dbconn_tui.errors import DbconnError
from dbconn_tui.local_tenant.control import change

if TYPE_CHECKING:
    from conftest import World

SCRIPT = "scripts/users/login.js"
VALUE = "a-value-that-must-never-show"


def writes(world: World) -> list[tuple[str, str]]:
    return [one for one in world.requests if one[0] != "GET" and "oauth" not in one[1]]


def live(world: World) -> Any:
    (connection,) = world.app.state.tenant.connections.values()
    return connection.body()


@pytest.fixture
def planned(project: World) -> World:
    done = project("plan", "--out", "reviewed.plan")
    assert done.code == 0, done.err
    assert "dbconn deploy --plan reviewed.plan" in done.err
    return project


def test_the_plan_file_is_private_and_holds_no_value(planned: World) -> None:
    path = planned.folder / "reviewed.plan"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert VALUE not in path.read_text()


def test_what_was_reviewed_is_sent_though_the_files_moved_on(planned: World) -> None:
    reviewed = planned.read(SCRIPT)
    planned.write(SCRIPT, reviewed.replace("no key", "edited after the review"))
    done = planned("deploy", "--plan", "reviewed.plan", "--yes")
    assert done.code == 0, done.err
    assert live(planned)["options"]["customScripts"]["login"] == reviewed


def test_a_tenant_that_moved_refuses_the_plan(planned: World) -> None:
    planned("deploy", "--yes")
    planned.write(SCRIPT, planned.read(SCRIPT).replace("no key", "none"))
    planned("plan", "--out", "second.plan")
    tenant = planned.app.state.tenant
    (connection,) = tenant.connections.values()
    change(tenant, connection, ("options", "disable_signup"), True)
    before = writes(planned)
    done = planned("deploy", "--plan", "second.plan", "--yes")
    assert done.code == 5
    assert "changed on dev.example.com since the plan was made" in done.err
    assert writes(planned) == before


def test_a_plan_is_carried_out_once(planned: World) -> None:
    assert planned("deploy", "--plan", "reviewed.plan", "--yes").code == 0
    assert planned("deploy", "--plan", "reviewed.plan", "--yes").code == 5


def test_a_rotated_value_refuses_the_plan(planned: World) -> None:
    done = planned("deploy", "--plan", "reviewed.plan", "--yes", environment={"DBCONN_SECRET_API_KEY": "another"})
    assert done.code == 5
    assert "configuration.API_KEY" in done.err
    assert writes(planned) == []


def test_a_plan_made_without_values_is_carried_out_with_them(project: World) -> None:
    project.outside.store.delete("dbconn:dev.example.com", "api_key")
    assert project("plan", "--out", "reviewed.plan").code == 0
    refused = project("deploy", "--plan", "reviewed.plan", "--yes")
    assert refused.code == 3
    done = project("deploy", "--plan", "reviewed.plan", "--yes", environment={"DBCONN_SECRET_API_KEY": VALUE})
    assert done.code == 0, done.err


@pytest.mark.parametrize(
    ("edit", "code", "word"),
    [
        (lambda plan: plan.update(domain="other.example.com"), 5, "other.example.com"),
        (lambda plan: plan.update(version=99), 5, "another version"),
        (lambda plan: plan.update(project="00000000"), 5, "another project"),
        (lambda plan: plan["connections"][0].update(key="gone"), 5, "gone"),
        (lambda plan: plan["connections"][0]["scripts"]["login"].update(text="function login() {"), 1, "login"),
        (lambda plan: plan["connections"][0]["changes"].pop(), 5, "not what the plan says"),
        (lambda plan: plan["connections"][0]["values"].update(MORE="00"), 5, "configuration keys"),
        (lambda plan: plan["connections"][0].pop("scripts"), 3, "damaged"),
        (lambda plan: plan.update(format="terraform"), 3, "not a saved plan"),
    ],
)
def test_a_plan_that_fits_no_more_is_refused_with_nothing_sent(planned: World, edit: Any, code: int, word: str) -> None:
    content = json.loads(planned.read("reviewed.plan"))
    edit(content)
    planned.write("reviewed.plan", json.dumps(content))
    done = planned("deploy", "--plan", "reviewed.plan", "--yes")
    assert done.code == code, done.err
    assert word in done.err + done.out
    assert writes(planned) == []


@pytest.mark.parametrize(
    "words",
    [("--plan", "nowhere.plan"), ("--plan", "dbconn.yaml"), ("users", "--plan", "reviewed.plan")],
)
def test_a_file_or_a_word_that_does_not_fit_is_said(planned: World, words: tuple[str, ...]) -> None:
    done = planned("deploy", *words, "--yes")
    assert done.code == 3
    assert writes(planned) == []


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes_are_no_plan_and_no_traceback(data: bytes) -> None:
    with pytest.raises(DbconnError):
        decode_plan(data, "some.plan")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(json_values, json_values)
def test_any_content_under_the_right_format_is_no_traceback(choices: Any, connections: Any) -> None:
    content = {
        "format": "dbconn plan",
        "version": 1,
        "tenant": "dev",
        "domain": "d",
        "project": "",
        "created": 0,
        "everything": True,
        "choices": choices,
        "connections": connections,
    }
    with pytest.raises(DbconnError):
        decode_plan(json.dumps(content).encode(), "some.plan")
