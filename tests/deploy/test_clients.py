"""Enabled clients in plan and deploy: only where declared, names resolved, differences written after the connection."""

from __future__ import annotations

import pytest
from deploy_builders import Bench, make_connection

from dbconn_tui.deploy.apply import apply
from dbconn_tui.deploy.clients import ClientReading, compare_clients, needs_applications
from dbconn_tui.deploy.plan import Choices
from dbconn_tui.deploy.values import Change, ConnectionState, ItemState, OutcomeState, Plan
from dbconn_tui.errors import ApiError, ExitCode, UnreachableError
from dbconn_tui.tenant.values import LiveClient

pytestmark = pytest.mark.anyio

WEB, SHOP, OLD = LiveClient("id-web", "Web app"), LiveClient("id-shop", "Shop"), LiveClient("id-old", "Old app")
ALLOW = Choices(allow=frozenset({"disable-client", "no-clients"}))


@pytest.fixture
def bench() -> Bench:
    bench = Bench()
    bench.applications = (WEB, SHOP, OLD)
    return bench


def client_changes(plan: Plan) -> dict[str, tuple[ItemState, str]]:
    (one,) = plan.connections
    return {change.item: (change.state, change.note) for change in one.changes if change.item.startswith("client:")}


def enabled(bench: Bench, name: str = "legacy-users") -> set[str]:
    return bench.tenancy.clients.get(bench.tenancy.named(name)["id"], set())


async def test_c1_c2_clients_that_the_files_do_not_declare_are_neither_read_nor_touched(bench: Bench) -> None:
    await bench.deploy(make_connection(enabled_clients=("Web app",)))
    bench.tenancy.requests.clear()
    await bench.deploy(make_connection(scripts={"login": "new"}))
    assert bench.tenancy.requests == ["list", "update legacy-users", "list"]
    assert enabled(bench) == {"id-web"}


async def test_c3_no_body_of_a_connection_holds_enabled_clients(bench: Bench) -> None:
    await bench.deploy(make_connection(enabled_clients=("Web app",)))
    await bench.deploy(make_connection(scripts={"login": "new"}, enabled_clients=("Shop", "Web app")))
    assert "enabled_clients" not in bench.tenancy.named("legacy-users")
    assert enabled(bench) == {"id-web", "id-shop"}


async def test_a_new_connection_gets_its_clients_after_it_was_created(bench: Bench) -> None:
    plan, _ = await bench.plan(make_connection(enabled_clients=("Web app", "id-shop")))
    assert client_changes(plan) == {
        "client:id-web": (ItemState.NEW, "Web app"),
        "client:id-shop": (ItemState.NEW, "Shop"),
    }
    bench.tenancy.requests.clear()
    (outcome,) = await bench.deploy(make_connection(enabled_clients=("Web app", "id-shop")))
    assert outcome.state is OutcomeState.DEPLOYED
    assert bench.tenancy.requests == [
        "list",
        "create legacy-users",
        "change clients of legacy-users",
        "clients of legacy-users",
        "list",
    ]
    assert enabled(bench) == {"id-web", "id-shop"}
    again, _ = await bench.plan(make_connection(enabled_clients=("id-shop", "Web app")))
    assert not again.has_work


async def test_clients_alone_cost_no_write_of_the_connection(bench: Bench) -> None:
    await bench.deploy(make_connection(enabled_clients=()))
    bench.tenancy.named("legacy-users")["options"]["configuration"] = {"THEIRS": "cipher"}
    bench.tenancy.requests.clear()
    (outcome,) = await bench.deploy(make_connection(enabled_clients=("Web app",)))
    assert outcome.state is OutcomeState.DEPLOYED
    assert [change.item for change in outcome.changes if change.state.writes] == ["client:id-web"]
    assert bench.tenancy.requests == [
        "list",
        "clients of legacy-users",
        "change clients of legacy-users",
        "clients of legacy-users",
    ]


async def test_c6_disabling_one_is_a_brake_that_names_it(bench: Bench) -> None:
    await bench.deploy(make_connection(enabled_clients=("Web app", "Shop")))
    plan, _ = await bench.plan(make_connection(enabled_clients=("Web app",)))
    (one,) = plan.connections
    assert one.state is ConnectionState.BLOCKED
    assert [(blocker.brake, blocker.item) for blocker in one.blocked] == [("disable-client", "client:id-shop")]
    assert "Shop (id-shop)" in one.blocked[0].reason
    await bench.deploy(make_connection(enabled_clients=("Web app",)), choices=ALLOW)
    assert enabled(bench) == {"id-web"}


async def test_c7_the_last_client_can_be_disabled_and_only_on_purpose(bench: Bench) -> None:
    await bench.deploy(make_connection(enabled_clients=("Web app", "Shop")))
    plan, _ = await bench.plan(make_connection(enabled_clients=()))
    (one,) = plan.connections
    assert [blocker.brake for blocker in one.blocked] == ["no-clients"]
    assert plan.refused
    (outcome,) = await bench.deploy(make_connection(enabled_clients=()), choices=ALLOW)
    assert outcome.state is OutcomeState.DEPLOYED
    assert enabled(bench) == set()


async def test_what_somebody_enabled_in_the_dashboard_is_not_disabled_silently(bench: Bench) -> None:
    await bench.deploy(make_connection(enabled_clients=("Web app",)))
    enabled(bench).add("id-old")
    plan, _ = await bench.plan(make_connection(enabled_clients=("Web app",)))
    assert client_changes(plan) == {"client:id-old": (ItemState.REMOVED, "Old app")}
    assert plan.refused


