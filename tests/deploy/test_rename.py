"""A rename is recognised and named: the platform cannot do it, and the users stay with the old name."""

from __future__ import annotations

import pytest
from deploy_builders import Bench, make_connection, make_tracking

from dbconn_tui.deploy.values import ConnectionPlan, ConnectionState, Plan

pytestmark = pytest.mark.anyio

SCRIPTS = {"login": "function login() {}\n", "verify": "function verify() {}\n"}


def by_key(plan: Plan) -> dict[str, ConnectionPlan]:
    return {one.key: one for one in plan.connections}


def hints(one: ConnectionPlan) -> list[str]:
    return [note for note in one.notes if "cannot rename" in note]


async def test_both_sides_of_a_rename_say_that_users_stay_behind(bench: Bench) -> None:
    await bench.deploy(make_connection("old-users", scripts=SCRIPTS))
    plan, _ = await bench.plan(make_connection("new-users", scripts=SCRIPTS))
    new, old = by_key(plan)["new-users"], by_key(plan)["old-users"]
    assert (new.state, old.state) == (ConnectionState.CREATE, ConnectionState.ONLY_ON_TENANT)
    assert "old-users" in hints(new)[0]
    assert "users stay behind" in hints(new)[0]
    assert "name: old-users" in hints(new)[0]
    assert "new-users" in hints(old)[0]
    assert "users stay behind" in hints(old)[0]


async def test_a_changed_live_name_is_a_rename_as_well(bench: Bench) -> None:
    await bench.deploy(make_connection("users", scripts=SCRIPTS))
    plan, _ = await bench.plan(make_connection("users", name="users-2", scripts=SCRIPTS))
    notes = {(one.state, bool(hints(one))) for one in plan.connections}
    assert notes == {(ConnectionState.CREATE, True), (ConnectionState.ONLY_ON_TENANT, True)}


@pytest.mark.parametrize(
    "case", ["other scripts", "two candidates", "two new ones", "another project's", "never deployed", "both are there"]
)
async def test_what_is_not_clearly_a_rename_is_not_called_one(bench: Bench, case: str) -> None:
    old = make_connection("old-users", scripts=SCRIPTS)
    new = [make_connection("new-users", scripts=SCRIPTS)]
    if case == "never deployed":
        bench.tenancy.seed("old-users", options={"enabledDatabaseCustomization": True, "customScripts": SCRIPTS})
    else:
        await bench.deploy(old)
    if case == "other scripts":
        new = [make_connection("new-users", scripts={"login": SCRIPTS["login"]})]
    elif case == "two candidates":
        await bench.deploy(make_connection("older-users", scripts=SCRIPTS))
    elif case == "two new ones":
        new.append(make_connection("newer-users", scripts=SCRIPTS))
    elif case == "another project's":
        bench.tracking = make_tracking(b"another project!")
    elif case == "both are there":
        new.append(old)
    plan, _ = await bench.plan(*new)
    assert not any(hints(one) for one in plan.connections)
