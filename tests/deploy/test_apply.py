"""The promises of a deploy, against a tenant that replaces what it is sent."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from deploy_builders import Bench, make_connection

from dbconn_tui.deploy.apply import apply
from dbconn_tui.deploy.plan import EVERYTHING, Choices
from dbconn_tui.deploy.values import OutcomeState
from dbconn_tui.errors import AnswerLostError, ApiError, ExitCode, UnreachableError
from dbconn_tui.tenant.values import LiveConnection

pytestmark = pytest.mark.anyio

OVERWRITE = Choices(overwrite=frozenset({EVERYTHING}))


def states(outcomes: Any) -> dict[str, OutcomeState]:
    return {outcome.key: outcome.state for outcome in outcomes}


async def test_all_scripts_and_the_whole_configuration_go_in_one_write(bench: Bench) -> None:
    scripts = {kind: f"function {kind}() {{}}\n" for kind in ("login", "get_user", "create", "verify")}
    connection = make_connection(scripts=scripts, configuration={"A": "1", "B": "2"})
    assert states(await bench.deploy(connection)) == {"legacy-users": OutcomeState.DEPLOYED}
    assert bench.tenancy.requests == ["list", "create legacy-users", "list"]
    stored = bench.tenancy.named("legacy-users")
    assert stored["options"]["customScripts"] == scripts
    assert set(stored["options"]["configuration"]) == {"A", "B"}


async def test_the_fewest_requests(bench: Bench) -> None:
    connections = [make_connection(f"users-{number}", configuration={"A": "1"}) for number in range(5)]
    await bench.deploy(*connections)
    assert len(bench.tenancy.requests) == 1 + 5 + 1
    bench.tenancy.requests.clear()
    assert set(states(await bench.deploy(*connections)).values()) == {OutcomeState.UNCHANGED}
    assert bench.tenancy.requests == ["list"]
    bench.tenancy.requests.clear()
    connections[2] = make_connection("users-2", configuration={"A": "2"})
    await bench.deploy(*connections)
    assert bench.tenancy.requests == ["list", "update users-2", "list"]


async def test_what_dbconn_does_not_manage_survives(bench: Bench) -> None:
    await bench.deploy(make_connection(options={"mfa": {"active": True}}))
    raw = bench.tenancy.named("legacy-users")
    raw["options"]["a_future_option"] = {"deep": [1, 2]}
    raw["options"]["disable_signup"] = True
    raw["options"]["customScripts"]["change_hat_size"] = "function changeHatSize() {}"
    raw["metadata"]["team"] = "identity"
    raw["display_name"] = "Staff"
    raw["realms"] = ["legacy-users"]
    await bench.deploy(make_connection(scripts={"login": "new"}, options={"mfa": {"active": False}}))
    raw = bench.tenancy.named("legacy-users")
    assert raw["options"]["a_future_option"] == {"deep": [1, 2]}
    assert raw["options"]["disable_signup"] is True
    assert raw["options"]["customScripts"] == {"login": "new", "change_hat_size": "function changeHatSize() {}"}
    assert raw["metadata"]["team"] == "identity"
    assert raw["display_name"] == "Staff"
    assert raw["realms"] == ["legacy-users"]
    assert raw["options"]["mfa"] == {"active": False}


async def test_only_three_top_level_keys_are_ever_patched(bench: Bench) -> None:
    await bench.deploy(make_connection())
    bodies: list[set[str]] = []
    update = bench.tenancy.update_connection

    async def watching(connection_id: str, body: Any, **rest: Any) -> LiveConnection:
        bodies.append(set(body))
        return await update(connection_id, body, **rest)

    bench.tenancy.update_connection = watching  # type: ignore[method-assign]
    bench.tenancy.named("legacy-users")["display_name"] = "Staff"
    await bench.deploy(make_connection(scripts={"login": "new"}))
    assert bodies == [{"options", "metadata", "display_name"}]


async def test_one_failure_does_not_stop_the_others(bench: Bench) -> None:
    def refuse(name: str) -> None:
        if name == "users-1":
            raise ApiError("Payload validation error", status=400)

    bench.tenancy.before_write = refuse
    outcomes = await bench.deploy(*[make_connection(f"users-{number}") for number in range(3)])
    assert list(states(outcomes).values()) == [OutcomeState.DEPLOYED, OutcomeState.FAILED, OutcomeState.DEPLOYED]
    assert "Payload validation error" in outcomes[1].message


async def test_fail_fast_leaves_the_rest_not_attempted(bench: Bench) -> None:
    def refuse(name: str) -> None:
        if name == "users-1":
            raise ApiError("no", status=400)

    bench.tenancy.before_write = refuse
    outcomes = await bench.deploy(*[make_connection(f"users-{number}") for number in range(3)], fail_fast=True)
    assert list(states(outcomes).values()) == [OutcomeState.DEPLOYED, OutcomeState.FAILED, OutcomeState.NOT_ATTEMPTED]


async def test_running_again_does_what_is_left(bench: Bench) -> None:
    connections = [make_connection(f"users-{number}") for number in range(3)]
    failing = {"users-1"}

    def refuse(name: str) -> None:
        if name in failing:
            raise UnreachableError("gone")

    bench.tenancy.before_write = refuse
    await bench.deploy(*connections)
    failing.clear()
    bench.tenancy.requests.clear()
    await bench.deploy(*connections)
    assert bench.tenancy.requests == ["list", "create users-1", "list"]


async def test_a_tenant_that_moved_since_an_old_reading_is_not_written(bench: Bench) -> None:
    connections = [make_connection("users-0"), make_connection("users-1")]
    await bench.deploy(*connections)
    changed = [make_connection(f"users-{n}", scripts={"login": "new"}) for n in range(2)]
    plan, reading = await bench.plan(*changed)
    bench.tenancy.now = reading.read_at + 16
    bench.tenancy.named("users-0")["options"]["customScripts"]["login"] = "edited meanwhile"
    works = bench.works(plan, changed)
    outcomes = await apply(plan, works, bench.tenancy, reading, bench.tracking, bench.edge())
    assert states(outcomes) == {"users-0": OutcomeState.REFUSED, "users-1": OutcomeState.DEPLOYED}
    assert bench.tenancy.named("users-0")["options"]["customScripts"]["login"] == "edited meanwhile"


async def test_an_old_reading_costs_one_more_list_and_a_young_one_none(bench: Bench) -> None:
    changed = [make_connection(f"users-{n}") for n in range(3)]
    plan, reading = await bench.plan(*changed)
    bench.tenancy.requests.clear()
    bench.tenancy.now = reading.read_at + 16
    await apply(plan, bench.works(plan, changed), bench.tenancy, reading, bench.tracking, bench.edge())
    assert bench.tenancy.requests == ["list", "create users-0", "create users-1", "create users-2", "list"]


@pytest.mark.parametrize(
    ("what", "spoil"),
    [
        ("script:login", lambda raw: raw["options"]["customScripts"].update(login="function login() {}")),
        ("option:mfa.active", lambda raw: raw["options"]["mfa"].update(active=False)),
        ("configuration:A", lambda raw: raw["options"]["configuration"].pop("A")),
        ("record", lambda raw: raw.pop("metadata")),
    ],
)
async def test_an_answer_that_differs_is_a_failure_that_says_what(bench: Bench, what: str, spoil: Any) -> None:
    def differing(answer: LiveConnection) -> LiveConnection:
        raw = copy.deepcopy(dict(answer.raw))
        spoil(raw)
        return LiveConnection(answer.id, answer.name, answer.strategy, raw)

    bench.tenancy.on_answer = differing
    (outcome,) = await bench.deploy(make_connection(configuration={"A": "1"}, options={"mfa": {"active": True}}))
    assert outcome.state is OutcomeState.FAILED
    assert what in outcome.message


async def test_what_looks_old_in_the_list_is_read_by_id_before_it_counts_as_failed(bench: Bench) -> None:
    bench.tenancy.on_list = lambda connections: []
    (outcome,) = await bench.deploy(make_connection())
    assert outcome.state is OutcomeState.DEPLOYED
    assert bench.tenancy.requests == ["list", "create legacy-users", "list", "get"]


async def test_a_second_writer_right_after_ours_is_noticed(bench: Bench) -> None:
    def overwritten(connections: list[LiveConnection]) -> list[LiveConnection]:
        for raw in bench.tenancy.raw.values():
            raw["options"]["customScripts"]["login"] = "somebody else"
        return [LiveConnection(raw["id"], raw["name"], "auth0", raw) for raw in bench.tenancy.raw.values()]

    bench.tenancy.on_list = overwritten
    (outcome,) = await bench.deploy(make_connection())
    assert outcome.state is OutcomeState.FAILED
    assert outcome.exit_code is ExitCode.REFUSED
    assert "script:login" in outcome.message


@pytest.mark.parametrize("carried_out", [True, False])
@pytest.mark.parametrize("exists", [True, False])
async def test_a_lost_answer_is_looked_up_and_never_blindly_repeated(
    bench: Bench, carried_out: bool, exists: bool
) -> None:
    if exists:
        await bench.deploy(make_connection())
    verb = "update" if exists else "create"
    writes: list[str] = []
    real = getattr(bench.tenancy, f"{verb}_connection")

    async def losing(*arguments: Any, **rest: Any) -> LiveConnection:
        writes.append(verb)
        if len(writes) == 1:
            if carried_out:
                await real(*arguments, **rest)
            raise AnswerLostError("the answer was lost")
        answer: LiveConnection = await real(*arguments, **rest)
        return answer

    setattr(bench.tenancy, f"{verb}_connection", losing)
    (outcome,) = await bench.deploy(make_connection(scripts={"login": "new"}, configuration={"A": "1"}))
    assert outcome.state is OutcomeState.DEPLOYED
    assert len(writes) == (1 if carried_out else 2)
    assert bench.tenancy.named("legacy-users")["options"]["customScripts"]["login"] == "new"


async def test_no_value_shows_in_what_apply_holds_or_tells(bench: Bench) -> None:
    connection = make_connection(configuration={"PASSWORD": "hunter2-hunter2"})
    plan, reading = await bench.plan(connection)
    works = bench.works(plan, [connection])
    outcomes = await apply(plan, works, bench.tenancy, reading, bench.tracking, bench.edge())
    assert "hunter2" not in repr((plan, [w.values for w in works], outcomes, bench.events))