@pytest.mark.parametrize(
    ("word", "reason", "hint"),
    [
        ("Web ap", "no application 'Web ap'", "Did you mean 'Web app'?"),
        ("zzz", "no application 'zzz'", "Give the name or the client id"),
        ("Twin", "2 applications are named 'Twin'", "id-twin-1, id-twin-2"),
    ],
)
async def test_a_name_that_means_no_one_application_blocks_before_anything_is_written(
    bench: Bench, word: str, reason: str, hint: str
) -> None:
    bench.applications = (WEB, LiveClient("id-twin-2", "Twin"), LiveClient("id-twin-1", "Twin"))
    plan, _ = await bench.plan(make_connection(enabled_clients=("Web app", word)))
    (one,) = plan.connections
    assert one.state is ConnectionState.BLOCKED
    assert reason in one.blocked[0].reason
    assert hint in one.blocked[0].hint
    assert plan.refused


def test_an_id_counts_before_a_name() -> None:
    applications = (LiveClient("a", "b"), LiveClient("b", "a"))
    compared = compare_clients(make_connection(enabled_clients=("a",)), ClientReading(frozenset(), applications))
    assert compared.sets is not None
    assert compared.sets.wanted == {"a"}


def test_applications_are_needed_only_for_what_is_not_enabled_by_its_id() -> None:
    connection = make_connection(enabled_clients=("id-web",))
    assert not needs_applications(connection, frozenset({"id-web", "id-old"}))
    assert needs_applications(connection, frozenset())
    assert needs_applications(connection, None)
    assert not needs_applications(make_connection(enabled_clients=()), None)
    assert not needs_applications(make_connection(), None)


def test_without_a_reading_of_applications_only_what_looks_like_an_id_is_taken() -> None:
    client_id = "8dKqZk31aB8dKqZk31aB8dKqZk31aB12"
    reading = ClientReading(frozenset({"id-web"}))
    compared = compare_clients(make_connection(enabled_clients=(client_id, "id-web")), reading)
    assert compared.changes[0] == Change(f"client:{client_id}", ItemState.NEW, "disabled", "enabled")
    assert compare_clients(make_connection(enabled_clients=("Web app",)), reading).blocked


async def test_a_refused_write_of_clients_leaves_the_connection_written_and_says_so(bench: Bench) -> None:
    def refuse(name: str) -> None:
        if bench.tenancy.requests[-1].startswith("change clients"):
            raise ApiError("The client does not exist", status=404)

    bench.tenancy.before_write = refuse
    (outcome,) = await bench.deploy(make_connection(enabled_clients=("Web app",)))
    assert outcome.state is OutcomeState.FAILED
    assert "written and read back, but not its enabled clients: The client does not exist" in outcome.message
    bench.tenancy.before_write = lambda name: None
    (outcome,) = await bench.deploy(make_connection(enabled_clients=("Web app",)))
    assert outcome.state is OutcomeState.DEPLOYED
    assert [change.item for change in outcome.changes if change.state.writes] == ["client:id-web"]


async def test_a_connection_that_failed_gets_no_clients(bench: Bench) -> None:
    def refuse(name: str) -> None:
        raise ApiError("Payload validation error", status=400)

    bench.tenancy.before_write = refuse
    await bench.deploy(make_connection(enabled_clients=("Web app",)))
    assert not any("change clients" in request for request in bench.tenancy.requests)


async def test_a_lost_answer_is_looked_at_and_only_what_is_left_is_sent(bench: Bench) -> None:
    bench.tenancy.most_client_changes = 1
    (outcome,) = await bench.deploy(make_connection(enabled_clients=("Web app", "Shop", "Old app")))
    assert outcome.state is OutcomeState.DEPLOYED
    assert enabled(bench) == {"id-web", "id-shop", "id-old"}


async def test_reading_back_another_set_is_a_failure_that_names_the_client(bench: Bench) -> None:
    def enable_another(connection_id: str) -> None:
        if any("change clients" in request for request in bench.tenancy.requests):
            bench.tenancy.clients[connection_id].add("id-old")

    bench.tenancy.before_clients = enable_another
    (outcome,) = await bench.deploy(make_connection(enabled_clients=("Web app",)))
    assert outcome.state is OutcomeState.FAILED
    assert "client:id-old" in outcome.message


async def test_clients_that_moved_since_an_old_plan_are_not_written(bench: Bench) -> None:
    await bench.deploy(make_connection(enabled_clients=("Web app",)))
    changed = [make_connection(enabled_clients=("Web app", "Shop"), scripts={"login": "new"})]
    plan, reading = await bench.plan(*changed)
    bench.tenancy.now = reading.read_at + 16
    enabled(bench).add("id-old")
    bench.tenancy.requests.clear()
    works = bench.works(plan, changed)
    (outcome,) = await apply(plan, works, bench.tenancy, reading, bench.tracking, bench.edge())
    assert (outcome.state, outcome.exit_code) == (OutcomeState.REFUSED, ExitCode.REFUSED)
    assert bench.tenancy.requests == ["list", "clients of legacy-users"]
    assert enabled(bench) == {"id-web", "id-old"}


async def test_clients_that_cannot_be_read_again_are_not_written(bench: Bench) -> None:
    changed = [make_connection(enabled_clients=("Shop",))]
    await bench.deploy(make_connection(enabled_clients=()))
    plan, reading = await bench.plan(*changed)
    bench.tenancy.now = reading.read_at + 16

    def gone(connection_id: str) -> None:
        raise UnreachableError("gone")

    bench.tenancy.before_clients = gone
    works = bench.works(plan, changed)
    (outcome,) = await apply(plan, works, bench.tenancy, reading, bench.tracking, bench.edge())
    assert (outcome.state, outcome.exit_code) == (OutcomeState.FAILED, ExitCode.UNREACHABLE)
    assert enabled(bench) == set()
