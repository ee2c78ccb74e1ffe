"""{keep: live}: only on a tenant that is known to keep what comes back, as received, and never called equal."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from deploy_builders import TENANT, Bench, desire, make_connection

from dbconn_tui.deploy.apply import apply
from dbconn_tui.deploy.plan import make_plan
from dbconn_tui.deploy.values import ConnectionPlan, ConnectionState, Outcome, OutcomeState
from dbconn_tui.project.values import Connection, KeptValue, TextValue

pytestmark = pytest.mark.anyio

OLD = {"login": "function login() { old }\n"}
NEW = {"login": "function login() { new }\n"}


def keeping(*keys: str, given: dict[str, str] | None = None, **rest: Any) -> Connection:
    values = {key: TextValue(text) for key, text in (given or {}).items()}
    return replace(make_connection(**rest), configuration={**{key: KeptValue() for key in keys}, **values})


async def planned(bench: Bench, connection: Connection, *, keeps_values: bool) -> ConnectionPlan:
    reading = await bench.tenancy.list_connections()
    desired = [desire(connection, bench.tracking)]
    (only,) = make_plan(desired, reading, TENANT, bench.tracking, keeps_values=keeps_values).connections
    return only


async def deployed(bench: Bench, connection: Connection) -> Outcome:
    reading = await bench.tenancy.list_connections()
    plan = make_plan([desire(connection, bench.tracking)], reading, TENANT, bench.tracking, keeps_values=True)
    works = bench.works(plan, [connection])
    (outcome,) = await apply(plan, works, bench.tenancy, reading, bench.tracking, bench.edge())
    return outcome


async def there(bench: Bench, **configuration: str) -> dict[str, str]:
    """The connection deployed with OLD, and these values put there by somebody else."""
    await bench.deploy(make_connection(scripts=OLD))
    options = bench.tenancy.named("legacy-users")["options"]
    options["configuration"] = dict(configuration)
    return dict(configuration)


async def test_a_write_is_refused_without_proof_and_says_how_to_get_it(bench: Bench) -> None:
    await there(bench, PEPPER="cipher-of-old")
    plan = await planned(bench, keeping("PEPPER", scripts=NEW), keeps_values=False)
    assert plan.state is ConnectionState.BLOCKED
    (blocker,) = plan.blocked
    assert blocker.item == "configuration:PEPPER"
    assert "dbconn doctor --probe" in blocker.hint


async def test_while_nothing_is_written_no_proof_is_needed_and_nothing_is_called_equal(bench: Bench) -> None:
    await there(bench, PEPPER="cipher-of-old", SALT="cipher")
    plan = await planned(bench, keeping("SALT", "PEPPER", scripts=OLD), keeps_values=False)
    assert plan.state is ConnectionState.UNCHANGED
    assert plan.notes == ("configuration PEPPER, SALT are kept as the tenant has them: not compared",)
    assert not any(change.item.startswith("configuration:") for change in plan.changes)


async def test_with_proof_the_ciphertext_goes_back_as_received_beside_given_values(bench: Bench) -> None:
    await there(bench, PEPPER="cipher-of-old")
    connection = keeping("PEPPER", given={"API_URL": "https://users.acme.com"}, scripts=NEW)
    assert (await planned(bench, connection, keeps_values=True)).state is ConnectionState.CHANGE
    assert (await deployed(bench, connection)).state is OutcomeState.DEPLOYED
    stored = bench.tenancy.named("legacy-users")["options"]
    assert stored["configuration"]["PEPPER"] == "cipher-of-old"
    assert set(stored["configuration"]) == {"PEPPER", "API_URL"}
    assert stored["customScripts"] == NEW
    assert (await planned(bench, connection, keeps_values=True)).state is ConnectionState.UNCHANGED


async def test_a_value_that_is_not_there_cannot_be_kept(bench: Bench) -> None:
    connection = keeping("PEPPER", scripts=OLD)
    assert (await planned(bench, connection, keeps_values=True)).state is ConnectionState.BLOCKED
    await there(bench, OTHER="cipher")
    plan = await planned(bench, connection, keeps_values=True)
    assert [blocker.item for blocker in plan.blocked] == ["configuration:PEPPER"]
    assert "no such value" in plan.blocked[0].reason


async def test_proof_lifts_nothing_but_kept_values(bench: Bench) -> None:
    await there(bench, PEPPER="cipher-of-old", THEIRS="cipher")
    plan = await planned(bench, keeping("PEPPER", scripts=NEW), keeps_values=True)
    assert [blocker.item for blocker in plan.blocked] == ["configuration:THEIRS"]


async def test_a_kept_value_that_moves_after_the_plan_is_not_overwritten_with_the_old_one(bench: Bench) -> None:
    await there(bench, PEPPER="cipher-of-old")
    connection = keeping("PEPPER", scripts=NEW)
    reading = await bench.tenancy.list_connections()
    plan = make_plan([desire(connection, bench.tracking)], reading, TENANT, bench.tracking, keeps_values=True)
    bench.tenancy.named("legacy-users")["options"]["configuration"]["PEPPER"] = "cipher-of-new"
    bench.tenancy.now += 60
    works = bench.works(plan, [connection])
    (outcome,) = await apply(plan, works, bench.tenancy, reading, bench.tracking, bench.edge())
    assert outcome.state is OutcomeState.REFUSED
    assert bench.tenancy.named("legacy-users")["options"]["configuration"] == {"PEPPER": "cipher-of-new"}
