"""Adopting: live becomes the record; equal items are in sync, differing ones are yours to change, no option moves."""

from __future__ import annotations

import asyncio
import copy
from typing import Any

import pytest
from deploy_builders import TENANT, Bench, desire, make_connection, make_tracking
from hypothesis import given, settings
from hypothesis import strategies as st

from dbconn_tui.deploy.adopt import Adoption, plan_adoption
from dbconn_tui.deploy.apply import apply
from dbconn_tui.deploy.plan import make_plan
from dbconn_tui.deploy.record import is_record_key
from dbconn_tui.deploy.three_way import NOT_AVAILABLE
from dbconn_tui.deploy.values import ConnectionState, ItemState, Outcome, OutcomeState, Plan
from dbconn_tui.deploy.work import Work
from dbconn_tui.errors import AnswerLostError
from dbconn_tui.project.values import Connection
from dbconn_tui.tenant.values import LiveConnection

pytestmark = pytest.mark.anyio

THERE = {
    "enabledDatabaseCustomization": True,
    "customScripts": {"login": "theirs", "verify": "same", "delete": "only there"},
    "configuration": {"URL": "cipher-a", "ONLY_THERE": "cipher-b"},
    "mfa": {"active": True},
    "disable_signup": True,
    "a_future_option": {"deep": [1, 2]},
}
FILES = make_connection(
    scripts={"login": "ours", "verify": "same", "create": "new"},
    configuration={"URL": "x", "NEW": "y"},
    options={"mfa": {"active": False}, "disable_signup": True},
)


async def adopt(bench: Bench, connection: Connection) -> tuple[Adoption, Outcome]:
    reading = await bench.tenancy.list_connections()
    live = reading.by_name(connection.name)
    assert live is not None
    adoption = plan_adoption(connection, live, bench.tracking)
    work = Work(connection, adoption.plan, {}, {}, adoption.recorded, record_only=True)
    plan = Plan("dev", "d", (adoption.plan,))
    (outcome,) = await apply(plan, [work], bench.tenancy, reading, bench.tracking, bench.edge())
    return adoption, outcome


def states(plan: Plan) -> dict[str, ItemState]:
    (one,) = plan.connections
    return {change.item: change.state for change in one.changes}


async def test_one_patch_of_metadata_alone_and_everything_else_stays(bench: Bench) -> None:
    seeded = bench.tenancy.seed("legacy-users", options=THERE, metadata={"team": "identity"}, display_name="Staff")
    before = copy.deepcopy(seeded)
    bodies: list[dict[str, Any]] = []
    update = bench.tenancy.update_connection

    async def watching(connection_id: str, body: Any, **rest: Any) -> LiveConnection:
        bodies.append(dict(body))
        return await update(connection_id, body, **rest)

    bench.tenancy.update_connection = watching  # type: ignore[method-assign]
    _, outcome = await adopt(bench, FILES)
    assert outcome.state is OutcomeState.DEPLOYED
    assert [set(body) for body in bodies] == [{"metadata", "display_name"}]
    after = bench.tenancy.named("legacy-users")
    assert after["options"] == before["options"]
    assert after["display_name"] == "Staff"
    assert {key: value for key, value in after["metadata"].items() if not is_record_key(key)} == {"team": "identity"}
    assert bench.tenancy.requests == ["list", "update legacy-users", "list"]


async def test_afterwards_equal_items_are_in_sync_and_others_are_your_change(bench: Bench) -> None:
    bench.tenancy.seed("legacy-users", options=THERE)
    plan, _ = await bench.plan(FILES)
    assert plan.connections[0].state is ConnectionState.UNDECIDED
    adoption, _ = await adopt(bench, FILES)
    assert set(adoption.differing) == {"script:login", "option:mfa.active", "configuration:URL"}
    assert set(adoption.adopted) - set(adoption.differing) == {
        "script:verify",
        "option:disable_signup",
        "option:enabledDatabaseCustomization",
    }
    plan, _ = await bench.plan(FILES)
    assert states(plan) == {
        "script:login": ItemState.YOUR_CHANGE,
        "script:create": ItemState.NEW,
        "script:delete": ItemState.FOREIGN,
        "option:mfa.active": ItemState.YOUR_CHANGE,
        "configuration:URL": ItemState.YOUR_CHANGE,
        "configuration:NEW": ItemState.NEW,
        "configuration:ONLY_THERE": ItemState.FOREIGN,
    }


