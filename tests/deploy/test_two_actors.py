"""Somebody else writes to the tenant while dbconn deploys: nothing of theirs is lost unseen, and the report is true."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from deploy_builders import Bench, make_connection

from dbconn_tui.deploy.apply import apply
from dbconn_tui.deploy.history import HistoryEntry
from dbconn_tui.deploy.values import Outcome, OutcomeState
from dbconn_tui.errors import ExitCode

pytestmark = pytest.mark.anyio

FILES = make_connection(scripts={"login": "new"}, configuration={"A": "1"}, options={"mfa": {"active": True}})
Raw = dict[str, Any]


def edit_a_script(raw: Raw) -> None:
    raw["options"]["customScripts"]["login"] = "somebody else"


def add_a_script(raw: Raw) -> None:
    raw["options"]["customScripts"]["verify"] = "somebody else"


def turn_an_option(raw: Raw) -> None:
    raw["options"]["mfa"]["active"] = False


def drop_a_value(raw: Raw) -> None:
    del raw["options"]["configuration"]["A"]


def save_as_the_dashboard(raw: Raw) -> None:
    raw["options"]["configuration"] = {key: f"{text}, encrypted again" for key, text in _configuration(raw).items()}


def deploy_the_same_elsewhere(raw: Raw) -> None:
    raw["metadata"] = {key: f"{text[:-4]}AAAA" for key, text in raw["metadata"].items()}


def deploy_something_elsewhere(raw: Raw) -> None:
    deploy_the_same_elsewhere(raw)
    edit_a_script(raw)


def _configuration(raw: Raw) -> dict[str, str]:
    found: dict[str, str] = raw["options"]["configuration"]
    return found


@pytest.mark.parametrize(
    ("meddle", "says"),
    [
        (edit_a_script, "changed by somebody else: script:login"),
        (add_a_script, "changed by somebody else: script:verify"),
        (turn_an_option, "changed by somebody else: option:mfa.active"),
        (drop_a_value, "changed by somebody else: configuration:A"),
        (save_as_the_dashboard, "saved again by somebody else"),
        (deploy_the_same_elsewhere, "deployed over by another dbconn: the same content under its deploy id"),
        (deploy_something_elsewhere, "deployed over by another dbconn: script:login"),
        (lambda raw: raw.clear(), "deleted by somebody else"),
    ],
)
@pytest.mark.parametrize("exists", [True, False])
async def test_a_writer_who_comes_right_after_us_is_told(
    bench: Bench, meddle: Callable[[Raw], None], says: str, exists: bool
) -> None:
    if exists:
        await bench.deploy(make_connection(configuration={"A": "1"}, options={"mfa": {"active": True}}))

    def after(name: str) -> None:
        if name == "staff":
            return
        raw = copy.deepcopy(bench.tenancy.named(name))
        id_ = raw["id"]
        meddle(raw)
        if raw:
            bench.tenancy.raw[id_] = raw
        else:
            del bench.tenancy.raw[id_]

    bench.tenancy.after_write = after
    overtaken, alone = await bench.deploy(FILES, make_connection("staff"))
    assert (overtaken.state, overtaken.exit_code) == (OutcomeState.FAILED, ExitCode.REFUSED)
    assert says in overtaken.message
    assert "dbconn plan legacy-users" in overtaken.hint
    assert alone.state is OutcomeState.DEPLOYED


async def test_what_others_change_without_touching_ours_leaves_a_deploy_deployed(bench: Bench) -> None:
    def after(name: str) -> None:
        bench.tenancy.named(name)["options"]["disable_signup"] = True
        bench.tenancy.named(name)["metadata"]["team"] = "identity"

    bench.tenancy.after_write = after
    (outcome,) = await bench.deploy(FILES)
    assert outcome.state is OutcomeState.DEPLOYED
    assert bench.tenancy.requests == ["list", "create legacy-users", "list"]


async def held_back(bench: Bench, *seconds: float) -> tuple[Outcome, list[HistoryEntry]]:
    """A deploy whose writes wait so long for the rate limit, and the history that it leaves."""
    kept: list[HistoryEntry] = []
    edge = bench.edge()
    plan, reading = await bench.plan(FILES)
    bench.tenancy.requests.clear()
    bench.tenancy.held_back = list(seconds)
    watching = type(edge)(
        edge.clock, edge.wall_clock, edge.random_bytes, keep_history=kept.append, forget_history=kept.remove
    )
    (outcome,) = await apply(plan, bench.works(plan, [FILES]), bench.tenancy, reading, bench.tracking, watching)
    return outcome, kept


async def test_a_write_that_the_rate_limit_holds_back_rests_on_a_new_reading(bench: Bench) -> None:
    outcome, kept = await held_back(bench, 20.0, 14.0)
    assert outcome.state is OutcomeState.DEPLOYED
    assert bench.tenancy.requests == ["list", "create legacy-users", "list"]
    assert len(kept) == 1


async def test_an_edit_during_a_long_wait_for_the_rate_limit_is_refused(bench: Bench) -> None:
    await bench.deploy(make_connection(configuration={"A": "1"}, options={"mfa": {"active": True}}))
    lists: list[int] = []

    def edited_at_the_second(connections: list[Any]) -> list[Any]:
        lists.append(len(lists))
        if len(lists) == 2:
            edit_a_script(bench.tenancy.named("legacy-users"))
            connections = [bench.tenancy.live("legacy-users")]
        return connections

    bench.tenancy.on_list = edited_at_the_second
    outcome, kept = await held_back(bench, 20.0)
    assert (outcome.state, outcome.exit_code) == (OutcomeState.REFUSED, ExitCode.REFUSED)
    assert bench.tenancy.named("legacy-users")["options"]["customScripts"]["login"] == "somebody else"
    assert kept == []


async def test_a_run_past_its_deadline_says_not_attempted_and_leaves_no_history(bench: Bench) -> None:
    bench.tenancy.deadline = 10.0
    outcome, kept = await held_back(bench, 12.0)
    assert outcome.state is OutcomeState.NOT_ATTEMPTED
    assert "deadline" in outcome.message
    assert bench.tenancy.requests == []
    assert kept == []


async def test_a_tenant_that_lets_no_write_start_in_time_ends_a_deploy_unwritten(bench: Bench) -> None:
    outcome, kept = await held_back(bench, *[60.0] * 20)
    assert outcome.state is OutcomeState.NOT_ATTEMPTED
    assert not any(request.startswith("create") for request in bench.tenancy.requests)
    assert kept == []


async def test_after_the_deadline_nothing_else_is_attempted(bench: Bench) -> None:
    connections = [make_connection(f"users-{number}") for number in range(8)]
    plan, reading = await bench.plan(*connections)
    bench.tenancy.held_back = [1.0] * 20
    bench.tenancy.deadline = reading.read_at + 3.5
    works = bench.works(plan, connections)
    outcomes = await apply(plan, works, bench.tenancy, reading, bench.tracking, bench.edge())
    states = [outcome.state for outcome in outcomes]
    assert states == [OutcomeState.DEPLOYED] * 3 + [OutcomeState.NOT_ATTEMPTED] * 5
    assert bench.tenancy.requests[-1] == "list"
