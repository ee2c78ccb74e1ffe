"""Switches that hurt or never turn back are told in the plan, before a write finds out (pains group I)."""

from __future__ import annotations

import pytest
from deploy_builders import Bench, make_connection

from dbconn_tui.deploy.plan import EVERYTHING, Choices
from dbconn_tui.deploy.values import ConnectionPlan, ConnectionState, Plan

pytestmark = pytest.mark.anyio

LOGIN = {"login": "function login() {}\n", "get_user": "function getUser() {}\n"}


def only(plan: Plan) -> ConnectionPlan:
    (connection,) = plan.connections
    return connection


def email(unique: bool) -> dict[str, object]:
    return {"attributes": {"email": {"identifier": {"active": not unique}, "unique": unique}}}


async def test_i1_turning_import_on_says_what_it_does_to_users(bench: Bench) -> None:
    await bench.deploy(make_connection(scripts=LOGIN, import_mode=False))
    plan, _ = await bench.plan(make_connection(scripts=LOGIN, import_mode=True))
    (brake,) = only(plan).blocked
    assert (brake.brake, brake.item) == ("import-mode", "option:import_mode")
    assert "users would be copied into Auth0 at their next login" in brake.reason


async def test_i2_turning_import_off_says_that_copied_users_are_locked_out(bench: Bench) -> None:
    await bench.deploy(make_connection(scripts=LOGIN, import_mode=True))
    plan, _ = await bench.plan(make_connection(scripts=LOGIN, import_mode=False))
    (brake,) = only(plan).blocked
    assert brake.brake == "import-mode"
    assert "could no longer log in" in brake.reason
    unmanaged, _ = await bench.plan(make_connection(scripts=LOGIN))
    assert only(unmanaged).state is ConnectionState.UNCHANGED


async def test_i4_overwriting_drift_does_not_lift_a_brake(bench: Bench) -> None:
    await bench.deploy(make_connection(scripts=LOGIN, import_mode=False))
    bench.tenancy.named("legacy-users")["options"]["import_mode"] = True
    plan, _ = await bench.plan(
        make_connection(scripts=LOGIN, import_mode=False), choices=Choices(overwrite=frozenset({EVERYTHING}))
    )
    assert [blocker.brake for blocker in only(plan).blocked] == ["import-mode"]


async def test_i5_the_script_context_is_braked_on_its_way_in_and_refused_on_its_way_out(bench: Bench) -> None:
    await bench.deploy(make_connection())
    on = make_connection(options={"enable_script_context": True})
    plan, _ = await bench.plan(on)
    assert [blocker.brake for blocker in only(plan).blocked] == ["one-way"]
    await bench.deploy(on, choices=Choices(allow=frozenset({"one-way"})))
    plan, _ = await bench.plan(make_connection(options={"enable_script_context": False}))
    (blocker,) = only(plan).blocked
    assert blocker.brake == ""
    assert "never lets it be turned off" in blocker.reason


async def test_i6_a_unique_e_mail_is_decided_at_creation_only(bench: Bench) -> None:
    await bench.deploy(make_connection(options=email(unique=False)))
    plan, _ = await bench.plan(make_connection(options=email(unique=True)))
    assert any("only be set when a connection is created" in blocker.reason for blocker in only(plan).blocked)
    kept, _ = await bench.plan(make_connection(scripts={"login": "new"}, options={}))
    assert only(kept).state is ConnectionState.CHANGE
    await bench.deploy(make_connection(scripts={"login": "new"}, options={}))
    assert bench.tenancy.named("legacy-users")["options"]["attributes"]["email"]["unique"] is False