async def test_d5_a_later_edit_in_the_dashboard_is_drift_after_adopting(bench: Bench) -> None:
    scripts = {"login": "theirs", "change_email": "same"}
    bench.tenancy.seed("legacy-users", options={"enabledDatabaseCustomization": True, "customScripts": dict(scripts)})
    await adopt(bench, make_connection(scripts=scripts))
    bench.tenancy.named("legacy-users")["options"]["customScripts"] = {"login": "edited"}
    plan, _ = await bench.plan(make_connection(scripts=scripts))
    assert states(plan) == {"script:login": ItemState.DRIFT, "script:change_email": ItemState.DROPPED_BY_DASHBOARD}


async def test_a_value_that_is_not_available_is_not_compared_and_blocks_nothing(bench: Bench) -> None:
    bench.tenancy.seed(
        "legacy-users", options={**THERE, "customScripts": {"login": "same"}, "configuration": {"K": "c"}}
    )
    connection = make_connection(scripts={"login": "same"}, configuration={"K": "v"})
    await adopt(bench, connection)
    desired = desire(connection, bench.tracking)
    desired.values["K"] = NOT_AVAILABLE  # type: ignore[index]
    reading = await bench.tenancy.list_connections()
    plan = make_plan([desired], reading, TENANT, bench.tracking)
    assert states(plan) == {"configuration:K": ItemState.NOT_COMPARED}
    assert not plan.has_work


async def test_deploying_after_adopting_writes_what_differs(bench: Bench) -> None:
    bench.tenancy.seed("legacy-users", options={**THERE, "configuration": {"URL": "cipher"}})
    await adopt(bench, FILES)
    (outcome,) = await bench.deploy(FILES)
    assert outcome.state is OutcomeState.DEPLOYED
    options = bench.tenancy.named("legacy-users")["options"]
    assert options["customScripts"] == {"login": "ours", "verify": "same", "create": "new", "delete": "only there"}
    assert options["a_future_option"] == {"deep": [1, 2]}
    assert not (await bench.plan(FILES))[0].has_work


async def test_another_projects_record_is_replaced_and_that_is_said(bench: Bench) -> None:
    other = Bench()
    other.tenancy, other.tracking = bench.tenancy, make_tracking(b"another project!")
    await other.deploy(make_connection(scripts={"login": "theirs"}))
    adoption, outcome = await adopt(bench, make_connection(scripts={"login": "ours"}))
    assert "another project" in adoption.plan.notes[0]
    assert outcome.state is OutcomeState.DEPLOYED
    plan, _ = await bench.plan(make_connection(scripts={"login": "ours"}))
    assert states(plan) == {"script:login": ItemState.YOUR_CHANGE}
    assert plan.connections[0].notes == ()


async def test_what_is_recorded_already_keeps_its_record(bench: Bench) -> None:
    await bench.deploy(make_connection(scripts={"login": "a", "verify": "b"}))
    raw = bench.tenancy.named("legacy-users")
    raw["options"]["customScripts"]["login"] = "edited"
    raw["options"]["mfa"] = {"active": True}
    connection = make_connection(scripts={"login": "a"}, options={"mfa": {"active": False}})
    before, _ = await bench.plan(connection)
    adoption, _ = await adopt(bench, connection)
    assert adoption.adopted == ("option:mfa.active",)
    after, _ = await bench.plan(connection)
    assert states(after) == states(before) | {"option:mfa.active": ItemState.YOUR_CHANGE}
    assert states(after)["script:login"] is ItemState.DRIFT
    assert states(after)["script:verify"] is ItemState.REMOVED


async def test_there_is_nothing_to_adopt_after_a_deploy(bench: Bench) -> None:
    await bench.deploy(FILES)
    live = (await bench.tenancy.list_connections()).by_name("legacy-users")
    assert live is not None
    assert plan_adoption(FILES, live, bench.tracking).adopted == ()


