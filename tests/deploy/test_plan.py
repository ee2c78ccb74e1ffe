"""The plan says what would happen, and refuses what would lose or surprise."""

from __future__ import annotations

import pytest
from deploy_builders import Bench, make_connection

from dbconn_tui.deploy.plan import EVERYTHING, Choices, Desired, make_plan
from dbconn_tui.deploy.values import Change, ConnectionPlan, ConnectionState, ItemState, Plan
from dbconn_tui.problems import Place, Problem, Severity
from dbconn_tui.project.values import KeptValue, Tenant
from dbconn_tui.tenant.values import LiveReading

pytestmark = pytest.mark.anyio

PLACEHOLDER = "function login(email, password, callback) { return callback(new Error('Please implement the Login…')); }"


def only(plan: Plan) -> ConnectionPlan:
    (connection,) = plan.connections
    return connection


def change(plan: Plan, item: str) -> Change:
    return next(change for change in only(plan).changes if change.item == item)


async def test_a_connection_that_is_not_there_is_created(bench: Bench) -> None:
    plan, _ = await bench.plan(make_connection(configuration={"API_URL": "https://users.acme.com"}))
    assert only(plan).state is ConnectionState.CREATE
    assert change(plan, "script:login").state is ItemState.NEW
    assert change(plan, "configuration:API_URL").state is ItemState.NEW
    assert plan.has_work


async def test_no_configuration_value_is_ever_in_a_plan(bench: Bench) -> None:
    plan, _ = await bench.plan(make_connection(configuration={"API_URL": "https://users.acme.com"}))
    assert "users.acme.com" not in repr([(c, c.before, c.after) for c in only(plan).changes])


async def test_after_a_deploy_the_plan_is_empty(bench: Bench) -> None:
    connection = make_connection(configuration={"API_URL": "x"}, options={"mfa": {"active": True}}, display_name="U")
    await bench.deploy(connection)
    plan, _ = await bench.plan(connection)
    assert only(plan).state is ConnectionState.UNCHANGED
    assert not plan.has_work


async def test_a_changed_script_is_your_change_with_both_texts(bench: Bench) -> None:
    await bench.deploy(make_connection(scripts={"login": "function login() { old }\n"}))
    plan, _ = await bench.plan(make_connection(scripts={"login": "function login() { new }\n"}))
    assert only(plan).state is ConnectionState.CHANGE
    shown = change(plan, "script:login")
    assert (shown.state, shown.before, shown.after) == (
        ItemState.YOUR_CHANGE,
        "function login() { old }\n",
        "function login() { new }\n",
    )


async def test_a_changed_value_is_noticed_though_the_tenant_shows_only_ciphertext(bench: Bench) -> None:
    await bench.deploy(make_connection(configuration={"API_URL": "old", "OTHER": "same"}))
    plan, _ = await bench.plan(make_connection(configuration={"API_URL": "new", "OTHER": "same"}))
    assert change(plan, "configuration:API_URL").state is ItemState.YOUR_CHANGE
    assert [change.item for change in only(plan).changes] == ["configuration:API_URL"]


async def test_an_edit_in_the_dashboard_is_drift_and_refused(bench: Bench) -> None:
    connection = make_connection()
    await bench.deploy(connection)
    bench.tenancy.named("legacy-users")["options"]["customScripts"]["login"] = "function login() { edited }"
    plan, _ = await bench.plan(connection)
    assert only(plan).state is ConnectionState.DRIFT
    assert plan.refused


async def test_an_edit_on_both_sides_is_a_conflict_and_refused(bench: Bench) -> None:
    await bench.deploy(make_connection())
    bench.tenancy.named("legacy-users")["options"]["customScripts"]["login"] = "function login() { edited }"
    plan, _ = await bench.plan(make_connection(scripts={"login": "function login() { mine }"}))
    assert only(plan).state is ConnectionState.CONFLICT
    assert plan.refused


async def test_a_connection_that_was_there_before_is_undecided_and_refused(bench: Bench) -> None:
    bench.tenancy.seed("legacy-users", options={"customScripts": {"login": "function login() { theirs }"}})
    plan, _ = await bench.plan(make_connection())
    assert only(plan).state is ConnectionState.UNDECIDED
    assert change(plan, "script:login").state is ItemState.UNDECIDED
    assert plan.refused


