"""What of a live connection comes into the files: the rules, and their property over any option tree."""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbconn_tui.deploy.leaves import item_path, option_item
from dbconn_tui.deploy.plan import Desired, make_plan
from dbconn_tui.deploy.platform_defaults import is_default
from dbconn_tui.deploy.pull import arrival_of, choose_items, differing_values, is_custom
from dbconn_tui.deploy.values import Change, ItemState
from dbconn_tui.errors import UsageError
from dbconn_tui.local_tenant.defaults import GENERATIONS, defaults_of
from dbconn_tui.project.arrival import entry_faults
from dbconn_tui.project.placement import TAKEN_AWAY
from dbconn_tui.project.values import Connection
from dbconn_tui.tenant.values import LiveConnection, LiveReading
from tests.deploy.deploy_builders import TENANT, make_connection, make_tracking

LOGIN = "function login() {}\n"


def live_connection(options: Mapping[str, Any], name: str = "legacy-users", **top: Any) -> LiveConnection:
    whole = {"enabledDatabaseCustomization": True, "customScripts": {"login": LOGIN}, **options}
    return LiveConnection("con_1", name, "auth0", {"name": name, "options": whole, **top})


def secret(key: str) -> str:
    return f"users_{key.lower()}"


def test_a_connection_with_the_defaults_of_any_generation_says_no_option() -> None:
    for generation in GENERATIONS:
        for otp_methods in (False, True):
            options = defaults_of(generation, otp_methods=otp_methods).on_create({})
            arrival, left = arrival_of(live_connection(options), secret)
            assert (arrival.options, left) == ({}, ()), generation
            assert arrival.entry() == {}


@pytest.mark.parametrize("value", [1, "true", None, 1.0, [True]])
def test_a_default_is_told_from_what_only_looks_like_it(value: Any) -> None:
    assert is_default(("brute_force_protection",), True)
    assert not is_default(("brute_force_protection",), value)


def test_one_group_of_password_settings_comes() -> None:
    both = {"passwordPolicy": "excellent", "password_options": {"complexity": {"min_length": 20}}}
    arrival, _ = arrival_of(live_connection(both), secret)
    assert arrival.options == {"password_options": {"complexity": {"min_length": 20}}}
    arrival, _ = arrival_of(live_connection({"passwordPolicy": "excellent"}), secret)
    assert arrival.options == {"passwordPolicy": "excellent"}


def test_configuration_comes_as_keys_only() -> None:
    arrival, _ = arrival_of(live_connection({"configuration": {"B": "2.0$x", "A": "2.0$y"}}), secret)
    assert arrival.configuration == {"A": {"secret": "users_a"}, "B": {"secret": "users_b"}}


def test_the_display_name_comes_where_it_is_one_of_its_own() -> None:
    assert arrival_of(live_connection({}, display_name="Our users"), secret)[0].display_name == "Our users"
    assert arrival_of(live_connection({}, display_name="legacy-users"), secret)[0].display_name is None


@pytest.mark.parametrize("value", [False, None, "true", 1])
def test_only_a_plain_true_makes_a_custom_database(value: Any) -> None:
    assert not is_custom(live_connection({"enabledDatabaseCustomization": value}))


@given(st.lists(st.text(alphabet=st.sampled_from("ab.\\:é"), max_size=4), min_size=1, max_size=4))
def test_an_item_word_gives_its_path_back(path: list[str]) -> None:
    assert item_path(option_item(tuple(path))) == tuple(path)


NAMES = st.sampled_from(
    ["mfa", "active", "passwordPolicy", "validation", "username", "min", "attributes", "email", "unique", "precedence"]
) | st.text(max_size=4)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=6)
    | st.sampled_from(["no", "0123", "12:30", "2024-01-31", "<<", "~", "good", "link"])
)
TREES = st.dictionaries(
    NAMES,
    st.recursive(
        LEAVES,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
        max_leaves=6,
    ),
    max_size=5,
).map(lambda tree: {key: tree[key] for key in tree if key not in ("customScripts", "configuration")})


def changed_options(connection: Connection, live: LiveConnection) -> list[str]:
    """The items that a plan without a record would show as different."""
    tracking = make_tracking()
    plan = make_plan([Desired(connection)], LiveReading((live,), 0.0), TENANT, tracking)
    return [change.item for change in plan.connections[0].changes if change.state is not ItemState.IN_SYNC]