async def test_a_record_without_room_is_blocked(bench: Bench) -> None:
    bench.tenancy.seed("legacy-users", options=THERE, metadata={f"key_{n}": "theirs" for n in range(10)})
    live = (await bench.tenancy.list_connections()).by_name("legacy-users")
    assert live is not None
    adoption = plan_adoption(FILES, live, bench.tracking)
    assert "10 of 10 are taken" in adoption.plan.blocked[0].reason


async def test_a_tenant_that_moved_meanwhile_is_not_written(bench: Bench) -> None:
    raw = bench.tenancy.seed("legacy-users", options=copy.deepcopy(THERE))
    reading = await bench.tenancy.list_connections()
    live = reading.by_name("legacy-users")
    assert live is not None
    adoption = plan_adoption(FILES, live, bench.tracking)
    work = Work(FILES, adoption.plan, {}, {}, adoption.recorded, record_only=True)
    bench.tenancy.now += 16
    raw["options"]["mfa"]["active"] = False
    plan = Plan("dev", "d", (adoption.plan,))
    (outcome,) = await apply(plan, [work], bench.tenancy, reading, bench.tracking, bench.edge())
    assert outcome.state is OutcomeState.REFUSED
    assert "metadata" not in raw


@pytest.mark.parametrize("applied", [True, False])
async def test_a_lost_answer_is_read_before_anything_is_sent_again(bench: Bench, applied: bool) -> None:
    bench.tenancy.seed("legacy-users", options=copy.deepcopy(THERE))
    update, sent = bench.tenancy.update_connection, []

    async def losing(connection_id: str, body: Any, **rest: Any) -> LiveConnection:
        sent.append(body)
        if len(sent) == 1:
            if applied:
                await update(connection_id, body, **rest)
            raise AnswerLostError("the answer was lost")
        return await update(connection_id, body, **rest)

    bench.tenancy.update_connection = losing  # type: ignore[method-assign]
    _, outcome = await adopt(bench, FILES)
    assert outcome.state is OutcomeState.DEPLOYED
    assert len(sent) == (1 if applied else 2)


texts = st.sampled_from(["a", "b", "c"])
kinds = st.sampled_from(["login", "get_user", "create", "change_email"])
scripts = st.dictionaries(kinds, texts, min_size=1)
configurations = st.dictionaries(st.sampled_from(["A", "B", "C"]), texts)
options = st.fixed_dictionaries(
    {},
    optional={
        "mfa": st.fixed_dictionaries({"active": st.booleans()}),
        "disable_signup": st.booleans(),
        "non_persistent_attrs": st.lists(texts, max_size=2),
    },
)


@settings(max_examples=60, deadline=None)
@given(
    recorded=st.none() | st.tuples(scripts, configurations, options),
    live=st.tuples(scripts, configurations, options),
    files=st.tuples(scripts, configurations, options),
)
def test_after_adopting_nothing_is_undecided_and_all_else_is_decided_as_before(
    recorded: Any, live: Any, files: Any
) -> None:
    async def run() -> None:
        bench = Bench()
        if recorded is None:
            bench.tenancy.seed("legacy-users", options={})
        else:
            await bench.deploy(make_connection(scripts=recorded[0], configuration=recorded[1], options=recorded[2]))
        raw = bench.tenancy.named("legacy-users")
        ciphers = {key: f"cipher of {value}" for key, value in live[1].items()}
        raw["options"] = {**live[2], "customScripts": live[0], "configuration": ciphers}
        kept = copy.deepcopy(raw["options"])
        connection = make_connection(scripts=files[0], configuration=files[1], options=files[2])
        before, _ = await bench.plan(connection)
        adoption, _ = await adopt(bench, connection) if _something(bench, connection) else (None, None)
        after, _ = await bench.plan(connection)
        assert raw["options"] == kept
        assert ItemState.UNDECIDED not in states(after).values()
        adopted = adoption.adopted if adoption else ()
        for item, state in states(before).items():
            expected = ItemState.YOUR_CHANGE if state is ItemState.UNDECIDED else state
            assert states(after)[item] is expected
            assert (state is ItemState.UNDECIDED) <= (item in adopted)

    asyncio.run(run())


def _something(bench: Bench, connection: Connection) -> bool:
    raw = bench.tenancy.named("legacy-users")
    live = LiveConnection(raw["id"], raw["name"], raw["strategy"], raw)
    return bool(plan_adoption(connection, live, bench.tracking).adopted)