@pytest.mark.parametrize("how", [EVERYTHING, "script:login", "legacy-users/script:login", "legacy-users"])
async def test_overwriting_drift_makes_it_your_change(bench: Bench, how: str) -> None:
    connection = make_connection()
    await bench.deploy(connection)
    bench.tenancy.named("legacy-users")["options"]["customScripts"]["login"] = "function login() { edited }"
    plan, _ = await bench.plan(connection, choices=Choices(overwrite=frozenset({how})))
    assert only(plan).state is ConnectionState.CHANGE
    assert "drift" in change(plan, "script:login").note


async def test_a_live_placeholder_counts_as_absent(bench: Bench) -> None:
    bench.tenancy.seed(
        "legacy-users",
        options={"enabledDatabaseCustomization": True, "customScripts": {"login": PLACEHOLDER, "verify": PLACEHOLDER}},
    )
    plan, _ = await bench.plan(make_connection())
    assert only(plan).state is ConnectionState.CHANGE
    assert change(plan, "script:login").state is ItemState.NEW
    assert all(change.item != "script:verify" for change in only(plan).changes)


@pytest.mark.parametrize("live", ["function login() {}", "function login() {}\r\n", "function login() {}\n\n"])
async def test_a_difference_only_in_line_ends_is_named_and_no_change(bench: Bench, live: str) -> None:
    connection = make_connection()
    await bench.deploy(connection)
    bench.tenancy.named("legacy-users")["options"]["customScripts"]["login"] = live
    plan, _ = await bench.plan(connection)
    assert only(plan).state is ConnectionState.UNCHANGED
    assert change(plan, "script:login").note == "only line ends differ"


async def test_an_unknown_live_key_blocks_a_write_that_would_lose_it(bench: Bench) -> None:
    await bench.deploy(make_connection())
    bench.tenancy.named("legacy-users")["options"]["configuration"] = {"THEIRS": "cipher"}
    changed = make_connection(scripts={"login": "function login() { new }"})
    plan, _ = await bench.plan(changed)
    assert only(plan).state is ConnectionState.BLOCKED
    assert any("THEIRS" in blocker.reason for blocker in only(plan).blocked)
    plan, _ = await bench.plan(changed, choices=Choices(drop_configuration=frozenset({"THEIRS"})))
    assert only(plan).state is ConnectionState.CHANGE


async def test_an_unknown_live_key_blocks_nothing_while_nothing_is_written(bench: Bench) -> None:
    connection = make_connection()
    await bench.deploy(connection)
    bench.tenancy.named("legacy-users")["options"]["configuration"] = {"THEIRS": "cipher"}
    plan, _ = await bench.plan(connection)
    assert only(plan).state is ConnectionState.UNCHANGED
    assert change(plan, "configuration:THEIRS").state is ItemState.FOREIGN


async def test_keep_live_is_refused_until_it_is_proven(bench: Bench) -> None:
    connection = make_connection()
    kept = make_connection()
    await bench.deploy(connection)
    object.__setattr__(kept, "configuration", {"API_URL": KeptValue()})
    plan, _ = await bench.plan(kept)
    assert any("keep: live" in blocker.reason for blocker in only(plan).blocked)


@pytest.mark.parametrize(
    ("brake", "before", "after"),
    [
        ("delete-script", {"scripts": {"login": "a", "verify": "b"}}, {"scripts": {"login": "a"}}),
        ("drop-value", {"configuration": {"A": "1", "B": "2"}}, {"configuration": {"A": "1"}}),
        ("import-mode", {"import_mode": False}, {"import_mode": True}),
        ("one-way", {}, {"options": {"enable_script_context": True}}),
        ("one-way", {}, {"options": {"attributes": {"email": {"identifier": {"active": True}}}}}),
    ],
)
async def test_a_brake_holds_until_it_is_lifted(
    bench: Bench, brake: str, before: dict[str, object], after: dict[str, object]
) -> None:
    await bench.deploy(make_connection(**before))  # type: ignore[arg-type]
    connection = make_connection(**after)  # type: ignore[arg-type]
    plan, _ = await bench.plan(connection)
    assert {blocker.brake for blocker in only(plan).blocked} == {brake}
    assert only(plan).state is ConnectionState.BLOCKED
    for allowed in (brake, f"{brake}:legacy-users"):
        plan, _ = await bench.plan(connection, choices=Choices(allow=frozenset({allowed})))
        assert only(plan).state is ConnectionState.CHANGE
        assert {blocker.brake for blocker in only(plan).brakes} == {brake}
    plan, _ = await bench.plan(connection, choices=Choices(allow=frozenset({f"{brake}:other"})))
    assert only(plan).state is ConnectionState.BLOCKED


