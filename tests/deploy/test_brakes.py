"""Brakes that look at more than one item: the users' ids, and how much of a tenant changes at once (design §5.10)."""

from __future__ import annotations

import pytest
from deploy_builders import DOMAIN, Bench, desire, make_connection

from dbconn_tui.deploy.plan import NO_CHOICES, Choices, make_plan
from dbconn_tui.deploy.values import ConnectionState, Plan
from dbconn_tui.project.values import Connection, Tenant

pytestmark = pytest.mark.anyio

PROTECTED = Tenant("prod", DOMAIN, protected=True)


def script(profile: str) -> str:
    return f"function login(identifier, password, callback) {{ callback(null, {profile}); }}\n"


def brakes(plan: Plan) -> list[str]:
    return [blocker.brake for one in plan.connections for blocker in one.blocked]


@pytest.mark.parametrize("kind", ["login", "get_user"])
async def test_another_user_id_is_braked_since_every_user_would_become_a_new_one(bench: Bench, kind: str) -> None:
    await bench.deploy(make_connection(scripts={kind: script("{ user_id: row.id }")}))
    changed = make_connection(scripts={kind: script("{ user_id: row.uuid }")})
    plan, _ = await bench.plan(changed)
    assert brakes(plan) == ["user-id"]
    assert plan.connections[0].state is ConnectionState.BLOCKED
    plan, _ = await bench.plan(changed, choices=Choices(allow=frozenset({"user-id:legacy-users"})))
    assert plan.connections[0].state is ConnectionState.CHANGE
    assert [brake.brake for brake in plan.connections[0].brakes] == ["user-id"]


@pytest.mark.parametrize(
    "after",
    [
        script("{ email: row.mail, user_id: String(row.id) }"),
        script("row"),
        script("{ user_id: `x`, ...row }"),
        "function login(identifier, password, callback) { users.find(identifier, callback); }\n",
    ],
)
async def test_the_same_user_id_and_what_cannot_be_told_are_no_brake(bench: Bench, after: str) -> None:
    await bench.deploy(make_connection(scripts={"login": script("{ user_id: String(row.id), email: row.email }")}))
    plan, _ = await bench.plan(make_connection(scripts={"login": after}))
    assert plan.connections[0].state is ConnectionState.CHANGE


async def test_a_new_script_has_no_users_to_lose(bench: Bench) -> None:
    await bench.deploy(make_connection(scripts={"login": script("{ user_id: row.id }")}))
    plan, _ = await bench.plan(
        make_connection(scripts={"login": script("{ user_id: row.id }"), "get_user": script("{ user_id: row.uuid }")})
    )
    assert plan.connections[0].state is ConnectionState.CHANGE


async def plan_of(bench: Bench, connections: list[Connection], tenant: Tenant, choices: Choices = NO_CHOICES) -> Plan:
    reading = await bench.tenancy.list_connections()
    return make_plan([desire(one, bench.tracking) for one in connections], reading, tenant, bench.tracking, choices)


def changed(count: int, of: int) -> list[Connection]:
    return [make_connection(f"users-{n}", scripts={"login": "new" if n < count else "old"}) for n in range(of)]


@pytest.mark.parametrize(
    ("count", "of", "braked"), [(5, 10, True), (6, 6, True), (4, 4, False), (5, 17, False), (5, 16, True)]
)
async def test_many_changes_at_once_are_braked_on_a_protected_tenant(
    bench: Bench, count: int, of: int, braked: bool
) -> None:
    await bench.deploy(*changed(0, of))
    plan = await plan_of(bench, changed(count, of), PROTECTED)
    assert brakes(plan) == (["many"] * count if braked else [])
    assert plan.refused is braked
    assert not brakes(await plan_of(bench, changed(count, of), Tenant("dev", DOMAIN)))
    allowed = await plan_of(bench, changed(count, of), PROTECTED, Choices(allow=frozenset({"many"})))
    assert allowed.count(ConnectionState.CHANGE) == count


async def test_new_connections_are_not_many_changes(bench: Bench) -> None:
    assert not brakes(await plan_of(bench, changed(8, 8), PROTECTED))
