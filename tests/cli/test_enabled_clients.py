"""enabled_clients from the command line: requests only where declared, names resolved, brakes, scopes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from dbconn_tui.local_tenant.control import put_client
from dbconn_tui.local_tenant.faults import Fault, FaultKind

if TYPE_CHECKING:
    from tests.cli.conftest import World

ALL = (
    "read:connections",
    "read:connections_options",
    "update:connections",
    "update:connections_options",
    "create:connections",
)


def declare(world: World, clients: str) -> None:
    text = world.read("dbconn.yaml")
    kept = [line for line in text.splitlines() if "enabled_clients" not in line]
    world.write("dbconn.yaml", "\n".join(kept) + f"\n    enabled_clients: {clients}\n")


def add_clients(world: World, **names: str) -> None:
    for client_id, name in names.items():
        put_client(world.app.state.tenant, {"client_id": client_id.replace("_", "-"), "name": name})


def requests(world: World) -> list[str]:
    seen = [f"{method} {path.rsplit('/', 1)[1]}" for method, path in world.requests if "/clients" in path]
    world.app.state.tenant.forget_requests()
    return seen


def enabled(world: World) -> set[str]:
    return set(world.app.state.tenant.by_name("users").enabled_clients)


@pytest.fixture
def shop(project: World) -> World:
    """The project on the tenant, and three applications there."""
    add_clients(project, id_web="Web app", id_shop="Shop", id_twin_1="Twin", id_twin_2="Twin")
    return project


def test_c1_c2_what_is_not_declared_costs_no_request_and_stays(shop: World) -> None:
    assert shop("deploy", "--yes").code == 0
    assert requests(shop) == []


def test_c3_c4_declared_by_name_they_are_set_once_and_then_in_sync(shop: World) -> None:
    declare(shop, "[Web app, id-shop]")
    planned = shop("plan")
    assert "2 applications" in planned.out
    assert "+ client id-web  enabled  (Web app)" in planned.out
    requests(shop)
    assert shop("deploy", "--yes").code == 0
    assert requests(shop) == ["GET clients", "PATCH clients", "GET clients"]
    assert enabled(shop) == {"id-web", "id-shop"}
    assert "Nothing to do" in shop("deploy", "--yes").out
    assert requests(shop) == ["GET clients", "GET clients"]


def test_ids_that_are_enabled_need_no_reading_of_applications(shop: World) -> None:
    declare(shop, "[id-web]")
    shop("deploy", "--yes")
    requests(shop)
    assert shop("plan", "--detailed-exitcode").code == 0
    assert requests(shop) == ["GET clients"]


def test_more_than_fifty_are_changed_in_parts(shop: World) -> None:
    add_clients(shop, **{f"app_{n:03}": f"App {n}" for n in range(120)})
    declare(shop, "[" + ", ".join(f"App {n}" for n in range(120)) + "]")
    assert shop("deploy", "--yes").code == 0
    assert requests(shop).count("PATCH clients") == 3
    assert len(enabled(shop)) == 120


@pytest.mark.parametrize(
    ("word", "told"),
    [("Web ap", "Did you mean 'Web app'?"), ("Twin", "id-twin-1, id-twin-2"), ("id-gone", "no application 'id-gone'")],
)
def test_a_wrong_name_is_refused_before_anything_is_sent(shop: World, word: str, told: str) -> None:
    declare(shop, f"[{word}]")
    result = shop("deploy", "--yes")
    assert result.code == 5
    assert told in result.out
    assert "dbconn.yaml:" in result.err
    assert not shop.app.state.tenant.connections


def test_c6_disabling_waits_for_its_brake(shop: World) -> None:
    declare(shop, "[Web app, Shop]")
    shop("deploy", "--yes")
    declare(shop, "[Web app]")
    refused = shop("deploy", "--yes")
    assert refused.code == 5
    lines = [line.strip() for line in refused.out.splitlines()]
    assert lines.index("brake disable-client: the application Shop (id-shop) could no longer use it") < lines.index(
        "- client id-shop  enabled → disabled  removed by you  (Shop)"
    )
    assert shop("deploy", "--yes", "--allow", "disable-client:users").code == 0
    assert enabled(shop) == {"id-web"}


def test_c7_an_empty_list_empties_on_purpose_only(shop: World) -> None:
    declare(shop, "[Web app]")
    shop("deploy", "--yes")
    declare(shop, "[]")
    assert shop("deploy", "--yes").code == 5
    assert "brake no-clients" in shop("plan").out
    assert enabled(shop) == {"id-web"}
    assert shop("deploy", "--yes", "--allow", "no-clients").code == 0
    assert enabled(shop) == set()


def test_a_change_of_the_list_shows_in_the_offline_status(shop: World) -> None:
    declare(shop, "[Web app]")
    shop("deploy", "--yes")
    assert "in sync" in shop("status").out
    declare(shop, "[Web app, Shop]")
    assert "changed here" in shop("status").out


def test_names_need_a_scope_and_it_is_named(make_world: Callable[..., World], fill: Callable[[World], Any]) -> None:
    world = make_world(scopes=ALL)
    fill(world)
    add_clients(world, id_web="Web app")
    declare(world, "[Web app]")
    result = world("plan")
    assert result.code == 4
    assert "read:clients" in result.err
    assert "dbconn.yaml:" in result.err


def test_ids_are_taken_at_their_word_without_that_scope(
    make_world: Callable[..., World], fill: Callable[[World], Any]
) -> None:
    world = make_world(scopes=ALL)
    fill(world)
    client_id = "8dKqZk31aB8dKqZk31aB8dKqZk31aB12"
    add_clients(world, **{client_id: "Web app"})
    declare(world, f"[{client_id}]")
    assert world("deploy", "--yes").code == 0
    assert enabled(world) == {client_id}


def test_x5_a_reading_that_fails_is_no_empty_list(shop: World) -> None:
    declare(shop, "[Web app]")
    shop("deploy", "--yes")
    declare(shop, "[Web app, Shop]")
    shop.app.state.faults.add(Fault(FaultKind.STATUS, "GET", "/connections/[^/]+/clients", times=10, status=500))
    result = shop("deploy", "--yes", "--allow", "disable-client", "--allow", "no-clients")
    assert result.code == 6
    assert enabled(shop) == {"id-web"}