async def test_an_option_taken_out_of_the_files_stays_on_the_tenant_without_a_write(bench: Bench) -> None:
    await bench.deploy(make_connection(options={"disable_signup": True, "mfa": {"active": True}}))
    plan, _ = await bench.plan(make_connection(options={"mfa": {"active": True}}))
    assert only(plan).state is ConnectionState.UNCHANGED
    assert change(plan, "option:disable_signup").state is ItemState.RELEASED


async def test_a_name_held_by_another_strategy_is_refused(bench: Bench) -> None:
    reading = LiveReading((), 0.0, complete=False, other_names={"legacy-users": "samlp"})
    plan = make_plan([Desired(make_connection())], reading, Tenant("dev", "d"), bench.tracking)
    assert "samlp" in only(plan).blocked[0].reason


async def test_another_projects_deploy_is_not_taken_over_silently(bench: Bench) -> None:
    connection = make_connection()
    await bench.deploy(connection)
    other = Bench()
    other.tenancy = bench.tenancy
    from deploy_builders import make_tracking

    other.tracking = make_tracking(b"another project!")
    plan, _ = await other.plan(make_connection(scripts={"login": "function login() { theirs }"}))
    assert only(plan).state is ConnectionState.UNDECIDED
    assert any("another project" in note for note in only(plan).notes)


async def test_connections_only_on_the_tenant_are_listed_and_never_deleted(bench: Bench) -> None:
    await bench.deploy(make_connection("old-one"))
    bench.tenancy.seed("intranet", options={"enabledDatabaseCustomization": True})
    bench.tenancy.seed("plain", options={})
    plan, _ = await bench.plan(make_connection())
    listed = {one.key: one for one in plan.connections if one.state is ConnectionState.ONLY_ON_TENANT}
    assert set(listed) == {"old-one", "intranet"}
    assert "was managed here" in listed["old-one"].notes[0]
    assert not any(one.writes for one in listed.values())


async def test_lint_errors_block_only_scripts_that_would_change(bench: Bench) -> None:
    connection = make_connection(scripts={"login": "a", "verify": "b"})
    await bench.deploy(connection)
    error = Problem("sql-injection", Severity.ERROR, "a query is built", Place("scripts/legacy-users/verify.js", 1, 1))
    reading = await bench.tenancy.list_connections()

    def plan_for(scripts: dict[str, str], choices: Choices = Choices()) -> Plan:  # noqa: B008
        desired = Desired(make_connection(scripts=scripts), problems=[error])
        return make_plan([desired], reading, Tenant("dev", "d"), bench.tracking, choices)

    assert not plan_for({"login": "new", "verify": "b"}).blocked_by_lint
    assert plan_for({"login": "a", "verify": "new"}).blocked_by_lint
    assert not plan_for({"login": "a", "verify": "new"}, Choices(skip_lint=True)).blocked_by_lint


async def test_a_record_without_room_is_refused_with_the_way_out(bench: Bench) -> None:
    bench.tenancy.seed(
        "legacy-users",
        options={"enabledDatabaseCustomization": True},
        metadata={f"key_{number}": "theirs" for number in range(10)},
    )
    plan, _ = await bench.plan(make_connection())
    blocker = only(plan).blocked[0]
    assert "10 of 10 are taken" in blocker.reason
    assert "track: local" in blocker.hint


async def test_half_a_surrogate_pair_in_a_live_script_is_a_difference_and_no_failure(bench: Bench) -> None:
    connection = make_connection()
    await bench.deploy(connection)
    bench.tenancy.named("legacy-users")["options"]["customScripts"]["login"] = "function login() { '\ud83d' }"
    plan, _ = await bench.plan(connection)
    assert only(plan).state is ConnectionState.DRIFT