@given(TREES)
def test_what_is_pulled_is_in_sync_and_can_be_read(tree: dict[str, Any]) -> None:
    live = live_connection(tree)
    arrival, _ = arrival_of(live, secret)
    assert entry_faults(arrival.entry()) == ()
    connection = make_connection(
        scripts=dict(arrival.scripts), options=arrival.options, import_mode=arrival.import_mode
    )
    assert changed_options(connection, live) == []


@given(TREES, TREES)
def test_a_known_connection_takes_what_moved_and_is_in_sync(files: dict[str, Any], tree: dict[str, Any]) -> None:
    live = live_connection(tree)
    ours = arrival_of(live_connection(files), secret)[0].options
    connection = make_connection(options=ours)
    plan = make_plan([Desired(connection)], LiveReading((live,), 0.0), TENANT, make_tracking()).connections[0]
    pull = choose_items(connection, live, plan.changes)
    after = make_connection(options=applied(ours, pull.values))
    left = {one.item for one in pull.left}
    new = {change.item for change in plan.changes if change.state is ItemState.NEW}
    assert set(changed_options(after, live)) <= left | new


@given(TREES, TREES)
def test_what_defaults_say_is_taken_back(files: dict[str, Any], tree: dict[str, Any]) -> None:
    live = live_connection(tree)
    ours = arrival_of(live_connection(files), secret)[0].options
    values, left = differing_values(make_connection(options=ours), live)
    after = make_connection(options=applied(ours, values))
    assert set(changed_options(after, live)) <= {one.item for one in left}


def applied(options: Mapping[str, Any], values: Mapping[tuple[str, ...], Any]) -> dict[str, Any]:
    """The options with values put in or taken away; maps that lose everything go, too."""
    tree: dict[str, Any] = {"options": copy.deepcopy(dict(options))}
    for path, value in values.items():
        holders = [tree]
        for key in path[:-1]:
            below = holders[-1].get(key)
            if not isinstance(below, dict):
                below = holders[-1][key] = {}
            holders.append(below)
        if value is TAKEN_AWAY:
            holders[-1].pop(path[-1], None)
            for holder, key in zip(reversed(holders[:-1]), reversed(path[:-1]), strict=True):
                if not holder[key] and key != "options":
                    del holder[key]
        else:
            holders[-1][path[-1]] = value
    result: dict[str, Any] = tree["options"]
    return result


def test_what_only_the_files_changed_is_left_with_the_word_to_say() -> None:
    change = Change("script:login", ItemState.YOUR_CHANGE, LOGIN, "function login(a) {}\n")
    pull = choose_items(make_connection(), live_connection({}), [change])
    assert pull.scripts == {}
    assert "`dbconn pull legacy-users/script:login`" in pull.left[0].reason
    asked = choose_items(make_connection(), live_connection({}), [change], frozenset({"script:login"}))
    assert asked.scripts == {"login": LOGIN}


def test_a_difference_in_line_ends_is_none_even_when_named() -> None:
    change = Change("script:login", ItemState.IN_SYNC, LOGIN, LOGIN.rstrip(), "only line ends differ")
    pull = choose_items(make_connection(), live_connection({}), [change], frozenset({"script:login"}))
    assert (pull.scripts, pull.left) == ({}, ())


def test_the_switch_that_dbconn_always_sends_is_never_taken() -> None:
    change = Change("option:enabledDatabaseCustomization", ItemState.DRIFT, "false", "true")
    pull = choose_items(make_connection(), live_connection({"enabledDatabaseCustomization": False}), [change])
    assert (pull.values, pull.left[0].reason) == ({}, "dbconn always sends true")
    with pytest.raises(UsageError, match="no option that files can say"):
        choose_items(make_connection(), live_connection({}), [], frozenset({"option:enabledDatabaseCustomization"}))


def test_a_single_value_where_the_files_have_a_map_replaces_it_where_that_can_be_said() -> None:
    connection = make_connection(options={"from_the_future": {"a": 1}})
    change = Change("option:from_the_future.a", ItemState.DRIFT, '"all"', "1")
    pull = choose_items(connection, live_connection({"from_the_future": "all"}), [change])
    assert pull.values == {("options", "from_the_future"): "all"}


def test_numbers_that_yaml_cannot_say_are_left() -> None:
    arrival, left = arrival_of(live_connection({"from_the_future": {"big": 10**30, "small": math.pi}}), secret)
    assert arrival.options == {"from_the_future": {"small": math.pi}}
    assert [one.item for one in left] == ["option:from_the_future.big"]
